/*
 * version_range – ranges of plain versions: ">=1.28 <1.32", "1.30", "=1.30".
 *
 * Terms between spaces must all hold. Versions are numbers with dots, a leading 'v' and
 * what follows the numbers ("-gke.1") do not count. Only as many parts are compared as the
 * range has: 1.30.5 is in "=1.30" and "<=1.30", not in ">1.30".
 */
#pragma once

#include <stdbool.h>

/** True when @p range can be read. */
bool version_range_valid(const char *range);
/** True when @p version begins with a number. */
bool version_valid(const char *version);
/** Both must be valid. */
bool version_in_range(const char *version, const char *range);

/*
 * magic_scan – libmagic, the last resort: it costs about a millisecond a file, and loading
 * its database costs ten. So each thread loads it when it meets the first file that
 * nothing else knows; on most roots that is never.
 */
#pragma once

#include <stddef.h>

struct magic_scan;

struct magic_scan *magic_scan_new(void);
void magic_scan_free(struct magic_scan *scan);
/**
 * The media type of the first bytes of a file, borrowed until the next call.
 * @return NULL when libmagic has no answer, or cannot be used here at all
 */
const char *magic_scan_media(struct magic_scan *scan, const void *head, size_t len);

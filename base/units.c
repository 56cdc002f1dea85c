#include "base/units.h"

#include "base/macros.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const IEC_NAMES[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
static const char *const SI_NAMES[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };

const char *units_format(char buf[UNITS_TEXT_MAX], uint64_t bytes, enum units_style style)
{
	const char *const *names = style == UNITS_SI ? SI_NAMES : IEC_NAMES;
	double base = style == UNITS_SI ? 1000 : 1024;
	double value = (double)bytes;
	size_t i = 0;

	/* 1023.96 would print as "1024.0": step up where rounding reaches the base */
	for (; value >= base - (i ? 0.05 : 0) && i + 1 < ARRAY_LEN(IEC_NAMES); i++)
		value /= base;
	if (i == 0)
		snprintf(buf, UNITS_TEXT_MAX, "%u B", (unsigned int)bytes);
	else
		snprintf(buf, UNITS_TEXT_MAX, "%.1f %s", value, names[i]);
	return buf;
}

static const struct {
	const char *name;
	uint64_t factor;
} SUFFIXES[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "K", 1ull << 10 },
	{ "KiB", 1ull << 10 },
	{ "kB", 1000 },
	{ "M", 1ull << 20 },
	{ "MiB", 1ull << 20 },
	{ "MB", 1000000 },
	{ "G", 1ull << 30 },
	{ "GiB", 1ull << 30 },
	{ "GB", 1000000000 },
	{ "T", 1ull << 40 },
	{ "TiB", 1ull << 40 },
	{ "TB", 1000000000000 },
};

int units_parse(const char *text, uint64_t *ret_bytes, struct error *err)
{
	char *end = NULL;
	double value;

	if (!isdigit((unsigned char)text[0]) || text[strspn(text, "0123456789.")] == 'x')
		return error_set(err, -EINVAL,
				 "'%s' is not a size (write 512, 10K, 1.5MiB or 20MB)",
				 text);
	value = strtod(text, &end);
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		if (strcasecmp(end, SUFFIXES[i].name) != 0)
			continue;
		value *= (double)SUFFIXES[i].factor;
		if (value >= 9223372036854775807.0)
			return error_set(err, -ERANGE, "'%s' is too large a size", text);
		*ret_bytes = (uint64_t)(value + 0.5);
		return 0;
	}
	return error_set(err, -EINVAL,
			 "'%s' has an unknown unit '%s' (B, K, KiB, KB, M, MiB, MB ...)",
			 text, end);
}

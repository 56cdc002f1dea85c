#include "rules/version_range.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_v(const char *version)
{
	return *version == 'v' ? version + 1 : version;
}

bool version_valid(const char *version)
{
	return isdigit((unsigned char)*skip_v(version));
}

/* < 0, 0, > 0 over the parts that @p bound (which ends at a space or NUL) has. */
static int compare_parts(const char *version, const char *bound)
{
	version = skip_v(version);
	bound = skip_v(bound);
	while (isdigit((unsigned char)*bound)) {
		char *bound_end, *version_end;
		unsigned long want = strtoul(bound, &bound_end, 10);
		unsigned long have = isdigit((unsigned char)*version)
					     ? strtoul(version, &version_end, 10)
					     : (version_end = (char *)version, 0);

		if (have != want)
			return have < want ? -1 : 1;
		bound = *bound_end == '.' ? bound_end + 1 : bound_end;
		version = *version_end == '.' ? version_end + 1 : version_end;
	}
	return 0;
}

static const struct {
	const char *text;
	bool below, equal, above;
} OPERATORS[] = {
	/* longer ones first: "<=" begins with "<" */
	{ "<=", true, true, false }, { ">=", false, true, true },
	{ "<", true, false, false }, { ">", false, false, true },
	{ "=", false, true, false }, { "", false, true, false },
};

static size_t find_operator(const char *term)
{
	size_t i = 0;

	while (strncmp(term, OPERATORS[i].text, strlen(OPERATORS[i].text)) != 0)
		i++;
	return i;
}

static const char *next_term(const char *term)
{
	term += strcspn(term, " ");
	return term + strspn(term, " ");
}

static bool term_valid(const char *term)
{
	size_t len;

	term += strlen(OPERATORS[find_operator(term)].text);
	term = skip_v(term);
	len = strspn(term, "0123456789.");
	return len > 0 && isdigit((unsigned char)*term) && term[len - 1] != '.' &&
	       !memmem(term, len, "..", 2) && (term[len] == ' ' || term[len] == '\0');
}

bool version_range_valid(const char *range)
{
	range += strspn(range, " ");
	if (*range == '\0')
		return false;
	for (; *range; range = next_term(range))
		if (!term_valid(range))
			return false;
	return true;
}

bool version_in_range(const char *version, const char *range)
{
	range += strspn(range, " ");
	for (; *range; range = next_term(range)) {
		size_t op = find_operator(range);
		int order = compare_parts(version, range + strlen(OPERATORS[op].text));

		if (!(order < 0	   ? OPERATORS[op].below
		      : order == 0 ? OPERATORS[op].equal
				   : OPERATORS[op].above))
			return false;
	}
	return true;
}

#include "rules/glob.h"

#include "base/mem.h"

#include <fnmatch.h>
#include <limits.h>
#include <locale.h>
#include <string.h>

bool glob_is_pattern(const char *pattern)
{
	return pattern[strcspn(pattern, "*?[\\")] != '\0';
}

size_t glob_literal_len(const char *pattern)
{
	size_t len = strcspn(pattern, "*?[\\");

	if (pattern[len] == '\0')
		return len;
	while (len > 0 && pattern[len - 1] != '/')
		len--;
	return len;
}

const char *glob_literal_tail(const char *pattern)
{
	const char *tail = pattern;

	for (const char *c = pattern; *c; c++)
		if (strchr("*?[]\\", *c))
			tail = *c == '\\' && c[1] ? ++c + 1 : c + 1;
	return tail;
}

/* The end of the component that begins at @p at. */
static const char *component_end(const char *at)
{
	return at + strcspn(at, "/");
}

/* A component into @p buf; false for one that no file name can be. */
static bool cut_component(char buf[NAME_MAX + 1], const char *from, const char *end)
{
	size_t len = (size_t)(end - from);

	if (len > NAME_MAX)
		return false;
	memcpy(buf, from, len);
	buf[len] = '\0';
	return true;
}

static bool component_matches(const char *pattern, const char *path)
{
	char want[NAME_MAX + 1], name[NAME_MAX + 1];

	return cut_component(want, pattern, component_end(pattern)) &&
	       cut_component(name, path, component_end(path)) &&
	       fnmatch(want, name, 0) == 0;
}

static const char *next_component(const char *end)
{
	return *end == '/' ? end + 1 : NULL;
}

/*
 * Component by component. Only the last "**" must be taken back to: whatever an earlier
 * one could take more, the last one can take as well.
 */
static bool match_components(const char *pattern, const char *path)
{
	const char *retry_pattern = NULL, *retry_path = NULL;

	while (path) {
		if (pattern && strncmp(pattern, "**", 2) == 0 &&
		    component_end(pattern) == pattern + 2) {
			pattern = next_component(pattern + 2);
			retry_pattern = pattern;
			retry_path = path;
			if (!pattern)
				return true;
		} else if (pattern && component_matches(pattern, path)) {
			pattern = next_component(component_end(pattern));
			path = next_component(component_end(path));
		} else if (retry_path) {
			retry_path = next_component(component_end(retry_path));
			pattern = retry_pattern;
			path = retry_path;
		} else {
			return false;
		}
	}
	return !pattern;
}

bool glob_match(const char *pattern, const char *path)
{
	locale_t plain, before;
	bool matches;

	if (!glob_is_pattern(pattern))
		return strcmp(pattern, path) == 0;
	/* fnmatch() sees characters of the thread's locale; rules see bytes */
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	before = uselocale(plain);
	matches = match_components(pattern, path);
	uselocale(before);
	freelocale(plain);
	return matches;
}

#include "rules/glob.h"

#include "base/mem.h"

#include <fnmatch.h>
#include <limits.h>
#include <locale.h>
#include <string.h>

static bool is_special(char c)
{
	return c == '*' || c == '?' || c == '[' || c == '\\';
}

bool glob_is_pattern(const char *pattern)
{
	return pattern[strcspn(pattern, GLOB_SPECIAL)] != '\0';
}

size_t glob_literal_len(const char *pattern)
{
	size_t len = strcspn(pattern, GLOB_SPECIAL);

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
	return strchrnul(at, '/');
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

/* fnmatch() sees characters of the thread's locale; rules see bytes. */
static bool bytes_match(const char *pattern, const char *name)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t before = uselocale(plain);
	bool matches = fnmatch(pattern, name, 0) == 0;

	uselocale(before);
	freelocale(plain);
	return matches;
}

/* Stars and question marks alone: far cheaper than fnmatch(), which needs copies. Only the
 * last star must be taken back to. */
static bool stars_match(const char *pattern, size_t len, const char *name,
			size_t name_len)
{
	size_t at = 0, p = 0, retry = 0, retry_at = 0;
	bool starred = false;

	while (at < name_len) {
		if (p < len && pattern[p] == '*') {
			starred = true;
			retry = ++p;
			retry_at = at;
		} else if (p < len && (pattern[p] == '?' || pattern[p] == name[at])) {
			p++;
			at++;
		} else if (starred) {
			p = retry;
			at = ++retry_at;
		} else {
			return false;
		}
	}
	while (p < len && pattern[p] == '*')
		p++;
	return p == len;
}

static bool has_classes(const char *pattern, size_t len)
{
	return memchr(pattern, '[', len) || memchr(pattern, '\\', len);
}

/* Most components have no special character, are "*", or differ before their first one. */
static bool component_matches(const char *pattern, const char *path)
{
	const char *end = component_end(pattern), *path_end = component_end(path);
	size_t len = (size_t)(end - pattern), path_len = (size_t)(path_end - path);
	char want[NAME_MAX + 1], name[NAME_MAX + 1];
	size_t plain = 0;

	if (len == 1 && *pattern == '*')
		return path_len <= NAME_MAX;
	while (plain < len && !is_special(pattern[plain])) {
		if (plain == path_len || pattern[plain] != path[plain])
			return false;
		plain++;
	}
	if (plain == len)
		return plain == path_len;
	if (path_len > NAME_MAX) /* no file is called so */
		return false;
	if (!has_classes(pattern, len))
		return stars_match(pattern + plain, len - plain, path + plain,
				   path_len - plain);
	return cut_component(want, pattern, end) && cut_component(name, path, path_end) &&
	       bytes_match(want, name);
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
	return match_components(pattern, path);
}

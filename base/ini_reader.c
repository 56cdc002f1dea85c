#include "base/ini_reader.h"

#include "base/mem.h"

#include <string.h>

#define MAX_NAME 256

struct reader {
	ini_fn *fn;
	void *arg;
	char section[MAX_NAME];
	char *value; /* INI_MAX_VALUE bytes: the joined line */
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cut blanks at both ends of [from, to); bytes behind a NUL do not count. */
static void trim(const char **from, const char **to)
{
	const char *nul = memchr(*from, '\0', (size_t)(*to - *from));

	if (nul)
		*to = nul;
	while (*from < *to && is_blank(**from))
		(*from)++;
	while (*to > *from && is_blank((*to)[-1]))
		(*to)--;
}

static void append(struct reader *r, const char *from, const char *to)
{
	size_t len = (size_t)(to - from);

	if (r->len && r->len + 1 < INI_MAX_VALUE)
		r->value[r->len++] = ' ';
	if (len > INI_MAX_VALUE - 1 - r->len)
		len = INI_MAX_VALUE - 1 - r->len;
	memcpy(r->value + r->len, from, len);
	r->len += len;
	r->value[r->len] = '\0';
}

/* One whole line, continuations joined, is in r->value. */
static void whole_line(struct reader *r, uint32_t number)
{
	const char *line = r->value, *end = r->value + r->len, *equals, *key_end;
	char key[MAX_NAME];

	if (line[0] == '[') {
		const char *close = memchr(line, ']', r->len);
		size_t len = close ? (size_t)(close - line - 1) : 0;

		if (close && len < sizeof(r->section)) {
			memcpy(r->section, line + 1, len);
			r->section[len] = '\0';
		}
		return;
	}
	equals = memchr(line, '=', r->len);
	if (!equals)
		return;
	key_end = equals;
	trim(&line, &key_end);
	if (key_end == line || (size_t)(key_end - line) >= sizeof(key))
		return;
	memcpy(key, line, (size_t)(key_end - line));
	key[key_end - line] = '\0';
	equals++;
	trim(&equals, &end);
	r->value[end - r->value] = '\0';
	r->fn(r->arg, &(struct ini_item){ r->section, key, equals, number });
}

void ini_read(const char *data, size_t len, ini_fn *fn, void *arg)
{
	struct reader r = { .fn = fn, .arg = arg, .value = mem_alloc(INI_MAX_VALUE) };
	const char *end = data + len;
	uint32_t number = 0, first = 0;
	bool open = false; /* the line before ended in a backslash */

	for (const char *at = data; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *from = at, *to = stop ? stop : end;
		bool comment;

		at = to + 1;
		number++;
		trim(&from, &to);
		comment = from < to && (*from == '#' || *from == ';');
		if (comment || (from == to && !open))
			continue; /* comments may stand between continued lines */
		if (!open) {
			r.len = 0;
			r.value[0] = '\0';
			first = number;
		}
		open = from < to && to[-1] == '\\';
		append(&r, from, open ? to - 1 : to);
		if (!open)
			whole_line(&r, first);
	}
	if (open)
		whole_line(&r, first);
	free(r.value);
}

bool ini_word(const char **text, char *out, size_t size)
{
	const char *at = *text;
	size_t len = 0;
	char quote = '\0';

	while (is_blank(*at))
		at++;
	if (!*at)
		return false;
	for (; *at && (quote || !is_blank(*at)); at++) {
		char c = *at;

		if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? '\0' : c;
			continue;
		}
		if (c == '\\' && at[1])
			c = *++at;
		if (len + 1 < size)
			out[len++] = c;
	}
	out[len] = '\0';
	*text = at;
	return true;
}

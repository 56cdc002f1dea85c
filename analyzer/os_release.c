#include "analyzer/os_release.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define MAX_BYTES (64 * 1024)

static const struct {
	const char *name;
	size_t offset;
} FIELDS[] = {
	{ "ID", offsetof(struct os_release, id) },
	{ "ID_LIKE", offsetof(struct os_release, id_like) },
	{ "VERSION_ID", offsetof(struct os_release, version_id) },
	{ "VARIANT_ID", offsetof(struct os_release, variant_id) },
	{ "PRETTY_NAME", offsetof(struct os_release, pretty_name) },
};

static char **field(struct os_release *os, size_t i)
{
	return (char **)((char *)os + FIELDS[i].offset);
}

void os_release_release(struct os_release *os)
{
	for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++) {
		free(*field(os, i));
		*field(os, i) = NULL;
	}
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * The value as a shell would read it, without expanding anything.
 * @return false when a quote does not end, or words follow the value
 */
static bool unquote(const char *s, size_t len, struct strbuf *out)
{
	char quote = '\0';

	while (len > 0 && is_space(s[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '\0') {
			return false;
		} else if (c == quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else if (c == '\\' && quote != '\'') {
			/* In double quotes only these are escaped. */
			if (i + 1 == len)
				return false;
			if (quote && !strchr("\"\\$`", s[i + 1]))
				strbuf_putc(out, c);
			strbuf_putc(out, s[++i]);
		} else if (!quote && is_space(c)) {
			return false;
		} else {
			strbuf_putc(out, c);
		}
	}
	return !quote;
}

static void set(struct os_release *os, size_t i, const struct strbuf *value)
{
	char **text = field(os, i);

	free(*text);
	*text = text_is_printable(strbuf_text(value))
			? mem_strdup(strbuf_text(value))
			: text_printable_dup(strbuf_text(value));
}

static void parse_line(const char *line, size_t len, struct os_release *os)
{
	_cleanup_(strbuf_release) struct strbuf value = { 0 };
	const char *equals;
	size_t name_len;

	while (len > 0 && is_space(*line)) {
		line++;
		len--;
	}
	equals = memchr(line, '=', len);
	if (!equals)
		return;
	name_len = (size_t)(equals - line);
	for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++) {
		if (strlen(FIELDS[i].name) != name_len ||
		    memcmp(FIELDS[i].name, line, name_len) != 0)
			continue;
		if (unquote(equals + 1, len - name_len - 1, &value))
			set(os, i, &value);
		return;
	}
}

void os_release_parse(const char *data, size_t len, struct os_release *ret)
{
	*ret = (struct os_release){ 0 };
	while (len > 0) {
		const char *end = memchr(data, '\n', len);
		size_t line = end ? (size_t)(end - data) : len;

		parse_line(data, line, ret);
		line += end != NULL;
		data += line;
		len -= line;
	}
}

int os_release_read(struct rootfs *root, struct os_release *ret, struct error *err)
{
	static const char *const PATHS[] = { "/etc/os-release", "/usr/lib/os-release" };

	*ret = (struct os_release){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
		_cleanup_(freep) char *data = NULL;
		size_t len = 0;
		int r = rootfs_read(root, PATHS[i], MAX_BYTES, &data, &len, err);

		if (r == -EMFILE || r == -ENFILE || r == -ENOMEM)
			return r;
		error_clear(err);
		if (r < 0)
			continue;
		os_release_parse(data, len, ret);
		return 0;
	}
	return 0;
}

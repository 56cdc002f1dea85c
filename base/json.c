#include "base/json.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static json_t *checked(json_t *json)
{
	if (!json) {
		fputs("tare: out of memory\n", stderr);
		abort();
	}
	return json;
}

json_t *json_bytes(const char *bytes)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	size_t len = strlen(bytes);

	if (text_is_utf8(bytes, len))
		return checked(json_string(bytes));
	text_printable(&text, bytes);
	return checked(json_string(strbuf_text(&text)));
}

json_t *json_uint(uint64_t value)
{
	if (value > INT64_MAX)
		abort();
	return checked(json_integer((json_int_t)value));
}

void json_put(json_t *obj, const char *key, json_t *value)
{
	if (json_object_set_new(obj, key, checked(value)) != 0)
		abort();
}

void json_push(json_t *array, json_t *value)
{
	if (json_array_append_new(array, checked(value)) != 0)
		abort();
}

int json_parse(const char *data, size_t len, json_t **ret, struct error *err)
{
	json_error_t je;
	json_t *json = json_loadb(data, len, JSON_REJECT_DUPLICATES, &je);

	if (!json)
		return error_set(err, -EINVAL, "line %d, column %d: %s", je.line,
				 je.column, je.text);
	*ret = json;
	return 0;
}

int json_read_file(const char *path, size_t max, json_t **ret, struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	size_t len = 0;
	int r;

	r = io_read_file(path, max, &data, &len, err);
	if (r < 0)
		return r;
	r = json_parse(data, len, ret, err);
	return r < 0 ? error_prefix(err, r, "'%s'", path) : 0;
}

/*
 * Jansson leaves this one control character as it is. And of two signs that begin a
 * command of a build server (base/text.c) the second is written as what it is.
 */
static bool needs_escape(const char *text, const char *at)
{
	return *at == 0x7f || (*at == '#' && at > text && at[-1] == '#');
}

static char *ascii(const json_t *json, size_t flags, const char *end)
{
	_cleanup_(freep) char *text =
		json_dumps(json, flags | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	struct strbuf out = { 0 };

	if (!text)
		abort();
	for (const char *rest = text; *rest;) {
		size_t len = strcspn(rest, "\x7f#");

		strbuf_add(&out, rest, len);
		rest += len;
		if (!*rest)
			break;
		if (needs_escape(text, rest))
			strbuf_printf(&out, "\\u%04x", (unsigned char)*rest);
		else
			strbuf_putc(&out, *rest);
		rest++;
	}
	strbuf_puts(&out, end);
	return strbuf_detach(&out);
}

char *json_text(const json_t *json)
{
	return ascii(json, JSON_INDENT(2), "\n");
}

char *json_line(const json_t *json)
{
	return ascii(json, JSON_COMPACT, "");
}

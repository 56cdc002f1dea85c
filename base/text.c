#include "base/text.h"

#include <string.h>

size_t text_decode(const char *s, size_t len, uint32_t *ret_char)
{
	static const uint32_t FIRST_OF_LENGTH[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	uint32_t c;
	size_t n;

	if (len == 0)
		return 0;
	if (u[0] < 0x80) {
		*ret_char = u[0];
		return 1;
	}
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		n = 2;
	else if ((u[0] & 0xf0) == 0xe0)
		n = 3;
	else if (u[0] >= 0xf0 && u[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (len < n)
		return 0;
	c = u[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	if (c < FIRST_OF_LENGTH[n] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	*ret_char = c;
	return n;
}

bool text_is_utf8(const char *bytes, size_t len)
{
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = text_decode(bytes + i, len - i, &c);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

/* Controls, and characters that move or hide their neighbours on a screen. */
static bool is_dangerous(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xfffe ||
	       c == 0xffff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

static void put_escaped(struct strbuf *out, uint32_t c)
{
	switch (c) {
	case '\n':
		strbuf_puts(out, "\\n");
		break;
	case '\t':
		strbuf_puts(out, "\\t");
		break;
	case '\r':
		strbuf_puts(out, "\\r");
		break;
	default:
		strbuf_printf(out, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned int)c);
		break;
	}
}

/*
 * Build servers take commands out of logs: GitHub at "::" where a line begins and at
 * "##[", Azure Pipelines at "##vso[" anywhere in a line.
 */
static bool begins_command(const char *text, size_t at)
{
	const char *rest = text + at;

	return (at == 0 && text_starts(rest, "::")) || text_starts(rest, "##[") ||
	       text_starts(rest, "##vso[");
}

void text_printable(struct strbuf *out, const char *text)
{
	size_t len = strlen(text);
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = text_decode(text + i, len - i, &c);

		if (begins_command(text, i)) {
			put_escaped(out, c);
		} else if (n == 0) {
			strbuf_printf(out, "\\x%02x", (unsigned char)text[i]);
			n = 1;
		} else if (is_dangerous(c)) {
			put_escaped(out, c);
		} else if (c == '\\') {
			strbuf_puts(out, "\\\\");
		} else {
			strbuf_add(out, text + i, n);
		}
		i += n;
	}
}

char *text_printable_dup(const char *text)
{
	struct strbuf out = { 0 };

	text_printable(&out, text);
	return strbuf_detach(&out);
}

bool text_is_printable(const char *text)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	text_printable(&out, text);
	return strcmp(strbuf_text(&out), text) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t a = strlen(text), b = strlen(suffix);

	return a >= b && memcmp(text + a - b, suffix, b) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool text_keyword(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) <= len || **at != *word || memcmp(*at, word, len) != 0 ||
	    !is_blank((*at)[len]))
		return false;
	for (*at += len; *at < end && is_blank(**at); (*at)++)
		;
	return true;
}

#include "analyzer/evidence_text.h"

#include "base/mem.h"

#include <ctype.h>
#include <string.h>

const char *text_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

bool text_number(const char **at, uint64_t *ret)
{
	const char *c = *at;
	uint64_t number = 0;

	for (; *c >= '0' && *c <= '9'; c++) {
		uint64_t digit = (uint64_t)(*c - '0');

		if (number > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (c == *at)
		return false;
	*at = c;
	*ret = number;
	return true;
}

bool text_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_hex(const char *digits, size_t len, struct strbuf *out)
{
	if (len == 0 || len % 2)
		return false;
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);

		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		strbuf_putc(out, (char)(high << 4 | low));
	}
	return true;
}

/* \ooo or \xhh; *at stands behind the backslash. 0 for what is no byte of a path. */
static char numeric_escape(const char **at)
{
	const char *c = *at;
	unsigned int byte = 0;

	if (*c == 'x') {
		int high = hex_digit(c[1]), low = high < 0 ? -1 : hex_digit(c[2]);

		if (high < 0)
			return 0;
		*at = c + (low < 0 ? 2 : 3);
		return (char)(low < 0 ? high : high << 4 | low);
	}
	for (int i = 0; i < 3 && *c >= '0' && *c <= '7'; i++)
		byte = byte << 3 | (unsigned int)(*c++ - '0');
	if (c == *at || byte > 0xff)
		return 0;
	*at = c;
	return (char)byte;
}

static char escape(const char **at)
{
	static const char NAMES[] = "abfnrtv\"\\'?", BYTES[] = "\a\b\f\n\r\t\v\"\\'?";
	const char *name = **at ? strchr(NAMES, **at) : NULL;

	if (!name)
		return numeric_escape(at);
	(*at)++;
	return BYTES[name - NAMES];
}

bool text_escaped(const char **at, char close, struct strbuf *out)
{
	const char *c = *at;

	while (*c && *c != close) {
		char byte = *c++;

		if (byte == '\\' && (byte = escape(&c)) == 0)
			return false;
		strbuf_putc(out, byte);
	}
	if (*c != close)
		return false;
	*at = c + 1;
	return true;
}

bool text_quoted(const char **at, struct strbuf *out)
{
	const char *c = *at;

	if (*c++ != '"' || !text_escaped(&c, '"', out))
		return false;
	*at = c;
	return true;
}

char *text_join(const char *folder, const char *name)
{
	if (name[0] == '/')
		return mem_strdup(name);
	return folder && folder[0] ? mem_printf("%s/%s", folder, name) : NULL;
}

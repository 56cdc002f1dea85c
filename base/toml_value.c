/* Values of TOML: strings, arrays and inline tables. */
#include "base/text.h"
#include "base/toml_internal.h"

#include <errno.h>
#include <string.h>

static bool is_control(unsigned char c)
{
	return (c < ' ' && c != '\t') || c == 0x7f;
}

static void put_utf8(struct strbuf *out, uint32_t c)
{
	if (c < 0x80) {
		strbuf_putc(out, (char)c);
	} else if (c < 0x800) {
		strbuf_putc(out, (char)(0xc0 | c >> 6));
		strbuf_putc(out, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		strbuf_putc(out, (char)(0xe0 | c >> 12));
		strbuf_putc(out, (char)(0x80 | (c >> 6 & 63)));
		strbuf_putc(out, (char)(0x80 | (c & 63)));
	} else {
		strbuf_putc(out, (char)(0xf0 | c >> 18));
		strbuf_putc(out, (char)(0x80 | (c >> 12 & 63)));
		strbuf_putc(out, (char)(0x80 | (c >> 6 & 63)));
		strbuf_putc(out, (char)(0x80 | (c & 63)));
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \uXXXX, \UXXXXXXXX: p->at stands behind the letter. */
static int read_unicode(struct toml_parser *p, size_t digits)
{
	uint32_t c = 0;

	for (size_t i = 0; i < digits; i++) {
		int digit = p->at < p->end ? hex_digit(*p->at++) : -1;

		if (digit < 0 || c >> 28)
			return toml_bad(p, "a bad \\u or \\U");
		c = c << 4 | (uint32_t)digit;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return toml_bad(p, "\\u or \\U of what is no character");
	put_utf8(&p->word, c);
	return 0;
}

/* Behind a backslash. */
static int read_escape(struct toml_parser *p)
{
	static const char LETTERS[] = "btnfr\"\\", BYTES[] = "\b\t\n\f\r\"\\";
	char c = p->at < p->end ? *p->at++ : '\0';
	const char *letter = c ? strchr(LETTERS, c) : NULL;

	if (letter)
		strbuf_putc(&p->word, BYTES[letter - LETTERS]);
	else if (c == 'u' || c == 'U')
		return read_unicode(p, c == 'u' ? 4 : 8);
	else
		return toml_bad(p, "a bad escape in a string");
	return 0;
}

int toml_short_string(struct toml_parser *p)
{
	char quote = *p->at++;

	strbuf_clear(&p->word);
	while (p->at < p->end && *p->at != quote) {
		char c = *p->at++;

		if (is_control((unsigned char)c))
			return toml_bad(p, "a control character in a string");
		if (c == '\\' && quote == '"') {
			if (read_escape(p) < 0)
				return -EINVAL;
		} else {
			strbuf_putc(&p->word, c);
		}
	}
	if (p->at == p->end)
		return toml_bad(p, "a string without an end");
	p->at++;
	return 0;
}

/* A backslash at the end of a line: it and all white space behind it go. 1 when it was one. */
static int line_continues(struct toml_parser *p)
{
	const char *before = p->at;
	int r;

	toml_blanks(p);
	r = toml_newline(p);
	if (r <= 0) {
		p->at = before;
		return r;
	}
	do {
		toml_blanks(p);
		r = toml_newline(p);
	} while (r > 0);
	return r < 0 ? r : 1;
}

static size_t quotes_here(const struct toml_parser *p, char quote)
{
	size_t n = 0;

	while (p->at + n < p->end && p->at[n] == quote)
		n++;
	return n;
}

static int long_character(struct toml_parser *p, char quote)
{
	int r = toml_newline(p);

	if (r < 0)
		return r;
	if (r > 0) {
		strbuf_putc(&p->word, '\n');
		return 0;
	}
	if (is_control((unsigned char)*p->at))
		return toml_bad(p, "a control character in a string");
	if (*p->at != '\\' || quote != '"') {
		strbuf_putc(&p->word, *p->at++);
		return 0;
	}
	p->at++;
	r = line_continues(p);
	return r == 0 ? read_escape(p) : MIN2(r, 0);
}

/* """...""" and '''...''': up to two quotes may stand before the three that end it. */
static int long_string(struct toml_parser *p)
{
	char quote = *p->at;

	p->at += 3;
	strbuf_clear(&p->word);
	if (toml_newline(p) < 0)
		return -EINVAL;
	while (p->at < p->end) {
		size_t quotes = quotes_here(p, quote);
		int r = quotes == 0 ? long_character(p, quote) : 0;

		if (r < 0)
			return r;
		for (size_t i = 0; i < quotes && (quotes < 3 || i + 3 < quotes); i++)
			strbuf_putc(&p->word, quote);
		p->at += quotes;
		if (quotes > 5)
			return toml_bad(p, "too many quotes");
		if (quotes >= 3)
			return 0;
	}
	return toml_bad(p, "a string without an end");
}

static void set_text(struct toml_item *item, const char *text, size_t len)
{
	item->bytes = mem_alloc(len + 1);
	memcpy(item->bytes, text, len);
	item->bytes[len] = '\0';
	item->node.text = item->bytes;
	item->node.len = len;
}

static int read_string(struct toml_parser *p, struct toml_item *item)
{
	int r = quotes_here(p, *p->at) >= 3 ? long_string(p) : toml_short_string(p);

	if (r < 0)
		return r;
	item->node.type = TOML_STRING;
	set_text(item, strbuf_text(&p->word), p->word.len);
	return 0;
}

static bool is_scalar_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("+-._:", c));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of the scalar here; a date may have its time behind one blank. */
static size_t scalar_length(const struct toml_parser *p)
{
	size_t n = 0, left = (size_t)(p->end - p->at);

	while (n < left && is_scalar_char(p->at[n]))
		n++;
	if (n != 10 || p->at[4] != '-' || left - n < 3 || p->at[n] != ' ' ||
	    !is_digit(p->at[n + 1]) || !is_digit(p->at[n + 2]))
		return n;
	for (n++; n < left && is_scalar_char(p->at[n]); n++)
		;
	return n;
}

/* 1: an array or inline table was opened; 0: the value is read. */
static int begin_value(struct toml_parser *p, struct toml_item *item)
{
	size_t len;

	item->node.line = p->line;
	if (p->at == p->end)
		return toml_bad(p, "a value was expected");
	if (*p->at == '[' || *p->at == '{') {
		item->node.type = *p->at++ == '[' ? TOML_ARRAY : TOML_TABLE;
		/* dotted keys may fill an inline table until it is closed */
		item->origin = TOML_CLOSED;
		return 1;
	}
	item->origin = TOML_CLOSED;
	if (*p->at == '"' || *p->at == '\'')
		return read_string(p, item);
	len = scalar_length(p);
	if (len == 0 || !toml_scalar_type(p->at, len, &item->node.type))
		return toml_bad(p, "this is no value");
	set_text(item, p->at, len);
	p->at += len;
	return 0;
}

/* What may stand between the elements of an array. */
static int skip_space(struct toml_parser *p)
{
	int r;

	do {
		toml_blanks(p);
		r = toml_comment(p);
		if (r == 0)
			r = toml_newline(p);
	} while (r > 0);
	return r;
}

/* The next element's item, whose value follows; NULL: the array ends here. */
static int next_in_array(struct toml_parser *p, struct toml_item *array,
			 struct toml_item **ret)
{
	int r = skip_space(p);

	*ret = NULL;
	if (r == 0 && array->last && p->at < p->end && *p->at == ',') {
		p->at++;
		r = skip_space(p);
	} else if (r == 0 && array->last && (p->at == p->end || *p->at != ']')) {
		return toml_bad(p, "',' or ']' was expected");
	}
	if (r < 0)
		return r;
	if (p->at == p->end)
		return toml_bad(p, "an array without an end");
	if (*p->at == ']') {
		p->at++;
		return 0;
	}
	*ret = toml_add(p, array, NULL, TOML_TABLE);
	return *ret ? 0 : -E2BIG;
}

/* As next_in_array(), with the key read; all on one line, no comma before the end. */
static int next_in_table(struct toml_parser *p, struct toml_item *table,
			 struct toml_item **ret)
{
	struct toml_key key = { 0 };
	int r;

	*ret = NULL;
	toml_blanks(p);
	if (p->at < p->end && *p->at == '}') {
		p->at++;
		return 0;
	}
	if (table->last) {
		if (p->at == p->end || *p->at != ',')
			return toml_bad(p, "',' or '}' was expected");
		p->at++;
		toml_blanks(p);
	}
	r = toml_read_key(p, &key);
	if (r == 0)
		r = toml_equals(p);
	if (r == 0)
		r = toml_place(p, table, &key, ret);
	toml_key_release(&key);
	return r;
}

int toml_value(struct toml_parser *p, struct toml_item *item)
{
	struct toml_item *open[TOML_MAX_DEPTH];
	size_t depth = 0;

	for (;;) {
		int r = begin_value(p, item);

		if (r < 0)
			return r;
		if (r > 0 && depth == TOML_MAX_DEPTH)
			return error_set(p->err, -E2BIG, "line %u: too deep", p->line);
		if (r > 0)
			open[depth++] = item;
		for (item = NULL; depth > 0 && !item;) {
			struct toml_item *in = open[depth - 1];

			r = in->node.type == TOML_ARRAY ? next_in_array(p, in, &item)
							: next_in_table(p, in, &item);
			if (r < 0)
				return r;
			if (!item)
				depth--;
		}
		if (!item)
			return 0;
	}
}

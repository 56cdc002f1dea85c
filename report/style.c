#include "report/style.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static const char *const BEGIN[] = {
	[MARK_PLAIN] = "",	   [MARK_HEAD] = "\x1b[1m",  [MARK_GOOD] = "\x1b[32m",
	[MARK_BAD] = "\x1b[1;31m", [MARK_WARN] = "\x1b[33m", [MARK_DIM] = "\x1b[2m",
};

static bool is_marked(const struct style *style, enum style_mark mark)
{
	return style->color && mark != MARK_PLAIN;
}

void style_puts(struct strbuf *out, const struct style *style, enum style_mark mark,
		const char *text)
{
	if (is_marked(style, mark))
		strbuf_puts(out, BEGIN[mark]);
	strbuf_puts(out, text);
	if (is_marked(style, mark))
		strbuf_puts(out, "\x1b[0m");
}

void style_bytes(struct strbuf *out, const struct style *style, enum style_mark mark,
		 const char *bytes)
{
	if (is_marked(style, mark))
		strbuf_puts(out, BEGIN[mark]);
	text_printable(out, bytes);
	if (is_marked(style, mark))
		strbuf_puts(out, "\x1b[0m");
}

void style_size(struct strbuf *out, const struct style *style, uint64_t bytes)
{
	char buf[UNITS_TEXT_MAX];

	strbuf_puts(out, units_format(buf, bytes, style->units));
}

void style_change(struct strbuf *out, const struct style *style, int64_t bytes)
{
	if (bytes)
		strbuf_putc(out, bytes < 0 ? '-' : '+');
	style_size(out, style, bytes < 0 ? 0 - (uint64_t)bytes : (uint64_t)bytes);
}

void style_count(struct strbuf *out, uint64_t count)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			strbuf_putc(out, ',');
		strbuf_putc(out, digits[i]);
	}
}

void style_count_change(struct strbuf *out, int64_t change)
{
	if (change)
		strbuf_putc(out, change < 0 ? '-' : '+');
	style_count(out, change < 0 ? 0 - (uint64_t)change : (uint64_t)change);
}

void style_counted(struct strbuf *out, uint64_t count, const char *noun)
{
	style_count(out, count);
	strbuf_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

void style_percent(struct strbuf *out, uint64_t part, uint64_t whole)
{
	strbuf_printf(out, "%.1f %%", whole ? 100.0 * (double)part / (double)whole : 0.0);
}

size_t style_width(const char *text)
{
	size_t len = strlen(text), width = 0, n;
	uint32_t c;

	for (size_t i = 0; i < len; i += n) {
		int columns;

		n = text_decode(text + i, len - i, &c);
		if (n == 0) {
			n = 1;
			width++;
			continue;
		}
		columns = wcwidth((wchar_t)c);
		width += columns < 0 ? 1 : (size_t)columns;
	}
	return width;
}

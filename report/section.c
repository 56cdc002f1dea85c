#include "report/section.h"

#include "base/text.h"

void section_heading(struct strbuf *out, const struct style *style, const char *text)
{
	strbuf_putc(out, '\n');
	style_puts(out, style, MARK_HEAD, text);
	strbuf_putc(out, '\n');
}

void section_field(struct strbuf *out, const char *name, const char *bytes)
{
	strbuf_printf(out, "%-16s", name);
	text_printable(out, bytes);
	strbuf_putc(out, '\n');
}

void section_table(struct strbuf *out, const struct style *style, const char *heading,
		   const struct table *table, uint64_t top)
{
	size_t rows = table_rows(table);
	_cleanup_(strbuf_release) struct strbuf title = { 0 };
	struct table part = *table; /* the first rows of it; owns nothing */

	if (rows == 0)
		return;
	strbuf_puts(&title, heading);
	if (top && rows > top) {
		strbuf_printf(&title, " (%zu of %zu)", (size_t)top, rows);
		table_truncate(&part, top);
	}
	section_heading(out, style, strbuf_text(&title));
	table_print(&part, style, out);
}

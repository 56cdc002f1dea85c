#include "report/markdown.h"

#include "base/text.h"

#include <string.h>

void markdown_heading(int level, const char *text, struct strbuf *out)
{
	if (out->len)
		strbuf_putc(out, '\n');
	for (int i = 0; i < level; i++)
		strbuf_putc(out, '#');
	strbuf_printf(out, " %s\n\n", text);
}

static size_t longest_run(const char *text, char wanted)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == wanted ? run + 1 : 0;
		longest = MAX2(longest, run);
	}
	return longest;
}

static void put_fence(size_t len, struct strbuf *out)
{
	for (size_t i = 0; i < len; i++)
		strbuf_putc(out, '`');
}

void markdown_code(const char *bytes, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	const char *printable;
	size_t fence;
	bool pad;

	text_printable(&text, bytes);
	if (text.len == 0)
		return;
	printable = strbuf_text(&text);
	fence = longest_run(printable, '`') + 1;
	/* one blank at both ends is taken off again by whoever reads it */
	pad = printable[0] == '`' || text_ends(printable, "`") ||
	      (printable[0] == ' ' && text_ends(printable, " "));
	put_fence(fence, out);
	strbuf_puts(out, pad ? " " : "");
	for (const char *c = printable; *c; c++) {
		if (*c == '|')
			strbuf_putc(out, '\\');
		strbuf_putc(out, *c);
	}
	strbuf_puts(out, pad ? " " : "");
	put_fence(fence, out);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c & 0x80);
}

/* Is this sign no markup between its neighbours? */
static bool is_plain_sign(const char *text, const char *c)
{
	if (strchr(" ,.;'\"()/%?=+-", *c))
		return true;
	if (*c == ':')
		return c[1] == ' ' || c[1] == '\0';
	if (*c == '>')
		return c > text;
	return *c == '_' && c > text && is_word(c[-1]) && is_word(c[1]);
}

/* Letters, digits, other scripts, and signs that are no markup inside a line. */
static bool is_harmless(const char *text)
{
	for (const char *c = text; *c; c++)
		if (!is_word(*c) && !is_plain_sign(text, c))
			return false;
	return strcasestr(text, "www.") == NULL && text[0] != ' ';
}

void markdown_text(const char *bytes, struct strbuf *out)
{
	if (text_is_printable(bytes) && is_harmless(bytes))
		strbuf_puts(out, bytes);
	else
		markdown_code(bytes, out);
}

void markdown_field(const char *name, const char *bytes, struct strbuf *out)
{
	strbuf_printf(out, "| %s | ", name);
	markdown_text(bytes, out);
	strbuf_puts(out, " |\n");
}

static void put_head(const struct table *table, struct strbuf *out)
{
	for (size_t c = 0; c < table->column_count; c++)
		if (!(table->columns[c].flags & TABLE_HIDDEN))
			strbuf_printf(out, "| %s ", table->columns[c].title);
	strbuf_puts(out, "|\n");
	for (size_t c = 0; c < table->column_count; c++)
		if (!(table->columns[c].flags & TABLE_HIDDEN))
			strbuf_puts(out, table_is_right_aligned(&table->columns[c])
						 ? "| ---: "
						 : "| --- ");
	strbuf_puts(out, "|\n");
}

static void put_cell(const struct table *table, size_t row, size_t column,
		     const struct style *style, struct strbuf *out)
{
	const struct table_column *of = &table->columns[column];
	const struct table_cell *cell = table_cell(table, row, column);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (!cell->is_set) {
		return;
	} else if (of->kind != TABLE_TEXT) {
		table_cell_text(table, row, column, style, &text);
		strbuf_puts(out, strbuf_text(&text));
	} else if (of->flags & TABLE_NAMES) {
		markdown_code(strpool_text(&table->texts, cell->text), out);
	} else {
		markdown_text(strpool_text(&table->texts, cell->text), out);
	}
}

void markdown_table(const struct table *table, uint64_t top, const struct style *style,
		    struct strbuf *out)
{
	size_t rows = table_rows(table), shown = rows;

	if (rows == 0)
		return;
	if (top && rows > top)
		shown = (size_t)top;
	put_head(table, out);
	for (size_t r = 0; r < shown; r++) {
		for (size_t c = 0; c < table->column_count; c++) {
			if (table->columns[c].flags & TABLE_HIDDEN)
				continue;
			strbuf_puts(out, "| ");
			put_cell(table, r, c, style, out);
			strbuf_putc(out, ' ');
		}
		strbuf_puts(out, "|\n");
	}
	if (shown < rows) {
		strbuf_puts(out, "\nThe first ");
		style_count(out, shown);
		strbuf_puts(out, " of ");
		style_count(out, rows);
		strbuf_puts(out, ".\n");
	}
}

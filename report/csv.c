#include "report/csv.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static bool is_formula(const char *text)
{
	text += strspn(text, " ");
	return *text && strchr("=+-@", *text) != NULL;
}

void csv_text(const char *bytes, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (is_formula(bytes))
		strbuf_putc(&text, '\'');
	text_printable(&text, bytes);
	if (!strpbrk(strbuf_text(&text), ",;\"' ")) {
		strbuf_puts(out, strbuf_text(&text));
		return;
	}
	strbuf_putc(out, '"');
	for (const char *c = strbuf_text(&text); *c; c++) {
		if (*c == '"')
			strbuf_putc(out, '"');
		strbuf_putc(out, *c);
	}
	strbuf_putc(out, '"');
}

static void put_cell(const struct table *table, const struct table_cell *cell,
		     enum table_kind kind, struct strbuf *out)
{
	if (!cell->is_set)
		return;
	switch (kind) {
	case TABLE_TEXT:
		csv_text(strpool_text(&table->texts, cell->text), out);
		break;
	case TABLE_BOOL:
		strbuf_puts(out, cell->number ? "true" : "false");
		break;
	case TABLE_CHANGE:
	case TABLE_COUNT_CHANGE:
		strbuf_printf(out, "%" PRId64, (int64_t)cell->number);
		break;
	case TABLE_BYTES:
	case TABLE_COUNT:
		strbuf_printf(out, "%" PRIu64, cell->number);
		break;
	}
}

void csv_table(const struct table *table, struct strbuf *out)
{
	size_t columns = table->column_count;

	for (size_t c = 0; c < columns; c++)
		strbuf_printf(out, "%s%s", c ? "," : "", table->columns[c].key);
	strbuf_putc(out, '\n');
	for (size_t r = 0; r < table_rows(table); r++) {
		for (size_t c = 0; c < columns; c++) {
			if (c)
				strbuf_putc(out, ',');
			put_cell(table, table_cell(table, r, c), table->columns[c].kind,
				 out);
		}
		strbuf_putc(out, '\n');
	}
}

#include "report/table.h"

#include "base/text.h"
#include "rules/glob.h"

#include <assert.h>
#include <string.h>

#define GAP 2 /* blanks between columns */

void table_init(struct table *table, const struct table_column *columns, size_t count)
{
	assert(count > 0);
	*table = (struct table){ .columns = columns, .column_count = count };
	strpool_init(&table->texts);
}

void table_release(struct table *table)
{
	strpool_release(&table->texts);
	array_release(&table->cells);
}

static void add_cell(struct table *table, struct table_cell cell)
{
	array_push(&table->cells, cell);
}

/* The next cell has the kind of its column: anything else is a mistake of the caller. */
static void check_kind(const struct table *table, bool is_text)
{
	size_t column = table->cells.len % table->column_count;

	(void)column;
	(void)is_text;
	assert((table->columns[column].kind == TABLE_TEXT) == is_text);
}

void table_text(struct table *table, const char *bytes)
{
	check_kind(table, true);
	if (!bytes)
		table_none(table);
	else
		add_cell(table,
			 (struct table_cell){ .text = strpool_add(&table->texts, bytes),
					      .is_set = true });
}

void table_number(struct table *table, uint64_t number)
{
	check_kind(table, false);
	add_cell(table, (struct table_cell){ .number = number, .is_set = true });
}

void table_change(struct table *table, int64_t change)
{
	add_cell(table,
		 (struct table_cell){ .number = (uint64_t)change, .is_set = true });
}

void table_none(struct table *table)
{
	add_cell(table, (struct table_cell){ 0 });
}

size_t table_rows(const struct table *table)
{
	return table->column_count ? table->cells.len / table->column_count : 0;
}

const struct table_cell *table_cell(const struct table *table, size_t row, size_t column)
{
	return &table->cells.data[row * table->column_count + column];
}

struct sort_key {
	const struct table *table;
	size_t column;
	bool reverse;
};

static int compare_numbers(uint64_t x, uint64_t y)
{
	return x == y ? 0 : x > y ? -1 : 1;
}

/* Of the number in a TABLE_CHANGE cell. */
static uint64_t magnitude(uint64_t number)
{
	return (int64_t)number < 0 ? 0 - number : number;
}

static bool is_change(enum table_kind kind)
{
	return kind == TABLE_CHANGE || kind == TABLE_COUNT_CHANGE;
}

static int compare_cells(const struct sort_key *key, size_t a, size_t b)
{
	const struct table_cell *x = table_cell(key->table, a, key->column);
	const struct table_cell *y = table_cell(key->table, b, key->column);

	if (x->is_set != y->is_set)
		return x->is_set ? -1 : 1;
	if (key->table->columns[key->column].kind == TABLE_TEXT)
		return strcmp(strpool_text(&key->table->texts, x->text),
			      strpool_text(&key->table->texts, y->text));
	if (is_change(key->table->columns[key->column].kind))
		return compare_numbers(magnitude(x->number), magnitude(y->number));
	return compare_numbers(x->number, y->number);
}

static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct sort_key *key = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int r = compare_cells(key, x, y);

	if (r != 0)
		return key->reverse ? -r : r;
	return x < y ? -1 : 1;
}

void table_sort(struct table *table, size_t column, bool reverse)
{
	struct sort_key key = { table, column, reverse };
	size_t rows = table_rows(table), width = table->column_count;
	_cleanup_(freep) size_t *order = mem_calloc(rows, sizeof(*order));
	struct table_cell *sorted = mem_calloc(table->cells.len, sizeof(*sorted));

	for (size_t i = 0; i < rows; i++)
		order[i] = i;
	qsort_r(order, rows, sizeof(*order), compare_rows, &key);
	for (size_t i = 0; i < rows; i++)
		memcpy(sorted + i * width, table_cell(table, order[i], 0),
		       width * sizeof(*sorted));
	free(table->cells.data);
	table->cells.data = sorted;
	table->cells.cap = table->cells.len;
}

static bool row_matches(const struct table *table, size_t row, const char *glob)
{
	for (size_t c = 0; c < table->column_count; c++) {
		const struct table_cell *cell = table_cell(table, row, c);

		if ((table->columns[c].flags & TABLE_NAMES) && cell->is_set &&
		    glob_match(glob, strpool_text(&table->texts, cell->text)))
			return true;
	}
	return false;
}

static bool row_matches_any(const struct table *table, size_t row,
			    const char *const *globs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (row_matches(table, row, globs[i]))
			return true;
	return false;
}

static void move_row(struct table *table, size_t from, size_t to)
{
	size_t width = table->column_count;

	memmove(table->cells.data + to * width, table->cells.data + from * width,
		width * sizeof(*table->cells.data));
}

void table_filter(struct table *table, const char *const *globs, size_t count)
{
	size_t kept = 0;

	for (size_t r = 0; r < table_rows(table); r++)
		if (row_matches_any(table, r, globs, count))
			move_row(table, r, kept++);
	table->cells.len = kept * table->column_count;
}

void table_keep(struct table *table, size_t column, const char *const *texts,
		size_t count)
{
	size_t kept = 0;

	for (size_t r = 0; r < table_rows(table); r++) {
		const struct table_cell *cell = table_cell(table, r, column);
		bool wanted = false;

		for (size_t i = 0; i < count && !wanted; i++)
			wanted = strcmp(strpool_text(&table->texts, cell->text),
					texts[i]) == 0;
		if (wanted)
			move_row(table, r, kept++);
	}
	table->cells.len = kept * table->column_count;
}

void table_truncate(struct table *table, size_t rows)
{
	if (table_rows(table) > rows)
		table->cells.len = rows * table->column_count;
}

void table_cell_text(const struct table *table, size_t row, size_t column,
		     const struct style *style, struct strbuf *out)
{
	const struct table_cell *cell = table_cell(table, row, column);

	strbuf_clear(out);
	if (!cell->is_set) {
		strbuf_putc(out, '-');
		return;
	}
	switch (table->columns[column].kind) {
	case TABLE_TEXT:
		text_printable(out, strpool_text(&table->texts, cell->text));
		break;
	case TABLE_BYTES:
		style_size(out, style, cell->number);
		break;
	case TABLE_CHANGE:
		style_change(out, style, (int64_t)cell->number);
		break;
	case TABLE_COUNT_CHANGE:
		style_count_change(out, (int64_t)cell->number);
		break;
	case TABLE_COUNT:
		style_count(out, cell->number);
		break;
	case TABLE_BOOL:
		strbuf_puts(out, cell->number ? "yes" : "");
		break;
	}
}

/* The widest text of each column; the last one needs none unless it is right-aligned. */
static size_t *column_widths(const struct table *table, const struct style *style)
{
	size_t *widths = mem_calloc(table->column_count, sizeof(*widths));
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	for (size_t c = 0; c < table->column_count; c++)
		widths[c] = style_width(table->columns[c].title);
	for (size_t r = 0; r < table_rows(table); r++) {
		for (size_t c = 0; c < table->column_count; c++) {
			table_cell_text(table, r, c, style, &text);
			widths[c] = MAX2(widths[c], style_width(strbuf_text(&text)));
		}
	}
	return widths;
}

static void put_blanks(struct strbuf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		strbuf_putc(out, ' ');
}

bool table_is_right_aligned(const struct table_column *column)
{
	return column->flags & TABLE_RIGHT || column->kind == TABLE_BYTES ||
	       column->kind == TABLE_COUNT || is_change(column->kind);
}

static bool is_hidden(const struct table_column *column)
{
	return column->flags & TABLE_HIDDEN;
}

/* One cell; blanks that nothing follows are left to the next cell (or never written). */
static void put_cell(const struct table_column *column, const char *text, size_t width,
		     size_t *blanks, struct strbuf *out)
{
	size_t fill = width - style_width(text);

	if (table_is_right_aligned(column))
		*blanks += fill;
	if (text[0]) {
		put_blanks(out, *blanks);
		strbuf_puts(out, text);
		*blanks = 0;
	}
	*blanks += table_is_right_aligned(column) ? GAP : fill + GAP;
}

static void print_heading(const struct table *table, const size_t *widths,
			  const struct style *style, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf line = { 0 };
	size_t blanks = 0;

	for (size_t c = 0; c < table->column_count; c++)
		if (!is_hidden(&table->columns[c]))
			put_cell(&table->columns[c], table->columns[c].title, widths[c],
				 &blanks, &line);
	style_puts(out, style, MARK_HEAD, strbuf_text(&line));
	strbuf_putc(out, '\n');
}

void table_print(const struct table *table, const struct style *style, struct strbuf *out)
{
	_cleanup_(freep) size_t *widths = column_widths(table, style);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (table_rows(table) == 0)
		return;
	print_heading(table, widths, style, out);
	for (size_t r = 0; r < table_rows(table); r++) {
		size_t blanks = 0;

		for (size_t c = 0; c < table->column_count; c++) {
			if (is_hidden(&table->columns[c]))
				continue;
			table_cell_text(table, r, c, style, &text);
			put_cell(&table->columns[c], strbuf_text(&text), widths[c],
				 &blanks, out);
		}
		strbuf_putc(out, '\n');
	}
}

static json_t *cell_json(const struct table *table, const struct table_cell *cell,
			 enum table_kind kind)
{
	if (!cell->is_set)
		return json_null();
	if (kind == TABLE_TEXT)
		return json_bytes(strpool_text(&table->texts, cell->text));
	if (is_change(kind))
		return json_integer((int64_t)cell->number);
	return kind == TABLE_BOOL ? json_boolean(cell->number) : json_uint(cell->number);
}

json_t *table_json(const struct table *table)
{
	json_t *rows = json_array();

	for (size_t r = 0; r < table_rows(table); r++) {
		json_t *row = json_object();

		for (size_t c = 0; c < table->column_count; c++)
			json_put(row, table->columns[c].key,
				 cell_json(table, table_cell(table, r, c),
					   table->columns[c].kind));
		json_push(rows, row);
	}
	return rows;
}

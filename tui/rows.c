#include "tui/rows.h"

#include <string.h>
#include <time.h>

#define SCAN_STEP 4096 /* rows between two looks at the clock */

static uint32_t row_count(const struct rows *t)
{
	return t->source->ops->count(t->source);
}

static const struct column *sort_column(const struct rows *t)
{
	return &t->source->ops->columns[t->sort_column];
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

bool rows_is_tree(const struct rows *t)
{
	return t->tree && !t->filter && t->source->ops->children;
}

bool rows_is_open(const struct rows *t, uint32_t row)
{
	return row < t->open.size && idset_has(&t->open, row);
}

/* Small keys first: what is missing is always last, and 1 is below all of it. */
static uint64_t sort_key(const struct rows *t, uint32_t row)
{
	struct value value = { 0 };
	uint64_t number;

	t->source->ops->value(t->source, row, t->sort_column, &value);
	if (value.missing)
		return UINT64_MAX;
	number = sort_column(t)->kind == VALUE_FLAGS ? value.flags : value.number;
	return t->falling ? UINT64_MAX - 1 - number : number;
}

static int by_key(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_text(const void *a, const void *b, void *arg)
{
	const struct sort_item *x = a, *y = b;
	const struct rows *t = arg;
	struct value v = { 0 }, w = { 0 };
	int order;

	t->source->ops->value(t->source, x->row, t->sort_column, &v);
	t->source->ops->value(t->source, y->row, t->sort_column, &w);
	order = strcmp(v.text && !v.missing ? v.text : "",
		       w.text && !w.missing ? w.text : "");
	if (order != 0)
		return t->falling ? -order : order;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void sort_items(const struct rows *t, struct sort_item *items, size_t len)
{
	if (len < 2)
		return;
	if (sort_column(t)->flags & COLUMN_BY_TEXT)
		qsort_r(items, len, sizeof(*items), by_text, (void *)t);
	else
		qsort(items, len, sizeof(*items), by_key);
}

/* Rows are in their own order when they come here, and each pass keeps equal ones. */
static void radix_pass(struct sort_item *from, struct sort_item *to, size_t len,
		       unsigned int shift)
{
	size_t start[257] = { 0 };

	for (size_t i = 0; i < len; i++)
		start[(from[i].key >> shift & 0xff) + 1]++;
	for (size_t i = 1; i < 257; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < len; i++)
		to[start[from[i].key >> shift & 0xff]++] = from[i];
}

/* A byte that is the same in all keys needs no pass. */
static bool byte_varies(const struct rows *t, unsigned int shift)
{
	uint64_t first = t->next.len ? t->next.data[0].key >> shift & 0xff : 0;

	array_each (&t->next, i)
		if ((t->next.data[i].key >> shift & 0xff) != first)
			return true;
	return false;
}

static void settle(struct rows *t)
{
	if (t->cursor >= t->rows.len)
		t->cursor = t->rows.len ? t->rows.len - 1 : 0;
	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->page && t->cursor >= t->top + t->page)
		t->top = t->cursor - t->page + 1;
	if (t->page && t->top + t->page > t->rows.len)
		t->top = t->rows.len > t->page ? t->rows.len - t->page : 0;
}

static bool put_cursor_on(struct rows *t, uint32_t row)
{
	array_each (&t->rows, i) {
		if (t->rows.data[i].row == row) {
			t->cursor = i;
			settle(t);
			return true;
		}
	}
	return false;
}

static void keep_cursor(struct rows *t, uint32_t row)
{
	/* it stays where it was on the screen, too */
	size_t line = t->cursor - MIN2(t->cursor, t->top);

	if (row != SOURCE_TOP && put_cursor_on(t, row)) {
		t->top = t->cursor - MIN2(t->cursor, line);
	}
	settle(t);
}

static void publish(struct rows *t)
{
	uint32_t current = rows_current(t);

	t->rows.len = 0;
	array_reserve(&t->rows, t->next.len + 1);
	array_each (&t->next, i)
		t->rows.data[t->rows.len++] =
			(struct rows_line){ .row = t->next.data[i].row };
	t->next.len = 0;
	free(t->spare);
	t->spare = NULL;
	t->working = false;
	keep_cursor(t, current);
}

/* Take over rows that pass the filter; true when all were looked at. */
static bool scan(struct rows *t, uint32_t limit)
{
	uint32_t count = row_count(t), end = MIN2(count, t->scanned + limit);

	for (; t->scanned < end; t->scanned++) {
		if (!filter_match(t->filter, t->source, t->scanned))
			continue;
		array_push(&t->next,
			   (struct sort_item){ sort_key(t, t->scanned), t->scanned });
	}
	return t->scanned >= count;
}

/* One byte of the keys; true when all are done. */
static bool sort_step(struct rows *t)
{
	struct sort_item *sorted;

	if (t->next.len <= ROWS_AT_ONCE || sort_column(t)->flags & COLUMN_BY_TEXT) {
		sort_items(t, t->next.data, t->next.len);
		return true;
	}
	if (t->pass < 8 && byte_varies(t, t->pass * 8)) {
		if (!t->spare)
			t->spare = mem_calloc(t->next.cap, sizeof(*t->spare));
		radix_pass(t->next.data, t->spare, t->next.len, t->pass * 8);
		sorted = t->spare;
		t->spare = t->next.data;
		t->next.data = sorted;
	}
	return ++t->pass >= 8;
}

/* The children of one row (or the top) in order, appended to the rows at @p at. */
static size_t insert_children(struct rows *t, size_t at, uint32_t parent, uint16_t depth)
{
	uint32_t count = 0;
	const uint32_t *children = t->source->ops->children(t->source, parent, &count);
	_cleanup_(freep) struct sort_item *items = mem_calloc(count + 1u, sizeof(*items));

	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct sort_item){ sort_key(t, children[i]), children[i] };
	sort_items(t, items, count);
	array_reserve(&t->rows, count);
	memmove(t->rows.data + at + count, t->rows.data + at,
		(t->rows.len - at) * sizeof(*t->rows.data));
	t->rows.len += count;
	for (uint32_t i = 0; i < count; i++)
		t->rows.data[at + i] = (struct rows_line){ items[i].row, depth };
	return count;
}

static void build_tree(struct rows *t)
{
	uint32_t current = rows_current(t);

	t->rows.len = 0;
	insert_children(t, 0, SOURCE_TOP, 0);
	for (size_t i = 0; i < t->rows.len; i++)
		if (rows_is_open(t, t->rows.data[i].row))
			insert_children(t, i + 1, t->rows.data[i].row,
					(uint16_t)(t->rows.data[i].depth + 1));
	t->working = false;
	keep_cursor(t, current);
}

static void begin(struct rows *t)
{
	if (t->open.size < row_count(t)) {
		idset_release(&t->open);
		idset_init(&t->open, row_count(t));
	}
	if (rows_is_tree(t)) {
		build_tree(t);
		return;
	}
	t->working = true;
	t->scanned = 0;
	t->pass = 0;
	t->next.len = 0;
	if (row_count(t) > ROWS_AT_ONCE)
		return;
	scan(t, UINT32_MAX);
	sort_items(t, t->next.data, t->next.len);
	publish(t);
}

void rows_init(struct rows *t, struct source *source)
{
	*t = (struct rows){
		.source = source,
		.sort_column = source->ops->sort_column,
		.tree = source->ops->children != NULL,
	};
	t->falling = (sort_column(t)->flags & COLUMN_FALLING) != 0;
	begin(t);
	/* a single folder at the top has nothing to tell while it is closed */
	if (rows_is_tree(t) && t->rows.len == 1)
		rows_open(t);
}

void rows_release(struct rows *t)
{
	array_release(&t->rows);
	array_release(&t->next);
	free(t->spare);
	filter_free(t->filter);
	idset_release(&t->open);
	*t = (struct rows){ 0 };
}

bool rows_busy(const struct rows *t)
{
	return t->working;
}

bool rows_work(struct rows *t, unsigned int milliseconds)
{
	double end = now_ms() + milliseconds;

	while (t->working) {
		bool scanned = t->scanned >= row_count(t);

		if (!scanned)
			scan(t, SCAN_STEP);
		else if (sort_step(t))
			publish(t);
		if (now_ms() >= end)
			break;
	}
	return t->working;
}

unsigned int rows_progress(const struct rows *t)
{
	uint32_t count = MAX2(row_count(t), 1u);

	if (!t->working)
		return 100;
	return (unsigned int)((uint64_t)t->scanned * 80 / count) + t->pass * 20 / 8;
}

void rows_sort(struct rows *t, size_t column, bool falling)
{
	t->sort_column = column;
	t->falling = falling;
	begin(t);
}

void rows_filter(struct rows *t, struct filter *filter)
{
	filter_free(t->filter);
	t->filter = filter;
	begin(t);
}

void rows_set_tree(struct rows *t, bool tree)
{
	t->tree = tree;
	begin(t);
}

void rows_refresh(struct rows *t)
{
	begin(t);
}

void rows_go(struct rows *t, size_t place)
{
	t->cursor = place;
	settle(t);
}

void rows_move(struct rows *t, long by)
{
	size_t distance = by < 0 ? (size_t)-by : (size_t)by;

	if (by < 0)
		t->cursor -= MIN2(t->cursor, distance);
	else
		t->cursor += MIN2(distance, t->rows.len - MIN2(t->rows.len, t->cursor));
	settle(t);
}

void rows_set_page(struct rows *t, size_t lines)
{
	t->page = lines;
	settle(t);
}

uint32_t rows_current(const struct rows *t)
{
	return t->cursor < t->rows.len ? t->rows.data[t->cursor].row : SOURCE_TOP;
}

bool rows_find_row(struct rows *t, uint32_t row)
{
	bool changed = false;

	if (put_cursor_on(t, row))
		return true;
	if (!rows_is_tree(t))
		return false;
	for (uint32_t p = t->source->ops->parent(t->source, row); p != SOURCE_TOP;
	     p = t->source->ops->parent(t->source, p))
		changed |= idset_add(&t->open, p);
	if (changed)
		build_tree(t);
	return put_cursor_on(t, row);
}

bool rows_open(struct rows *t)
{
	uint32_t row = rows_current(t), count = 0;

	if (!rows_is_tree(t) || row == SOURCE_TOP || rows_is_open(t, row))
		return false;
	t->source->ops->children(t->source, row, &count);
	if (count == 0)
		return false;
	idset_add(&t->open, row);
	build_tree(t);
	return true;
}

bool rows_close(struct rows *t)
{
	uint32_t row = rows_current(t);

	if (!rows_is_tree(t) || row == SOURCE_TOP || !rows_is_open(t, row))
		return false;
	idset_remove(&t->open, row);
	build_tree(t);
	return true;
}

bool rows_to_parent(struct rows *t)
{
	uint32_t row = rows_current(t);

	if (!rows_is_tree(t) || row == SOURCE_TOP)
		return false;
	row = t->source->ops->parent(t->source, row);
	return row != SOURCE_TOP && put_cursor_on(t, row);
}

bool rows_seek(struct rows *t, int step, bool from_here, rows_test *fn, const void *arg)
{
	size_t len = t->rows.len, at = t->cursor;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 || !from_here)
			at = step > 0 ? (at + 1) % len : (at + len - 1) % len;
		if (!fn(t, t->rows.data[at].row, arg))
			continue;
		rows_go(t, at);
		return true;
	}
	return false;
}

#include "tui/rows.h"

#include "tui/rows_order.h"

#include <string.h>

static uint32_t row_count(const struct rows *t)
{
	return t->source->ops->count(t->source);
}

bool rows_is_tree(const struct rows *t)
{
	return t->tree && !t->filter && t->source->ops->children;
}

bool rows_is_open(const struct rows *t, uint32_t row)
{
	return row < t->open.size && idset_has(&t->open, row);
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

void rows_keep_cursor(struct rows *t, uint32_t row)
{
	/* it stays where it was on the screen, too */
	size_t line = t->cursor - MIN2(t->cursor, t->top);

	if (row != SOURCE_TOP && put_cursor_on(t, row)) {
		t->top = t->cursor - MIN2(t->cursor, line);
	}
	settle(t);
}

/* The children of one row (or the top) in order, appended to the rows at @p at. */
static size_t insert_children(struct rows *t, size_t at, uint32_t parent, uint16_t depth)
{
	uint32_t count = 0;
	const uint32_t *children = t->source->ops->children(t->source, parent, &count);
	_cleanup_(freep) struct sort_item *items = mem_calloc(count + 1u, sizeof(*items));

	for (uint32_t i = 0; i < count; i++)
		items[i] =
			(struct sort_item){ rows_sort_key(t, children[i]), children[i] };
	rows_sort_items(t, items, count);
	array_reserve(&t->rows, count);
	memmove(t->rows.data + at + count, t->rows.data + at,
		(t->rows.len - at) * sizeof(*t->rows.data));
	t->rows.len += count;
	for (uint32_t i = 0; i < count; i++)
		t->rows.data[at + i] = (struct rows_line){ items[i].row, depth };
	return count;
}

/* The same with what is below those of them that are open. */
static void insert_tree(struct rows *t, size_t at, uint32_t parent, uint16_t depth)
{
	size_t end = at + insert_children(t, at, parent, depth);

	for (size_t i = at; i < end; i++)
		if (rows_is_open(t, t->rows.data[i].row))
			end += insert_children(t, i + 1, t->rows.data[i].row,
					       (uint16_t)(t->rows.data[i].depth + 1));
}

static void build_tree(struct rows *t)
{
	uint32_t current = rows_current(t);

	t->rows.len = 0;
	insert_tree(t, 0, SOURCE_TOP, 0);
	rows_order_release(t);
	rows_keep_cursor(t, current);
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
	rows_order_begin(t);
	if (row_count(t) <= ROWS_AT_ONCE)
		rows_order_all(t);
}

void rows_init(struct rows *t, struct source *source)
{
	*t = (struct rows){
		.source = source,
		.sort_column = source->ops->sort_column,
		.tree = source->ops->children != NULL,
	};
	t->falling = (rows_sort_column(t)->flags & COLUMN_FALLING) != 0;
	begin(t);
	/* a single folder at the top has nothing to tell while it is closed */
	if (rows_is_tree(t) && t->rows.len == 1)
		rows_open(t);
}

void rows_release(struct rows *t)
{
	array_release(&t->rows);
	rows_order_release(t);
	filter_free(t->filter);
	idset_release(&t->open);
	*t = (struct rows){ 0 };
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
	insert_tree(t, t->cursor + 1, row, (uint16_t)(t->rows.data[t->cursor].depth + 1));
	settle(t);
	return true;
}

bool rows_close(struct rows *t)
{
	uint32_t row = rows_current(t);
	size_t first = t->cursor + 1, end = first;

	if (!rows_is_tree(t) || row == SOURCE_TOP || !rows_is_open(t, row))
		return false;
	idset_remove(&t->open, row);
	while (end < t->rows.len &&
	       t->rows.data[end].depth > t->rows.data[t->cursor].depth)
		end++;
	memmove(t->rows.data + first, t->rows.data + end,
		(t->rows.len - end) * sizeof(*t->rows.data));
	t->rows.len -= end - first;
	settle(t);
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

#include "tui/list_view.h"

#include "tui/list_draw.h"

#include <stdio.h>
#include <string.h>

static const struct column *columns_of(const struct list_view *lv)
{
	return lv->source->ops->columns;
}

bool list_view_shows(const struct list_view *lv, size_t column, int width)
{
	const struct column *c = &columns_of(lv)[column];

	if (c->flags & COLUMN_FIXED || lv->shown >> column & 1)
		return true;
	if (lv->hidden >> column & 1 || c->flags & COLUMN_HIDDEN)
		return false;
	return width >= c->min_screen;
}

void list_view_toggle(struct list_view *lv, size_t column)
{
	uint64_t bit = (uint64_t)1 << column;

	if (columns_of(lv)[column].flags & COLUMN_FIXED)
		return;
	if (list_view_shows(lv, column, lv->base.width)) {
		lv->shown &= ~bit;
		lv->hidden |= bit;
	} else {
		lv->hidden &= ~bit;
		lv->shown |= bit;
	}
}

void list_view_look_like(struct list_view *lv, const struct list_view *other)
{
	lv->shown = other->shown;
	lv->hidden = other->hidden;
	lv->bars = other->bars;
	lv->rows.tree = other->rows.tree;
	rows_sort(&lv->rows, other->rows.sort_column, other->rows.falling);
	lv->base.ops->filter(&lv->base, other->filter_text, NULL);
}

static void list_refresh(struct view *v)
{
	struct list_view *lv = container_of(v, struct list_view, base);

	if (lv->source->ops->refresh)
		lv->source->ops->refresh(lv->source);
	rows_refresh(&lv->rows);
}

static void sort_by(struct list_view *lv, size_t column)
{
	rows_sort(&lv->rows, column,
		  (columns_of(lv)[column].flags & COLUMN_FALLING) != 0);
}

/* The next shown column that way round. */
static void sort_step(struct list_view *lv, int step)
{
	size_t count = lv->source->ops->column_count, column = lv->rows.sort_column;

	do
		column = (column + count + (size_t)step) % count;
	while (!list_view_shows(lv, column, lv->base.width));
	sort_by(lv, column);
}

static void sort_by_size(struct list_view *lv)
{
	int column = source_column(lv->source->ops, "size");

	if (column >= 0)
		sort_by(lv, (size_t)column);
}

static bool move_request(struct rows *t, enum request request)
{
	long page = (long)MAX2(t->page, 2u) - 1;

	switch (request) {
	case DO_UP:
		rows_move(t, -1);
		return true;
	case DO_DOWN:
		rows_move(t, 1);
		return true;
	case DO_PAGE_UP:
		rows_move(t, -page);
		return true;
	case DO_PAGE_DOWN:
		rows_move(t, page);
		return true;
	case DO_FIRST:
		rows_go(t, 0);
		return true;
	case DO_LAST:
		rows_go(t, SIZE_MAX);
		return true;
	default:
		return false;
	}
}

static bool show_request(struct list_view *lv, enum request request)
{
	switch (request) {
	case DO_SORT_SIZE:
		sort_by_size(lv);
		return true;
	case DO_SORT_NEXT:
		sort_step(lv, 1);
		return true;
	case DO_SORT_PREVIOUS:
		sort_step(lv, -1);
		return true;
	case DO_INVERT:
		rows_sort(&lv->rows, lv->rows.sort_column, !lv->rows.falling);
		return true;
	case DO_BARS:
		lv->bars = !lv->bars;
		return true;
	case DO_TREE:
		if (!lv->source->ops->children)
			return false;
		rows_set_tree(&lv->rows, !lv->rows.tree);
		return true;
	default:
		return false;
	}
}

static bool has_flag(const struct rows *t, uint32_t row, const void *arg)
{
	return source_row_flags(t->source, row) >> *(const int *)arg & 1;
}

static unsigned int to_candidate(struct list_view *lv, int step)
{
	int flag = source_flag(lv->source->ops, "candidate");

	if (flag < 0)
		return REACT_IGNORED;
	rows_seek(&lv->rows, step, false, has_flag, &flag);
	return REACT_REDRAW;
}

/* Into the folder: open it, and then its first line. */
static unsigned int list_enter(struct list_view *lv)
{
	uint32_t row = rows_current(&lv->rows);

	if (rows_open(&lv->rows))
		return REACT_REDRAW;
	if (!rows_is_tree(&lv->rows) || row == SOURCE_TOP ||
	    !rows_is_open(&lv->rows, row))
		return REACT_IGNORED;
	rows_move(&lv->rows, 1);
	return REACT_REDRAW;
}

static unsigned int list_request(struct view *v, enum request request)
{
	struct list_view *lv = container_of(v, struct list_view, base);

	lv->hunt.failed = false;
	if (move_request(&lv->rows, request) || show_request(lv, request))
		return REACT_REDRAW;
	switch (request) {
	case DO_ENTER:
		return list_enter(lv);
	case DO_LEAVE:
		return rows_close(&lv->rows) || rows_to_parent(&lv->rows) ? REACT_REDRAW
									  : REACT_IGNORED;
	case DO_NEXT_CANDIDATE:
		return to_candidate(lv, 1);
	case DO_PREVIOUS_CANDIDATE:
		return to_candidate(lv, -1);
	default:
		return REACT_IGNORED;
	}
}

static unsigned int click_heading(struct list_view *lv, int x)
{
	struct list_layout layout;

	list_layout_make(lv, lv->base.width, &layout);
	for (size_t i = 0; i < layout.len; i++) {
		const struct list_place *p = &layout.place[i];

		if (x < p->x || x >= p->x + p->width)
			continue;
		if (p->column == lv->rows.sort_column)
			rows_sort(&lv->rows, p->column, !lv->rows.falling);
		else
			sort_by(lv, p->column);
		return REACT_REDRAW;
	}
	return REACT_NONE;
}

static unsigned int list_click(struct view *v, int y, int x, bool twice)
{
	struct list_view *lv = container_of(v, struct list_view, base);
	size_t place = lv->rows.top + (size_t)MAX2(y - 1, 0);

	if (y == 0)
		return click_heading(lv, x);
	if (place >= lv->rows.rows.len)
		return REACT_NONE;
	rows_go(&lv->rows, place);
	if (!twice)
		return REACT_REDRAW;
	return rows_open(&lv->rows) || rows_close(&lv->rows) ? REACT_REDRAW
							     : REACT_IGNORED;
}

static bool list_work(struct view *v, unsigned int milliseconds)
{
	struct list_view *lv = container_of(v, struct list_view, base);

	if (list_search_work(lv, milliseconds))
		return true;
	return rows_work(&lv->rows, milliseconds);
}

static uint32_t list_subject(const struct view *v)
{
	const struct list_view *lv = container_of(v, const struct list_view, base);
	uint32_t row = rows_current(&lv->rows);

	return row == SOURCE_TOP ? 0 : lv->source->ops->node(lv->source, row);
}

static bool list_show_node(struct view *v, uint32_t node)
{
	struct list_view *lv = container_of(v, struct list_view, base);
	uint32_t count = lv->source->ops->count(lv->source);

	for (uint32_t row = 0; row < count; row++)
		if (lv->source->ops->node(lv->source, row) == node)
			return rows_find_row(&lv->rows, row);
	return false;
}

static int list_filter(struct view *v, const char *text, struct error *err)
{
	struct list_view *lv = container_of(v, struct list_view, base);
	struct filter *filter = NULL;
	int r;

	lv->hunt = (struct list_hunt){ 0 };
	if (strcmp(text, lv->filter_text) == 0)
		return 0;
	r = filter_compile(&filter, lv->source->ops, text, err);
	if (r < 0)
		return r;
	rows_filter(&lv->rows, filter);
	free(lv->filter_text);
	lv->filter_text = mem_strdup(text);
	return 0;
}

static void list_status(const struct view *v, char *buf, size_t len)
{
	const struct list_view *lv = container_of(v, const struct list_view, base);
	const struct rows *t = &lv->rows;
	uint32_t row = rows_current(t);
	const char *about = lv->source->ops->about && row != SOURCE_TOP
				    ? lv->source->ops->about(lv->source, row)
				    : "";
	char own[128] = "";
	uint32_t count = lv->source->ops->count(lv->source);
	size_t place = t->rows.len ? t->cursor + 1 : 0;

	if (lv->source->ops->summary)
		lv->source->ops->summary(lv->source, own, sizeof(own));
	if (lv->hunt.step)
		snprintf(buf, len, "searching ...");
	else if (lv->hunt.failed)
		snprintf(buf, len, "not found: %s", pattern_text(lv->pattern));
	else if (rows_busy(t))
		snprintf(buf, len, "%u %% done", rows_progress(t));
	else if (t->filter)
		snprintf(buf, len, "%zu/%zu of %u [%s] %s", place, t->rows.len, count,
			 lv->filter_text, own);
	else
		snprintf(buf, len, "%zu/%zu %s%s%s", place, t->rows.len, own,
			 own[0] && about[0] ? " | " : "", about);
}

static void list_free(struct view *v)
{
	struct list_view *lv = container_of(v, struct list_view, base);

	rows_release(&lv->rows);
	pattern_free(lv->pattern);
	free(lv->filter_text);
	if (lv->source->ops->free)
		lv->source->ops->free(lv->source);
	free(lv->base.title);
	free(lv);
}

static const struct view_ops LIST_OPS = {
	.refresh = list_refresh,
	.draw = list_draw,
	.request = list_request,
	.click = list_click,
	.work = list_work,
	.subject = list_subject,
	.show_node = list_show_node,
	.search = list_search,
	.filter = list_filter,
	.status = list_status,
	.free = list_free,
};

struct view *list_view_new(struct source *source)
{
	struct list_view *lv = mem_calloc(1, sizeof(*lv));

	lv->base.ops = &LIST_OPS;
	lv->base.title = mem_strdup(source->ops->title);
	lv->source = source;
	lv->bars = true;
	lv->filter_text = mem_strdup("");
	rows_init(&lv->rows, source);
	return &lv->base;
}

struct list_view *list_view_of(struct view *v)
{
	return v && v->ops == &LIST_OPS ? container_of(v, struct list_view, base) : NULL;
}

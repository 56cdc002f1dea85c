#include "tui/column_view.h"

#include "base/macros.h"
#include "base/mem.h"

#include <stdio.h>

struct column_view {
	struct view base;
	struct list_view *list;
	size_t cursor, top;
};

static struct column_view *self(struct view *v)
{
	return container_of(v, struct column_view, base);
}

static size_t count_of(const struct column_view *cv)
{
	return cv->list->source->ops->column_count;
}

static void column_draw(const struct view *v, struct canvas *out, const struct area *area)
{
	const struct column_view *cv = container_of(v, const struct column_view, base);

	canvas_fill(out, area->y, area->x, area->height, area->width, PAINT_TEXT);
	for (size_t i = cv->top; i < count_of(cv) && i < cv->top + (size_t)area->height;
	     i++) {
		const struct column *c = &cv->list->source->ops->columns[i];
		bool shown = list_view_shows(cv->list, i, cv->list->base.width);
		bool here = i == cv->cursor;
		int y = area->y + (int)(i - cv->top);
		char line[256];

		snprintf(line, sizeof(line), "[%c] %-12s %s%s", shown ? 'x' : ' ',
			 c->name, c->help,
			 c->flags & COLUMN_FIXED ? " (always shown)" : "");
		canvas_text(out, y, area->x, area->width,
			    PAINT_TEXT | (here ? PAINT_CURSOR : 0), line);
		if (here)
			canvas_cursor(out, y, area->x);
	}
}

static unsigned int move(struct column_view *cv, long by)
{
	size_t last = count_of(cv) - 1, page = (size_t)MAX2(cv->base.height, 1);

	if (by < 0)
		cv->cursor -= MIN2(cv->cursor, (size_t)-by);
	else
		cv->cursor = MIN2(cv->cursor + (size_t)by, last);
	if (cv->cursor < cv->top)
		cv->top = cv->cursor;
	if (cv->cursor >= cv->top + page)
		cv->top = cv->cursor - page + 1;
	return REACT_REDRAW;
}

static unsigned int column_request(struct view *v, enum request request)
{
	struct column_view *cv = self(v);
	long all = (long)count_of(cv);

	switch (request) {
	case DO_UP:
		return move(cv, -1);
	case DO_DOWN:
		return move(cv, 1);
	case DO_PAGE_UP:
	case DO_FIRST:
		return move(cv, -all);
	case DO_PAGE_DOWN:
	case DO_LAST:
		return move(cv, all);
	case DO_ENTER:
	case DO_MARK_TAG:
		list_view_toggle(cv->list, cv->cursor);
		return REACT_REDRAW;
	case DO_LEAVE:
	case DO_COLUMNS:
		return REACT_CLOSE;
	default:
		return REACT_IGNORED;
	}
}

static unsigned int column_click(struct view *v, int y, int x, bool twice)
{
	struct column_view *cv = self(v);

	(void)x;
	(void)twice;
	move(cv, -(long)count_of(cv));
	move(cv, (long)cv->top + y);
	return column_request(v, DO_ENTER);
}

static void column_status(const struct view *v, char *buf, size_t len)
{
	(void)v;
	snprintf(buf, len, "Enter shows or hides a column");
}

static void column_free(struct view *v)
{
	free(v->title);
	free(self(v));
}

static const struct view_ops COLUMN_OPS = {
	.draw = column_draw,
	.request = column_request,
	.click = column_click,
	.status = column_status,
	.free = column_free,
};

struct view *column_view_new(struct list_view *list)
{
	struct column_view *cv = mem_calloc(1, sizeof(*cv));

	cv->base.ops = &COLUMN_OPS;
	cv->base.title = mem_printf("Columns of %s", list->source->ops->name);
	cv->list = list;
	return &cv->base;
}

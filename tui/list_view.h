/*
 * list_view – a source as a list or tree on the screen: columns, heading, bars, cursor,
 * sorting, searching and filtering. Every base view of the explorer is one of these.
 *
 *	struct view *v = list_view_new(source);		the view owns the source
 *	v->ops->draw(v, &canvas, &area);
 */
#pragma once

#include "tui/rows.h"
#include "tui/source.h"
#include "tui/view.h"

struct list_view {
	struct view base;
	struct source *source; /* owned */
	struct rows rows;
	uint64_t shown, hidden; /* columns by the person's own choice */
	bool bars;
	struct pattern *pattern; /* of the last search, to show its matches; owned */
	char *filter_text;	 /* owned */
};

struct view *list_view_new(struct source *source);
/** The list view behind @p v, or NULL when it is another kind of view. */
struct list_view *list_view_of(struct view *v);
/** Is a column shown on a screen of @p width? */
bool list_view_shows(const struct list_view *lv, size_t column, int width);
/** Show a column, or hide it (unless it is fixed). */
void list_view_toggle(struct list_view *lv, size_t column);
/** Remember what is searched for, to show it; copies. */
void list_view_highlight(struct list_view *lv, const char *text);

/*
 * list_view – a source as a list or tree on the screen: columns, heading, bars, cursor,
 * sorting, searching and filtering. Every base view of the explorer is one of these.
 *
 *	struct view *v = list_view_new(source);		the view owns the source
 *	v->ops->draw(v, &canvas, &area);
 */
#pragma once

#include "report/source.h"
#include "tui/rows.h"
#include "tui/view.h"

/* A search under way: it goes on in slices where there are very many rows. */
struct list_hunt {
	int step;	 /* 0: none */
	size_t at, left; /* the next place, and how many are still to be looked at */
	bool failed;	 /* the last one found nothing */
};

struct list_view {
	struct view base;
	struct source *source; /* owned */
	struct rows rows;
	uint64_t shown, hidden; /* columns by the person's own choice */
	bool bars;
	struct pattern *pattern; /* of the last search, to show its matches; owned */
	char *filter_text;	 /* owned */
	struct list_hunt hunt;
};

struct view *list_view_new(struct source *source);
/** The list view behind @p v, or NULL when it is another kind of view. */
struct list_view *list_view_of(struct view *v);
/** Is a column shown on a screen of @p width? */
bool list_view_shows(const struct list_view *lv, size_t column, int width);
/** Look as another view of the same kind does: columns, order, filter. */
void list_view_look_like(struct list_view *lv, const struct list_view *other);
/** Show a column, or hide it (unless it is fixed). */
void list_view_toggle(struct list_view *lv, size_t column);
/** End the search; its matches are no longer shown. */
void list_view_forget_search(struct list_view *lv);

/* --- tui/list_search.c: for tui/list_view.c --- */

/** view_ops.search of a list view. */
bool list_search(struct view *v, const struct pattern *pattern, int step);
/** Go on with a search; true while it has not ended. */
bool list_search_work(struct list_view *lv, unsigned int milliseconds);

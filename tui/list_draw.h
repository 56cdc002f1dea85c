/*
 * list_draw – how a list view looks: which columns stand where, and their cells.
 */
#pragma once

#include "tui/list_view.h"

#define LIST_MAX_PLACES 32

struct list_place {
	size_t column;
	int x, width;
};

struct list_layout {
	struct list_place place[LIST_MAX_PLACES];
	size_t len;
	int bar_x; /* < 0: none */
	size_t bar_column;
};

/** Where the columns stand on a screen of @p width. */
void list_layout_make(const struct list_view *lv, int width, struct list_layout *ret);
/** view_ops.draw of a list view. */
void list_draw(const struct view *v, struct canvas *out, const struct area *area);

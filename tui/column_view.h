/*
 * column_view – the columns of a list, to show and hide.
 */
#pragma once

#include "tui/list_view.h"

/** Borrows the list view, which must live longer. */
struct view *column_view_new(struct list_view *list);

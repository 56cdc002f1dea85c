/*
 * rows – the rows of a source in the order and choice that a person asked for, with a
 * cursor. No curses, no drawing.
 *
 *	rows_init(&t, source);
 *	rows_sort(&t, column, true);
 *	rows_filter(&t, filter);
 *	while (rows_work(&t, 8))		long work comes in slices
 *		;
 *	rows_move(&t, +1);
 *
 * Small sources (up to ROWS_AT_ONCE rows) are ordered at once. Bigger ones keep showing
 * the old rows until rows_work() has the new ones ready, so a key is never waited for.
 * Whatever happens to the rows, the cursor stays on its row while that is shown, and else
 * on its place.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "report/filter.h"
#include "report/source.h"

#define ROWS_AT_ONCE 10000

struct rows_line {
	uint32_t row;
	uint16_t depth;
};

struct sort_item {
	uint64_t key;
	uint32_t row;
};

/* The next rows while they are made: for tui/rows_order.c alone. */
struct rows_order {
	bool working;
	unsigned int stage, pass; /* pass: which byte of the keys */
	uint32_t scanned;
	size_t at;		   /* the next item of this stage */
	size_t start[256];	   /* where those with a byte go */
	size_t width, left, right; /* of the runs that are merged */
	ARRAY_OF(struct sort_item) next;
	struct sort_item *spare;
	ARRAY_OF(struct rows_line) ready;
};

struct rows {
	struct source *source; /* borrowed */
	ARRAY_OF(struct rows_line) rows;
	size_t cursor, top;
	size_t page; /* lines on the screen */
	size_t sort_column;
	bool falling, tree;
	struct filter *filter; /* owned */
	struct idset open;     /* trees: rows whose children are shown */

	struct rows_order order;
};

/** All rows in the source's first order; big sources need rows_work(). */
void rows_init(struct rows *t, struct source *source);
void rows_release(struct rows *t);

/** True while the source has more rows than are sorted at once and work is left. */
bool rows_busy(const struct rows *t);
/** Go on for about @p milliseconds; true while there is more to do. */
bool rows_work(struct rows *t, unsigned int milliseconds);
/** How much of the work is done, 0 to 100. */
unsigned int rows_progress(const struct rows *t);

/** Order by a column; @p falling: the biggest first. */
void rows_sort(struct rows *t, size_t column, bool falling);
/** Takes the filter over; NULL shows all rows. A filtered tree is shown flat. */
void rows_filter(struct rows *t, struct filter *filter);
void rows_set_tree(struct rows *t, bool tree);
/** The source's rows or values changed: order again. */
void rows_refresh(struct rows *t);

/** Move the cursor, clamped to the ends. */
void rows_move(struct rows *t, long by);
/** Put the cursor on a place in the rows, clamped. */
void rows_go(struct rows *t, size_t place);
/** Put the cursor on a row of the source, opening folders above it; false: not shown. */
bool rows_find_row(struct rows *t, uint32_t row);
/** The screen has so many lines: keeps the cursor visible. */
void rows_set_page(struct rows *t, size_t lines);
/** The row under the cursor, or UINT32_MAX when there is none. */
uint32_t rows_current(const struct rows *t);

/** Is the table a tree now (and not a flat list of matches)? */
bool rows_is_tree(const struct rows *t);
/** Open or close the folder under the cursor; false: it has nothing in it. */
bool rows_open(struct rows *t);
bool rows_close(struct rows *t);
/** Put the cursor on the parent; false at the top. */
bool rows_to_parent(struct rows *t);
bool rows_is_open(const struct rows *t, uint32_t row);

/**
 * Put the cursor on the next row (by @p step, +1 or -1, going round) for which @p fn says
 * true; @p from_here also asks the row under the cursor. False: none.
 */
typedef bool rows_test(const struct rows *t, uint32_t row, const void *arg);
bool rows_seek(struct rows *t, int step, bool from_here, rows_test *fn, const void *arg);

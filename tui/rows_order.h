/*
 * rows_order – how rows (tui/rows.h) come into their order: chosen by the filter, sorted,
 * and put in place of the old ones, in slices of a millisecond where there are very many.
 *
 *	rows_order_begin(t);
 *	while (rows_work(t, 8))
 *		;
 */
#pragma once

#include "tui/rows.h"

/** Begin anew. */
void rows_order_begin(struct rows *t);
/** All of it at once. */
void rows_order_all(struct rows *t);
/** Forget what is under way. */
void rows_order_release(struct rows *t);

const struct column *rows_sort_column(const struct rows *t);
/** What a row is sorted by: small keys first. Not for columns that are sorted by text. */
uint64_t rows_sort_key(const struct rows *t, uint32_t row);
void rows_sort_items(const struct rows *t, struct sort_item *items, size_t len);
/** The rows changed: put the cursor on @p row where it is among them, and else let it stay
 * on its place (of tui/rows.c). */
void rows_keep_cursor(struct rows *t, uint32_t row);

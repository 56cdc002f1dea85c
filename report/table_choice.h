/*
 * table_choice – some columns of a table, in an order of one's own.
 *
 *	r = table_choice_make(&table, "name,disk_bytes", &choice, err);
 *	table_print(&choice.table, style, &out);
 *	table_choice_release(&choice);
 *
 * "all" is every column. A key may be given without its "_bytes".
 */
#pragma once

#include "base/error.h"
#include "report/table.h"

struct table_choice {
	struct table_column *columns;
	struct table table;
};

/** The column of a key, which may lack its "_bytes"; or -1. */
int table_find_column(const struct table_column *columns, size_t count, const char *key);
/** @return 0; -EINVAL with the known keys for one that is none, or twice there */
int table_choice_check(const struct table_column *columns, size_t count, const char *list,
		       struct error *err);
/** Copies the cells. As table_choice_check(). */
int table_choice_make(const struct table *from, const char *list,
		      struct table_choice *ret, struct error *err);
void table_choice_release(struct table_choice *choice);

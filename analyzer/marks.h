/*
 * marks – what passes and detectors see of single files (enum file_mark), collected in
 * threads, one list for each, and written in a total order.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/store_write.h"

struct mark_item {
	file_id file;
	uint8_t mark; /* enum file_mark */
	str_id value;
};

struct mark_list {
	struct strpool strings;
	ARRAY_OF(struct mark_item) items;
};

void mark_list_init(struct mark_list *list);
void mark_list_release(struct mark_list *list);
/** Add one; its text is copied. */
void mark_list_add(struct mark_list *list, const struct mark_row *row);
/** Add all of @p other. */
void mark_list_merge(struct mark_list *list, const struct mark_list *other);
/** Sort by (mark, value, file) and drop doubles. */
void mark_list_finish(struct mark_list *list);
/** Item @p i as a row; its text is borrowed from the list. */
struct mark_row mark_list_row(const struct mark_list *list, size_t i);

/*
 * services – what systemd units say of the processes they start, collected by the unit
 * detector in threads, one list for each, and written in the order of files.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/store_write.h"

struct service_item {
	file_id file, program;
	uint8_t type; /* enum service_type */
	str_id conditions;
};

struct service_list {
	struct strpool strings;
	ARRAY_OF(struct service_item) items;
};

void service_list_init(struct service_list *list);
void service_list_release(struct service_list *list);
/** Add one; texts are copied. */
void service_list_add(struct service_list *list, const struct service_row *row);
/** Add all of @p other. */
void service_list_merge(struct service_list *list, const struct service_list *other);
/** Sort by file; a file is in the list once. */
void service_list_finish(struct service_list *list);
/** Item @p i as a row; its text is borrowed from the list. */
struct service_row service_list_row(const struct service_list *list, size_t i);

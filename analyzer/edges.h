/*
 * edges – the edges and findings that the passes collect before they are written.
 *
 * Passes that run in threads fill one list per thread and merge them afterwards; the
 * order in which things were added does not matter, because edge_list_finish() and
 * finding_list_finish() give them a total order and leave one row of several that say the
 * same.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/store_write.h"

struct edge_item {
	uint32_t from, to; /* file ids; with the high bit a package id */
	uint8_t kind, strength;
	file_id cite_file;
	uint32_t cite_line;
	str_id cite_text;
};

struct edge_list {
	struct strpool strings;
	ARRAY_OF(struct edge_item) items;
};

void edge_list_init(struct edge_list *list);
void edge_list_release(struct edge_list *list);
/** Add one; texts are copied. An edge from a file to itself is dropped. */
void edge_list_add(struct edge_list *list, const struct edge_row *row);
/** Add all of @p other. */
void edge_list_merge(struct edge_list *list, const struct edge_list *other);
/**
 * Sort by (from, to, kind) and keep of each the strongest edge, of those the first
 * citation by (file, line, text).
 */
void edge_list_finish(struct edge_list *list);
/** Item @p i as a row; its text is borrowed from the list. */
struct edge_row edge_list_row(const struct edge_list *list, size_t i);

struct finding_item {
	const char *rule; /* a literal */
	uint8_t severity;
	file_id file;
	pkg_id package;
	str_id subject, text, remedy;
};

struct finding_list {
	struct strpool strings;
	ARRAY_OF(struct finding_item) items;
};

void finding_list_init(struct finding_list *list);
void finding_list_release(struct finding_list *list);
/** Add one; row->rule must be a string literal, the other texts are copied. */
void finding_list_add(struct finding_list *list, const struct finding_row *row);
void finding_list_merge(struct finding_list *list, const struct finding_list *other);
/** Sort by (severity, rule, subject, text) and drop doubles. */
void finding_list_finish(struct finding_list *list);
struct finding_row finding_list_row(const struct finding_list *list, size_t i);

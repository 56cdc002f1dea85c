/*
 * table – rows of typed cells: written once, shown as aligned text or as JSON.
 *
 *	static const struct table_column COLUMNS[] = {
 *		{ "name", "Package", TABLE_TEXT },
 *		{ "disk_bytes", "Disk", TABLE_BYTES },
 *	};
 *	_cleanup_(table_release) struct table table;
 *	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
 *	table_text(&table, name);
 *	table_number(&table, bytes);		the second cell: the row is complete
 *	table_print(&table, &style, &out);
 *
 * Texts may be any bytes: text output shows them printable, JSON as strings. Numbers are
 * right-aligned with their units. Lines have no blanks at their end.
 */
#pragma once

#include "base/array.h"
#include "base/json.h"
#include "base/strpool.h"
#include "report/style.h"

#include <stdbool.h>

enum table_kind {
	TABLE_TEXT,
	TABLE_BYTES, /* a number of bytes: with units in text, an integer in JSON */
	TABLE_COUNT,
	TABLE_BOOL,   /* "yes" or nothing; true or false */
	TABLE_CHANGE, /* bytes that came (+) or went (-); a signed integer in JSON */
	TABLE_COUNT_CHANGE, /* the same of counts */
};

struct table_column {
	const char *key;   /* in JSON and for sorting: lower case, with '_' */
	const char *title; /* heading of the text form */
	enum table_kind kind;
	unsigned int flags; /* TABLE_* */
};

#define TABLE_HIDDEN (1u << 0) /* not in the text form */
#define TABLE_RIGHT  (1u << 2) /* texts stand at the right, too */
#define TABLE_NAMES  (1u << 1) /* says what the row is: table_filter() looks here */

struct table_cell {
	uint64_t number;
	str_id text;
	bool is_set; /* false: "-" in text, null in JSON */
};

struct table {
	const struct table_column *columns;
	size_t column_count;
	struct strpool texts;
	ARRAY_OF(struct table_cell) cells; /* row by row */
};

void table_init(struct table *table, const struct table_column *columns, size_t count);
void table_release(struct table *table);

/* The next cell, from left to right, row after row; of the column's kind. */
void table_text(struct table *table, const char *bytes); /* NULL: not set */
void table_number(struct table *table, uint64_t number); /* also TABLE_BOOL */
void table_change(struct table *table, int64_t change);	 /* TABLE_(COUNT_)CHANGE */
void table_none(struct table *table);

/** What table_print() shows in a cell, put in place of what @p out has; one line. */
void table_cell_text(const struct table *table, size_t row, size_t column,
		     const struct style *style, struct strbuf *out);
/** Numbers stand at the right. */
bool table_is_right_aligned(const struct table_column *column);

size_t table_rows(const struct table *table);
const struct table_cell *table_cell(const struct table *table, size_t row, size_t column);
/**
 * Order the rows: numbers from large to small, changes by how much they are, texts by their
 * bytes; rows that are equal there keep their order.
 */
void table_sort(struct table *table, size_t column, bool reverse);
/** Keep the rows of which a TABLE_NAMES cell matches one of the globs (rules/glob.h). */
void table_filter(struct table *table, const char *const *globs, size_t count);
/** Keep the rows whose cell in @p column is one of the texts. */
void table_keep(struct table *table, size_t column, const char *const *texts,
		size_t count);
/** Keep the first @p rows rows only. */
void table_truncate(struct table *table, size_t rows);

/** Heading and rows as text; a table without rows gives nothing. */
void table_print(const struct table *table, const struct style *style,
		 struct strbuf *out);
/** An array of objects with the columns' keys; a new reference. */
json_t *table_json(const struct table *table);

/*
 * source – rows of some kind (packages, files, findings ...) as a table sees them: so many
 * rows, columns with a name, and a value for each. A source knows nothing of screens; a
 * table (tui/rows.h) orders and filters its rows, a list view draws them.
 *
 * Rows are numbers from 0 in a total order of their own (packages by NEVRA, files by
 * path), which breaks all ties when they are sorted.
 *
 *	struct value v;
 *	source->ops->value(source, row, column, &v);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_TEXT, /* cut at its end */
	VALUE_PATH, /* cut at its beginning */
	VALUE_BYTES,
	VALUE_NUMBER,
	VALUE_YES_NO, /* number 0 or 1 */
	VALUE_MARK,   /* what is planned for the row, in one or two characters */
	VALUE_FLAGS,  /* letters of the flags it has */
};

/* Flags of a column. */
#define COLUMN_HIDDEN  (1u << 0) /* not shown unless asked for */
#define COLUMN_FIXED   (1u << 1) /* cannot be hidden */
#define COLUMN_BY_TEXT (1u << 2) /* sorted by text, not by number */
#define COLUMN_TREE    (1u << 3) /* indented where rows form a tree */
#define COLUMN_BAR     (1u << 4) /* a bar may stand beside it */
#define COLUMN_FALLING (1u << 5) /* the biggest first when it is chosen */

struct column {
	const char *name;  /* in filters: "size>1M" */
	const char *title; /* above it */
	const char *help;
	enum value_kind kind;
	uint8_t width;	    /* columns of the screen; 0: what is left */
	uint8_t min_screen; /* shown by itself only on screens that are as wide; 0: all */
	unsigned int flags;
};

struct flag {
	char letter;
	const char *name; /* in filters: "~setuid" or "~S" */
	const char *help;
};

/* What stands in a cell. Texts are bytes of the root, borrowed from the source. */
struct value {
	const char *text; /* of texts, paths and marks */
	uint64_t number;  /* sizes, counts; the order of texts where not COLUMN_BY_TEXT */
	uint64_t flags;	  /* of VALUE_FLAGS: bit i = flag i of the source */
	bool missing;	  /* not known: shown as "-", sorted last */
	char own[32];	  /* room for a text that the source makes */
};

struct source;

struct source_ops {
	const char *name;  /* "packages" */
	const char *title; /* "Packages" */
	const char *empty; /* why there may be no row, one sentence */
	const struct column *columns;
	size_t column_count;
	const struct flag *flags;
	size_t flag_count;
	size_t name_column; /* what plain words of a filter and the search look at */
	size_t sort_column; /* at the beginning */
	uint32_t (*count)(const struct source *source);
	void (*value)(const struct source *source, uint32_t row, size_t column,
		      struct value *ret);
	/** The node of the graph that the row is about, 0 when none. */
	uint32_t (*node)(const struct source *source, uint32_t row);
	/** enum paint of the row's text. */
	unsigned int (*style)(const struct source *source, uint32_t row);
	/** Trees only: the rows below @p row (UINT32_MAX: the top), borrowed. */
	const uint32_t *(*children)(const struct source *source, uint32_t row,
				    uint32_t *ret_count);
	/** Trees only: UINT32_MAX at the top. */
	uint32_t (*parent)(const struct source *source, uint32_t row);
	/** Read again what depends on the graph's state or the marks; may be NULL. */
	void (*refresh)(struct source *source);
	/** The title of a column where it depends on the graph's state; may be NULL. */
	const char *(*title_of)(const struct source *source, size_t column);
	/** A line for the header ("12 of 40 are started"), into @p buf; may be NULL. */
	void (*summary)(const struct source *source, char *buf, size_t len);
	/** A row's longest text, for the line below the list; may be NULL. */
	const char *(*about)(const struct source *source, uint32_t row);
	void (*free)(struct source *source);
};

struct source {
	const struct source_ops *ops;
};

#define SOURCE_TOP UINT32_MAX

/** The column of a name, which may lack its "_bytes"; or -1. */
int source_column(const struct source_ops *ops, const char *name);
/** The flag of a name or letter, or -1. */
int source_flag(const struct source_ops *ops, const char *name);
/** All flags that the row has, from its VALUE_FLAGS column; 0 without one. */
uint64_t source_row_flags(const struct source *source, uint32_t row);

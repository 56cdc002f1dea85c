/*
 * needs – what a set of objects asks of a host, each need with who asks for it.
 *
 * Readers of objects call need() and need_more(); everything is there once, and the
 * result does not depend on the order of the objects.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "workload/object.h"
#include "workload/rows.h"

#define CITATIONS_MAX 3
#define NEEDS_MAX     8000 /* different ones: what a rule file can hold */

struct need {
	enum workload_row row;
	const char *key;   /* a selector's key, "fact" or "warning"; "" the row itself */
	const char *value; /* one value; "" of the row itself */
	const char *why;   /* "" of the row itself */
	size_t count;	   /* how often it was asked for */
	uint64_t last;	   /* hash of who asked last: once counts once */
	const char *cited[CITATIONS_MAX]; /* the first of them by their texts; NULL: no
					   * more */
};

struct needs {
	struct strpool texts, keys; /* keys: id - 1 is the place in list */
	ARRAY_OF(struct need) list; /* as they came until needs_sort() */
	bool too_many;		    /* more than NEEDS_MAX: those are left out */
};

void needs_init(struct needs *needs);
void needs_release(struct needs *needs);

/** @p row is used at @p spot. */
void need(struct needs *needs, enum workload_row row, const struct spot *spot);
/** And with it this selector; all texts are copied. Implies need(). */
void need_more(struct needs *needs, enum workload_row row, const struct row_keep *what,
	       const struct spot *spot);
/** A fact with a value, such as "kubernetes=1.31.2". */
void need_fact(struct needs *needs, const char *fact, const struct spot *spot);
/** Something to tell the user about; @p text of the program itself. */
void need_warning(struct needs *needs, enum workload_row row, const char *text,
		  const struct spot *spot);
/** A runtime class; workload_finish() makes a handler's row of it. */
void need_class(struct needs *needs, const char *name, const struct spot *spot);
/** need_more() for those who asked for @p like; @p what NULL: need(). */
void need_like(struct needs *needs, enum workload_row row, const struct row_keep *what,
	       const struct need *like);
/** Put them into their order: by row, key, value. The ids of keys are void then. */
void needs_sort(struct needs *needs);
/** The row itself, or NULL when nobody asks for it; after needs_sort(). */
const struct need *needs_find(const struct needs *needs, enum workload_row row);
/** "Pod a/b spec.x, Pod a/c spec.x and 7 more" */
void need_cite(const struct need *need, struct strbuf *out);

/*
 * marks – what a person decided about packages, and every step that led there.
 *
 *	marks_begin(&m, "mark %s", name);
 *	marks_set(&m, p, MARK_REMOVE);
 *	marks_commit(&m);
 *	marks_undo(&m);
 */
#pragma once

#include "base/array.h"
#include "graph/model.h"

#include <stdbool.h>

enum mark {
	MARK_NONE,
	MARK_REMOVE, /* with all that cannot stay without it */
	MARK_FORCE,  /* it alone: what needs it stays, broken */
	MARK_KEEP,   /* with all that it needs */
};

const char *mark_name(enum mark mark); /* "remove", "force", "keep", "" */

struct mark_change {
	pkg_id package;
	uint8_t before, after;
};

struct mark_step {
	char *text;
	ARRAY_OF(struct mark_change) changes;
};

struct marks {
	uint32_t package_count;
	uint8_t *mark; /* [package_count + 1]: enum mark */
	ARRAY_OF(struct mark_step) steps;
	size_t done;  /* steps that are in force; those behind it were undone */
	size_t saved; /* value of done when a plan was written; SIZE_MAX: gone */
	struct mark_step open;
};

void marks_init(struct marks *m, uint32_t package_count);
void marks_release(struct marks *m);

/** Begin a step; what was undone before cannot come back when it is committed. */
void marks_begin(struct marks *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void marks_set(struct marks *m, pkg_id package, enum mark mark);
/** End the step; false when it changed nothing (then there is no step). */
bool marks_commit(struct marks *m);
/** Take the last step back; its text, or NULL when there is none. */
const char *marks_undo(struct marks *m);
/** Do it again; its text, or NULL. */
const char *marks_redo(struct marks *m);
/** The marks as they are were written as a plan. */
void marks_save(struct marks *m);
/** True when there are marks that were not written. */
bool marks_unsaved(const struct marks *m);
size_t marks_count(const struct marks *m, enum mark mark);

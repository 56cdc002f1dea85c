/*
 * budget_kind – the things that a budget can limit, one row each. For the files of
 * report/budget only.
 */
#pragma once

#include "report/budget.h"

struct budget_kind {
	const char *name;
	const char *prefix; /* NULL: the whole of `what` is the name */
	const char *noun;   /* of what it counts; NULL: it sums bytes */
	bool may_be_empty;  /* nothing there is a fine answer */
	bool has_no_parts;  /* packages do not add to it in parts */
	/* The files behind the figure. @return how many things match */
	uint64_t (*select)(const struct measure *m, const struct budget_limit *limit,
			   struct idset *files);
	uint64_t (*measured)(const struct measure *m, const struct idset *files);
};

#define BUDGET_KIND_COUNT 7
extern const struct budget_kind BUDGET_KINDS[BUDGET_KIND_COUNT];

static inline bool budget_kind_counts(const struct budget_kind *kind)
{
	return kind->noun != NULL;
}

/** What is wrong with the text behind the colon; NULL when it is fine. */
const char *budget_kind_check(const struct budget_kind *kind, const char *pattern);

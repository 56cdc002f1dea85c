/*
 * trim – what marks come to: the trimmer's answers to the explorer's questions. No screen
 * and no thread; tui/session.h calls it from its worker.
 *
 *	struct trim *t = trim_new(g, intent, &options);
 *	trim_prepare(t);		retained sizes, what is reached, the best plan
 *	struct cascade *c = trim_cascade(t, marks);
 *	printf("frees %" PRIu64 " bytes\n", c->freed_bytes);
 */
#pragma once

#include "trimmer/plan.h"
#include "tui/cascade.h"

struct trim;

/** All borrowed; @p intent without roots: no plan and no conflicts. */
struct trim *trim_new(const struct graph *g, const struct intent *intent,
		      const struct plan_options *options);
void trim_free(struct trim *t);

/** The long part, once. */
void trim_prepare(struct trim *t);
/** After trim_prepare(): bytes that hang on each package, [package_count + 1]. */
const uint64_t *trim_retained(const struct trim *t);
/** Bytes that a package holds alone. */
const struct weigh *trim_weigh(const struct trim *t);
/** What the roots reach with every provider kept; for files and packages. */
const struct closure *trim_reached(const struct trim *t);
/** The best plan under the roots alone; NULL without roots. */
const struct plan *trim_plan(const struct trim *t);

/** @p marks: [package_count + 1], enum mark. Free with cascade_free(). */
struct cascade *trim_cascade(struct trim *t, const uint8_t *marks);

/* A plan with the intent it was made from: the one given, and the marks as roots. */
struct proposal {
	struct plan *plan;
	struct intent intent; /* only `roots` is its own */
};

/**
 * The smallest keep set under roots and kept packages. Free with proposal_free().
 * @return as plan_make()
 */
int trim_propose(struct trim *t, const uint8_t *marks, struct proposal **ret,
		 struct error *err);
/**
 * A plan that removes exactly what the cascade does, as an artefact to write.
 * @return as plan_make(); -EBUSY when the cascade has conflicts, or when no plan removes
 * just that: then cascade->refused and its refusal say which package is in the way
 */
int trim_plan_of(struct trim *t, struct cascade *c, struct proposal **ret,
		 struct error *err);
void proposal_free(struct proposal *p);
void proposal_freep(struct proposal **p);

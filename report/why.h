/*
 * why – why something is in an image: the shortest chain of cited edges and requirements
 * from it to something that must stay; or, where nothing that must stay needs it, what
 * would go with it.
 *
 *	why_make(planning, node, &why);
 *	why_print(why, &style, &out);
 *	why_release(&why);
 */
#pragma once

#include "report/planning.h"
#include "report/relations.h"
#include "report/style.h"

enum why_verdict {
	WHY_NEEDED,  /* something that must stay needs it, or it is asked for itself */
	WHY_PACKAGE, /* nothing needs this file, but a package that has it stays */
	WHY_UNOWNED, /* nothing needs this file, but no package plan touches it */
	WHY_FREE,    /* it can go */
};

struct why {
	const struct planning *planning; /* borrowed */
	uint32_t node;
	enum why_verdict verdict;
	uint32_t explained;	  /* whose chain it is: the node or its package */
	closure_chain chain;	  /* from there to a root; empty where there is none */
	struct relations needers; /* who needs the node, one step */
};

void why_make(const struct planning *planning, uint32_t node, struct why *ret);
void why_release(struct why *why);
/** @param all  every reached thing that needs it, each with its own shortest chain */
void why_print(const struct why *why, const struct style *style, bool all,
	       struct strbuf *out);
/** The chain alone: a line for each step, "  <- app: requires b  [rpmdb]". */
void why_put_chain(const struct why *why, struct strbuf *out);
/** Schema "tare-why/1"; a new reference. */
json_t *why_json(const struct why *why);

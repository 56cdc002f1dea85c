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

struct why {
	const struct planning *planning; /* borrowed */
	uint32_t node;
	bool stays;
	closure_chain chain;	  /* from the node to a root; empty unless it stays */
	struct relations needers; /* who needs it, one step */
};

void why_make(const struct planning *planning, uint32_t node, struct why *ret);
void why_release(struct why *why);
void why_print(const struct why *why, const struct style *style, struct strbuf *out);
/** Schema "tare-why/1"; a new reference. */
json_t *why_json(const struct why *why);

/*
 * prove_search – which of the things that went is the one that is missed? Delta debugging
 * over removals, with a test that passes or fails.
 *
 * Every set that is tried is one that RPM would allow: what stays has all that it needs.
 * So the removals stand in one order, what needs others before what is needed, and a try
 * is "the first k go". The smallest k that fails names the culprit; it comes back with all
 * that it needs, and when the test still fails, the next one is looked for. One culprit of
 * n removals costs log2(n) + 2 tries at most.
 *
 *	struct search_job job = { .count = n, .needs = needs, .try = ask, .arg = &run };
 *	r = prove_search(&job, &result, err);
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "base/idset.h"

struct search_need {
	uint32_t item, needs; /* when item stays, needs stays */
};

struct search_job {
	uint32_t count; /* items 0 .. count - 1 */
	const struct search_need *needs;
	size_t need_count;
	/* Test the tree without the items in @p gone. @return 1 it passes, 0 it fails,
	 * -errno: it cannot be tried */
	int (*try)(void *arg, const struct idset *gone, struct error *err);
	void *arg;
};

enum search_outcome {
	SEARCH_FOUND,
	SEARCH_NONE, /* also without all items the test passes: the reason is another */
	SEARCH_UNFOUND, /* it fails with too many culprits, or not always */
};

struct search_result {
	enum search_outcome outcome;
	ARRAY_OF(uint32_t) culprits; /* in the order they were found */
	struct idset back;	     /* all that must stay: culprits and what they need */
	unsigned int tries;
};

/**
 * Search. The caller has seen that the test passes when nothing goes, and fails when all
 * go as apply does it.
 * @param ret  release it in any case
 */
int prove_search(const struct search_job *job, struct search_result *ret,
		 struct error *err);
void search_result_release(struct search_result *result);

/*
 * retained – what hangs on a package: removing it, everything that needs it, and
 * everything that only those needed.
 *
 * A package needs another one when a hard requirement of it has no other provider left,
 * or when one of its files has a hard edge into the other. What only removed packages
 * needed goes too, unless it is a root; packages that nobody needs in the first place
 * stay.
 *
 *	struct retained *r = retained_new(g, w, &options, roots, root_count);
 *	uint64_t bytes = retained_one(r, p, NULL);
 *
 * Sizes are joint (see weigh.h), never sums.
 */
#pragma once

#include "graph/demand.h"
#include "trimmer/weigh.h"

struct retained;

/** @param roots  nodes that never go as "only needed by"; may be NULL with 0 */
void retained_new(const struct graph *g, const struct weigh *w,
		  const struct demand_options *options, const uint32_t *roots,
		  size_t root_count, struct retained **ret);
void retained_free(struct retained *r);
void retained_freep(struct retained **r);

/**
 * Bytes that go with one package.
 * @param ret_count  how many packages go, itself included; may be NULL
 */
uint64_t retained_one(struct retained *r, pkg_id package, uint32_t *ret_count);
/** The same for all packages: @p ret_bytes has package_count + 1 places. */
void retained_all(struct retained *r, uint64_t *ret_bytes);
/**
 * The joint size of a marked set.
 * @param marked   pkg_id set (size package_count + 1)
 * @param ret_all  the set of all that goes; initialised by the caller; may be NULL
 */
uint64_t retained_joint(struct retained *r, const struct idset *marked,
			struct idset *ret_all);

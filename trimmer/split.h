/*
 * split – packages that stay although little of them is used: what a subpackage of the rest
 * would save.
 *
 * Only code counts on both sides: programs, libraries, scripts. Of data the graph does not
 * know all readers; documentation, translations, headers, kernel modules and firmware are
 * the business of file trims. A package that stays because of an unexplained
 * requirement is reached with all its programs, so it is not listed for those.
 */
#pragma once

#include "base/array.h"
#include "graph/closure.h"

/* Less is not worth a packager's time. */
#define SPLIT_BYTES_MIN (1u << 20)

struct split {
	pkg_id package;
	uint32_t files, files_reached;
	uint64_t disk_bytes, reached_bytes; /* of those files */
};

typedef ARRAY_OF(struct split) split_list; /* by bytes not reached, largest first */

/** Kept packages of which a reached file is used and more than half of the bytes, at least
 * SPLIT_BYTES_MIN, are not. */
void split_find(const struct graph *g, const struct closure *closure,
		const struct idset *kept, split_list *ret);

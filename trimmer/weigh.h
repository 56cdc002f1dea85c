/*
 * weigh – the disk bytes that removing packages gives back.
 *
 * What gives bytes back is the inode, not the name: it is freed when its last name goes,
 * a name goes when its last owner goes, a folder when nothing is left in it. So every
 * inode has a set of holders (packages); inodes with the same holders are one unit. Never
 * freed: what an unowned name holds, links from outside the root, files whose owner's
 * rpmdb state is not "normal", and changed configuration files (RPM renames those to
 * .rpmsave).
 *
 *	struct weigh *w = weigh_new(g);
 *	bytes = weigh_freed(w, &removed);	jointly; sums of single packages are less
 *
 * Graphs from metadata alone have no inodes: there a package weighs its declared bytes.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "graph/snapshot.h"

struct weigh_unit {
	uint64_t bytes;
	uint32_t at, len; /* holders, in rising order */
};

struct weigh {
	uint32_t package_count;
	ARRAY_OF(struct weigh_unit) units; /* of several holders */
	ARRAY_OF(pkg_id) holders;
	uint64_t *alone; /* [package_count + 1]: bytes that the package holds alone */
	uint32_t *unit_start; /* [package_count + 2]: units that a package holds with
				 others */
	uint32_t *package_units;
	uint64_t total_bytes; /* of everything that some set of packages would free */
};

void weigh_new(const struct graph *g, struct weigh **ret);
/** The same scale of compressed sizes; all is 0 where they were not measured. */
void weigh_compressed_new(const struct graph *g, struct weigh **ret);
void weigh_free(struct weigh *w);
void weigh_freep(struct weigh **w);

/**
 * Other things than disk bytes, by the same rule: an empty scale for @p package_count
 * packages, to fill with weigh_add() and to close with weigh_finish().
 */
struct weigh *weigh_begin(uint32_t package_count);
/** Bytes that go when the last of @p holders (sorted, at least one) does. */
void weigh_add(struct weigh *w, uint64_t bytes, const pkg_id *holders, size_t len);
/** Add all of @p other: of each weight its @p divisor-th part, rounded up, @p times. */
void weigh_add_all(struct weigh *w, const struct weigh *other, uint64_t divisor,
		   uint64_t times);
void weigh_finish(struct weigh *w);

/** Bytes that removing exactly these packages frees (pkg_id set, size package_count + 1).
 */
uint64_t weigh_freed(const struct weigh *w, const struct idset *removed);
/**
 * True when removing these packages takes the name of the file away (of a folder: as far
 * as its owners go; what is in it is not looked at).
 */
bool weigh_takes(const struct graph *g, file_id file, const struct idset *removed);

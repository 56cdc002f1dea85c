/*
 * diff – two graphs side by side: which package of the one is which of the other, and the
 * same for files.
 *
 *	_cleanup_(graph_diff_freep) struct graph_diff *d = NULL;
 *	graph_diff_new(old, now, &d);
 *	array_each(&d->packages, i)
 *		use(d->packages.data[i].change);
 *
 * Packages are the same when name and architecture are; of several with one name (kernels)
 * those with the same NEVRA first, the others in the order of their NEVRAs. Files are the same
 * when their paths are. Bytes are those of the graph: of a package the blocks that it alone
 * owns.
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"

enum graph_change {
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_VERSION, /* another NEVRA */
	CHANGE_SIZE,	/* the same NEVRA with other bytes on the disk */
	CHANGE_NONE,
};

const char *graph_change_name(enum graph_change change); /* "added" ... "same" */

struct diff_package {
	pkg_id old, now; /* 0: not there */
	enum graph_change change;
	int64_t growth; /* bytes that came, negative: that went */
};

struct diff_file {
	file_id old, now; /* 0: not there, or not on the disk */
};

struct graph_diff {
	const struct graph *old, *now;		/* borrowed */
	ARRAY_OF(struct diff_package) packages; /* by name, architecture, NEVRA */
	ARRAY_OF(struct diff_file) files; /* all that either has on its disk, by path */
	uint32_t *now_of; /* [old->package_count + 1]: index in packages */
	uint32_t *old_of; /* [now->package_count + 1]: the same */
};

/** Borrows both graphs. */
void graph_diff_new(const struct graph *old, const struct graph *now,
		    struct graph_diff **ret);
void graph_diff_free(struct graph_diff *d);
void graph_diff_freep(struct graph_diff **d);
/** The package of the old graph that this one of the new graph is; 0: a newcomer. */
pkg_id graph_diff_old_package(const struct graph_diff *d, pkg_id now);

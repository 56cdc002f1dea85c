/*
 * apply_touch – every path that an apply without scriptlets may change, known before it
 * begins: what undo has to keep, and what undo has to remove because it was not there.
 *
 * These are the files of the packages that go (with the .rpmsave that RPM makes of changed
 * configuration), single files, links of services, the RPM database's folder, the
 * linker's cache, the index of kernel modules. Where one name of an inode is among them
 * all of its names are.
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"
#include "trimmer/apply_items.h"
#include "trimmer/tree_state.h"

struct touch_set {
	ARRAY_OF(char *) paths; /* sorted, each once */
	char *db_folder;	/* all of it; "" : none */
};

/** Where the linker and depmod keep what they made. */
bool touch_is_cache(const char *path);

/** Collect them. @param removed  pkg_id set, size package_count + 1 */
void touch_collect(const struct graph *g, const struct idset *removed,
		   const struct apply_items *items, const struct tree_state *before,
		   struct touch_set *ret);
void touch_release(struct touch_set *touch);
/** Is it one of them, or a folder above one of them? (tree_copy_options.want) */
bool touch_wants(void *touch, const char *path, const struct stat *st);
/** Is it one of them? */
bool touch_has(const struct touch_set *touch, const char *path);
/** Does it lie in the folder of the RPM database (or is it the folder)? */
bool touch_is_database(const struct touch_set *touch, const char *path);

/*
 * tree_copy – copy a tree of one file system with all that lstat(2) and xattr(7) know of
 * it: owners, modes, times (of folders, too), hard links, extended attributes and with
 * them file capabilities, POSIX ACLs and labels, holes in sparse files, devices, FIFOs,
 * sockets. Blocks are shared where the file system can (reflink).
 *
 *	struct tree_copy_result result = { 0 };
 *	r = tree_copy(from_fd, to_fd, &(struct tree_copy_options){ 0 }, &result, err);
 *
 * The source may be hostile and may change meanwhile: nothing is followed, neither on the
 * side that is read nor on the one that is written, and an entry that changes its type
 * under the copy is -EAGAIN. The destination must belong to the caller alone.
 */
#pragma once

#include "base/error.h"
#include "base/progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct tree_copy_options {
	/* Which entries; a folder that is not wanted is not entered. NULL: all. */
	bool (*want)(void *arg, const char *path, const struct stat *st);
	void *arg;
	/* What is at the destination is replaced, entry by entry (folders stay and get the
	 * source's metadata). Otherwise the destination must be empty. */
	bool replace;
	const struct progress *progress;
};

struct tree_copy_result {
	uint64_t entries;
	uint64_t data_bytes;   /* that were copied */
	uint64_t cloned;       /* files that share their blocks with the source */
	uint64_t mount_points; /* folders of other file systems: made, left empty */
};

/** A name that entries have while they are being replaced. */
#define TREE_COPY_TEMPORARY ".#tare-restore#"

/** @return 0; -errno with the path, and a destination that is good for nothing */
int tree_copy(int from_fd, int to_fd, const struct tree_copy_options *options,
	      struct tree_copy_result *ret, struct error *err);

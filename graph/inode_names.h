/*
 * inode_names – the files on the disk that have several names (hard links), each with the
 * names that the graph has of it. Names outside of what was analysed are not in it:
 * link_count may be larger than len.
 *
 *	struct inode_names names;
 *
 *	inode_names_find(g, &names);
 *	array_each (&names.inodes, i)
 *		use(names.files.data + names.inodes.data[i].at, names.inodes.data[i].len);
 *	inode_names_release(&names);
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"

struct inode_span {
	uint32_t at, len;
};

struct inode_names {
	ARRAY_OF(file_id) files; /* by inode, then by id, which is the order of paths */
	ARRAY_OF(struct inode_span) inodes; /* by device and number; len is never 0 */
};

/** Folders do not count: what links them are "." and "..". */
void inode_names_find(const struct graph *g, struct inode_names *ret);
void inode_names_release(struct inode_names *names);

/*
 * archive_unpack – the members of archives as a private folder, with what a folder of
 * somebody who is not root cannot hold (owners, modes, devices, capabilities) noted beside.
 *
 * Nothing leaves the folder: ".." is refused, links on the way to a member lead to where
 * they would in the root, and devices, FIFOs and sockets become empty files. What is
 * refused or cannot be made is a problem, not an error.
 *
 *	r = unpack_init(&u, "/tmp/x", progress, err);
 *	r = unpack_layer(&u, fd, err);		lowest layer first, or once unpack_members()
 *	walk_root(u.root, &walk_options, &tree, &seen, err);
 *	unpack_restore(&u, &tree, &seen);
 *	unpack_release(&u);			the folder stays
 */
#pragma once

#include "analyzer/walk.h"

#include "base/array.h"
#include "base/progress.h"
#include "base/rootfs.h"

#define UNPACK_DEPTH_MAX    256 /* components of a path */
#define UNPACK_MEMBERS_MAX  (20u << 20)
#define UNPACK_PROBLEMS_MAX 1000 /* noted one by one; more are counted */

/* What the archive says of an inode of the folder; of several the last one holds. */
struct unpack_record {
	uint64_t inode;
	uint32_t order;
	uint32_t mode; /* with type */
	uint32_t uid, gid;
	int64_t mtime;
	char *capabilities; /* owned; text as in filecaps.h, or NULL */
};

struct unpack_problem {
	char *path; /* owned; as in the archive */
	char *text; /* owned; one sentence without the path */
};

struct unpack {
	struct rootfs *root; /* the folder */
	const struct progress *progress;
	ARRAY_OF(struct unpack_record) records;
	ARRAY_OF(struct unpack_problem) problems;
	uint64_t members, problem_count;
};

/** Begin with an empty folder of the host that nobody else may enter. */
int unpack_init(struct unpack *u, const char *folder, const struct progress *progress,
		struct error *err);
void unpack_release(struct unpack *u);
/**
 * Put all members of the archive into the folder; a later one replaces an earlier one.
 * @param fd  open at the first byte of the archive; a pipe will do
 * @return 0; -EINTR when nobody wants the result any more; -EINVAL for a damaged archive;
 *         -E2BIG beyond UNPACK_MEMBERS_MAX; another -errno of the disk
 */
int unpack_members(struct unpack *u, int fd, struct error *err);
/**
 * The same for a layer of an image: first the whiteouts take names out of the layers below
 * (image-spec, layer.md: ".wh.NAME" removes NAME, ".wh..wh..opq" all that is in its
 * folder), then the other members are put in.
 * @param fd  a regular file; it is read twice
 */
int unpack_layer(struct unpack *u, int fd, struct error *err);
/**
 * Give the entries of a walk of the folder what the archive says of them. Devices and
 * inodes are numbered anew in the order of paths, and disk bytes are counted in blocks of
 * 4 KiB, so that the same archive gives the same graph on any file system.
 * @param seen  its disk_bytes become the new sum
 */
void unpack_restore(struct unpack *u, struct tree *tree, struct walk_result *seen);

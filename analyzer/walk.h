/*
 * walk – every entry of one root into a tree: what is there and what it weighs.
 *
 * One file system is walked: an entry on another device is noted, not entered. Boundaries
 * (/proc, /sys, /dev, /run, storage of containers) are weighed as a whole and not entered
 * either; one that is empty is a folder like any other. What cannot be read is a problem
 * of the result, and the result is not complete.
 *
 *	struct walk_result seen = { 0 };
 *	r = walk_root(root, &(struct walk_options){ 0 }, &tree, &seen, &err);
 *	printf("%" PRIu64 " bytes\n", seen.disk_bytes + seen.boundary_bytes);
 *	walk_result_release(&seen);
 *
 * disk_bytes + boundary_bytes is what `du -x -s -B1` says: allocated blocks, of a file
 * with several names once.
 */
#pragma once

#include "analyzer/tree.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/rootfs.h"

/** NULL-terminated: /proc, /sys, /dev, /run, /var/lib/containerd ... */
extern const char *const WALK_BOUNDARIES[];

struct finding_list;

struct walk_options {
	const char *const *boundaries;	 /* more of them: canonical, NULL-terminated */
	bool no_default_boundaries;	 /* only those */
	bool cross_file_systems;	 /* except /proc and its like */
	unsigned int threads;		 /* 0: all processors */
	const struct progress *progress; /* may be NULL; phase "walk" */
};

struct walk_problem {
	const char *rule; /* "unreadable-folder", "other-file-system" ... */
	const char *remedy;
	uint8_t severity; /* enum severity */
	str_id path;	  /* of the entry, in the tree's pool */
	char *text;	  /* owned; one sentence without the path */
};

struct walk_boundary {
	str_id path;
	uint64_t entries, disk_bytes; /* below it; what has a name outside counts there */
};

struct walk_result {
	uint64_t entries;	 /* in the tree */
	uint64_t disk_bytes;	 /* of these */
	uint64_t boundary_bytes; /* below boundaries */
	bool complete;
	ARRAY_OF(struct walk_problem) problems;	   /* by path */
	ARRAY_OF(struct walk_boundary) boundaries; /* not empty ones, by path */
};

/**
 * Add an entry for everything below @p root, "/" included, to an empty @p tree, and sort
 * it. Sets path, target, type, mode, uid, gid, link_count, size_bytes, disk_bytes, device,
 * inode, mtime, on_disk, is_boundary, unreadable.
 *
 * @param ret  release it, also after an error
 * @return 0, also when something could not be read; -errno when the environment fails (too
 *         many open files)
 */
int walk_root(struct rootfs *root, const struct walk_options *options, struct tree *tree,
	      struct walk_result *ret, struct error *err);
void walk_result_release(struct walk_result *result);
/** The problems as findings, when file ids are final. */
void walk_findings(const struct walk_result *result, const struct tree *tree,
		   struct finding_list *findings);

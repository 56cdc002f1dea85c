/*
 * tree_state – what lstat(2) says of every entry of a tree, by path: before and after.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

struct tree_item {
	char *path; /* "/usr/bin/sh"; the tree itself: "/" */
	struct stat st;
};

struct tree_state {
	dev_t skip_device; /* a folder in the tree that is not part of it: where the */
	ino_t skip_inode;  /* state of an apply is kept; 0: none */
	ARRAY_OF(struct tree_item) items; /* in the order of bytes of the paths */
};

/** Read it, without the folder @p skip (NULL: none); release it in any case. @return 0 or
 * -errno */
int tree_state_read(int tree_fd, const struct stat *skip, struct tree_state *ret,
		    struct error *err);
void tree_state_release(struct tree_state *state);
/** The entry, or NULL. */
const struct tree_item *tree_state_find(const struct tree_state *state, const char *path);

/** Bytes on disk (blocks); each inode counts once. */
struct tree_bytes {
	uint64_t total;
	uint64_t chosen; /* of those that the function chose */
};
struct tree_bytes tree_state_bytes(const struct tree_state *state,
				   bool (*choose)(const void *arg, const char *path),
				   const void *arg);

/**
 * Give folders (and with @p all also what is new or was written) the times they had
 * before; what is new gets those of its folder.
 */
int tree_state_restore_times(int tree_fd, const struct tree_state *before, bool all,
			     struct error *err);

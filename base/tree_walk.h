/*
 * tree_walk – visit every entry below a folder, in the order of names, without following
 * a symlink and without leaving the file system.
 *
 *	struct tree_walker walker = { .entry = count, .arg = &n };
 *	r = tree_walk(fd, &walker, err);
 *
 * The names of a folder are read before its first entry is visited, so a visitor may
 * remove what it is shown. One descriptor is held for each level.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

/** Valid during the call only. */
struct tree_visit {
	const char
		*path; /* below the folder, with '/' in front; the folder itself: "/" */
	const char *name; /* last component, for the *at() functions; the folder: "." */
	int parent_fd;
	const struct stat *st;
	bool is_mount; /* a folder that something is mounted on: it is not entered */
};

struct tree_walker {
	/* Every entry but the folder itself. @return 0; 1: do not enter this folder;
	 * -errno ends the walk */
	int (*entry)(void *arg, const struct tree_visit *visit);
	/* After the last entry of a folder that was entered, the outermost one included;
	 * may be NULL. @return 0 or -errno */
	int (*leave)(void *arg, const struct tree_visit *visit);
	void *arg;
};

/**
 * Walk.
 * @return 0; what a visitor returned; -EMFILE when the tree is deeper than descriptors
 * allow; another -errno
 */
int tree_walk(int folder_fd, const struct tree_walker *walker, struct error *err);

/**
 * Open the folder that holds @p path, no symlink followed on the way.
 * @param path      below @p top_fd, clean, with '/' in front, not "/"
 * @param ret_name  its last component, inside @p path
 * @return a descriptor (O_RDONLY); -ENOENT; -ELOOP or -ENOTDIR at a symlink; -errno
 */
int tree_open_parent(int top_fd, const char *path, const char **ret_name);

/** Remove all below a folder, not the folder itself. What is gone already is no error. */
int tree_empty(int folder_fd, struct error *err);
/** Remove a folder of the host with all in it; 0 also when there is none. */
int tree_remove(const char *host_path, struct error *err);

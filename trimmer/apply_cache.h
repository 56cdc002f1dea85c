/*
 * apply_cache – bring up to date what programs have made out of the files of a tree: the
 * linker's cache and the index of kernel modules, with the ldconfig and depmod of this
 * machine (nothing of the tree is run). They work in a jail where this machine is
 * read-only and without network.
 */
#pragma once

#include "base/array.h"
#include "trimmer/tree_state.h"

typedef ARRAY_OF(char *) note_list;

struct cache_job {
	const char *tree; /* path on the host */
	int tree_fd;
	const char *architecture; /* of the image: "x86_64" */
	const char *work;	  /* an empty folder for what is made */
	const struct tree_state *before;
	int lock_fd;
};

/**
 * Refresh what was there before and is out of date now.
 * @param notes  gets a line for each thing that could not be refreshed
 * @return 0 or -errno
 */
int apply_caches(const struct cache_job *job, note_list *notes, struct error *err);

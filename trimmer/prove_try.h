/*
 * prove_try – one run of a test on a tree some of whose files are hidden.
 *
 * In namespaces of its own, with a tmpfs and an overlay that nobody else sees: the tree is
 * never written. @p mount_on is any empty folder of the host.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct prove_try {
	const char *tree;	   /* host path */
	const char *mount_on;	   /* host path */
	const char *const *hidden; /* paths below the tree, those of folders first */
	size_t hidden_count;
	const char *const *masks; /* names of units */
	size_t mask_count;
	const char *const
		*watched; /* sorted paths; who opens them is noted; may be NULL */
	size_t watched_count;
	const char *command;
	int lock_fd;
};

struct prove_use {
	char *path, *user; /* bytes: below the tree; where not, paths of the host */
};

struct prove_answer {
	bool passed;
	int status;   /* exit status of the command, 128 + signal where it was killed */
	char *output; /* the end of what it said */
	ARRAY_OF(struct prove_use) uses;
};

/** Run it; release the answer in any case. @return 0; -errno when it could not be run */
int prove_try(const struct prove_try *try, struct prove_answer *ret, struct error *err);
void prove_answer_release(struct prove_answer *answer);

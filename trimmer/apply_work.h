/*
 * apply_work – the changes themselves, on a tree that is ready for them.
 */
#pragma once

#include "trimmer/apply.h"
#include "trimmer/apply_cache.h"

struct apply_work {
	const struct apply_request *request;
	const struct apply_items *items;
	const struct touch_set *touch;
	const struct tree_state *before;
	const char *tree; /* path on the host */
	int tree_fd;
	const char *made; /* an empty folder to work in */
	int lock_fd;
	struct apply_result *result;
};

/** Erase packages, remove files, switch services off, refresh caches. @return 0, -errno */
int apply_change_tree(struct apply_work *work, struct error *err);
/** Weigh the result and find what the plan does not explain. */
void apply_compare(struct apply_work *work, const struct tree_state *after);

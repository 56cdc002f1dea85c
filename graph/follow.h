/*
 * follow – a path of the root, as programs write it, to the file that it means: symlinks
 * and ".." are followed in the graph, never on a disk.
 */
#pragma once

#include "graph/snapshot.h"

#define FOLLOW_MAX 40 /* symlinks on the way, as the kernel has it */

struct followed {
	file_id file; /* 0: the graph has no such path, or the way is a loop */
	uint32_t link_count;
	file_id links[FOLLOW_MAX]; /* symlinks that were followed, in their order */
};

/** @param path  absolute; other paths are not found */
void graph_follow(const struct graph *g, const char *path, struct followed *ret);

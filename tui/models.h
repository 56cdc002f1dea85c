/*
 * models – what the views of a graph show and what takes long to find: made once, by the
 * thread that read the graph, and never changed.
 *
 *	struct models *m = models_new(g);
 *	m->needed_by[p];
 */
#pragma once

#include "base/array.h"
#include "tui/deps.h"
#include "tui/file_tree.h"

/* A shared library, and how many files and packages need it. */
struct library {
	file_id file;
	uint32_t files, packages;
	uint32_t soft; /* files that may load it while they run */
};

/* Flags of a package that no mark changes. */
#define MODEL_SERVICE (1u << 0) /* has service units */
#define MODEL_KERNEL  (1u << 1) /* has a kernel or kernel modules */
#define MODEL_SETUID  (1u << 2) /* has set-user-ID or set-group-ID programs */
#define MODEL_LEAF    (1u << 3) /* no package needs it */
#define MODEL_CHOICE  (1u << 4) /* packages need it, but others provide the same */

struct models {
	const struct graph *g; /* borrowed */
	struct deps *deps;
	struct file_tree *files;
	ARRAY_OF(struct library) libraries; /* by path */
	uint8_t *package_flags;		    /* [package_count + 1]: MODEL_* */
	uint32_t *needed_by; /* [package_count + 1]: packages that cannot be without it */
};

struct models *models_new(const struct graph *g);
void models_free(struct models *m);

/*
 * apply – carry a plan out: on a copy, or on a root itself.
 *
 * A copy is made in the state folder beside its final name ("DIR.tare-apply/tree"),
 * changed and judged there, and renamed at the very end: DIR is not there, or it is whole.
 * Nothing is ever written below the root. Live, the root itself changes; all that may
 * change is kept in the state folder first, and until the end the way back is open.
 *
 *	r = apply_run(&request, &result, err);
 *	if (r == APPLY_REFUSED) ...			everything is as it was before
 *
 * A process that dies leaves its journal: apply_run() with `resume`, or apply_undo(), takes
 * what was half done back, and resume then begins again. The same root and plan give the
 * same copy, byte by byte: folders keep their times, and so does what apply itself writes.
 */
#pragma once

#include "base/progress.h"
#include "trimmer/apply_items.h"
#include "trimmer/apply_journal.h"
#include "trimmer/apply_touch.h"
#include "trimmer/rpm_erase.h"

struct apply_result;

/** What a judge sees of the changed tree, before it gets its final name. */
struct apply_view {
	const char *root;  /* as it is (copy), or NULL (live) */
	const char *tree;  /* as it would be */
	const char *state; /* a folder inside the tree that is no part of it; "" : none */
	const struct apply_items *items;
	const struct tree_state *before, *after; /* of the tree */
	struct apply_result *result;
	const char *made; /* a folder of the host to mount on */
	int lock_fd;	  /* to keep open in children */
};

struct apply_request {
	const struct graph *graph; /* of the root; the plan was verified against it */
	const struct plan_doc *doc;
	const char *root;
	const char *target; /* the folder to make; NULL: live */
	const char *state;  /* NULL: target with ".tare-apply" behind it */
	bool keep;	    /* what undo needs; implied by live */
	bool resume;
	enum scriptlets scriptlets;
	const struct progress *progress;
	/* @return 0: good; 1: take everything back; -errno */
	int (*judge)(void *arg, const struct apply_view *view, struct error *err);
	void *arg;
};

struct apply_difference {
	char *path;	  /* bytes of the root */
	const char *what; /* "is new", "is gone", "has changed" */
};

struct apply_result {
	size_t packages, files, services;
	uint64_t predicted_bytes;	    /* by the plan: packages and files */
	uint64_t predicted_database_bytes;  /* by the plan: what its database frees */
	uint64_t before_bytes, after_bytes; /* blocks of the whole tree */
	/* of those, the parts that a plan does not weigh */
	uint64_t database_before, database_after, caches_before, caches_after;
	ARRAY_OF(struct apply_difference)
	differences;		/* that the plan does not explain */
	ARRAY_OF(char *) notes; /* printable lines */
	bool was_complete;	/* resume found a finished apply */
};

enum { APPLY_DONE, APPLY_REFUSED };

/** Bytes that packages and files gave back: what predicted_bytes speaks of. */
uint64_t apply_freed_bytes(const struct apply_result *result);

/**
 * Do it.
 * @param ret  release it in any case
 * @return APPLY_DONE; APPLY_REFUSED when the judge refuses (everything was taken back);
 * -EEXIST when the target or the journal of another apply is there; -ESTALE when the tree
 * is not the one the plan was made for; -EBUSY when RPM refuses; another -errno
 */
int apply_run(const struct apply_request *request, struct apply_result *ret,
	      struct error *err);
void apply_result_release(struct apply_result *result);

enum apply_undone {
	UNDONE_REMOVED,	 /* a copy was removed, half or whole */
	UNDONE_RESTORED, /* a tree is as it was before */
	UNDONE_NOTHING,	 /* nothing had been changed */
};

/**
 * Take an apply back, finished or not.
 * @param path  a state folder, or the folder that apply made
 * @return enum apply_undone; -ENOENT when there is nothing to take back; another -errno
 */
int apply_undo(const char *path, struct error *err);

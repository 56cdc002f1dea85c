/*
 * apply_journal – how far an apply is, in a file that survives the process.
 *
 * A state folder (mode 0700) holds the file "journal", beside it what apply keeps: "tree"
 * (a copy that is not finished), "kept" (what undo brings back), "plan.json". The journal
 * is text, one line a fact, each line written and synced before what it announces:
 *
 *	tare-journal 1
 *	root /mnt/image
 *	target /mnt/small
 *	mode copy
 *	keep yes
 *	step copied
 *	step saved
 *
 * A last line without its newline was being written when the process died: it does not
 * count. Bytes of paths that are not printable ASCII, and '%', stand there as %XX.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum apply_step {
	STEP_BEGUN,    /* nothing of value was made */
	STEP_COPIED,   /* the tree is a whole copy */
	STEP_SAVED,    /* undo has all that it needs: from here on the tree changes */
	STEP_CHANGED,  /* the tree is as the plan wants it, not yet judged */
	STEP_FINISHED, /* judged, in place */
	STEP_UNDONE,   /* the tree is as it was, only the state folder is left */
};

struct journal {
	char *root;   /* as the user gave them, absolute */
	char *target; /* the tree in the end: DIR, or root where live */
	bool live;    /* root itself is changed */
	bool keep;    /* the state folder stays, for undo */
	enum apply_step step;
};

/**
 * Parse a journal.
 * @return 0; -EINVAL with the line's number. Release it in any case.
 */
int journal_parse(const char *data, size_t len, struct journal *ret, struct error *err);
void journal_release(struct journal *journal);

const char *apply_step_name(enum apply_step step); /* "copied" */

/* An open state folder, locked: no second process, nor a child of a killed one, works on
 * it. */
struct apply_state {
	char *path;
	int fd;		/* of the folder */
	int journal_fd; /* holds the lock */
	struct journal journal;
};

#define APPLY_STATE_NONE                                                                 \
	{                                                                                \
		.fd = -1, .journal_fd = -1                                               \
	}

/**
 * Make a state folder with a journal that says this.
 * @param journal  copied
 * @return 0; -EEXIST when there is a journal already; another -errno
 */
int apply_state_create(const char *path, const struct journal *journal,
		       struct apply_state *ret, struct error *err);
/**
 * Open one and wait (ten seconds at most) until nobody else works on it.
 * @return 0; -ENOENT when there is none; -EBUSY; -EINVAL for a journal that makes no
 * sense; another -errno
 */
int apply_state_open(const char *path, struct apply_state *ret, struct error *err);
/** Sync the tree @p tree_fd (-1: none) and the folder, then note the step. */
int apply_state_step(struct apply_state *state, enum apply_step step, int tree_fd,
		     struct error *err);
/** Remove the folder with all in it, the journal last; the state is closed then. */
int apply_state_remove(struct apply_state *state, struct error *err);
void apply_state_release(struct apply_state *state);
/** A path in it; new memory. */
char *apply_state_path(const struct apply_state *state, const char *name);

/*
 * apply_restore – keep what apply may change, and bring it back.
 */
#pragma once

#include "base/progress.h"
#include "trimmer/apply_journal.h"
#include "trimmer/apply_touch.h"

/**
 * Copy everything in @p touch from the tree to the state folder; note what is not there.
 * @return 0 or -errno
 */
int apply_save(const struct apply_state *state, int tree_fd,
	       const struct touch_set *touch, const struct tree_state *before,
	       const struct progress *progress, struct error *err);

/** Has apply come to its end, all but for tidying? */
bool apply_is_finished(const struct apply_state *state);
/**
 * Bring the tree back to what it was and remove the state folder. May be interrupted and
 * begun again at any time.
 * @return enum apply_undone or -errno
 */
int apply_roll_back(struct apply_state *state, struct error *err);

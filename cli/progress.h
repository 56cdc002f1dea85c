/*
 * progress – one line on standard error that shows how far an analysis is, and the wish
 * to stop it.
 *
 *	progress_bar_begin(&bar, inv->may_show_progress, inv->common->verbose);
 *	options.progress = &bar.progress;
 *	...
 *	progress_bar_end(&bar);				the line disappears
 */
#pragma once

#include "base/progress.h"

#include <stdbool.h>
#include <stdint.h>

struct progress_bar {
	struct progress progress; /* to hand to the work */
	bool is_shown, is_verbose;
	int64_t phase_began_at;
	int64_t drawn_at; /* milliseconds; the line is drawn ten times a second at most */
	const char *phase;
};

/** @param is_verbose  tell how long each phase took, one line each */
void progress_bar_begin(struct progress_bar *bar, bool is_shown, bool is_verbose);
void progress_bar_end(struct progress_bar *bar);
/** The line for a step, at most @p width columns; exported for its test. */
void progress_bar_line(const struct progress_step *step, unsigned int width, char *buf,
		       unsigned int len);

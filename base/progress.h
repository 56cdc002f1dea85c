/*
 * progress – how long work tells whoever asked for it how far it is. The worker never
 * prints; the caller decides whether there is a terminal and how often to draw.
 *
 *	static void draw(void *arg, const struct progress_step *step) { ... }
 *	struct progress progress = { .fn = draw, .arg = &screen };
 *
 * The other way round, `stop` says that nobody wants the result any more: the worker looks
 * at it now and then with progress_stopped(), and comes to an end without one.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct progress_step {
	const char *phase;    /* "walk", "content" ...: a literal */
	uint64_t done, total; /* total 0: not known */
};

struct progress {
	/* Called from time to time, by the thread that began the work; may be NULL. */
	void (*fn)(void *arg, const struct progress_step *step);
	void *arg;
	/* Not 0 (a signal handler may write it): stop; may be NULL. */
	const volatile sig_atomic_t *stop;
};

/** Report a step; @p progress may be NULL. */
static inline void progress_report(const struct progress *progress, const char *phase,
				   uint64_t done, uint64_t total)
{
	struct progress_step step = { phase, done, total };

	if (progress && progress->fn)
		progress->fn(progress->arg, &step);
}

/** True when the work should end; any thread may ask. */
static inline bool progress_stopped(const struct progress *progress)
{
	return progress && progress->stop && *progress->stop;
}

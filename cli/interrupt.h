/*
 * interrupt – Ctrl-C and friends as a wish: work comes to its end, cleans up, and then the
 * signal does what it always does.
 *
 *	interrupt_begin();
 *	progress.stop = interrupt_flag();
 *	...						the work
 *	interrupt_end();				does not return when there was one
 *
 * A second signal ends the program at once.
 */
#pragma once

#include <signal.h>

/** Take SIGINT, SIGTERM and SIGHUP (unless they are ignored). */
void interrupt_begin(void);
/** Becomes the number of the signal. */
const volatile sig_atomic_t *interrupt_flag(void);
/** Give the signals back; one that came is raised now and ends the program. */
void interrupt_end(void);

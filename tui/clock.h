/*
 * clock – how much time has passed: for slices of work, never for what is shown.
 */
#pragma once

#include <time.h>

/** Milliseconds since some moment in the past. */
static inline double clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

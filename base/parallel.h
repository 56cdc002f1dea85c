/*
 * parallel – the same work on many items with all cores.
 *
 *	parallel_for(files.len, 0, scan_one, &scan);
 *
 * Items are handed out in small runs in rising order; which thread does which is not
 * determined, so each item writes only to its own place.
 */
#pragma once

#include <stddef.h>

/** @p thread is 0 .. threads - 1, for data of one thread (a libmagic cookie, a buffer).
 */
typedef void parallel_fn(void *arg, size_t item, unsigned int thread);

/** How many threads parallel_for(…, 0, …) uses: the processors this process may run on, 1
 * to 64. */
unsigned int parallel_threads(void);
/** Call fn(arg, i, thread) for every i below @p count; returns when all are done. 0
 * threads = all. */
void parallel_for(size_t count, unsigned int threads, parallel_fn *fn, void *arg);

/*
 * mem – memory that cannot fail: the program aborts when there is none, so that no other
 * file has to check. All sizes are in bytes.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>

/** @p len uninitialised bytes; never NULL, also for 0. Free with free(). */
void *mem_alloc(size_t len);
/** @p count elements of @p size bytes, zeroed; aborts on overflow. */
void *mem_calloc(size_t count, size_t size);
/** As realloc() for @p count elements of @p size bytes; aborts on overflow. */
void *mem_realloc(void *old, size_t count, size_t size);
/** Copy of a string; NULL stays NULL. */
char *mem_strdup(const char *text);
/** Copy of @p len bytes with a NUL behind them. */
char *mem_strndup(const char *text, size_t len);
/** printf into new memory; the caller owns it. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** For _cleanup_(): free what a pointer variable points to. */
static inline void freep(void *p)
{
	free(*(void **)p);
}

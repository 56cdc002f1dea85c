/*
 * macros – the few language helpers that every file may use.
 *
 *	_cleanup_(closep) int fd = -1;		closed when the scope ends
 *	*ret_fd = steal_fd(&fd);		handed over instead
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Run @p f (which takes a pointer to the variable) when the variable goes out of scope.
 */
#define _cleanup_(f)	    __attribute__((cleanup(f)))
#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))

/** Number of elements of a real array (not of a pointer). */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/** The struct of type @p type whose member @p member lies at @p ptr. */
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

#define MIN2(a, b) ((a) < (b) ? (a) : (b))
#define MAX2(a, b) ((a) > (b) ? (a) : (b))

/** Take the pointer out of *@p p, leaving NULL: ownership moves to the caller. */
#define steal_ptr(p)                                                                     \
	({                                                                               \
		__typeof__(p) _p = (p);                                                  \
		__typeof__(*_p) _v = *_p;                                                \
		*_p = NULL;                                                              \
		_v;                                                                      \
	})

/** Take the descriptor out of *@p fd, leaving -1. */
static inline int steal_fd(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

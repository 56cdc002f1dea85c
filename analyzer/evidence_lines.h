/*
 * evidence_lines – the lines of an evidence file, however large: a descriptor is read in
 * pieces, memory as it is. Lines longer than LINES_MAX are left out and told.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_MAX  (1u << 20)
#define LINES_HEAD (64u << 10)

struct lines {
	int fd;		/* borrowed; -1: everything is in the buffer */
	char *buffer;	/* owned */
	size_t at, len; /* what is left lies at [at, len) */
	char delimiter;
	bool at_end;	 /* of the descriptor */
	uint64_t number; /* of the line that was given last; 1 is the first */
};

void lines_init_fd(struct lines *lines, int fd);
/** Takes @p data (of malloc, with a byte behind @p len) over. */
void lines_init_memory(struct lines *lines, char *data, size_t len);
void lines_release(struct lines *lines);

/** Look at the first LINES_HEAD bytes without taking them. @return how many; -errno */
int lines_peek(struct lines *lines, const char **ret, struct error *err);
/**
 * The next line, without its end, with a NUL behind it; valid until the next call.
 * @return 1; 2 a line that is too long was left out; 0 the end; -errno
 */
int lines_next(struct lines *lines, char **ret, size_t *ret_len, struct error *err);
/** Up to @p len bytes (at most LINES_MAX) as they are. @return how many; -errno */
int lines_bytes(struct lines *lines, void *ret, size_t len, struct error *err);

#include "analyzer/evidence_lines.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void lines_init_fd(struct lines *lines, int fd)
{
	*lines = (struct lines){ .fd = fd, .delimiter = '\n' };
	lines->buffer = mem_alloc(LINES_MAX + 1);
}

void lines_init_memory(struct lines *lines, char *data, size_t len)
{
	*lines = (struct lines){
		.fd = -1, .buffer = data, .len = len, .delimiter = '\n', .at_end = true
	};
}

void lines_release(struct lines *lines)
{
	free(lines->buffer);
	*lines = (struct lines){ .fd = -1 };
}

/* Read until the buffer is full, @p wanted bytes are there, or the end. */
static int fill(struct lines *lines, size_t wanted, struct error *err)
{
	if (lines->at_end || lines->len - lines->at >= wanted)
		return 0;
	memmove(lines->buffer, lines->buffer + lines->at, lines->len - lines->at);
	lines->len -= lines->at;
	lines->at = 0;
	while (!lines->at_end && lines->len < wanted) {
		ssize_t n = read(lines->fd, lines->buffer + lines->len,
				 LINES_MAX - lines->len);

		if (n < 0 && errno != EINTR)
			return error_errno(err, "cannot read");
		lines->at_end = n == 0;
		lines->len += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int lines_peek(struct lines *lines, const char **ret, struct error *err)
{
	int r = fill(lines, LINES_HEAD, err);

	if (r < 0)
		return r;
	*ret = lines->buffer + lines->at;
	return (int)MIN2(lines->len - lines->at, (size_t)LINES_HEAD);
}

/* The rest of a line that did not fit. */
static int skip_rest(struct lines *lines, struct error *err)
{
	int r = 0;

	do {
		char *rest = lines->buffer + lines->at;
		char *end = memchr(rest, lines->delimiter, lines->len - lines->at);

		lines->at = end ? (size_t)(end - lines->buffer) + 1 : lines->len;
		if (end)
			return 2;
		r = fill(lines, 1, err);
	} while (r == 0 && lines->at < lines->len);
	return r < 0 ? r : 2;
}

int lines_next(struct lines *lines, char **ret, size_t *ret_len, struct error *err)
{
	char *rest = lines->buffer + lines->at, *end;
	size_t left = lines->len - lines->at;
	int r;

	end = left ? memchr(rest, lines->delimiter, left) : NULL;
	if (!end && !lines->at_end) {
		r = fill(lines, LINES_MAX, err);
		if (r < 0)
			return r;
		rest = lines->buffer + lines->at;
		left = lines->len - lines->at;
		end = memchr(rest, lines->delimiter, left);
	}
	if (left == 0)
		return 0;
	lines->number++;
	if (!end && left >= LINES_MAX)
		return skip_rest(lines, err);
	*ret = rest;
	*ret_len = end ? (size_t)(end - rest) : left;
	lines->at += *ret_len + (end != NULL);
	rest[*ret_len] = '\0';
	return 1;
}

int lines_bytes(struct lines *lines, void *ret, size_t len, struct error *err)
{
	int r = fill(lines, len, err);
	size_t n;

	if (r < 0)
		return r;
	n = MIN2(len, lines->len - lines->at);
	memcpy(ret, lines->buffer + lines->at, n);
	lines->at += n;
	return (int)n;
}

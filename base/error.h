/*
 * error – an error is a negative errno and one line of text.
 *
 * The lowest layer says the fact, upper layers put the place before it, and only cli/ and
 *tui/ print. A function that fails returns what error_set() returns, so failing is one
 *line:
 *
 *	if (fd < 0)
 *		return error_errno(err, "cannot open '%s'", path);
 *
 * `struct error err = { 0 };` is a valid empty error. Every function accepts err == NULL:
 *then the text is dropped and only the code travels.
 *
 * A function that succeeds leaves no text behind: who tries one thing after another calls
 * error_clear() when one of them worked.
 */
#pragma once

#include <stddef.h>

#define ERROR_TEXT_MAX 1024

struct error {
	int code;		   /* negative errno, 0 when nothing happened */
	char text[ERROR_TEXT_MAX]; /* one line, no newline at the end */
};

/** Forget what was written; @p err may be NULL. */
void error_clear(struct error *err);
/** Write the message and return @p code (< 0). */
int error_set(struct error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/** As error_set() with -errno as the code and ": <strerror>" behind the text. */
int error_errno(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** Put "<context>: " before the message on the way up; returns @p code. */
int error_prefix(struct error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * strbuf – text that grows. Always NUL-terminated once something was added; may hold
 *NULs.
 *
 *	_cleanup_(strbuf_release) struct strbuf out = { 0 };
 *	strbuf_printf(&out, "%zu packages", n);
 */
#pragma once

#include "base/macros.h"

#include <stddef.h>

struct strbuf {
	char *data; /* NULL while empty: use strbuf_text() to read */
	size_t len, cap;
};

void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_puts(struct strbuf *sb, const char *text);
void strbuf_putc(struct strbuf *sb, char c);
void strbuf_printf(struct strbuf *sb, const char *fmt, ...) _printf_(2, 3);
/** Empty it, keep the memory. */
void strbuf_clear(struct strbuf *sb);
/** Cut to @p len bytes (not more than it has). */
void strbuf_truncate(struct strbuf *sb, size_t len);
/** The text, "" while empty; valid until the next change. */
const char *strbuf_text(const struct strbuf *sb);
/** Hand the text over (never NULL); the buffer is empty afterwards. */
char *strbuf_detach(struct strbuf *sb);
void strbuf_release(struct strbuf *sb);

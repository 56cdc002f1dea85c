/*
 * text – bytes from the root made harmless, and small text helpers.
 *
 * Names below the root may hold escape sequences, newlines, right-to-left overrides and
 * invalid UTF-8. Nothing of that reaches a terminal, a log or a table: text_printable()
 * shows such bytes as \n, \x1b, \u202e. It also breaks what build servers would take for
 * commands in a log (::error::, ##vso[...]). Formats with their own rules (JSON, HTML)
 * escape on top of it.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** True when all of the @p len bytes are valid UTF-8 (no surrogates, no overlong forms).
 */
bool text_is_utf8(const char *bytes, size_t len);
/**
 * Decode one character.
 * @return its bytes (1 to 4); 0 when the bytes at @p s are not valid UTF-8
 */
size_t text_decode(const char *s, size_t len, uint32_t *ret_char);
/** Append @p text to @p out as printable, one-line UTF-8; a backslash becomes "\\". */
void text_printable(struct strbuf *out, const char *text);
/** text_printable() into new memory; the caller frees it. */
char *text_printable_dup(const char *text);
/** True when text_printable() would change nothing. */
bool text_is_printable(const char *text);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/**
 * True when the text at @p *at (up to @p end) is @p word and a blank; then *at is moved behind
 * the blanks.
 */
bool text_keyword(const char **at, const char *end, const char *word);

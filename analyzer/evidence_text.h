/*
 * evidence_text – small parsers that the readers of evidence share. All of them work on
 * one NUL-terminated line and never look behind its end.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/** Skip blanks. */
const char *text_blanks(const char *at);
/**
 * A decimal number at *@p at, which moves behind it.
 * @return false without digits, or above INT64_MAX
 */
bool text_number(const char **at, uint64_t *ret);
/** Does *@p at begin with @p word? Then it moves behind it. */
bool text_word(const char **at, const char *word);
/** Bytes from hexadecimal digits: all @p len of them, an even number, no NUL among them. */
bool text_hex(const char *digits, size_t len, struct strbuf *out);
/**
 * A C string at *@p at, which begins with '"' and moves behind the closing one: escapes as
 * strace writes them (\n, \", \ooo, \xhh).
 * @return false when it does not end, or has a NUL
 */
bool text_quoted(const char **at, struct strbuf *out);
/** The same of text that begins at *@p at and ends with @p close. */
bool text_escaped(const char **at, char close, struct strbuf *out);
/** @p name below @p folder: "/a" and "b/c" is "/a/b/c"; an absolute name stays. NULL when
 * there is no folder. New memory. */
char *text_join(const char *folder, const char *name);

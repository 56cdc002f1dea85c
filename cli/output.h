/*
 * output – the one writer of results. It checks every write: a full disk must never look
 * like success.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/strbuf.h"

/**
 * Write a result to the file @p path, whole or not at all, or to standard output where it
 * is NULL or "-".
 *
 * A reader that has closed the pipe has seen enough: that is no error.
 *
 * @return 0; -errno with a text that names the file
 */
int output_text(const char *path, const struct strbuf *text, struct error *err);
/** The same for JSON, with a newline at the end. */
int output_json(const char *path, const json_t *json, struct error *err);
/** A line for people on standard error, made printable; nothing is checked. */
void output_note(const char *fmt, ...) _printf_(1, 2);
/** "tare: <text>" on standard error. */
void output_error(const struct error *err);

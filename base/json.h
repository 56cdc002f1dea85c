/*
 * json – the one door to jansson: reading with limits and a place for errors,
 * deterministic writing (sorted keys only where asked, objects keep their order),
 * cleanup.
 */
#pragma once

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * A string from bytes that may not be UTF-8: invalid ones are shown as \xNN in the text.
 * @return a new reference, never NULL
 */
json_t *json_bytes(const char *bytes);
/** A non-negative count or size; aborts above 2^63 - 1. */
json_t *json_uint(uint64_t value);
/** Set obj[key], taking the reference over; aborts when memory runs out. */
void json_put(json_t *obj, const char *key, json_t *value);
/** Append to an array, taking the reference over. */
void json_push(json_t *array, json_t *value);
/** Parse @p len bytes; errors say "line L, column C: ...". */
int json_parse(const char *data, size_t len, json_t **ret, struct error *err);
/** Parse a file of the host, at most @p max bytes; errors begin with its path. */
int json_read_file(const char *path, size_t max, json_t **ret, struct error *err);
/** Indented ASCII text with a newline at its end, inert on a terminal; the caller frees it. */
char *json_text(const json_t *json);
/** The same in one line without blanks, and without the newline. */
char *json_line(const json_t *json);

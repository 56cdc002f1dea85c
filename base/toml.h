/*
 * toml – a strict reader of TOML 1.0 (https://toml.io/en/v1.0.0; grammar: toml.abnf of that
 * version), for configuration files of roots: hostile, of any bytes. What the specification
 * forbids is an error with its line: a key or table defined twice, a table opened again behind
 * an inline one, dates that are none, bytes that are not UTF-8.
 *
 *	_cleanup_(toml_freep) struct toml *doc = NULL;
 *	r = toml_parse(text, len, &doc, &err);
 *	for (n = toml_root(doc); n; n = toml_next(n))
 *		if (n->type == TOML_STRING)
 *			use(n->key, n->text, n->line);
 */
#pragma once

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define TOML_MAX_BYTES (1u << 20)
#define TOML_MAX_NODES 16384 /* tables, arrays and values together */
#define TOML_MAX_DEPTH                                                                   \
	64 /* parts of a dotted key, arrays and inline tables in each other */

enum toml_type {
	TOML_TABLE,
	TOML_ARRAY, /* of values or, by "[[name]]", of tables */
	TOML_STRING,
	TOML_INTEGER, /* these four: as they are written */
	TOML_FLOAT,
	TOML_BOOLEAN,
	TOML_DATETIME, /* date, time, or both */
};

struct toml_node {
	enum toml_type type;
	const char *key; /* NULL: the root, or an element of an array */
	const char
		*text; /* of a value: its bytes, a string's without quotes; NUL behind */
	size_t len;    /* of text */
	uint32_t line; /* from 1 */
	const struct toml_node *parent, *first, *next; /* in the order of the file */
};

struct toml;

/** @return 0; -EINVAL "line N: ..."; -E2BIG above one of the limits */
int toml_parse(const char *text, size_t len, struct toml **ret, struct error *err);
void toml_free(struct toml *doc);
void toml_freep(struct toml **doc);

/** The root table. */
const struct toml_node *toml_root(const struct toml *doc);
/** The node after @p node where each stands before what is in it; NULL at the end. */
const struct toml_node *toml_next(const struct toml_node *node);
/** The child of a table with this key, or NULL. */
const struct toml_node *toml_get(const struct toml_node *table, const char *key);

/*
 * toml_internal – the state of one toml_parse(), shared by toml.c (lines, keys, tables) and
 * toml_value.c (values).
 */
#pragma once

#include "base/array.h"
#include "base/strbuf.h"
#include "base/toml.h"

#include <stdbool.h>

/* How a table or array came to be; says who may add to it. */
enum toml_origin {
	TOML_IMPLICIT, /* a part of a header's name: a header of its own may follow */
	TOML_HEADER,   /* [name], [[name]] */
	TOML_DOTTED,   /* by a dotted key: more dotted keys may follow */
	TOML_CLOSED,   /* inline, or an array of values: nothing may follow */
};

struct toml_item {
	struct toml_node node; /* first: a node is its item */
	struct toml_item *up, *last;
	uint8_t origin;	   /* enum toml_origin */
	char *key, *bytes; /* owned */
};

struct toml {
	ARRAY_OF(struct toml_item *) items; /* [0] is the root */
};

struct toml_parser {
	const char *at, *end;
	uint32_t line;
	struct toml *doc;
	struct error *err;  /* never NULL */
	struct strbuf word; /* the last key part or string */
};

/* A dotted key; parts are owned. */
struct toml_key {
	char *part[TOML_MAX_DEPTH];
	size_t len;
};

/** Say what is wrong in this line; returns -EINVAL. */
int toml_bad(const struct toml_parser *p, const char *what);
/** A new child, the last one; NULL when there are too many (the error is set). */
struct toml_item *toml_add(struct toml_parser *p, struct toml_item *up, const char *key,
			   enum toml_type type);

/** Skip spaces and tabs. */
void toml_blanks(struct toml_parser *p);
/** Skip a comment, if there is one here; its bytes are checked. */
int toml_comment(struct toml_parser *p);
/** Skip one end of line: 1 when there was one, 0 when not, -EINVAL for a lone CR. */
int toml_newline(struct toml_parser *p);
/** Read a dotted key; release with toml_key_release(). */
int toml_read_key(struct toml_parser *p, struct toml_key *key);
void toml_key_release(struct toml_key *key);
/** Read "key = value" into a table. */
int toml_pair(struct toml_parser *p, struct toml_item *table);
/** Make the key's last part in @p table, with tables for those before; its type is to be set. */
int toml_place(struct toml_parser *p, struct toml_item *table, const struct toml_key *key,
	       struct toml_item **ret);

/** Read a string of one line in either quotes into p->word (toml_value.c). */
int toml_short_string(struct toml_parser *p);
/** Read the value of an item that toml_place() has made. */
int toml_value(struct toml_parser *p, struct toml_item *item);
/** "=" and the blanks around it. */
int toml_equals(struct toml_parser *p);
/** Is this a number or a date of TOML, and of which type? (toml_scalar.c) */
bool toml_scalar_type(const char *text, size_t len, enum toml_type *ret);

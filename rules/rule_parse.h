/*
 * rule_parse – YAML files as typed trees in which every value knows its line and column.
 *
 * The only file that knows libyaml. It reads a careful subset: UTF-8, maps with text
 * keys, lists and scalars. Anchors, aliases and tags are refused (a rule file of a few
 * lines must not grow to gigabytes), duplicate keys are errors, size, depth and number of
 * values have limits. Every message is one line of the form
 *
 *	profiles/nfs.yaml:7:5: unknown key 'optinal' (did you mean 'optional'?)
 *
 * A reader describes the keys it knows as a table and gets the values in that order:
 *
 *	static const struct rule_field FIELDS[] = {
 *		{ "profile", RULE_TEXT, RULE_REQUIRED },
 *		{ "include", RULE_TEXTS, 0 },
 *	};
 *	const struct rule_node *value[2];
 *	r = rule_map_read(rule_doc_root(doc, 0), FIELDS, 2, value, err);
 *	use(rule_text(value[0]));
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rule_kind {
	RULE_SCALAR,
	RULE_LIST,
	RULE_MAP,
};

/* One value; owned by its document. */
struct rule_node {
	const struct rule_doc *doc;
	const char *key;       /* in a map: the key; NULL in a list and at the top */
	const char *text;      /* of a scalar; never NULL, no NUL inside */
	uint32_t line, column; /* of the value, from 1; columns are characters */
	uint32_t key_line, key_column; /* of the key */
	uint32_t child_count;
	const struct rule_node *first, *next; /* first child; next sibling */
	uint8_t kind;			      /* enum rule_kind */
	bool plain; /* scalar without quotes: may be a number ... */
};

struct rule_doc;

struct rule_limits {
	size_t max_bytes, max_values, max_keys; /* max_keys: of one map */
	unsigned int max_depth, max_documents;
};

/* What rule files may have: 1 MiB, 65536 values, 4096 keys in a map, 16 deep, one document. */
extern const struct rule_limits RULE_LIMITS_DEFAULT;

/**
 * Read @p path, a file of the user (never one below the root under analysis).
 * @param limits  NULL: RULE_LIMITS_DEFAULT
 * @return 0 and a document to free with rule_doc_free(); -ENOENT and other -errno when it
 * cannot be read; -EINVAL with file:line:column when it is not such YAML
 */
int rule_doc_read(const char *path, const struct rule_limits *limits,
		  struct rule_doc **ret, struct error *err);
/** The same from memory; @p name is what messages call the file. */
int rule_doc_parse(const char *name, const char *text, size_t len,
		   const struct rule_limits *limits, struct rule_doc **ret,
		   struct error *err);
void rule_doc_free(struct rule_doc *doc);
void rule_doc_freep(struct rule_doc **doc);

/** What messages call the file. */
const char *rule_doc_name(const struct rule_doc *doc);
/** How many documents ("---") it has; an empty file has none. */
size_t rule_doc_count(const struct rule_doc *doc);
/** The value of document @p index, or NULL where there is no such document. */
const struct rule_node *rule_doc_root(const struct rule_doc *doc, size_t index);

enum rule_type {
	RULE_TEXT,    /* a scalar that is not empty */
	RULE_TEXTS,   /* one such scalar, or a list of at least one */
	RULE_BOOL,    /* true or false, without quotes */
	RULE_NUMBER,  /* a decimal integer of at most 18 digits, without quotes */
	RULE_ANY_MAP, /* a map with at least one key */
	RULE_MAPS,    /* a list of maps, at least one */
	RULE_ANY,     /* no check here */
};

#define RULE_REQUIRED (1u << 0)

struct rule_field {
	const char *name;
	enum rule_type type;
	unsigned int flags; /* RULE_REQUIRED */
};

/**
 * Check that @p map is a map with these keys only, each of its type, and sort its values.
 * @param ret  [count], by field; NULL where the key is absent
 * @return 0, or -EINVAL with the place and how to mend it
 */
int rule_map_read(const struct rule_node *map, const struct rule_field *fields,
		  size_t count, const struct rule_node **ret, struct error *err);
/** As rule_map_read() for the value of one field only. */
int rule_check_type(const struct rule_node *value, enum rule_type type,
		    struct error *err);

/** Of a value that was checked as RULE_TEXT; "" for NULL. */
const char *rule_text(const struct rule_node *value);
/** Of a value that was checked as RULE_BOOL; @p otherwise for NULL. */
bool rule_bool(const struct rule_node *value, bool otherwise);
/** Of a value that was checked as RULE_NUMBER; @p otherwise for NULL. */
uint64_t rule_number(const struct rule_node *value, uint64_t otherwise);
/**
 * Loop over one or more texts (RULE_TEXTS): the scalar itself, or the list's values.
 *
 *	for (t = rule_texts(value); t; t = rule_texts_next(value, t))
 */
const struct rule_node *rule_texts(const struct rule_node *value);
const struct rule_node *rule_texts_next(const struct rule_node *value,
					const struct rule_node *text);

/** The error for a key that is none of @p names; returns -EINVAL. */
int rule_unknown_key(const struct rule_node *value, const char *const *names,
		     size_t count, struct error *err);

/** "<file>:<line>:<column>: <message>" of a value; returns -EINVAL. */
int rule_error(const struct rule_node *at, struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/** The same at the key of the value. */
int rule_key_error(const struct rule_node *at, struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * The word of @p words (@p count of them) that @p wrong was most probably meant to be.
 * @return NULL when none is near
 */
const char *rule_did_you_mean(const char *wrong, const char *const *words, size_t count);

/*
 * selector_tree – what a selector is made of. For selector.c, which makes it, and match*.c,
 * which use it.
 */
#pragma once

#include "base/array.h"
#include "rules/selector.h"

/* The order is that of SELECTOR_KEYS; from SELECT_ANY on they have children. */
enum selector_kind {
	SELECT_COMMAND,
	SELECT_PATH,
	SELECT_UNIT,
	SELECT_SONAME,
	SELECT_MODULE,
	SELECT_CAPABILITY,
	SELECT_PACKAGE,
	SELECT_CATEGORY,
	SELECT_ANY,
	SELECT_FIRST,
	SELECT_ALL,
	SELECT_NOT,
	SELECT_EACH, /* of a list of values; has no key of its own */
};

struct selector {
	enum selector_kind kind;
	const char *text;	    /* of a leaf; borrowed from the rule file */
	const struct rule_node *at; /* its value; NULL for selector_plain() */
	ARRAY_OF(struct selector *) children;
};

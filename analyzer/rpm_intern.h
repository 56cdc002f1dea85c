/*
 * rpm_intern – what one reading of an rpmdb remembers: each capability and each expression
 * once, and whose problems are being noted.
 */
#pragma once

#include "analyzer/rpm_image.h"

#include <rpm/rpmds.h>

struct rpm_intern {
	struct rpm_image *image;
	struct strpool keys;	      /* of capabilities; a key's id is its cap_id */
	ARRAY_OF(node_id) leaf_of;    /* by cap_id */
	ARRAY_OF(node_id) tree_of;    /* of rich dependencies, by str_id of the text */
	ARRAY_OF(pkg_id) provided_by; /* by cap_id: the last package that provides it */
	pkg_id package;		      /* the one being read; 0: none yet */
	uint32_t problems;	      /* noted for it so far */
};

void rpm_intern_init(struct rpm_intern *in, struct rpm_image *image);
void rpm_intern_release(struct rpm_intern *in);

/** Pool a text that must be UTF-8: what is not becomes printable. NULL gives "". */
str_id rpm_intern_text(struct rpm_intern *in, const char *text);
/** The capability; @p flags are RPMSENSE_*, of which the comparison counts. */
cap_id rpm_intern_capability(struct rpm_intern *in, const char *name, const char *evr,
			     rpmsenseFlags flags);
/** The expression that is this capability alone. */
node_id rpm_intern_leaf(struct rpm_intern *in, cap_id capability);
/** A new expression; the parts exist already. */
node_id rpm_intern_node(struct rpm_intern *in, struct rpm_node node);

/** Note a problem of the package being read; after some of them only that there are more. */
void rpm_intern_problem(struct rpm_intern *in, const char *rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

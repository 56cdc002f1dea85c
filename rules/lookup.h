/*
 * lookup – where rule files are. Folders are searched in this order, the first hit wins:
 *
 *	1. folders of the command line (--rules DIR), in their order
 *	2. $TARE_RULES, a list with ':' between; when it is set, 3 to 5 are not searched
 *	3. ./.tare
 *	4. /etc/tare
 *	5. the shipped rules: <program>/../../share/tare/rules, else the data folder
 *	   chosen when the program was built; in a build tree the rules of the source tree
 *
 * Each has a folder per kind: profiles/, policies/, trims/, detectors/, budgets/. The
 * file profiles/NAME.yaml holds the profile NAME.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"

#include <stdbool.h>

struct lookup {
	ARRAY_OF(char *) folders;
	char *shipped; /* the last folder; NULL with $TARE_RULES */
};

/* One rule file that was found. */
struct lookup_file {
	char *kind, *name, *path;
	bool hidden; /* a folder before has one of this name */
};

struct lookup_list {
	ARRAY_OF(struct lookup_file) files; /* by kind, name, then search order */
};

/**
 * @param extra  folders of the command line, NULL-terminated; NULL: none
 * @return 0; -ENOENT or -ENOTDIR when one of @p extra or of $TARE_RULES is no folder (the
 * other ones may be absent)
 */
int lookup_init(struct lookup *lookup, const char *const *extra, struct error *err);
void lookup_release(struct lookup *lookup);

/**
 * Find one rule file.
 * @param kinds  NULL-terminated, e.g. { "profiles", "policies", NULL }; searched in this
 *               order within each folder
 * @param name   a rule's name; with a '/' in it or ending in ".yaml" or ".yml" a path
 * @return 0 and new memory; -ENOENT with what was searched and a near name
 */
int lookup_find(const struct lookup *lookup, const char *const *kinds, const char *name,
		char **ret_path, struct error *err);
/** How a citation names a rule file: shipped ones below the shipped folder. Borrowed. */
const char *lookup_cite(const struct lookup *lookup, const char *path);
/** All rule files of the kinds, the hidden ones too. Release with lookup_list_release().
 */
int lookup_all(const struct lookup *lookup, const char *const *kinds,
	       struct lookup_list *ret, struct error *err);
void lookup_list_release(struct lookup_list *list);

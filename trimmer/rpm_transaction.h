/*
 * rpm_transaction – RPM's own word on an erase, without touching the root.
 *
 * The database is found by its path inside the root, must be a regular file, and is
 * copied (with a pending write-ahead log) into a private folder: librpm creates and
 * writes files beside every database it opens. Nothing is printed; what RPM logs becomes
 * part of the error.
 *
 * RPM judges file requirements by the folders of the machine it runs on, so a "missing"
 * or "satisfied" file may be wrong for a foreign root: problems whose requirement is a
 * path are marked, and verify.c asks the graph's path table.
 */
#pragma once

#include "base/array.h"
#include "base/rootfs.h"

#include <stdbool.h>

struct rpm_problem_row {
	char *dependent;   /* NEVRA of the package that would be broken */
	char *requirement; /* as RPM prints it */
	bool conflict;	   /* a conflict that would come into force, not a requirement */
	bool is_path;	   /* the requirement is a path */
};

struct rpm_check {
	bool possible;
	char *impossible_reason;		   /* "" when possible */
	ARRAY_OF(struct rpm_problem_row) problems; /* sorted, each once */
	ARRAY_OF(char *) missing;		   /* NEVRAs the database does not have */
};

/**
 * Ask RPM whether these packages can be erased together.
 * @param db_path  inside the root, as image.rpmdb_path of the graph ("" : looked for at
 * the usual places)
 * @param nevras   name-[epoch:]version-release.arch
 * @return 0, also when RPM refuses or the check is not possible for this backend; -errno
 *         when the database cannot be copied or read
 */
int rpm_check_erase(struct rootfs *root, const char *db_path, const char *const *nevras,
		    size_t count, struct rpm_check **ret, struct error *err);
void rpm_check_free(struct rpm_check *check);
void rpm_check_freep(struct rpm_check **check);

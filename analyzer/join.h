/*
 * join – the rpmdb's files laid over the tree: which package owns which entry, and how
 * the entry stands to what the rpmdb says.
 *
 * Declared paths are made canonical in the root first ("/bin/sh" of a package is
 * "/usr/bin/sh" under a merged /usr), so one entry has all its owners. Files that the
 * rpmdb has and the disk has not become entries of their own with a size of zero.
 */
#pragma once

#include "analyzer/edges.h"
#include "analyzer/rpm_image.h"
#include "analyzer/tree.h"

struct ownership {
	file_id file;
	pkg_id package;
	uint32_t rpm_file; /* index into rpm_image.files */
};

struct ownership_list {
	ARRAY_OF(struct ownership) items; /* by file, then package; no doubles */
};

/**
 * Add the entries that only the rpmdb knows, sort the tree, set state, is_owned and
 * own_flags of every entry, and list who owns what. What the rpmdb has below a boundary or
 * an unreadable folder is hidden and declared, not missing.
 *
 * @param declared_only  nobody walked the disk: every entry comes from the rpmdb, has its
 *                       declared type, mode, size and the state STATE_DECLARED
 */
void join_rpm(struct tree *tree, const struct rpm_image *image, bool declared_only,
	      struct ownership_list *ret);
/** Findings about files that are missing or differ: one for each package and kind. */
void join_findings(const struct tree *tree, const struct rpm_image *image,
		   const struct ownership_list *owners, struct finding_list *findings);

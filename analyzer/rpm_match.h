/*
 * rpm_match – who provides what is asked for, by RPM's own comparison.
 *
 * A capability without a slash in front is provided by the packages whose Provides overlap
 * it (rpmverOverlap(): epochs, missing releases and ranges as RPM takes them). A path is
 * provided also by the packages that own it in an installed state (normal or net-shared; a
 * ghost counts, a replaced or never installed file does not). Paths are compared in their
 * canonical spelling, so "/bin/sh" and "/usr/bin/sh" are one under a merged /usr.
 */
#pragma once

#include "analyzer/rpm_image.h"
#include "base/error.h"

/**
 * The canonical spelling of a path (folders' symlinks resolved, the last component kept)
 * in new memory, or NULL for a symlink loop: tree_canonical() in analyzer/tree.h.
 */
typedef char *rpm_canonical_fn(void *arg, const char *path);

/**
 * Fill image->providers for every capability that a requirement names, and set
 * requirements that only their own package satisfies to REQ_SELF.
 *
 * @param canonical  NULL: paths are compared as they are written
 * @return 0; -E2BIG when names repeat so often that the comparisons would not end
 */
int rpm_match(struct rpm_image *image, rpm_canonical_fn *canonical, void *arg,
	      struct error *err);

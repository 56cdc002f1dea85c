/*
 * rpm_source – read a whole rpmdb into a struct rpm_image.
 *
 *	rpm_image_init(&image);
 *	r = rpm_source_read(root, &place, &image, err);
 *	if (r == 0)
 *		r = rpm_match(&image, canonical, arg, err);
 *
 * Nothing is written beside the database: sqlite works on a private copy (with the
 * write-ahead log), Berkeley DB and ndb are read page by page. librpm reads the headers
 * and compares versions; it never opens a database, so none of its settings, locks and
 * messages play a part.
 *
 * Headers are hostile input. One that cannot be read is counted and becomes a problem;
 * values that cannot be right are left out and become a problem. A database that cannot be
 * read as a whole is an error.
 */
#pragma once

#include "analyzer/rpm_image.h"
#include "analyzer/rpm_locate.h"

/**
 * Fill an empty image; providers are left to rpm_match().
 * @return 0; -ENODATA when no header could be read; -EIO, -EINVAL for a damaged
 *         database; another -errno (no room for the copy)
 */
int rpm_source_read(struct rootfs *root, const struct rpm_location *place,
		    struct rpm_image *image, struct error *err);

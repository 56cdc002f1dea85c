/*
 * duplicates – files on the disk that have the same content and are no hard links of each
 * other: each gets the mark "same-content" with the digest as its value.
 *
 * What packages own is not read: the rpmdb has a digest of it, which counts as long as the
 * file's type and size are as declared. A file that nobody owns is read when another file
 * has the same size. Files below DUPLICATE_BYTES_MIN do not count.
 *
 *	duplicates_init(&duplicates, &tree, threads);
 *	...{ duplicates_file, &duplicates } as a content pass...
 *	duplicates_finish(&duplicates, &image, &owners, &marks);	frees it
 */
#pragma once

#include "analyzer/content.h"
#include "analyzer/join.h"
#include "analyzer/marks.h"
#include "base/idset.h"

#define DUPLICATE_BYTES_MIN 4096

struct duplicates {
	const struct tree *tree;
	struct idset wanted; /* entries to read */
	struct duplicates_thread *threads;
	unsigned int thread_count;
};

/** After join_rpm(): who owns what must be known. */
void duplicates_init(struct duplicates *d, const struct tree *tree, unsigned int threads);
/** The content pass; @p arg is a struct duplicates. */
void duplicates_file(void *arg, const struct content_file *file);
/** @param image  gets the digests of what was read into its string pool */
void duplicates_finish(struct duplicates *d, struct rpm_image *image,
		       const struct ownership_list *owners, struct mark_list *ret);

/*
 * classify – category and media type of every entry, from the cheapest evidence that
 * decides: type, path, RPM's flags, first bytes, libmagic.
 *
 *	struct classify *classify = classify_new(&tree, threads, false);
 *	classify_entries(classify);			type, path and flags of all
 *	content_run(... { classify_content, classify } ...);	the first bytes
 *	classify_finish(classify);			texts into the tree
 *	classify_free(classify);
 *
 * Sets category, media_type, classified_by, capabilities. Where the name is only a hint
 * ("tool.py"), or nothing but /etc speaks for configuration, ELF and "#!" win.
 */
#pragma once

#include "analyzer/content.h"
#include "analyzer/join.h"
#include "analyzer/tree.h"

#include <stdbool.h>

struct classify;

/**
 * @param tree         sorted and joined with the rpmdb; borrowed, no strings may be added
 *                     to it before classify_finish()
 * @param threads      content_threads() of the run
 * @param no_libmagic  what nothing else knows stays CLASSIFIED_CONTENT data
 */
struct classify *classify_new(struct tree *tree, unsigned int threads, bool no_libmagic);
void classify_free(struct classify *classify);
/**
 * Classify all entries without reading any. What the path and RPM do not decide is
 * CATEGORY_DATA with CLASSIFIED_NONE.
 */
void classify_entries(struct classify *classify);
/** The content pass: @p arg is the struct classify. */
void classify_content(void *arg, const struct content_file *file);
/** Add the threads' texts to the tree. */
void classify_finish(struct classify *classify);
/** How many files libmagic was asked about. */
size_t classify_magic_count(const struct classify *classify);
/**
 * For metadata-only graphs, instead of all the above: by type, path, RPM's flags, and
 * where these do not decide by RPM's file class (RPMTAG_FILECLASS, a text of libmagic
 * that was written when the package was built).
 */
void classify_declared(struct tree *tree, const struct rpm_image *rpm,
		       const struct ownership_list *owners);

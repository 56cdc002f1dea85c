/*
 * walk_folder – what one thread of the walk sees: the entries of the folders it was given.
 * Only walk.c uses this.
 *
 * In the list the string fields of an entry are not ids but offsets into `text`, because
 * the tree's pool is not for threads; walk.c puts both into the tree after each depth.
 */
#pragma once

#include "analyzer/tree.h"
#include "base/rootfs.h"
#include "base/strbuf.h"

#include <sys/stat.h>

struct walk_rule {
	const char *name;
	enum severity severity;
	const char *remedy;
};

extern const struct walk_rule WALK_UNREADABLE_FOLDER;

struct walk_folder_problem {
	const struct walk_rule *rule;
	uint32_t entry; /* index in the tree */
	bool unreadable;
	char *text;
};

struct walk_folder {
	struct rootfs *root;
	ARRAY_OF(struct tree_entry) entries;
	struct strbuf text;
	ARRAY_OF(struct walk_folder_problem) problems;
	int failed; /* -errno of the environment, ends the walk */
};

/** List the folder @p path, which is the entry @p index of the tree, and stat all in it. */
void walk_folder_read(struct walk_folder *seen, uint32_t index,
		      const struct tree_entry *folder, const char *path);
void walk_folder_release(struct walk_folder *seen);
/** Set all that stat knows. */
void walk_fill_entry(struct tree_entry *entry, const struct stat *st);

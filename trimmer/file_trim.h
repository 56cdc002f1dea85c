/*
 * file_trim – which files of what stays can go, by the rules of rules/trims/.
 *
 * A rule's selectors name candidates. None of them goes that something may need:
 *
 * - what the closure reaches, or stands in its way: a file that is a capability which a
 *   kept package asks for, files of protected packages, the rpmdb, container storage;
 * - licences, configuration (%config), folders, devices, and names that JSON cannot carry
 *   (bytes that are no UTF-8);
 * - what any file that stays on the disk needs of the loader, and the target of any
 *   symlink that stays, reached or not;
 * - what a rule's `keep` names, what that needs by hard and likely edges, and the targets
 *   of the kinds of edges that the rule follows.
 *
 * A symlink of a rule's `links` goes only when what it points to goes. Files that go with
 * their packages are no candidates: nothing is counted twice. A folder goes when trims
 * empty it, no package that stays owns it, and its rule does not keep folders.
 *
 *	file_trim_find(&query, &result);
 */
#pragma once

#include "graph/closure.h"
#include "rules/intent.h"
#include "rules/trim_rule.h"

struct file_trim_query {
	const struct graph *graph;
	const struct closure *closure; /* of the keep set */
	const struct idset *removed;   /* pkg_id */
	const struct intent *intent;
	const struct trim_rules *rules;
	struct facts facts;
	const char *const *locales; /* that are kept */
	size_t locale_count;
	const char *const *only; /* globs of packages and paths: nothing else goes */
	size_t only_count;	 /* 0: all may */
};

#define TRIM_NONE UINT32_MAX

struct file_trim_result {
	uint32_t *rule_of;     /* [file_count + 1]: index of the rule that takes the file,
				 TRIM_NONE where it stays */
	uint64_t *freed_bytes; /* [file_count + 1]: by it, see plan_file.disk_bytes */
	struct idset frees;    /* file_id: the inode goes with this name */
};

void file_trim_find(const struct file_trim_query *query, struct file_trim_result *ret);
void file_trim_release(struct file_trim_result *result);

/** Some owner has it as configuration or licence. */
bool file_trim_is_managed(const struct graph *g, file_id file);

/** file_trim_weigh.c: folders that become empty, and freed_bytes of all. */
void file_trim_weigh(const struct file_trim_query *query,
		     struct file_trim_result *result);

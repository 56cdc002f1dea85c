/*
 * Which rules a file belongs to. There are a hundred globs and a hundred thousand files: globs
 * are found by the folder that their text before the first wildcard is in, so that a path costs
 * a look for each of its folders that some glob is in or below.
 */
#include "analyzer/detect_rules_internal.h"

#include <fnmatch.h>
#include <string.h>

/* Length of the glob's folder, '/' included. */
static size_t folder_length(const struct path_glob *glob)
{
	const char *slash = memrchr(glob->text, '/', glob->literal_len);

	return slash ? (size_t)(slash - glob->text) + 1 : 0;
}

static void add_glob(struct detect_rules *rules, const struct path_glob *glob,
		     struct glob_place place)
{
	size_t len = folder_length(glob);
	str_id folder = 0;

	/* with those above it, so that a search may end at the first that is not there */
	for (size_t i = 0; i < len; i++)
		if (glob->text[i] == '/')
			folder = strpool_add_len(&rules->folder_names, glob->text, i + 1);
	while (rules->folders.len <= folder)
		(void)array_extend(&rules->folders, 1);
	array_push(&rules->folders.data[folder].globs, place);
}

void rules_index(struct detect_rules *rules)
{
	size_t last = rules->detectors.len - 1;
	const struct rule_detector *rule = &rules->detectors.data[last];

	array_each (&rule->globs, i)
		add_glob(rules, &rule->globs.data[i],
			 (struct glob_place){ (uint16_t)last, (uint16_t)i });
}

/* In the order of the rules, and each once. */
static void add_hit(struct rule_hits *hits, const struct rule_detector *rule)
{
	size_t at = hits->len;

	while (at > 0 && hits->rule[at - 1] >= rule)
		at--;
	if ((at < hits->len && hits->rule[at] == rule) || hits->len == RULE_MAX_HITS)
		return;
	memmove(&hits->rule[at + 1], &hits->rule[at],
		(hits->len - at) * sizeof(*hits->rule));
	hits->rule[at] = rule;
	hits->len++;
}

static void look_in_folder(const struct detect_rules *rules,
			   const struct glob_folder *folder,
			   const struct tree_entry *entry, const char *path,
			   struct rule_hits *hits)
{
	array_each (&folder->globs, i) {
		const struct glob_place *place = &folder->globs.data[i];
		const struct rule_detector *rule = &rules->detectors.data[place->rule];
		const struct path_glob *glob = &rule->globs.data[place->glob];

		if ((rule->category < 0 || entry->category == rule->category) &&
		    strncmp(path, glob->text, glob->literal_len) == 0 &&
		    fnmatch(glob->text, path, FNM_PATHNAME | FNM_PERIOD) == 0)
			add_hit(hits, rule);
	}
}

void rules_find(const struct detect_rules *rules, const struct tree_entry *entry,
		const char *path, struct rule_hits *ret)
{
	ret->len = 0;
	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		size_t len = (size_t)(slash - path) + 1;
		str_id folder;

		folder = strpool_find_len(&rules->folder_names, path, len);
		if (!folder)
			return;
		if (folder < rules->folders.len)
			look_in_folder(rules, &rules->folders.data[folder], entry, path,
				       ret);
	}
}

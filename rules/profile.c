#include "rules/profile.h"

#include "base/io.h"
#include "rules/rule_entry.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum {
	TOP_PROFILE,
	TOP_POLICY,
	TOP_SUMMARY,
	TOP_FEATURE,
	TOP_INCLUDE,
	TOP_FACTS,
	TOP_RECOGNISE,
	TOP_WHEN,
	TOP_KEEP,
	TOP_PROTECTED,
	TOP_UNWANTED,
	TOP_COUNT,
};

static const struct rule_field TOP_FIELDS[] = {
	[TOP_PROFILE] = { "profile", RULE_TEXT, 0 },
	[TOP_POLICY] = { "policy", RULE_TEXT, 0 },
	[TOP_SUMMARY] = { "summary", RULE_TEXT, 0 },
	[TOP_FEATURE] = { "feature", RULE_TEXT, 0 },
	[TOP_INCLUDE] = { "include", RULE_ANY, 0 },
	[TOP_FACTS] = { "facts", RULE_TEXTS, 0 },
	[TOP_RECOGNISE] = { "recognise", RULE_MAPS, 0 },
	[TOP_WHEN] = { "when", RULE_ANY_MAP, 0 },
	[TOP_KEEP] = { "keep", RULE_MAPS, 0 },
	[TOP_PROTECTED] = { "protected", RULE_MAPS, 0 },
	[TOP_UNWANTED] = { "unwanted", RULE_MAPS, 0 },
};

enum {
	ENTRY_WHY,
	ENTRY_FEATURE,
	ENTRY_OPTIONAL,
	ENTRY_WHEN,
	ENTRY_COUNT,
};

static const struct rule_field ENTRY_FIELDS[] = {
	[ENTRY_WHY] = { "why", RULE_TEXT, RULE_REQUIRED },
	[ENTRY_FEATURE] = { "feature", RULE_TEXT, 0 },
	[ENTRY_OPTIONAL] = { "optional", RULE_BOOL, 0 },
	[ENTRY_WHEN] = { "when", RULE_ANY_MAP, 0 },
};

static void entry_release(struct profile_entry *entry)
{
	selector_free(entry->selector);
	condition_free(entry->when);
}

static int read_entry(struct profile *profile, const struct rule_node *map,
		      struct profile_entry *ret, struct error *err)
{
	const struct rule_node *value[ENTRY_COUNT], *selector = NULL;
	int r = rule_entry_read(map, ENTRY_FIELDS, ENTRY_COUNT, value, &selector, err);

	if (r == 0)
		r = selector_new(selector, &ret->selector, err);
	if (r == 0 && value[ENTRY_WHEN])
		r = condition_new(value[ENTRY_WHEN], &ret->when, err);
	if (r < 0)
		return r;
	assert(selector);
	ret->why = rule_one_line(&profile->texts, rule_text(value[ENTRY_WHY]));
	ret->feature =
		value[ENTRY_FEATURE]
			? rule_one_line(&profile->texts, rule_text(value[ENTRY_FEATURE]))
			: profile->feature;
	ret->optional = rule_bool(value[ENTRY_OPTIONAL], false);
	ret->line = selector->key_line;
	ret->column = selector->key_column;
	if (profile->kind != PROFILE_KEEP_FILE && *ret->feature == '\0')
		return rule_error(map, err,
				  "'feature' is missing here (what stops working without "
				  "it; or give the file one)");
	return 0;
}

static int read_entries(struct profile *profile, const struct rule_node *list,
			profile_entries *ret, struct error *err)
{
	for (const struct rule_node *n = list ? list->first : NULL; n; n = n->next) {
		struct profile_entry entry = { 0 };
		int r = read_entry(profile, n, &entry, err);

		if (r < 0) {
			entry_release(&entry);
			return r;
		}
		array_push(ret, entry);
	}
	return 0;
}

static int read_protected(struct profile *profile, const struct rule_node *list,
			  struct error *err)
{
	int r = read_entries(profile, list, &profile->protect, err);

	array_each (&profile->protect, i) {
		const struct selector *selector = profile->protect.data[i].selector;

		if (r == 0 && !selector_is_packages(selector))
			r = rule_error(selector_place(selector), err,
				       "only packages can be protected (use 'package' or "
				       "'capability')");
	}
	return r;
}

static int read_head(struct profile *profile, const struct rule_node *root,
		     const struct rule_node *const value[TOP_COUNT], struct error *err)
{
	const struct rule_node *name =
		value[TOP_PROFILE] ? value[TOP_PROFILE] : value[TOP_POLICY];

	if (value[TOP_PROFILE] && value[TOP_POLICY])
		return rule_key_error(value[TOP_POLICY], err,
				      "a file is a profile or a policy, not both");
	profile->kind = value[TOP_PROFILE]  ? PROFILE_WORKLOAD
			: value[TOP_POLICY] ? PROFILE_POLICY
					    : PROFILE_KEEP_FILE;
	if (name && !rule_name_is_valid(name->text))
		return rule_error(name, err,
				  "a name has small letters, digits, '-' and '.' only");
	if (name && !value[TOP_SUMMARY])
		return rule_error(root, err, "'summary' is missing here (give a text)");
	if (!name && value[TOP_INCLUDE])
		return rule_key_error(value[TOP_INCLUDE], err,
				      "a keep file includes nothing (name the profiles "
				      "with --profile)");
	profile->name = name ? name->text : profile->path;
	profile->summary = rule_one_line(&profile->texts, rule_text(value[TOP_SUMMARY]));
	profile->feature = rule_one_line(&profile->texts, rule_text(value[TOP_FEATURE]));
	for (const struct rule_node *t = rule_texts(value[TOP_FACTS]); t;
	     t = rule_texts_next(value[TOP_FACTS], t))
		array_push(&profile->facts, t->text);
	return value[TOP_WHEN] ? condition_new(value[TOP_WHEN], &profile->when, err) : 0;
}

static int read_include(struct profile *profile, const struct rule_node *node,
			struct error *err)
{
	static const struct rule_field FIELDS[] = {
		{ "profile", RULE_TEXT, RULE_REQUIRED },
		{ "why", RULE_TEXT, 0 },
		{ "optional", RULE_BOOL, 0 },
		{ "when", RULE_ANY_MAP, 0 },
	};
	const struct rule_node *value[ARRAY_LEN(FIELDS)] = { 0 };
	struct profile_include include = { .name = node, .why = "" };
	int r;

	if (node->kind != RULE_MAP) {
		r = rule_check_type(node, RULE_TEXT, err);
	} else {
		r = rule_map_read(node, FIELDS, ARRAY_LEN(FIELDS), value, err);
		include.name = value[0];
		include.why =
			r == 0 ? rule_one_line(&profile->texts, rule_text(value[1])) : "";
		include.optional = r == 0 && rule_bool(value[2], false);
	}
	if (r == 0 && value[3])
		r = condition_new(value[3], &include.when, err);
	if (r == 0)
		array_push(&profile->includes, include);
	return r;
}

/* A name, or a list of names and of maps that say why. */
static int read_includes(struct profile *profile, const struct rule_node *value,
			 struct error *err)
{
	int r = 0;

	if (!value)
		return 0;
	if (value->kind != RULE_LIST)
		return read_include(profile, value, err);
	if (!value->first)
		return rule_check_type(value, RULE_TEXTS, err);
	for (const struct rule_node *n = value->first; n && r == 0; n = n->next)
		r = read_include(profile, n, err);
	return r;
}

static int read_programs(struct profile *profile, const struct rule_node *list,
			 struct error *err)
{
	static const struct rule_field FIELDS[] = {
		{ "go-module", RULE_TEXT, RULE_REQUIRED },
		{ "name", RULE_TEXT, RULE_REQUIRED },
	};

	if (list && profile->kind == PROFILE_KEEP_FILE)
		return rule_key_error(list, err, "a keep file has no 'recognise'");
	for (const struct rule_node *n = list ? list->first : NULL; n; n = n->next) {
		const struct rule_node *value[ARRAY_LEN(FIELDS)];
		int r = rule_map_read(n, FIELDS, ARRAY_LEN(FIELDS), value, err);

		if (r < 0)
			return r;
		array_push(&profile->recognise,
			   (struct profile_program){ rule_text(value[0]),
						     rule_text(value[1]) });
	}
	return 0;
}

static int read_profile(struct profile *profile, struct error *err)
{
	const struct rule_node *root = rule_doc_root(profile->doc, 0);
	const struct rule_node *value[TOP_COUNT];
	int r;

	if (!root)
		return error_set(err, -EINVAL,
				 "%s:1:1: the file is empty (it needs 'profile', "
				 "'summary' and 'keep')",
				 profile->path);
	r = rule_map_read(root, TOP_FIELDS, TOP_COUNT, value, err);
	if (r == 0)
		r = read_head(profile, root, value, err);
	if (r == 0)
		r = read_includes(profile, value[TOP_INCLUDE], err);
	if (r == 0)
		r = read_programs(profile, value[TOP_RECOGNISE], err);
	if (r == 0)
		r = read_entries(profile, value[TOP_KEEP], &profile->keep, err);
	if (r == 0)
		r = read_protected(profile, value[TOP_PROTECTED], err);
	if (r == 0)
		r = read_entries(profile, value[TOP_UNWANTED], &profile->unwanted, err);
	return r;
}

struct profile *profile_new(const char *name)
{
	struct profile *profile = mem_calloc(1, sizeof(*profile));

	profile->kind = PROFILE_KEEP_FILE;
	profile->path = mem_strdup(name);
	profile->name = profile->path;
	profile->summary = profile->feature = profile->because = "";
	strpool_init(&profile->texts);
	return profile;
}

int profile_parse(const char *name, const char *text, size_t len, struct profile **ret,
		  struct error *err)
{
	_cleanup_(profile_freep) struct profile *profile = profile_new(name);
	int r = rule_doc_parse(name, text, len, NULL, &profile->doc, err);

	if (r == 0)
		r = read_profile(profile, err);
	if (r == 0)
		*ret = steal_ptr(&profile);
	return r;
}

static int check_file_name(const struct profile *profile, struct error *err)
{
	if (profile->kind == PROFILE_KEEP_FILE)
		return error_set(err, -EINVAL,
				 "%s:1:1: this is a keep file, no profile (add 'profile' "
				 "and 'summary', or use it with --keep)",
				 profile->path);
	if (!rule_file_is_called(profile->path, profile->name))
		return error_set(err, -EINVAL,
				 "%s:1:1: the file of '%s' must be called %s.yaml",
				 profile->path, profile->name, profile->name);
	return 0;
}

int profile_read(const char *path, struct profile **ret, struct error *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(freep) char *text = NULL;
	size_t len;
	int r = io_read_file(path, RULE_LIMITS_DEFAULT.max_bytes, &text, &len, err);

	if (r == 0)
		r = profile_parse(path, text, len, &profile, err);
	if (r == 0)
		r = check_file_name(profile, err);
	if (r == 0)
		*ret = steal_ptr(&profile);
	return r;
}

static void release_entries(profile_entries *list)
{
	array_each (list, i)
		entry_release(&list->data[i]);
	array_release(list);
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	release_entries(&profile->keep);
	release_entries(&profile->protect);
	release_entries(&profile->unwanted);
	array_each (&profile->includes, i) {
		condition_free(profile->includes.data[i].when);
		free(profile->includes.data[i].path);
	}
	array_release(&profile->includes);
	array_release(&profile->facts);
	array_release(&profile->recognise);
	condition_free(profile->when);
	rule_doc_free(profile->doc);
	strpool_release(&profile->texts);
	free(profile->path);
	free(profile);
}

void profile_freep(struct profile **profile)
{
	profile_free(*profile);
}

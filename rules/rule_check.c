#include "rules/rule_check.h"

#include "base/text.h"
#include "rules/intent.h"
#include "rules/profile.h"
#include "rules/trim_rule.h"

#include <errno.h>
#include <string.h>

static const char *const KINDS[] = { "profiles", "policies", "trims", NULL };

/* How `tare rules list` calls a folder's files. */
static const char *const KIND_NAMES[][2] = {
	{ "profiles", "profile" },
	{ "policies", "policy" },
	{ "trims", "trim" },
};

static const char *kind_name(const char *folder)
{
	for (size_t i = 0; i < ARRAY_LEN(KIND_NAMES); i++)
		if (strcmp(KIND_NAMES[i][0], folder) == 0)
			return KIND_NAMES[i][1];
	return folder;
}

/* Texts of the summary belong to what is put into @p ret_profile or @p ret_trim. */
static int summarise(const struct lookup_file *file, struct rule_summary *summary,
		     struct profile **ret_profile, struct trim_rule **ret_trim,
		     struct error *problem)
{
	bool is_trim = strcmp(file->kind, "trims") == 0;
	int r = is_trim ? trim_rule_read(file->path, ret_trim, problem)
			: profile_read(file->path, ret_profile, problem);

	if (r < 0)
		return r;
	if (is_trim) {
		summary->summary = (*ret_trim)->title;
		summary->keep_count = (*ret_trim)->keep.len;
		return 0;
	}
	summary->summary = (*ret_profile)->summary;
	summary->keep_count = (*ret_profile)->keep.len;
	summary->protect_count = (*ret_profile)->protect.len;
	summary->unwanted_count = (*ret_profile)->unwanted.len;
	return 0;
}

int rules_list(const struct lookup *lookup, rule_summary_fn *fn, void *arg,
	       struct error *err)
{
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	int r = lookup_all(lookup, KINDS, &all, err);

	for (size_t i = 0; i < all.files.len && r == 0; i++) {
		const struct lookup_file *file = &all.files.data[i];
		_cleanup_(profile_freep) struct profile *profile = NULL;
		_cleanup_(trim_rule_freep) struct trim_rule *trim = NULL;
		struct error problem = { 0 };
		struct rule_summary summary = {
			.kind = kind_name(file->kind),
			.name = file->name,
			.path = file->path,
			.summary = "",
			.hidden = file->hidden,
		};

		if (summarise(file, &summary, &profile, &trim, &problem) < 0)
			summary.problem = problem.text;
		r = fn(&summary, arg);
	}
	return r;
}

static void show_entries(const struct profile *profile, const char *title,
			 const profile_entries *entries, struct strbuf *out)
{
	if (entries->len > 0)
		strbuf_printf(out, "  %s:\n", title);
	array_each (entries, i) {
		const struct profile_entry *entry = &entries->data[i];
		_cleanup_(freep) char *selector = selector_text(entry->selector);
		_cleanup_(freep) char *when = condition_text(entry->when);

		strbuf_printf(out, "    %s%s\n", selector,
			      entry->optional ? " (optional)" : "");
		strbuf_printf(out, "        %s\n", entry->why);
		if (strcmp(entry->feature, profile->feature) != 0)
			strbuf_printf(out, "        without it: no %s\n", entry->feature);
		if (*when)
			strbuf_printf(out, "        when %s\n", when);
	}
}

static void show_profile(const struct profile *profile, struct strbuf *out)
{
	_cleanup_(freep) char *when = condition_text(profile->when);

	strbuf_printf(out, "%s: %s\n  %s\n", profile->name, profile->summary,
		      profile->path);
	if (*profile->feature)
		strbuf_printf(out, "  without it: no %s\n", profile->feature);
	array_each (&profile->includes, i)
		strbuf_printf(out, "%s%s", i ? ", " : "  includes ",
			      profile->includes.data[i].name->text);
	strbuf_puts(out, profile->includes.len ? "\n" : "");
	array_each (&profile->includes, i) {
		_cleanup_(freep) char *only =
			condition_text(profile->includes.data[i].when);

		if (*only)
			strbuf_printf(out, "    %s when %s\n",
				      profile->includes.data[i].name->text, only);
	}
	array_each (&profile->facts, i)
		strbuf_printf(out, "%s%s", i ? ", " : "  says ", profile->facts.data[i]);
	strbuf_puts(out, profile->facts.len ? "\n" : "");
	array_each (&profile->recognise, i)
		strbuf_printf(out, "  applies where nobody owns a program %s of %s\n",
			      profile->recognise.data[i].name,
			      profile->recognise.data[i].go_module);
	if (*when)
		strbuf_printf(out, "  when %s\n", when);
	show_entries(profile, "keep", &profile->keep, out);
	show_entries(profile, "protected", &profile->protect, out);
	show_entries(profile, "unwanted", &profile->unwanted, out);
}

/* Does the file say "trim: NAME"? */
static bool says_trim(const char *path)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc = NULL;
	const struct rule_node *root;

	if (rule_doc_read(path, NULL, &doc, NULL) < 0)
		return false;
	root = rule_doc_root(doc, 0);
	for (const struct rule_node *n = root && root->kind == RULE_MAP ? root->first
									: NULL;
	     n; n = n->next)
		if (strcmp(n->key, "trim") == 0)
			return true;
	return false;
}

/* The file of a trim rule; NULL where no such rule is, or a profile has the name. */
static char *find_trim(const struct lookup *lookup, const char *name)
{
	_cleanup_(freep) char *path = NULL;

	if (lookup_find(lookup, KINDS, name, &path, NULL) < 0 || !says_trim(path))
		return NULL;
	return steal_ptr(&path);
}

int rules_show(const struct lookup *lookup, const char *name, struct strbuf *out,
	       struct error *err)
{
	_cleanup_(profile_list_release) struct profile_list list = { 0 };
	_cleanup_(trim_rule_freep) struct trim_rule *trim = NULL;
	_cleanup_(freep) char *path = find_trim(lookup, name);
	int r;

	if (path) {
		r = trim_rule_read(path, &trim, err);
		if (r == 0)
			trim_rule_show(trim, out);
		return r;
	}
	r = profile_list_load(lookup, &name, 1, &list, err);

	/* the profile that was asked for stands last: what it includes comes behind it */
	for (size_t i = list.profiles.len; r == 0 && i > 0; i--) {
		strbuf_puts(out, i < list.profiles.len ? "\n" : "");
		show_profile(list.profiles.data[i - 1], out);
	}
	return r;
}

struct checker {
	const struct lookup *lookup;
	rule_problem_fn *fn;
	void *arg;
	struct strpool told; /* a broken file is found again by all that include it */
	int count;
};

static void tell(struct checker *ck, const char *problem)
{
	if (strpool_find(&ck->told, problem))
		return;
	strpool_add(&ck->told, problem);
	ck->count++;
	ck->fn(problem, ck->arg);
}

enum checked { CHECKED_WRONG, CHECKED_PROFILE, CHECKED_KEEP_FILE, CHECKED_TRIM };

/* A profile or policy with what it includes, or a trim; a file that says none of these is
 * a keep file. */
static enum checked check_one(struct checker *ck, const char *name)
{
	_cleanup_(profile_list_release) struct profile_list list = { 0 };
	_cleanup_(profile_freep) struct profile *keep = NULL;
	_cleanup_(trim_rule_freep) struct trim_rule *trim = NULL;
	_cleanup_(freep) char *trim_path = find_trim(ck->lookup, name);
	struct error problem = { 0 };
	bool yaml = text_ends(name, ".yaml") || text_ends(name, ".yml");
	int r;

	if (trim_path)
		r = trim_rule_read(trim_path, &trim, &problem);
	else if (strchr(name, '/') && (!yaml || keep_file_read(name, &keep, NULL) == 0))
		r = keep ? 0 : keep_file_read(name, &keep, &problem);
	else
		r = profile_list_load(ck->lookup, &name, 1, &list, &problem);
	if (r < 0)
		tell(ck, problem.text);
	if (r < 0)
		return CHECKED_WRONG;
	return trim ? CHECKED_TRIM : keep ? CHECKED_KEEP_FILE : CHECKED_PROFILE;
}

static void check_with_graph(struct checker *ck, const char *name, bool is_profile,
			     const struct graph *g)
{
	_cleanup_(intent_freep) struct intent *intent = NULL;
	struct error problem = { 0 };
	struct intent_request request = { .lookup = ck->lookup };

	if (is_profile) {
		request.profiles = &name;
		request.profile_count = 1;
	} else {
		request.keep_files = &name;
		request.keep_file_count = 1;
	}
	if (intent_resolve(g, &request, &intent, &problem) < 0)
		tell(ck, problem.text);
}

static int check_all(struct checker *ck, struct error *err)
{
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	int r = lookup_all(ck->lookup, KINDS, &all, err);

	if (r < 0)
		return r;
	if (all.files.len == 0)
		return error_set(err, -ENOENT, "there are no rule files to check");
	array_each (&all.files, i)
		check_one(ck, all.files.data[i].path);
	return 0;
}

int rules_check(const struct lookup *lookup, const struct rules_to_check *what,
		rule_problem_fn *fn, void *arg, struct error *err)
{
	struct checker ck = { .lookup = lookup, .fn = fn, .arg = arg };
	int r = 0;

	strpool_init(&ck.told);
	for (size_t i = 0; i < what->name_count; i++) {
		enum checked checked = check_one(&ck, what->names[i]);

		/* that a trim finds nothing is no mistake */
		if (what->graph && checked != CHECKED_WRONG && checked != CHECKED_TRIM)
			check_with_graph(&ck, what->names[i], checked == CHECKED_PROFILE,
					 what->graph);
	}
	if (what->name_count == 0)
		r = check_all(&ck, err);
	strpool_release(&ck.told);
	return r < 0 ? r : ck.count;
}

#include "rules/intent.h"

#include "base/strbuf.h"
#include "base/text.h"
#include "rules/profile.h"
#include "rules/recognise.h"

#include <errno.h>
#include <string.h>

static const char *const KINDS[] = { "profiles", NULL };

struct resolver {
	const struct intent_request *request;
	const struct graph *graph;
	struct matcher *matcher;
	struct intent *intent;
	bool lenient;		      /* of the profile that is being resolved */
	ARRAY_OF(const char *) facts; /* of the request and of the profiles that apply */
	ARRAY_OF(const char *) open;  /* these, as if not all objects were known */
	size_t missing;		      /* required entries that selected nothing */
	struct error absent;	      /* about the first of them */
};

/* What is done with an entry's nodes. */
enum use {
	USE_KEEP,
	USE_PROTECT,
	USE_UNWANTED,
	USE_FEATURE,
};

static const char *keep_text(struct intent *intent, const char *text)
{
	return strpool_text(&intent->texts, strpool_add(&intent->texts, text));
}

static const char *place_of(struct resolver *rs, const struct profile *profile,
			    uint32_t line)
{
	_cleanup_(freep) char *place = mem_printf(
		"%s:%u", lookup_cite(rs->request->lookup, profile->path), line);

	return keep_text(rs->intent, place);
}

static void add_roots(struct resolver *rs, const struct intent_root *like, enum use use,
		      const struct idset *nodes)
{
	struct intent *intent = rs->intent;

	idset_each (nodes, node) {
		struct intent_root root = *like;

		root.node = (uint32_t)node;
		if (use == USE_UNWANTED)
			array_push(&intent->unwanted, root);
		else if (use == USE_FEATURE)
			array_push(&intent->features, root);
		else
			array_push(&intent->roots, root);
		if (use == USE_PROTECT)
			array_push(&intent->protect,
				   graph_node_package(rs->graph, (uint32_t)node));
	}
}

static void note_absent(struct resolver *rs, const struct profile *profile,
			const struct intent_root *root, uint32_t line, uint32_t column)
{
	if (rs->missing++ > 0)
		return;
	error_set(
		&rs->absent, -ESRCH, "%s:%u:%u: nothing in this root is '%s' (%s)",
		profile->path, line, column, root->selector,
		profile->kind == PROFILE_KEEP_FILE
			? "correct the line or remove it"
			: "install it, or give the entry 'optional: true' or a 'when:'");
}

static void add_miss(struct resolver *rs, enum intent_miss_reason reason,
		     const struct intent_root *root, const char *when)
{
	array_push(&rs->intent->misses, (struct intent_miss){
						.reason = (uint8_t)reason,
						.profile = root->profile,
						.selector = root->selector,
						.why = root->why,
						.feature = root->feature,
						.place = root->place,
						.when = when,
					});
}

/* One selector of an entry. */
static void resolve_selector(struct resolver *rs, const struct profile *profile,
			     const struct profile_entry *entry,
			     const struct selector *selector, enum use use)
{
	static const uint8_t SOURCES[] = {
		[PROFILE_WORKLOAD] = INTENT_PROFILE,
		[PROFILE_POLICY] = INTENT_PROFILE,
		[PROFILE_KEEP_FILE] = INTENT_KEEP_FILE,
	};
	const struct rule_node *at = selector_place(selector);
	uint32_t line = at ? at->line : entry->line;
	_cleanup_(freep) char *text = selector_text(selector);
	struct intent_root root = {
		.source = use == USE_PROTECT ? INTENT_PROTECTED : SOURCES[profile->kind],
		.optional = entry->optional,
		.profile = keep_text(rs->intent, profile->name),
		.selector = keep_text(rs->intent, text),
		.why = keep_text(rs->intent, entry->why),
		.feature = keep_text(rs->intent, entry->feature),
		.place = place_of(rs, profile, line),
	};
	struct idset nodes;

	if (*profile->because) {
		_cleanup_(freep) char *why =
			mem_printf("%s; for %s", entry->why, profile->because);

		root.why = keep_text(rs->intent, why);
	}
	idset_init(&nodes, rs->graph->node_count + 1);
	if (selector_match(selector, rs->matcher, &nodes) > 0) {
		add_roots(rs, &root, use, &nodes);
	} else if (use == USE_KEEP || use == USE_PROTECT) {
		if (!entry->optional && !rs->lenient && !profile->lenient)
			note_absent(rs, profile, &root, line,
				    at ? at->column : entry->column);
		add_miss(rs, MISS_OPTIONAL, &root, "");
	}
	idset_release(&nodes);
}

static void miss_for_condition(struct resolver *rs, const struct profile *profile,
			       const struct profile_entry *entry,
			       const struct condition *when)
{
	_cleanup_(freep) char *text = selector_text(entry->selector);
	_cleanup_(freep) char *condition = condition_text(when);
	struct intent_root root = {
		.profile = keep_text(rs->intent, profile->name),
		.selector = keep_text(rs->intent, text),
		.why = keep_text(rs->intent, entry->why),
		.feature = keep_text(rs->intent, entry->feature),
		.place = place_of(rs, profile, entry->line),
	};

	add_miss(rs, MISS_WHEN, &root, keep_text(rs->intent, condition));
}

static void resolve_entry(struct resolver *rs, const struct profile *profile,
			  const struct profile_entry *entry, enum use use)
{
	for (size_t k = 0; k < selector_count(entry->selector); k++)
		resolve_selector(rs, profile, entry, selector_at(entry->selector, k),
				 use);
}

static void resolve_entries(struct resolver *rs, const struct profile *profile,
			    const profile_entries *entries, enum use use)
{
	const struct facts known = { rs->facts.data, rs->facts.len };
	const struct facts open = { rs->open.data, rs->open.len };
	const struct facts *facts = use == USE_FEATURE ? &open : &known;
	bool applies = condition_holds(profile->when, rs->matcher, facts);

	array_each (entries, i) {
		const struct profile_entry *entry = &entries->data[i];
		const struct condition *failed = applies ? entry->when : profile->when;

		if (applies && condition_holds(entry->when, rs->matcher, facts)) {
			resolve_entry(rs, profile, entry, use);
			continue;
		}
		if (use != USE_KEEP && use != USE_PROTECT)
			continue;
		miss_for_condition(rs, profile, entry, failed);
		/* it goes because no object uses it, and then that stops working */
		if (condition_holds(profile->when, rs->matcher, &open) &&
		    condition_holds(entry->when, rs->matcher, &open))
			resolve_entry(rs, profile, entry, USE_FEATURE);
	}
}

static void resolve_profile(struct resolver *rs, const struct profile *profile)
{
	resolve_entries(rs, profile, &profile->keep, USE_KEEP);
	resolve_entries(rs, profile, &profile->protect, USE_PROTECT);
	resolve_entries(rs, profile, &profile->unwanted, USE_UNWANTED);
}

/* What runs by itself, or is loaded into what runs. */
static bool is_code(const struct graph_file *file)
{
	if (file->type != FILE_REGULAR)
		return false;
	return file->category == CATEGORY_LIBRARY ||
	       (file->mode & 0111 && (file->category == CATEGORY_EXECUTABLE ||
				      file->category == CATEGORY_SCRIPT));
}

static void resolve_unowned(struct resolver *rs)
{
	const struct graph *g = rs->graph;
	struct intent_root root = {
		.source = INTENT_UNOWNED,
		.profile = "",
		.selector = "",
		.why = "no package owns it, so no package plan can tell what it is for",
		.feature = "",
		.place = "",
	};

	for (file_id f = 1; f <= g->file_count; f++) {
		if (!is_code(&g->files[f]) || !graph_file_on_disk(&g->files[f]) ||
		    g->owner_start[f] != g->owner_start[f + 1])
			continue;
		root.node = graph_file_node(g, f);
		array_push(&rs->intent->roots, root);
	}
}

/* The nodes of every profile that is there but was not asked for. */
static int resolve_features(struct resolver *rs, const struct profile_list *applied,
			    struct error *err)
{
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	int r = lookup_all(rs->request->lookup, KINDS, &all, err);

	array_each (&all.files, i) {
		const struct lookup_file *file = &all.files.data[i];
		_cleanup_(profile_freep) struct profile *profile = NULL;

		if (file->hidden || profile_list_find(applied, file->name) ||
		    profile_read(file->path, &profile, NULL) < 0)
			continue;
		resolve_entries(rs, profile, &profile->keep, USE_FEATURE);
	}
	return r;
}

static int resolve_keep_files(struct resolver *rs, struct error *err)
{
	for (size_t i = 0; i < rs->request->keep_file_count; i++) {
		_cleanup_(profile_freep) struct profile *profile = NULL;
		int r = keep_file_read(rs->request->keep_files[i], &profile, err);

		if (r < 0)
			return r;
		resolve_profile(rs, profile);
	}
	return 0;
}

/* As a keep file whose lines are the texts of --exclude. */
static int resolve_excludes(struct resolver *rs, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf lines = { 0 };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	int r;

	for (size_t i = 0; i < rs->request->exclude_count; i++)
		strbuf_printf(&lines, "%s # excluded by hand\n",
			      rs->request->excludes[i]);
	if (lines.len == 0)
		return 0;
	r = keep_file_parse("--exclude", strbuf_text(&lines), lines.len, &profile, err);
	if (r == 0)
		resolve_profile(rs, profile);
	return r;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_roots(const void *a, const void *b)
{
	const struct intent_root *x = a, *y = b;
	int r = order(x->node, y->node);

	r = r ? r : strcmp(x->profile, y->profile);
	r = r ? r : strverscmp(x->place, y->place);
	r = r ? r : strcmp(x->selector, y->selector);
	return r ? r : order(x->source, y->source);
}

static int compare_misses(const void *a, const void *b)
{
	const struct intent_miss *x = a, *y = b;
	int r = strcmp(x->profile, y->profile);

	r = r ? r : strverscmp(x->place, y->place);
	return r ? r : strcmp(x->selector, y->selector);
}

static int compare_packages(const void *a, const void *b)
{
	return order(*(const pkg_id *)a, *(const pkg_id *)b);
}

void intent_sort(struct intent *intent)
{
	size_t n = 0;

	array_sort(&intent->roots, compare_roots);
	array_sort(&intent->unwanted, compare_roots);
	array_sort(&intent->features, compare_roots);
	array_sort(&intent->misses, compare_misses);
	array_sort(&intent->protect, compare_packages);
	array_each (&intent->protect, i)
		if (n == 0 || intent->protect.data[n - 1] != intent->protect.data[i])
			intent->protect.data[n++] = intent->protect.data[i];
	intent->protect.len = n;
}

static void resolve_list(struct resolver *rs, const struct profile_list *list,
			 size_t from)
{
	for (size_t i = from; i < list->profiles.len; i++) {
		const struct profile *profile = list->profiles.data[i];

		array_push(&rs->intent->profiles, keep_text(rs->intent, profile->name));
		resolve_profile(rs, profile);
	}
}

/* Profiles that nobody asked for do not fail for what they would like to have. */
static int resolve_recognised(struct resolver *rs, struct profile_list *applied,
			      struct error *err)
{
	struct intent *intent = rs->intent;
	size_t from = applied->profiles.len;
	const struct facts facts = { rs->facts.data, rs->facts.len };
	int r = recognise_profiles(rs->request->lookup, rs->matcher, &facts, applied,
				   err);

	for (size_t i = from; i < applied->profiles.len && r == 0; i++) {
		const struct profile *profile = applied->profiles.data[i];
		file_id file = recognise_program(rs->graph, profile);

		if (file)
			array_push(&intent->recognised,
				   (struct intent_recognised){
					   keep_text(intent, profile->name),
					   graph_text(rs->graph,
						      rs->graph->files[file].path),
					   file });
	}
	if (r < 0)
		return r;
	rs->lenient = true;
	resolve_list(rs, applied, from);
	rs->lenient = rs->request->lenient;
	return 0;
}

static void collect_facts(struct resolver *rs, const struct profile_list *applied)
{
	const struct facts *given = &rs->request->facts;

	for (size_t i = 0; i < given->len; i++)
		array_push(&rs->facts, given->data[i]);
	array_each (&applied->profiles, i)
		array_each (&applied->profiles.data[i]->facts, k)
			array_push(&rs->facts, applied->profiles.data[i]->facts.data[k]);
	array_each (&rs->facts, i)
		if (strcmp(rs->facts.data[i], FACT_ALL_OBJECTS) != 0)
			array_push(&rs->open, rs->facts.data[i]);
}

static void note_left_out(struct resolver *rs, const struct profile_list *list)
{
	array_each (&list->profiles, i)
		array_push(&rs->intent->left_out,
			   keep_text(rs->intent, list->profiles.data[i]->name));
}

static int resolve_all(struct resolver *rs, struct profile_list *applied,
		       struct error *err)
{
	int r;

	resolve_list(rs, applied, 0);
	r = resolve_keep_files(rs, err);
	if (r == 0)
		r = resolve_excludes(rs, err);
	if (r == 0 && !rs->request->no_recognise)
		r = resolve_recognised(rs, applied, err);
	if (r < 0)
		return r;
	resolve_unowned(rs);
	r = resolve_features(rs, applied, err);
	if (r < 0)
		return r;
	intent_sort(rs->intent);
	if (rs->missing == 0)
		return 0;
	if (rs->missing == 1)
		return error_set(err, -ESRCH, "%s", rs->absent.text);
	return error_set(err, -ESRCH, "%s; and %zu more", rs->absent.text,
			 rs->missing - 1);
}

int intent_resolve(const struct graph *g, const struct intent_request *request,
		   struct intent **ret, struct error *err)
{
	_cleanup_(intent_freep) struct intent *intent = mem_calloc(1, sizeof(*intent));
	_cleanup_(profile_list_release) struct profile_list applied = { 0 },
							    left_out = { 0 };
	_cleanup_(matcher_freep) struct matcher *matcher = matcher_new(g);
	struct resolver rs = {
		.request = request,
		.graph = g,
		.matcher = matcher,
		.intent = intent,
		.lenient = request->lenient,
	};
	int r;

	strpool_init(&intent->texts);
	r = profile_list_load(request->lookup, request->profiles, request->profile_count,
			      &applied, err);
	if (r == 0) {
		profile_list_settle(&applied, matcher, &request->facts, &left_out);
		note_left_out(&rs, &left_out);
		collect_facts(&rs, &applied);
		r = resolve_all(&rs, &applied, err);
	}
	array_release(&rs.facts);
	array_release(&rs.open);
	if (r == 0)
		*ret = steal_ptr(&intent);
	return r;
}

void intent_keep(struct intent *intent, uint32_t node, const char *selector,
		 const char *why)
{
	array_push(&intent->roots, (struct intent_root){
					   .node = node,
					   .source = INTENT_OPTION,
					   .profile = "",
					   .selector = keep_text(intent, selector),
					   .why = keep_text(intent, why),
					   .feature = "",
					   .place = "",
				   });
}

void intent_free(struct intent *intent)
{
	if (!intent)
		return;
	strpool_release(&intent->texts);
	array_release(&intent->profiles);
	array_release(&intent->left_out);
	array_release(&intent->recognised);
	array_release(&intent->roots);
	array_release(&intent->misses);
	array_release(&intent->protect);
	array_release(&intent->unwanted);
	array_release(&intent->features);
	free(intent);
}

void intent_freep(struct intent **intent)
{
	intent_free(*intent);
}

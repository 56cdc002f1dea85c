#include "trimmer/file_trim.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/demand.h"
#include "rules/glob.h"
#include "trimmer/weigh.h"

#include <string.h>

struct finder {
	const struct file_trim_query *query;
	const struct graph *g;
	struct matcher *matcher;
	struct file_trim_result *result;
	struct idset protect; /* file_id: never a candidate */
	struct idset is_link; /* file_id: candidate by `links` */
	struct idset used;    /* file_id: kept by `keep`, and what that needs */
	ARRAY_OF(file_id) open;
};

static bool is_gone(const struct finder *f, file_id file)
{
	return weigh_takes(f->g, file, f->query->removed);
}

bool file_trim_is_managed(const struct graph *g, file_id file)
{
	for (uint32_t i = g->owner_start[file]; i < g->owner_start[file + 1]; i++)
		if (g->owners[i].flags & (OWN_CONFIG | OWN_LICENCE))
			return true;
	return false;
}

static bool may_go(const struct finder *f, file_id file)
{
	const struct graph_file *node = &f->g->files[file];
	const char *path = graph_text(f->g, node->path);

	return graph_file_on_disk(node) && node->state != STATE_CHANGED_TYPE &&
	       (node->type == FILE_REGULAR || node->type == FILE_SYMLINK) &&
	       node->category != CATEGORY_RPMDB && node->category != CATEGORY_CONTAINER &&
	       !idset_has(&f->query->closure->reached, graph_file_node(f->g, file)) &&
	       !idset_has(&f->protect, file) && !file_trim_is_managed(f->g, file) &&
	       !graph_file_is_licence(f->g, file) && !is_gone(f, file) &&
	       text_is_utf8(path, strlen(path));
}

/* Files that kept packages ask for by path. */
static void protect_capabilities(struct finder *f)
{
	const struct graph *g = f->g;
	struct demand_leaves leaves;

	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		if (g->requirements[i].state != REQ_CHECKED ||
		    g->requirements[i].node == 0 ||
		    idset_has(f->query->removed, g->requirements[i].package))
			continue;
		demand_leaves_find(&leaves, g, g->requirements[i].node);
		array_each (&leaves.caps, k) {
			cap_id cap = leaves.caps.data[k];

			for (uint32_t p = g->provider_start[cap];
			     p < g->provider_start[cap + 1]; p++)
				if (g->providers[p].file)
					idset_add(&f->protect, g->providers[p].file);
		}
	}
	demand_leaves_release(&leaves);
}

static void protect_packages(struct finder *f)
{
	const struct graph *g = f->g;

	array_each (&f->query->intent->protect, i) {
		pkg_id p = f->query->intent->protect.data[i];

		for (uint32_t k = g->owned_start[p]; k < g->owned_start[p + 1]; k++)
			idset_add(&f->protect, g->owned[k]);
	}
}

static void select_files(const struct finder *f, const selector_list *list,
			 struct idset *nodes)
{
	idset_clear(nodes);
	array_each (list, i)
		selector_match(list->data[i], f->matcher, nodes);
}

static bool has_kept_locale(const struct file_trim_query *query, const char *path)
{
	while (*path) {
		size_t len = strcspn(++path, "/");

		for (size_t i = 0; i < query->locale_count; i++)
			if (trim_locale_matches(query->locales[i], path, len))
				return true;
		path += len;
	}
	return false;
}

/* An edge of one of these kinds to a file that stays. */
static bool has_edge(const struct finder *f, file_id file, uint64_t kinds)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++)
		if ((kinds & (UINT64_C(1) << g->edges[i].kind)) &&
		    graph_node_is_file(g, g->edges[i].to) &&
		    graph_file_on_disk(&g->files[g->edges[i].to]) &&
		    !is_gone(f, g->edges[i].to))
			return true;
	return false;
}

static bool rule_wants(const struct finder *f, const struct trim_rule *rule, file_id file)
{
	const char *path = graph_text(f->g, f->g->files[file].path);

	return !(rule->by_locale && has_kept_locale(f->query, path)) &&
	       (rule->only_with == 0 || has_edge(f, file, rule->only_with));
}

static bool is_allowed(const struct finder *f, file_id file)
{
	const struct graph *g = f->g;
	uint32_t at = 0;
	pkg_id owner;

	if (f->query->only_count == 0)
		return true;
	for (size_t i = 0; i < f->query->only_count; i++)
		if (glob_match(f->query->only[i], graph_text(g, g->files[file].path)))
			return true;
	while (demand_next_holder(g, file, &at, &owner))
		for (size_t i = 0; i < f->query->only_count; i++)
			if (glob_match(f->query->only[i],
				       graph_text(g, g->packages[owner].name)))
				return true;
	return false;
}

static void take(struct finder *f, uint32_t index, const struct idset *nodes,
		 bool are_links)
{
	const struct trim_rule *rule = f->query->rules->rules.data[index];
	uint32_t *rule_of = f->result->rule_of;

	idset_each (nodes, node) {
		file_id file = (file_id)node;

		if (!graph_node_is_file(f->g, (uint32_t)node) ||
		    rule_of[file] != TRIM_NONE || !may_go(f, file) ||
		    !rule_wants(f, rule, file) || !is_allowed(f, file) ||
		    (are_links && f->g->files[file].type != FILE_SYMLINK))
			continue;
		rule_of[file] = index;
		if (are_links)
			idset_add(&f->is_link, file);
	}
}

static void use(struct finder *f, file_id file)
{
	if (graph_file_on_disk(&f->g->files[file]) && idset_add(&f->used, file))
		array_push(&f->open, file);
}

/* With everything that these need by hard and likely edges. */
static void use_all(struct finder *f, const struct idset *nodes)
{
	const struct graph *g = f->g;

	idset_each (nodes, node)
		if (graph_node_is_file(g, (uint32_t)node))
			use(f, (file_id)node);
	while (f->open.len > 0) {
		file_id file = array_pop(&f->open);

		for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++)
			if (g->edges[i].strength != EDGE_POSSIBLE &&
			    graph_node_is_file(g, g->edges[i].to))
				use(f, g->edges[i].to);
	}
}

/* Does something that must stay read what the rule takes? */
static bool is_out_of_place(const struct finder *f, const struct trim_rule *rule,
			    struct idset *nodes)
{
	if (!condition_holds(rule->when, f->matcher, &f->query->facts))
		return true;
	select_files(f, &rule->unless, nodes);
	idset_each (nodes, node)
		if (idset_has(&f->query->closure->reached, node))
			return true;
	return false;
}

static void find_candidates(struct finder *f)
{
	const struct trim_rules *rules = f->query->rules;
	struct idset nodes;

	idset_init(&nodes, f->g->node_count + 1);
	array_each (&rules->rules, i) {
		const struct trim_rule *rule = rules->rules.data[i];

		if (is_out_of_place(f, rule, &nodes))
			continue;
		select_files(f, &rule->files, &nodes);
		take(f, (uint32_t)i, &nodes, false);
		select_files(f, &rule->links, &nodes);
		take(f, (uint32_t)i, &nodes, true);
		select_files(f, &rule->keep, &nodes);
		use_all(f, &nodes);
	}
	idset_each (&f->used, file)
		f->result->rule_of[file] = TRIM_NONE;
	idset_release(&nodes);
}

/* Must the target stay because the source does? */
static bool holds(const struct finder *f, const struct graph_edge *edge)
{
	const struct trim_rule *rule =
		f->query->rules->rules.data[f->result->rule_of[edge->to]];

	return edge->kind == EDGE_SYMLINK || demand_is_loader(edge) ||
	       (rule->follow & (UINT64_C(1) << edge->kind)) != 0;
}

static void hold_targets(struct finder *f, file_id file)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];

		if (!graph_node_is_file(g, edge->to) ||
		    f->result->rule_of[edge->to] == TRIM_NONE || !holds(f, edge))
			continue;
		f->result->rule_of[edge->to] = TRIM_NONE;
		array_push(&f->open, edge->to);
	}
}

/* What stays keeps what it needs, until nothing changes. */
static void hold_needed(struct finder *f)
{
	const struct graph *g = f->g;

	for (file_id file = 1; file <= g->file_count; file++)
		if (g->edge_start[file] < g->edge_start[file + 1] &&
		    f->result->rule_of[file] == TRIM_NONE &&
		    graph_file_on_disk(&g->files[file]) && !is_gone(f, file))
			array_push(&f->open, file);
	while (f->open.len > 0)
		hold_targets(f, array_pop(&f->open));
}

static bool points_to_what_goes(const struct finder *f, file_id link)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_start[link]; i < g->edge_start[link + 1]; i++)
		if (g->edges[i].kind == EDGE_SYMLINK &&
		    graph_node_is_file(g, g->edges[i].to) &&
		    f->result->rule_of[g->edges[i].to] != TRIM_NONE)
			return true;
	return false;
}

/* A link whose target stays does so, too; another link may point to it. */
static void drop_links(struct finder *f)
{
	bool changed = true;

	while (changed) {
		changed = false;
		idset_each (&f->is_link, link) {
			if (f->result->rule_of[link] == TRIM_NONE ||
			    points_to_what_goes(f, (file_id)link))
				continue;
			f->result->rule_of[link] = TRIM_NONE;
			changed = true;
		}
	}
}

void file_trim_find(const struct file_trim_query *query, struct file_trim_result *ret)
{
	const struct graph *g = query->graph;
	_cleanup_(matcher_freep) struct matcher *matcher = matcher_new(g);
	struct finder f = { .query = query, .g = g, .matcher = matcher, .result = ret };

	ret->rule_of = mem_calloc(g->file_count + 1u, sizeof(uint32_t));
	ret->freed_bytes = mem_calloc(g->file_count + 1u, sizeof(uint64_t));
	for (file_id file = 0; file <= g->file_count; file++)
		ret->rule_of[file] = TRIM_NONE;
	idset_init(&ret->frees, g->file_count + 1u);
	idset_init(&f.protect, g->file_count + 1u);
	idset_init(&f.is_link, g->file_count + 1u);
	idset_init(&f.used, g->file_count + 1u);
	protect_capabilities(&f);
	protect_packages(&f);
	find_candidates(&f);
	hold_needed(&f);
	drop_links(&f);
	file_trim_weigh(query, ret);
	idset_release(&f.protect);
	idset_release(&f.is_link);
	idset_release(&f.used);
	array_release(&f.open);
}

void file_trim_release(struct file_trim_result *result)
{
	free(result->rule_of);
	free(result->freed_bytes);
	idset_release(&result->frees);
	*result = (struct file_trim_result){ 0 };
}

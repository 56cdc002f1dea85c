#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "trimmer/swap.h"

#include <errno.h>
#include <string.h>

const char *plan_action_name(enum plan_action action)
{
	return action == PLAN_KEEP ? "keep" : "remove";
}

static const char *const RISKS[] = {
	[RISK_NONE] = "none",
	[RISK_LOW] = "low",
	[RISK_MEDIUM] = "medium",
	[RISK_HIGH] = "high",
};

const char *plan_risk_name(enum plan_risk risk)
{
	return RISKS[risk];
}

bool plan_file_stays(const struct plan *plan, file_id file)
{
	uint32_t at = 0;
	pkg_id owner;
	bool owned = false;

	if (!graph_file_on_disk(&plan->graph->files[file]))
		return false;
	while (demand_next_holder(plan->graph, file, &at, &owner)) {
		owned = true;
		if (plan_keeps(plan, owner))
			return true;
	}
	return !owned;
}

void plan_put_text(const struct plan_work *work, struct strbuf *out, str_id text)
{
	text_printable(out, graph_text(work->g, text));
}

void plan_put_name(const struct plan_work *work, struct strbuf *out, pkg_id p)
{
	plan_put_text(work, out, work->g->packages[p].name);
}

static int check_roots(const struct graph *g, const struct intent *intent,
		       struct error *err)
{
	if (intent->roots.len == 0)
		return error_set(err, -EINVAL,
				 "nothing is said to stay, so everything would go: name "
				 "a profile or a keep file");
	array_each (&intent->roots, i) {
		const struct intent_root *root = &intent->roots.data[i];

		if (root->node == 0 || root->node > g->node_count)
			return error_set(err, -EINVAL,
					 "'%s' is no file and no package of this graph",
					 root->selector);
	}
	return 0;
}

static void collect_roots(struct plan_work *work)
{
	const struct graph *g = work->g;

	array_each (&work->intent->roots, i)
		array_push(&work->roots, work->intent->roots.data[i].node);
	array_each (&work->intent->protect, i)
		array_push(&work->roots,
			   graph_package_node(g, work->intent->protect.data[i]));
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (g->packages[p].is_key)
			array_push(&work->roots, graph_package_node(g, p));
}

static void find_keep_set(struct plan_work *work)
{
	struct plan *plan = work->plan;
	struct keep_query query = {
		.graph = work->g,
		.weigh = work->weighed,
		.options = work->options,
		.roots = work->roots.data,
		.root_count = work->roots.len,
		.max_nodes =
			plan->options.max_nodes ? plan->options.max_nodes : OPTIMUM_NODES,
	};

	keep_set_find(&query, &work->keep);
	plan->closure = steal_ptr(&work->keep.closure);
	for (pkg_id p = 1; p <= work->g->package_count; p++) {
		uint32_t node = graph_package_node(work->g, p);

		if (idset_has(&plan->closure->reached, node))
			idset_add(&plan->kept, p);
		else
			idset_add(&plan->removed, p);
	}
}

static void add_totals(struct plan_work *work)
{
	struct plan *plan = work->plan;
	uint64_t kept;

	plan->packages_before = work->g->package_count;
	plan->packages_removed = (uint32_t)idset_count(&plan->removed);
	plan->disk_bytes_before = work->weigh->total_bytes;
	plan->disk_bytes_freed = weigh_freed(work->weigh, &plan->removed);
	kept = work->weighed->total_bytes - weigh_freed(work->weighed, &plan->removed);
	plan->kept_bytes = kept / work->weight_unit * work->weight_bytes;
	plan->bound_bytes =
		MIN2(work->keep.bound, kept) / work->weight_unit * work->weight_bytes;
	plan->optimal = work->keep.optimal;
	plan->search_nodes = work->keep.nodes;
	plan->rounds = work->keep.rounds;
}

#define EMPTY_DATABASE 212992 /* bytes: "rpm --initdb", tables without rows */

/*
 * What apply gives back by compacting the RPM database, which no package owns: as much of
 * it as the headers that go are of all headers. Its indexes are made of the same names, so
 * they shrink alike. Only sqlite databases can be compacted.
 */
static void add_database(struct plan_work *work)
{
	const struct graph *g = work->g;
	file_id f = graph_find_file(g, graph_text(g, g->image.rpmdb_path));
	uint64_t all = 0, removed = 0, bytes;

	if (!f || g->files[f].type != FILE_REGULAR || !graph_file_on_disk(&g->files[f]) ||
	    strcmp(graph_text(g, g->image.rpmdb_backend), "sqlite") != 0)
		return;
	for (pkg_id p = 1; p <= g->package_count; p++) {
		all += g->packages[p].header_bytes;
		if (!plan_keeps(work->plan, p))
			removed += g->packages[p].header_bytes;
	}
	bytes = g->files[f].disk_bytes -
		MIN2(g->files[f].disk_bytes, (uint64_t)EMPTY_DATABASE);
	if (all > 0)
		work->plan->database_bytes_freed =
			(uint64_t)((__uint128_t)bytes * removed / all);
}

/* As parts of an image layer: 0 where nobody measured them. */
static void add_compressed(struct plan_work *work)
{
	struct plan *plan = work->plan;
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;

	if (!work->g->image.has_compressed)
		return;
	weigh_compressed_new(work->g, &weigh);
	plan->compressed_bytes_before = weigh->total_bytes;
	plan->compressed_bytes_freed = weigh_freed(weigh, &plan->removed);
	for (pkg_id p = 1; p <= work->g->package_count; p++)
		plan->packages[p].compressed_bytes = weigh->alone[p];
}

static void add_sizes(struct plan_work *work)
{
	const struct graph *g = work->g;
	_cleanup_(freep) uint64_t *bytes =
		mem_calloc(g->package_count + 1u, sizeof(uint64_t));
	_cleanup_(retained_freep) struct retained *retained = NULL;

	retained_new(g, work->weigh, &work->options, work->roots.data, work->roots.len,
		     &retained);
	retained_all(retained, bytes);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		struct plan_package *item = &work->plan->packages[p];

		item->package = p;
		item->action = plan_keeps(work->plan, p) ? PLAN_KEEP : PLAN_REMOVE;
		item->disk_bytes = work->weigh->alone[p];
		item->retained_bytes = bytes[p];
	}
}

static bool runs_while_installing(const struct plan_work *work, uint32_t requirement)
{
	const struct graph_requirement *req = &work->g->requirements[requirement];
	struct demand_options always = work->options;

	always.keep_install_time = true;
	return req->strength == REQ_REQUIRES && !demand_counts(&work->options, req) &&
	       demand_counts(&always, req);
}

/* A package that goes and provides a leaf of the requirement. */
static pkg_id lost_provider(const struct plan_work *work, struct demand_leaves *leaves,
			    node_id root)
{
	const struct graph *g = work->g;

	demand_leaves_find(leaves, g, root);
	array_each (&leaves->caps, k) {
		cap_id cap = leaves->caps.data[k];

		for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1];
		     i++)
			if (!plan_keeps(work->plan, g->providers[i].package))
				return g->providers[i].package;
	}
	return 0;
}

/* Requirements of what stays that held before and do not hold any more, and may. */
static void find_dropped(struct plan_work *work)
{
	const struct graph *g = work->g;
	_cleanup_(freep) bool *before = demand_evaluate(g, NULL);
	_cleanup_(freep) bool *after = demand_evaluate(g, &work->plan->kept);
	struct demand_leaves leaves;

	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (!plan_keeps(work->plan, req->package) ||
		    !runs_while_installing(work, i) || !before[req->node] ||
		    after[req->node])
			continue;
		array_push(&work->plan->dropped,
			   (struct plan_dropped){
				   .requirement = i,
				   .package = req->package,
				   .provider = lost_provider(work, &leaves, req->node),
			   });
	}
	demand_leaves_release(&leaves);
}

/* What must stay, and the keep set. */
static void begin_plan(struct plan_work *work, const struct plan_options *options)
{
	const struct graph *g = work->g;
	struct plan *plan = mem_calloc(1, sizeof(*plan));

	work->options = (struct demand_options){
		.caution = options->caution,
		.weak = options->weak,
		.keep_install_time = options->keep_install_time,
	};
	work->plan = plan;
	plan->graph = g;
	plan->intent = work->intent;
	plan->options = *options;
	plan->packages = mem_calloc(g->package_count + 1u, sizeof(*plan->packages));
	idset_init(&plan->kept, g->package_count + 1u);
	idset_init(&plan->removed, g->package_count + 1u);
	weigh_new(g, &work->weigh);
	plan_weigh_memory(work);
	collect_roots(work);
	idset_init(&plan->firm, g->node_count + 1u);
	demand_firm(g, &work->options, work->roots.data, work->roots.len, &plan->firm);
	work->options.firm = &plan->firm;
	plan->demand_options = work->options;
	find_keep_set(work);
}

static struct plan *end_plan(struct plan_work *work)
{
	keep_set_release(&work->keep);
	if (work->weighed != work->weigh)
		weigh_free(work->weighed);
	weigh_free(work->weigh);
	array_release(&work->roots);
	return work->plan;
}

int plan_make(const struct graph *g, const struct intent *intent,
	      const struct plan_options *options, struct plan **ret, struct error *err)
{
	struct plan_work work = { .g = g, .intent = intent };
	int r = check_roots(g, intent, err);

	if (r < 0)
		return r;
	begin_plan(&work, options);
	add_totals(&work);
	add_sizes(&work);
	add_compressed(&work);
	add_database(&work);
	find_dropped(&work);
	plan_find_held(&work);
	hidden_find(g, work.plan->closure, &work.plan->hidden);
	split_find(g, work.plan->closure, &work.plan->kept, &work.plan->splits);
	plan_find_reasons(&work);
	plan_find_risks(&work);
	plan_find_scripts(&work);
	plan_find_trims(&work);
	plan_find_services(&work);
	plan_add_memory(&work);
	plan_find_waste(work.plan);
	*ret = end_plan(&work);
	return 0;
}

/* The packages that a plan keeps. */
static void find_kept(const struct graph *g, const struct intent *intent,
		      const struct plan_options *options, struct idset *ret)
{
	struct plan_work work = { .g = g, .intent = intent };
	struct plan *plan;

	begin_plan(&work, options);
	plan = end_plan(&work);
	idset_copy(ret, &plan->kept);
	plan_free(plan);
}

/* Packages of @p before that are not in @p now. */
static size_t take_lost(const struct idset *before, const struct idset *now,
			struct idset *ret)
{
	idset_clear(ret);
	idset_each (before, p)
		if (!idset_has(now, p))
			idset_add(ret, p);
	return idset_count(ret);
}

/*
 * A use may decide between two providers, and then the other one would go although it
 * stayed before: whatever stays without the evidence must stay with it. Each round keeps
 * at least one package more, so there are not many.
 */
void plan_protect_used(const struct graph *g, struct intent *intent,
		       const struct usage *usage, const struct plan_options *options)
{
	struct idset before, now, lost;

	if (usage->evidence_count == 0 || check_roots(g, intent, NULL) < 0)
		return;
	idset_init(&before, g->package_count + 1u);
	idset_init(&now, g->package_count + 1u);
	idset_init(&lost, g->package_count + 1u);
	find_kept(g, intent, options, &before);
	intent_add_usage(intent, g, usage);
	find_kept(g, intent, options, &now);
	while (take_lost(&before, &now, &lost)) {
		intent_add_unchanged(intent, g, &lost);
		find_kept(g, intent, options, &now);
	}
	idset_release(&before);
	idset_release(&now);
	idset_release(&lost);
}

static void release_package(struct plan_package *item)
{
	free(item->reason);
	free(item->risk_reason);
	array_each (&item->citations, i) {
		free(item->citations.data[i].place);
		free(item->citations.data[i].text);
	}
	array_release(&item->citations);
	array_each (&item->scriptlets, i)
		free(item->scriptlets.data[i]);
	array_release(&item->scriptlets);
	array_release(&item->features_lost);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (uint32_t p = 1; p <= plan->graph->package_count; p++)
		release_package(&plan->packages[p]);
	free(plan->packages);
	closure_free(plan->closure);
	idset_release(&plan->firm);
	idset_release(&plan->kept);
	idset_release(&plan->removed);
	array_release(&plan->dropped);
	array_release(&plan->unexplained);
	array_release(&plan->hidden);
	array_release(&plan->conflicts);
	array_release(&plan->splits);
	waste_release(&plan->waste);
	swap_list_release(&plan->swaps);
	array_release(&plan->trims);
	array_release(&plan->files);
	array_each (&plan->services, i)
		plan_service_release(&plan->services.data[i]);
	array_release(&plan->services);
	free(plan->starts);
	memory_free(plan->memory);
	free(plan);
}

void plan_freep(struct plan **plan)
{
	plan_free(*plan);
}

/* The file trims of a plan. */
#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "trimmer/file_trim.h"

#include <string.h>

static enum plan_risk to_plan_risk(enum trim_risk risk)
{
	static const enum plan_risk RISKS[] = {
		[TRIM_RISK_NONE] = RISK_NONE,
		[TRIM_RISK_LOW] = RISK_LOW,
		[TRIM_RISK_MEDIUM] = RISK_MEDIUM,
		[TRIM_RISK_HIGH] = RISK_HIGH,
	};

	return RISKS[risk];
}

/* The first owner that stays, else the first. */
static pkg_id owner_of(const struct plan *plan, file_id file)
{
	uint32_t at = 0;
	pkg_id owner, first = 0;

	while (demand_next_holder(plan->graph, file, &at, &owner)) {
		if (plan_keeps(plan, owner))
			return owner;
		first = first ? first : owner;
	}
	return first;
}

static int by_path(const void *a, const void *b, void *arg)
{
	const struct plan_file *x = a, *y = b;
	const struct graph *g = arg;

	return strcmp(graph_text(g, g->files[x->file].path),
		      graph_text(g, g->files[y->file].path));
}

/* Rules that take nothing are no items; *index_of: from the rule to its item. */
static void add_trims(struct plan *plan, const struct file_trim_result *result,
		      uint32_t *index_of)
{
	const struct trim_rules *rules = plan->options.trims;
	_cleanup_(freep) uint32_t *files =
		mem_calloc(rules->rules.len + 1, sizeof(uint32_t));

	for (file_id f = 1; f <= plan->graph->file_count; f++)
		if (result->rule_of[f] != TRIM_NONE)
			files[result->rule_of[f]]++;
	array_each (&rules->rules, i) {
		const struct trim_rule *rule = rules->rules.data[i];

		if (files[i] == 0)
			continue;
		index_of[i] = (uint32_t)plan->trims.len;
		array_push(&plan->trims,
			   (struct plan_trim){
				   .id = rule->id,
				   .title = rule->title,
				   .why = rule->why,
				   .mechanism = trim_mechanism_name(rule->mechanism),
				   .risk = to_plan_risk(rule->risk),
				   .risk_reason = rule->risk_reason,
				   .rpm_verify = rule->rpm_verify,
				   .restore = rule->restore,
				   .features_lost = rule->features,
				   .files = files[i],
			   });
	}
}

static void add_files(struct plan *plan, const struct file_trim_result *result,
		      const uint32_t *index_of)
{
	const struct graph *g = plan->graph;

	for (file_id f = 1; f <= g->file_count; f++) {
		struct plan_file item = { .file = f,
					  .disk_bytes = result->freed_bytes[f] };

		if (result->rule_of[f] == TRIM_NONE)
			continue;
		item.trim = index_of[result->rule_of[f]];
		item.package = owner_of(plan, f);
		if (idset_has(&result->frees, f))
			item.compressed_bytes = g->files[f].compressed_bytes;
		plan->trims.data[item.trim].disk_bytes += item.disk_bytes;
		plan->trims.data[item.trim].compressed_bytes += item.compressed_bytes;
		plan->trim_bytes_freed += item.disk_bytes;
		plan->trim_compressed_bytes_freed += item.compressed_bytes;
		array_push(&plan->files, item);
	}
	array_sort_with(&plan->files, by_path, (void *)g);
}

void plan_find_trims(struct plan_work *work)
{
	struct plan *plan = work->plan;
	const struct trim_rules *rules = plan->options.trims;
	struct file_trim_query query = {
		.graph = work->g,
		.closure = plan->closure,
		.removed = &plan->removed,
		.intent = work->intent,
		.rules = rules,
		.facts = plan->options.facts,
		.locales = plan->options.locales,
		.locale_count = plan->options.locale_count,
		.only = plan->options.only,
		.only_count = plan->options.only_count,
	};
	_cleanup_(file_trim_release) struct file_trim_result result = { 0 };
	_cleanup_(freep) uint32_t *index_of = NULL;

	if (!rules || rules->rules.len == 0 || work->g->image.metadata_only)
		return;
	file_trim_find(&query, &result);
	index_of = mem_calloc(rules->rules.len, sizeof(uint32_t));
	add_trims(plan, &result, index_of);
	add_files(plan, &result, index_of);
}

void plan_find_waste(struct plan *plan)
{
	const struct graph *g = plan->graph;
	struct idset gone;

	idset_init(&gone, g->file_count + 1u);
	for (file_id f = 1; f <= g->file_count; f++)
		if (weigh_takes(g, f, &plan->removed))
			idset_add(&gone, f);
	array_each (&plan->files, i)
		idset_add(&gone, plan->files.data[i].file);
	waste_find(g, &gone, &plan->waste);
	idset_release(&gone);
}

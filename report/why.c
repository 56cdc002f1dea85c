#include "report/why.h"

#include "base/text.h"
#include "report/node.h"
#include "report/plan_text_memory.h"

#define NEEDERS_SHOWN 12

/* A package that has the file and stays; 0: none. */
static uint32_t kept_owner(const struct plan *plan, uint32_t node)
{
	const struct graph *g = plan->graph;

	if (!graph_node_is_file(g, node))
		return 0;
	for (uint32_t i = g->owner_start[node]; i < g->owner_start[node + 1]; i++)
		if (idset_has(&plan->kept, g->owners[i].package))
			return graph_package_node(g, g->owners[i].package);
	return 0;
}

void why_make(const struct planning *planning, uint32_t node, struct why *ret)
{
	const struct plan *plan = planning->plan;
	struct relations_query query = { .start = node, .reverse = true, .depth = 1 };

	*ret = (struct why){ .planning = planning, .node = node, .explained = node };
	relations_find(plan->graph, &query, &ret->needers);
	closure_explain(plan->closure, node, &ret->chain);
	if (ret->chain.len > 0)
		return;
	ret->explained = kept_owner(plan, node);
	if (ret->explained) {
		ret->verdict = WHY_PACKAGE;
		closure_explain(plan->closure, ret->explained, &ret->chain);
	} else if (graph_node_is_file(plan->graph, node) &&
		   !graph_file_owner(plan->graph, node)) {
		ret->verdict = WHY_UNOWNED;
	} else {
		ret->verdict = WHY_FREE;
	}
}

void why_release(struct why *why)
{
	array_release(&why->chain);
	relations_release(&why->needers);
}

/* One step: who is behind it, the words, and where they stand. */
static void put_step(const struct why *why, const struct closure_step *step,
		     struct strbuf *out)
{
	const struct plan *plan = why->planning->plan;
	_cleanup_(freep) char *text = plan_step_text(plan->graph, plan->intent, step);
	_cleanup_(freep) char *place = plan_step_place(plan->graph, plan->intent, step);

	strbuf_puts(out, "  <- ");
	if (step->cause.kind != CAUSE_ROOT) {
		text_printable(out, node_name(plan->graph, step->cause.from));
		strbuf_puts(out, ": ");
	}
	strbuf_puts(out, text);
	strbuf_puts(out, "  [");
	text_printable(out, place);
	strbuf_puts(out, "]\n");
}

void why_put_chain(const struct why *why, struct strbuf *out)
{
	array_each (&why->chain, i)
		put_step(why, &why->chain.data[i], out);
}

static void put_needer(const struct graph *g, const struct relation *relation,
		       struct strbuf *out)
{
	const char *verb, *words;

	if (relation->is_edge) {
		verb = edge_kind_name(g->edges[relation->index].kind);
		words = graph_text(g, g->edges[relation->index].cite_text);
	} else {
		verb = req_strength_name(g->requirements[relation->index].strength);
		words = graph_text(g, g->requirements[relation->index].text);
	}
	strbuf_puts(out, "  ");
	text_printable(out, node_name(g, relation->from));
	strbuf_printf(out, ": %s ", verb);
	text_printable(out, words);
	strbuf_putc(out, '\n');
}

static void put_needers(const struct why *why, struct strbuf *out)
{
	const struct graph *g = why->planning->plan->graph;
	size_t shown = MIN2(why->needers.list.len, (size_t)NEEDERS_SHOWN);

	if (shown == 0) {
		strbuf_puts(out, "Nothing else in the root needs it either.\n");
		return;
	}
	strbuf_puts(out, "It is needed only by what can go, too:\n");
	for (size_t i = 0; i < shown; i++)
		put_needer(g, &why->needers.list.data[i], out);
	if (shown < why->needers.list.len)
		strbuf_printf(out,
			      "  ... and %zu more ('tare needs --reverse' has all)\n",
			      why->needers.list.len - shown);
}

static const struct {
	const char *key, *text;
	enum style_mark mark;
} VERDICTS[] = {
	[WHY_NEEDED] = { "needed", " stays", MARK_GOOD },
	[WHY_PACKAGE] = { "package", " stays with its package: nothing needs it itself",
			  MARK_GOOD },
	[WHY_UNOWNED] = { "unowned",
			  " stays: nothing needs it, but no package owns it, so no plan "
			  "for "
			  "packages touches it",
			  MARK_WARN },
	[WHY_FREE] = { "free", " can go: nothing that must stay needs it", MARK_WARN },
};

/* Does the closure follow this relation? The shortest chain shows one of those. */
static bool is_reached(const struct why *why, const struct relation *relation)
{
	const struct plan *plan = why->planning->plan;

	if (!idset_has(&plan->closure->reached, relation->from))
		return false;
	if (relation->is_edge)
		return demand_honours(plan->graph, &plan->demand_options,
				      &plan->graph->edges[relation->index]);
	return demand_counts(&plan->demand_options,
			     &plan->graph->requirements[relation->index]);
}

/* All who need it and stay, each with the chain from there. */
static void put_all(const struct why *why, struct strbuf *out)
{
	const struct plan *plan = why->planning->plan;

	array_each (&why->needers.list, i) {
		const struct relation *relation = &why->needers.list.data[i];
		closure_chain chain = { 0 };

		if (!is_reached(why, relation))
			continue;
		strbuf_puts(out, "\nalso for\n");
		put_needer(plan->graph, relation, out);
		closure_explain(plan->closure, relation->from, &chain);
		array_each (&chain, k)
			put_step(why, &chain.data[k], out);
		array_release(&chain);
	}
}

void why_print(const struct why *why, const struct style *style, bool all,
	       struct strbuf *out)
{
	const struct graph *g = why->planning->plan->graph;

	strbuf_puts(out, "Profiles: ");
	planning_say_profiles(why->planning, out);
	strbuf_putc(out, '\n');
	style_bytes(out, style, MARK_HEAD, node_name(g, why->node));
	style_puts(out, style, VERDICTS[why->verdict].mark, VERDICTS[why->verdict].text);
	strbuf_putc(out, '\n');
	if (why->verdict == WHY_PACKAGE) {
		style_bytes(out, style, MARK_HEAD, node_name(g, why->explained));
		strbuf_puts(out, " stays\n");
	}
	why_put_chain(why, out);
	plan_text_starts(why->planning->plan, why->node, out);
	if (why->verdict == WHY_FREE)
		put_needers(why, out);
	else if (all)
		put_all(why, out);
}

static json_t *step_json(const struct why *why, const struct closure_step *step)
{
	const struct plan *plan = why->planning->plan;
	_cleanup_(freep) char *text = plan_step_text(plan->graph, plan->intent, step);
	_cleanup_(freep) char *place = plan_step_place(plan->graph, plan->intent, step);
	json_t *json = json_object();

	json_put(json, "node", json_bytes(node_name(plan->graph, step->node)));
	json_put(json, "text", json_bytes(text));
	json_put(json, "place", json_bytes(place));
	return json;
}

json_t *why_json(const struct why *why)
{
	const struct graph *g = why->planning->plan->graph;
	json_t *json = json_object(), *chain = json_array(), *profiles = json_array();
	struct table table;

	array_each (&why->planning->intent->profiles, i)
		json_push(profiles, json_bytes(why->planning->intent->profiles.data[i]));
	array_each (&why->chain, i)
		json_push(chain, step_json(why, &why->chain.data[i]));
	relations_table(g, &why->needers, false, &table);
	json_put(json, "schema", json_string("tare-why/1"));
	json_put(json, "subject", json_bytes(node_name(g, why->node)));
	json_put(json, "profiles", profiles);
	json_put(json, "profile_assumed", json_boolean(why->planning->assumed));
	json_put(json, "stays", json_boolean(why->verdict != WHY_FREE));
	json_put(json, "verdict", json_string(VERDICTS[why->verdict].key));
	json_put(json, "explained",
		 why->explained ? json_bytes(node_name(g, why->explained)) : json_null());
	json_put(json, "chain", chain);
	json_put(json, "starts", plan_json_starts(why->planning->plan, why->node));
	json_put(json, "needed_by", table_json(&table));
	table_release(&table);
	return json;
}

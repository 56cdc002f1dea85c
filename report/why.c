#include "report/why.h"

#include "base/text.h"
#include "report/node.h"

#define NEEDERS_SHOWN 12

void why_make(const struct planning *planning, uint32_t node, struct why *ret)
{
	const struct plan *plan = planning->plan;
	struct relations_query query = { .start = node, .reverse = true, .depth = 1 };

	*ret = (struct why){ .planning = planning, .node = node };
	closure_explain(plan->closure, node, &ret->chain);
	ret->stays = ret->chain.len > 0;
	relations_find(plan->graph, &query, &ret->needers);
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

static void put_chain(const struct why *why, const struct style *style,
		      struct strbuf *out)
{
	const struct graph *g = why->planning->plan->graph;

	style_bytes(out, style, MARK_HEAD, node_name(g, why->node));
	style_puts(out, style, MARK_GOOD, " stays");
	strbuf_putc(out, '\n');
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

static void put_not_needed(const struct why *why, const struct style *style,
			   struct strbuf *out)
{
	const struct graph *g = why->planning->plan->graph;
	size_t shown = MIN2(why->needers.list.len, (size_t)NEEDERS_SHOWN);

	style_bytes(out, style, MARK_HEAD, node_name(g, why->node));
	style_puts(out, style, MARK_WARN, " can go");
	strbuf_puts(out, ": nothing that must stay needs it\n");
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

void why_print(const struct why *why, const struct style *style, struct strbuf *out)
{
	strbuf_puts(out, "Profiles: ");
	planning_say_profiles(why->planning, out);
	strbuf_puts(out, "\n");
	if (why->stays)
		put_chain(why, style, out);
	else
		put_not_needed(why, style, out);
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
	json_put(json, "stays", json_boolean(why->stays));
	json_put(json, "chain", chain);
	json_put(json, "needed_by", table_json(&table));
	table_release(&table);
	return json;
}

/*
 * Why a daemon goes on starting, although somebody may think that nothing needs it. The
 * rule itself is at plan_find_services().
 */
#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/text.h"

#include <string.h>

static bool is_reached(const struct plan *plan, uint32_t node)
{
	return idset_has(&plan->closure->reached, node);
}

/* An edge that says no more than that somebody enabled the unit. */
static bool is_enabling(const struct graph *g, const struct graph_edge *edge)
{
	return edge->strength == EDGE_POSSIBLE && startup_is_start(g, edge);
}

/* Does anything that is reached point to the file, other than by enabling it? */
static bool is_pointed_at(const struct plan *plan, file_id file, uint32_t *ret_edge)
{
	const struct graph *g = plan->graph;

	for (uint32_t i = g->edge_in_start[file]; i < g->edge_in_start[file + 1]; i++) {
		*ret_edge = g->edge_in[i];
		if (is_reached(plan, g->edges[*ret_edge].from) &&
		    !is_enabling(g, &g->edges[*ret_edge]))
			return true;
	}
	return false;
}

/* The file itself is reached, or something that is reached points to it. */
static bool is_needed(const struct plan *plan, file_id file, enum plan_start_kind reached,
		      struct plan_start *ret)
{
	if (is_reached(plan, file))
		*ret = (struct plan_start){ (uint8_t)reached, file, 0 };
	else if (is_pointed_at(plan, file, &ret->edge))
		*ret = (struct plan_start){ START_NAMED, file, ret->edge };
	return ret->kind != START_NOT;
}

/* The unit and the links that lead to it: aliases, enabling links. */
static bool unit_is_needed(const struct plan *plan, file_id unit, struct plan_start *ret)
{
	const struct graph *g = plan->graph;

	if (is_needed(plan, unit, START_UNIT, ret))
		return true;
	for (uint32_t i = g->edge_in_start[unit]; i < g->edge_in_start[unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind == EDGE_SYMLINK && graph_node_is_file(g, edge->from) &&
		    is_needed(plan, edge->from, START_UNIT, ret))
			return true;
	}
	return false;
}

/* Nobody can say how many instances there are. */
static bool is_template(const struct graph *g, file_id unit)
{
	return strstr(graph_text(g, g->files[unit].path), "@.") != NULL;
}

struct plan_start plan_find_start(const struct plan *plan,
				  const struct startup_daemon *daemon)
{
	struct plan_start ret = { 0 };

	if (daemon->unit == 0)
		ret.kind = START_FIRST;
	else if (!plan_file_stays(plan, daemon->unit) ||
		 !plan_file_stays(plan, daemon->program))
		ret.kind = START_GOES;
	else if (is_template(plan->graph, daemon->unit))
		ret.kind = START_TEMPLATE;
	else if (!unit_is_needed(plan, daemon->unit, &ret))
		is_needed(plan, daemon->program, START_PROGRAM, &ret);
	return ret;
}

static void put(const struct plan *plan, struct strbuf *out, str_id text)
{
	text_printable(out, graph_text(plan->graph, text));
}

/* "symlink, hard: /lib/x [/etc/y:3]" */
static void put_edge(const struct plan *plan, uint32_t index, struct strbuf *out)
{
	const struct graph *g = plan->graph;
	const struct graph_edge *edge = &g->edges[index];
	file_id at = edge->cite_file;

	if (!at && graph_node_is_file(g, edge->from))
		at = edge->from;
	strbuf_printf(out, "%s, %s: ", edge_kind_name(edge->kind),
		      edge_strength_name(edge->strength));
	put(plan, out, edge->cite_text);
	if (!at)
		return;
	strbuf_puts(out, " [");
	put(plan, out, g->files[at].path);
	if (edge->cite_line)
		strbuf_printf(out, ":%u", edge->cite_line);
	strbuf_putc(out, ']');
}

static void put_node(const struct plan *plan, uint32_t node, struct strbuf *out)
{
	const struct graph *g = plan->graph;

	put(plan, out,
	    graph_node_is_file(g, node) ? g->files[node].path
					: g->packages[graph_node_package(g, node)].nevra);
}

/* The first step of the chain that keeps a node. */
static void put_cause(const struct plan *plan, uint32_t node, struct strbuf *out)
{
	closure_chain chain = { 0 };

	closure_explain(plan->closure, node, &chain);
	if (chain.len) {
		const struct closure_step *step = &chain.data[0];
		_cleanup_(freep) char *text =
			plan_step_text(plan->graph, plan->intent, step);
		_cleanup_(freep) char *place =
			plan_step_place(plan->graph, plan->intent, step);

		strbuf_puts(out, ": ");
		if (step->cause.kind != CAUSE_ROOT) {
			put_node(plan, step->cause.from, out);
			strbuf_puts(out, ": ");
		}
		strbuf_puts(out, text);
		strbuf_puts(out, " [");
		text_printable(out, place);
		strbuf_putc(out, ']');
	}
	array_release(&chain);
}

static const char *const WORDS[] = {
	[START_NOT] = "nothing that must stay needs it",
	[START_ASKED] = "no daemon is to be switched off (--keep-services)",
	[START_NO_BOOT] = "no profile says that this root boots, so nobody knows who "
			  "needs its daemons",
	[START_FIRST] = "it is the first process",
	[START_GOES] = "its unit or its program goes with its package",
	[START_TEMPLATE] = "its unit is a template: nobody can say which instances there "
			   "are",
	[START_UNIT] = "its unit must stay",
	[START_PROGRAM] = "its program must stay",
	[START_NAMED] = " stays and may use it",
	[START_REQUIRED] = " starts and fails without it",
};

char *plan_start_text(const struct plan *plan, size_t daemon)
{
	const struct plan_start *start = &plan->starts[daemon];
	bool is_edge = start->kind == START_NAMED || start->kind == START_REQUIRED;
	struct strbuf out = { 0 };

	if (is_edge)
		put_node(plan, plan->graph->edges[start->edge].from, &out);
	strbuf_puts(&out, WORDS[start->kind]);
	if (is_edge) {
		strbuf_puts(&out, ": ");
		put_edge(plan, start->edge, &out);
	} else if (start->kind == START_UNIT || start->kind == START_PROGRAM) {
		put_cause(plan, start->node, &out);
	}
	return strbuf_detach(&out);
}

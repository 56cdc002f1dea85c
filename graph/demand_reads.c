#include "graph/demand_compile.h"

static void add_clause(struct demand *d, uint32_t edge, pkg_id owner)
{
	const struct graph_edge *e = &d->graph->edges[edge];
	struct demand_clause clause = {
		.at = (uint32_t)d->variables.len,
		.conditions = 2,
		.choices = 1,
		.requirement = DEMAND_NO_REQUIREMENT,
		.edge = edge + 1,
	};

	array_push(&d->variables, e->from);
	array_push(&d->variables, graph_package_node(d->graph, owner));
	array_push(&d->variables, e->to);
	array_push(&d->clauses, clause);
}

void demand_reads(struct demand *d)
{
	const struct graph *g = d->graph;

	for (uint32_t i = 0; i < g->edge_count; i++) {
		const struct graph_edge *edge = &g->edges[i];
		uint32_t at = 0;
		pkg_id owner;

		if (edge->kind != EDGE_READS || !graph_node_is_file(g, edge->to) ||
		    !demand_strong(g, &d->options, edge))
			continue;
		while (demand_next_holder(g, edge->to, &at, &owner))
			add_clause(d, i, owner);
	}
}

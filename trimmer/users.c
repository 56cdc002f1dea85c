#include "trimmer/users.h"

#include "base/mem.h"
#include "base/text.h"
#include "graph/startup.h"

/* Edges of the graph lie by their source: sorted indexes are sorted sources. */
static int by_index(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void finish(const struct graph *g, struct users *users)
{
	size_t kept = 0;

	array_sort(&users->edges, by_index);
	array_each (&users->edges, i) {
		uint32_t edge = users->edges.data[i];

		if (kept == 0 ||
		    g->edges[users->edges.data[kept - 1]].from != g->edges[edge].from)
			users->edges.data[kept++] = edge;
	}
	users->edges.len = kept;
}

static bool counts(const struct users_query *query, const struct graph_edge *edge)
{
	return !(query->without_possible && edge->strength == EDGE_POSSIBLE) &&
	       query->stays(query->arg, edge->from);
}

void users_of_file(const struct users_query *query, file_id file, struct users *ret)
{
	const struct graph *g = query->g;

	for (uint32_t i = g->edge_in_start[file]; i < g->edge_in_start[file + 1]; i++) {
		uint32_t edge = g->edge_in[i];

		if (g->edges[edge].from != file && counts(query, &g->edges[edge]))
			array_push(&ret->edges, edge);
	}
	finish(g, ret);
}

static void add_pointers(const struct users_query *query, file_id file, file_id unit,
			 struct users *ret)
{
	const struct graph *g = query->g;

	for (uint32_t i = g->edge_in_start[file]; i < g->edge_in_start[file + 1]; i++) {
		uint32_t index = g->edge_in[i];
		const struct graph_edge *edge = &g->edges[index];

		if (edge->from != unit && edge->kind != EDGE_SYMLINK &&
		    edge->kind != EDGE_UNIT_EXEC && !startup_is_start(g, edge) &&
		    counts(query, edge))
			array_push(&ret->edges, index);
	}
}

void users_of_service(const struct users_query *query, file_id unit, file_id program,
		      struct users *ret)
{
	const struct graph *g = query->g;

	add_pointers(query, unit, unit, ret);
	if (program)
		add_pointers(query, program, unit, ret);
	for (uint32_t i = g->edge_in_start[unit]; i < g->edge_in_start[unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind == EDGE_SYMLINK && graph_node_is_file(g, edge->from))
			add_pointers(query, edge->from, unit, ret);
	}
	finish(g, ret);
}

void users_release(struct users *users)
{
	array_release(&users->edges);
}

char *users_name(const struct graph *g, uint32_t edge)
{
	uint32_t node = g->edges[edge].from;

	return text_printable_dup(
		graph_text(g, graph_node_is_file(g, node)
				      ? g->files[node].path
				      : g->packages[graph_node_package(g, node)].name));
}

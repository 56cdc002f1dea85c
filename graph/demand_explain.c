#include "graph/demand.h"

#include "base/mem.h"

struct explainer {
	const struct graph *g;
	const struct demand_options *options;
	const struct idset *reached;
	uint32_t *used_by; /* by package: the last package whose files use it */
	uint32_t *seen;	   /* by requirement node: last search that met it */
	uint32_t search;
	ARRAY_OF(node_id) stack, parts;
};

static bool is_reached(const struct explainer *e, uint32_t node)
{
	return !e->reached || idset_has(e->reached, node);
}

/* Mark the owners of what the file's edges lead to; of a file that is not reached only
 * the loader's edges count. */
static void mark_used(struct explainer *e, pkg_id p, file_id file)
{
	const struct graph *g = e->g;
	bool reached = is_reached(e, file);

	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];

		if (!(reached && demand_honours(g, e->options, edge)) &&
		    !demand_is_loader(edge))
			continue;
		if (!graph_node_is_file(g, edge->to)) {
			e->used_by[graph_node_package(g, edge->to)] = p;
			continue;
		}
		for (uint32_t k = g->owner_start[edge->to];
		     k < g->owner_start[edge->to + 1]; k++)
			e->used_by[g->owners[k].package] = p;
	}
}

static void push_unseen(struct explainer *e, node_id n)
{
	if (n == 0 || e->seen[n] == e->search)
		return;
	e->seen[n] = e->search;
	array_push(&e->stack, n);
}

static bool capability_is_used(const struct explainer *e, pkg_id p, cap_id cap)
{
	for (uint32_t i = e->g->provider_start[cap]; i < e->g->provider_start[cap + 1];
	     i++)
		if (e->used_by[e->g->providers[i].package] == p)
			return true;
	return false;
}

/* Is a provider of some leaf used? What is behind "if" is a condition, not a use. */
static bool part_is_used(struct explainer *e, pkg_id p, node_id part)
{
	e->search++;
	e->stack.len = 0;
	push_unseen(e, part);
	while (e->stack.len > 0) {
		const struct graph_req_node *node =
			&e->g->req_nodes[array_pop(&e->stack)];

		if (node->op == NODE_CAPABILITY) {
			if (capability_is_used(e, p, node->capability))
				return true;
			continue;
		}
		push_unseen(e, node->left);
		push_unseen(e, node->otherwise);
		if (node->op != NODE_IF && node->op != NODE_UNLESS)
			push_unseen(e, node->right);
	}
	return false;
}

static void split(struct explainer *e, node_id root)
{
	e->search++;
	e->stack.len = e->parts.len = 0;
	push_unseen(e, root);
	while (e->stack.len > 0) {
		node_id n = array_pop(&e->stack);
		const struct graph_req_node *node = &e->g->req_nodes[n];

		if (node->op == NODE_AND) {
			push_unseen(e, node->right);
			push_unseen(e, node->left);
		} else {
			array_push(&e->parts, n);
		}
	}
}

/* All parts of a top-level "and" must be used. */
static bool is_explained(struct explainer *e, const struct graph_requirement *req)
{
	split(e, req->node);
	array_each (&e->parts, i) {
		if (!part_is_used(e, req->package, e->parts.data[i]))
			return false;
	}
	return true;
}

static void explain_package(struct explainer *e, pkg_id p, struct idset *ret)
{
	const struct graph *g = e->g;

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
		mark_used(e, p, g->owned[i]);
	for (uint32_t i = g->requirement_start[p]; i < g->requirement_start[p + 1]; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (demand_counts(e->options, req) && is_explained(e, req))
			idset_add(ret, i);
	}
}

void demand_explain(const struct graph *g, const struct demand_options *options,
		    const struct idset *reached, struct idset *ret)
{
	struct explainer e = { .g = g, .options = options, .reached = reached };

	if (g->image.metadata_only || g->edge_count == 0)
		return;
	e.used_by = mem_calloc(g->package_count + 1u, sizeof(uint32_t));
	e.seen = mem_calloc(g->req_node_count + 1u, sizeof(uint32_t));
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (is_reached(&e, graph_package_node(g, p)))
			explain_package(&e, p, ret);
	free(e.used_by);
	free(e.seen);
	array_release(&e.stack);
	array_release(&e.parts);
}

bool demand_unexplain(const struct graph *g, const struct demand_options *options,
		      const struct idset *reached, struct idset *explained)
{
	struct idset now;
	bool changed = false;

	idset_init(&now, g->requirement_count);
	demand_explain(g, options, reached, &now);
	idset_each (explained, i) {
		pkg_id p = g->requirements[i].package;

		if (idset_has(&now, i) || !idset_has(reached, graph_package_node(g, p)))
			continue;
		idset_remove(explained, i);
		changed = true;
	}
	idset_release(&now);
	return changed;
}

#include "graph/satisfied.h"

#include "base/mem.h"

static bool has_provider(const struct graph *g, cap_id capability,
			 const struct idset *packages)
{
	for (uint32_t i = g->provider_start[capability];
	     i < g->provider_start[capability + 1]; i++)
		if (idset_has(packages, g->providers[i].package))
			return true;
	return false;
}

static bool provides(const struct graph *g, pkg_id package,
		     const struct graph_req_node *node)
{
	for (uint32_t i = g->provider_start[node->capability];
	     i < g->provider_start[node->capability + 1]; i++)
		if (g->providers[i].package == package)
			return true;
	return false;
}

/* "a with b", "a without b": one package of both, or of the first alone. */
static bool has_one_package(const struct graph *g, const struct graph_req_node *node,
			    const struct idset *packages)
{
	const struct graph_req_node *left = &g->req_nodes[node->left];
	const struct graph_req_node *right = &g->req_nodes[node->right];

	for (uint32_t i = g->provider_start[left->capability];
	     i < g->provider_start[left->capability + 1]; i++)
		if (idset_has(packages, g->providers[i].package) &&
		    provides(g, g->providers[i].package, right) ==
			    (node->op == NODE_WITH))
			return true;
	return false;
}

static bool holds(const struct graph *g, const struct graph_req_node *node,
		  const struct idset *packages, const bool *known)
{
	bool left = known[node->left], right = known[node->right];
	bool is_plain = g->req_nodes[node->left].op == NODE_CAPABILITY &&
			g->req_nodes[node->right].op == NODE_CAPABILITY;

	switch (node->op) {
	case NODE_CAPABILITY:
		return has_provider(g, node->capability, packages);
	case NODE_OR:
		return left || right;
	case NODE_IF:
		return right ? left : !node->otherwise || known[node->otherwise];
	case NODE_UNLESS:
		return right ? node->otherwise && known[node->otherwise] : left;
	case NODE_WITH:
	case NODE_WITHOUT:
		if (is_plain)
			return has_one_package(g, node, packages);
		return left && (node->op == NODE_WITH ? right : !right);
	default: /* NODE_AND */
		return left && right;
	}
}

bool *satisfied_by(const struct graph *g, const struct idset *packages)
{
	bool *known = mem_calloc(g->req_node_count + 1u, sizeof(*known));

	/* children have smaller ids than their parents: the snapshot has checked it */
	for (node_id id = 1; id <= g->req_node_count; id++)
		known[id] = holds(g, &g->req_nodes[id], packages, known);
	return known;
}

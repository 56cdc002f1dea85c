#include "graph/demand_compile.h"

#include "base/macros.h"
#include "base/mem.h"

static bool is_with(uint8_t op)
{
	return op == NODE_WITH || op == NODE_WITHOUT;
}

/* From the roots down: which nodes RPM would look at as sets. */
static void mark_sets(struct demand_facts *facts, const struct graph *g)
{
	for (node_id n = g->req_node_count; n > 0; n--) {
		const struct graph_req_node *node = &g->req_nodes[n];
		bool below = facts->needs_set[n] && node->op == NODE_OR;

		if (is_with(node->op))
			facts->needs_set[n] = true;
		if (is_with(node->op) || below)
			facts->needs_set[node->left] = facts->needs_set[node->right] =
				true;
	}
}

/* What both sides give, by the operator: both sets are sorted, so the result is, too. */
static void combine(struct demand_facts *facts, const struct graph_req_node *node)
{
	uint32_t l = facts->set_at[node->left], r = facts->set_at[node->right];
	uint32_t l_end = l + facts->set_len[node->left];
	uint32_t r_end = r + facts->set_len[node->right];

	while (l < l_end || r < r_end) {
		pkg_id a = l < l_end ? facts->sets.data[l] : UINT32_MAX;
		pkg_id b = r < r_end ? facts->sets.data[r] : UINT32_MAX;
		bool wanted = node->op == NODE_OR     ? true
			      : node->op == NODE_WITH ? a == b
						      : a < b;

		if (wanted)
			array_push(&facts->sets, a < b ? a : b);
		l += a <= b;
		r += b <= a;
	}
}

static void make_set(struct demand_facts *facts, const struct graph *g,
		     const struct idset *present, node_id n)
{
	const struct graph_req_node *node = &g->req_nodes[n];

	facts->set_at[n] = (uint32_t)facts->sets.len;
	if (node->op == NODE_CAPABILITY) {
		cap_id cap = node->capability;

		for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1];
		     i++)
			if (!present || idset_has(present, g->providers[i].package))
				array_push(&facts->sets, g->providers[i].package);
	} else if (is_with(node->op) || node->op == NODE_OR) {
		combine(facts, node);
	}
	facts->set_len[n] = (uint32_t)facts->sets.len - facts->set_at[n];
}

static bool find_holds(const struct demand_facts *facts, const struct graph *g, node_id n)
{
	const struct graph_req_node *node = &g->req_nodes[n];
	bool left = facts->holds[node->left], right = facts->holds[node->right];
	bool otherwise = facts->holds[node->otherwise];

	switch ((enum node_operator)node->op) {
	case NODE_AND:
		return left && right;
	case NODE_OR:
		return left || right;
	case NODE_IF:
		return right ? left : node->otherwise == 0 || otherwise;
	case NODE_UNLESS:
		return right ? node->otherwise != 0 && otherwise : left;
	case NODE_CAPABILITY:
	case NODE_WITH:
	case NODE_WITHOUT:
		return facts->set_len[n] > 0;
	}
	return false;
}

static void find_shape(struct demand_facts *facts, const struct graph *g, node_id n)
{
	const struct graph_req_node *node = &g->req_nodes[n];
	bool *monotone = facts->monotone, *sayable = facts->sayable;

	switch ((enum node_operator)node->op) {
	case NODE_CAPABILITY:
	case NODE_WITH:
	case NODE_WITHOUT:
		monotone[n] = sayable[n] = true;
		break;
	case NODE_AND:
	case NODE_OR:
		monotone[n] = monotone[node->left] && monotone[node->right];
		sayable[n] = sayable[node->left] && sayable[node->right];
		break;
	case NODE_IF:
		sayable[n] = sayable[node->left] && monotone[node->right] &&
			     (node->otherwise == 0 || sayable[node->otherwise]);
		break;
	case NODE_UNLESS:
		break;
	}
}

void demand_facts_init(struct demand_facts *facts, const struct graph *g,
		       const struct idset *present)
{
	size_t n = g->req_node_count + 1u;

	*facts = (struct demand_facts){
		.holds = mem_calloc(n, sizeof(bool)),
		.monotone = mem_calloc(n, sizeof(bool)),
		.sayable = mem_calloc(n, sizeof(bool)),
		.needs_set = mem_calloc(n, sizeof(bool)),
		.set_at = mem_calloc(n, sizeof(uint32_t)),
		.set_len = mem_calloc(n, sizeof(uint32_t)),
	};
	/* every capability's packages as a plain array, for demand_facts_set() */
	for (node_id i = 1; i <= g->req_node_count; i++)
		facts->needs_set[i] = g->req_nodes[i].op == NODE_CAPABILITY;
	mark_sets(facts, g);
	for (node_id i = 1; i <= g->req_node_count; i++) {
		if (facts->needs_set[i])
			make_set(facts, g, present, i);
		facts->holds[i] = find_holds(facts, g, i);
		find_shape(facts, g, i);
	}
}

void demand_facts_release(struct demand_facts *facts)
{
	free(facts->holds);
	free(facts->monotone);
	free(facts->sayable);
	free(facts->needs_set);
	free(facts->set_at);
	free(facts->set_len);
	array_release(&facts->sets);
}

struct demand_set demand_facts_set(const struct demand_facts *facts, node_id node)
{
	return (struct demand_set){
		.packages = facts->sets.data + facts->set_at[node],
		.len = facts->set_len[node],
	};
}

bool *demand_evaluate(const struct graph *g, const struct idset *present)
{
	struct demand_facts facts;
	bool *holds;

	demand_facts_init(&facts, g, present);
	holds = steal_ptr(&facts.holds);
	demand_facts_release(&facts);
	return holds;
}

void demand_leaves_init(struct demand_leaves *leaves, const struct graph *g)
{
	*leaves = (struct demand_leaves){
		.seen = mem_calloc(g->req_node_count + 1u, sizeof(uint32_t)),
	};
}

void demand_leaves_release(struct demand_leaves *leaves)
{
	free(leaves->seen);
	array_release(&leaves->caps);
	array_release(&leaves->stack);
}

static void push_leaf(struct demand_leaves *leaves, node_id n)
{
	if (n == 0 || leaves->seen[n] == leaves->search)
		return;
	leaves->seen[n] = leaves->search;
	array_push(&leaves->stack, n);
}

void demand_leaves_find(struct demand_leaves *leaves, const struct graph *g, node_id root)
{
	leaves->search++;
	leaves->caps.len = leaves->stack.len = 0;
	push_leaf(leaves, root);
	while (leaves->stack.len > 0) {
		const struct graph_req_node *node =
			&g->req_nodes[array_pop(&leaves->stack)];

		if (node->capability)
			array_push(&leaves->caps, node->capability);
		push_leaf(leaves, node->otherwise);
		push_leaf(leaves, node->right);
		push_leaf(leaves, node->left);
	}
}

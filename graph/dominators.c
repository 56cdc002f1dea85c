#include "graph/dominators.h"

#include "base/array.h"

#include <stdbool.h>

struct frame {
	uint32_t node, next;
};

struct flow {
	uint32_t n;
	const uint32_t *start, *to;
	uint32_t *order; /* reverse postorder: order[0] is the root */
	uint32_t *rank;	 /* of a node in it, DOMINATOR_NONE where not reached */
	uint32_t reached;
	uint32_t *in_start, *in; /* the edges turned round */
	uint32_t *idom;		 /* by node */
};

/* Postorder from behind: order is filled from its end. */
static void number_nodes(struct flow *f, uint32_t root)
{
	ARRAY_OF(struct frame) calls = { 0 };
	uint32_t place = f->n;

	for (uint32_t v = 0; v < f->n; v++)
		f->rank[v] = DOMINATOR_NONE;
	f->rank[root] = 0;
	array_push(&calls, (struct frame){ .node = root, .next = f->start[root] });
	while (calls.len > 0) {
		struct frame *top = &calls.data[calls.len - 1];
		uint32_t target;

		if (top->next == f->start[top->node + 1]) {
			f->order[--place] = top->node;
			calls.len--;
			continue;
		}
		target = f->to[top->next++];
		if (f->rank[target] != DOMINATOR_NONE)
			continue;
		f->rank[target] = 0;
		array_push(&calls,
			   (struct frame){ .node = target, .next = f->start[target] });
	}
	array_release(&calls);
	f->reached = f->n - place;
	for (uint32_t i = 0; i < f->reached; i++) {
		f->order[i] = f->order[place + i];
		f->rank[f->order[i]] = i;
	}
}

static void turn_round(struct flow *f)
{
	f->in_start = mem_calloc(f->n + 2u, sizeof(uint32_t));
	f->in = mem_calloc(f->start[f->n] + 1u, sizeof(uint32_t));
	for (uint32_t i = 0; i < f->start[f->n]; i++)
		f->in_start[f->to[i] + 2]++;
	for (uint32_t v = 2; v <= f->n + 1; v++)
		f->in_start[v] += f->in_start[v - 1];
	for (uint32_t v = 0; v < f->n; v++)
		for (uint32_t i = f->start[v]; i < f->start[v + 1]; i++)
			f->in[f->in_start[f->to[i] + 1]++] = v;
}

/* The nearest node that dominates both. */
static uint32_t meet(const struct flow *f, uint32_t a, uint32_t b)
{
	while (a != b) {
		while (f->rank[a] > f->rank[b])
			a = f->idom[a];
		while (f->rank[b] > f->rank[a])
			b = f->idom[b];
	}
	return a;
}

static bool improve(struct flow *f, uint32_t node)
{
	uint32_t best = DOMINATOR_NONE;

	for (uint32_t i = f->in_start[node]; i < f->in_start[node + 1]; i++) {
		uint32_t from = f->in[i];

		if (f->rank[from] == DOMINATOR_NONE || f->idom[from] == DOMINATOR_NONE)
			continue;
		best = best == DOMINATOR_NONE ? from : meet(f, from, best);
	}
	if (f->idom[node] == best)
		return false;
	f->idom[node] = best;
	return true;
}

uint32_t dominators_find(uint32_t n, const uint32_t *start, const uint32_t *to,
			 uint32_t root, uint32_t *ret_idom, uint32_t *ret_order)
{
	struct flow f = {
		.n = n,
		.start = start,
		.to = to,
		.order = mem_calloc(n, sizeof(uint32_t)),
		.rank = mem_calloc(n, sizeof(uint32_t)),
		.idom = ret_idom,
	};
	bool changed = true;

	number_nodes(&f, root);
	turn_round(&f);
	for (uint32_t v = 0; v < n; v++)
		f.idom[v] = DOMINATOR_NONE;
	f.idom[root] = root;
	while (changed) {
		changed = false;
		for (uint32_t i = 1; i < f.reached; i++)
			changed |= improve(&f, f.order[i]);
	}
	for (uint32_t i = 0; ret_order && i < f.reached; i++)
		ret_order[i] = f.order[i];
	free(f.order);
	free(f.rank);
	free(f.in_start);
	free(f.in);
	return f.reached;
}

void dominators_add_up(uint32_t reached, const uint32_t *idom, const uint32_t *order,
		       uint64_t *values)
{
	for (uint32_t i = reached; i-- > 1;)
		values[idom[order[i]]] += values[order[i]];
}

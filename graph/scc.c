#include "graph/scc.h"

#include "base/array.h"
#include "base/macros.h"

#include <stdbool.h>

#define UNSEEN UINT32_MAX

struct frame {
	uint32_t node, next; /* next: place in "to" that is looked at when it is on top */
};

struct tarjan {
	const uint32_t *start, *to;
	uint32_t *component;
	uint32_t *number; /* order of the visit */
	uint32_t *low;	  /* lowest number that the subtree leads back to */
	ARRAY_OF(struct frame) calls;
	ARRAY_OF(uint32_t) open; /* visited, component not known */
	uint32_t visits, count;
};

static void enter(struct tarjan *t, uint32_t node)
{
	t->number[node] = t->low[node] = t->visits++;
	array_push(&t->open, node);
	array_push(&t->calls, (struct frame){ .node = node, .next = t->start[node] });
}

static void close_component(struct tarjan *t, uint32_t node)
{
	uint32_t member;

	do {
		member = array_pop(&t->open);
		t->component[member] = t->count;
	} while (member != node);
	t->count++;
}

/* All edges of the node on top are done: hand its low number to the one below. */
static void leave(struct tarjan *t)
{
	uint32_t node = array_pop(&t->calls).node;

	if (t->low[node] == t->number[node])
		close_component(t, node);
	if (t->calls.len > 0) {
		uint32_t parent = t->calls.data[t->calls.len - 1].node;

		t->low[parent] = MIN2(t->low[parent], t->low[node]);
	}
}

static void visit(struct tarjan *t, uint32_t root)
{
	enter(t, root);
	while (t->calls.len > 0) {
		struct frame *top = &t->calls.data[t->calls.len - 1];
		uint32_t target;

		if (top->next == t->start[top->node + 1]) {
			leave(t);
			continue;
		}
		target = t->to[top->next++];
		if (t->number[target] == UNSEEN)
			enter(t, target);
		else if (t->component[target] == UNSEEN)
			t->low[top->node] = MIN2(t->low[top->node], t->number[target]);
	}
}

uint32_t scc_find(uint32_t n, const uint32_t *start, const uint32_t *to, uint32_t *ret)
{
	struct tarjan t = {
		.start = start,
		.to = to,
		.component = ret,
		.number = mem_calloc(n, sizeof(uint32_t)),
		.low = mem_calloc(n, sizeof(uint32_t)),
	};

	for (uint32_t v = 0; v < n; v++)
		ret[v] = t.number[v] = UNSEEN;
	for (uint32_t v = 0; v < n; v++)
		if (t.number[v] == UNSEEN)
			visit(&t, v);
	free(t.number);
	free(t.low);
	array_release(&t.calls);
	array_release(&t.open);
	return t.count;
}

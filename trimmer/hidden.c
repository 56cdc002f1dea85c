#include "trimmer/hidden.h"

/* Packages that the requirements of one lead to; made when first asked for. */
struct declared {
	const struct graph *g;
	pkg_id of; /* 0: none yet */
	struct idset reached;
	ARRAY_OF(pkg_id) queue;
};

static void add_providers(struct declared *d, cap_id capability)
{
	const struct graph *g = d->g;

	for (uint32_t i = g->provider_start[capability];
	     i < g->provider_start[capability + 1]; i++)
		if (idset_add(&d->reached, g->providers[i].package))
			array_push(&d->queue, g->providers[i].package);
}

/* All leaves of one expression, whatever its operators: any of them is a declaration. */
static void add_leaves(struct declared *d, node_id root)
{
	ARRAY_OF(node_id) open = { 0 };

	array_push(&open, root);
	while (open.len > 0) {
		const struct graph_req_node *node = &d->g->req_nodes[array_pop(&open)];

		if (node->capability)
			add_providers(d, node->capability);
		if (node->left)
			array_push(&open, node->left);
		if (node->right)
			array_push(&open, node->right);
		if (node->otherwise)
			array_push(&open, node->otherwise);
	}
	array_release(&open);
}

static void follow(struct declared *d, pkg_id package)
{
	const struct graph *g = d->g;

	idset_clear(&d->reached);
	d->of = package;
	d->queue.len = 0;
	idset_add(&d->reached, package);
	array_push(&d->queue, package);
	for (size_t at = 0; at < d->queue.len; at++) {
		pkg_id p = d->queue.data[at];

		for (uint32_t i = g->requirement_start[p];
		     i < g->requirement_start[p + 1]; i++)
			if (g->requirements[i].strength == REQ_REQUIRES)
				add_leaves(d, g->requirements[i].node);
	}
}

static bool is_declared(struct declared *d, pkg_id user, pkg_id provider)
{
	if (d->of != user)
		follow(d, user);
	return idset_has(&d->reached, provider);
}

/* The one package that owns the file; 0 when it has none or several. */
static pkg_id only_owner(const struct graph *g, uint32_t node)
{
	if (!graph_node_is_file(g, node))
		return 0;
	return g->owner_start[node + 1] - g->owner_start[node] == 1
		       ? g->owners[g->owner_start[node]].package
		       : 0;
}

static int hidden_order(const void *va, const void *vb)
{
	const struct hidden *a = va, *b = vb;

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	if (a->provider != b->provider)
		return a->provider < b->provider ? -1 : 1;
	return a->edge < b->edge ? -1 : a->edge > b->edge;
}

/* Candidates: edges between files of two packages, strong ones of reached files. */
static void collect(const struct graph *g, const struct closure *closure,
		    hidden_list *ret)
{
	for (uint32_t i = 0; i < g->edge_count; i++) {
		const struct graph_edge *e = &g->edges[i];
		struct hidden h = { only_owner(g, e->from), only_owner(g, e->to), i, 1 };

		if (!h.user || !h.provider || h.user == h.provider ||
		    e->strength == EDGE_POSSIBLE || e->kind == EDGE_READS)
			continue;
		if (closure && !idset_has(&closure->reached, e->from))
			continue;
		array_push(ret, h);
	}
	array_sort(ret, hidden_order);
}

/* One row for each pair: the strongest edge speaks for all. */
static void merge(const struct graph *g, hidden_list *list)
{
	size_t kept = 0;

	array_each (list, i) {
		const struct hidden *h = &list->data[i];
		struct hidden *last = kept ? &list->data[kept - 1] : NULL;

		if (!last || last->user != h->user || last->provider != h->provider) {
			list->data[kept++] = *h;
			continue;
		}
		last->count++;
		if (g->edges[h->edge].strength < g->edges[last->edge].strength)
			last->edge = h->edge;
	}
	list->len = kept;
}

void hidden_find(const struct graph *g, const struct closure *closure, hidden_list *ret)
{
	struct declared declared = { .g = g };
	size_t kept = 0;

	collect(g, closure, ret);
	merge(g, ret);
	idset_init(&declared.reached, g->package_count + 1u);
	array_each (ret, i) {
		if (!is_declared(&declared, ret->data[i].user, ret->data[i].provider))
			ret->data[kept++] = ret->data[i];
	}
	ret->len = kept;
	idset_release(&declared.reached);
	array_release(&declared.queue);
}

#include "base/mem.h"
#include "graph/closure.h"
#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"

#include <string.h>

#define ROUNDS	  400
#define ROOTS_MAX 4

/* The definition, word for word, until nothing changes. Package p broadly: broad[p]. */
struct naive {
	const struct graph *g;
	struct demand_options options;
	bool *reached, *broad;
	bool has_broad, changed;
};

static void set(struct naive *n, bool *what)
{
	n->changed |= !*what;
	*what = true;
}

static void set_owners(struct naive *n, file_id f)
{
	uint32_t at = 0;
	pkg_id owner;

	while (demand_next_holder(n->g, f, &at, &owner))
		set(n, &n->reached[graph_package_node(n->g, owner)]);
}

static void follow_file(struct naive *n, file_id f)
{
	const struct graph *g = n->g;

	for (uint32_t i = 0; i < g->edge_count; i++)
		if (g->edges[i].from == f && n->reached[f] &&
		    demand_honours(g, &n->options, &g->edges[i]))
			set(n, &n->reached[g->edges[i].to]);
	if (n->reached[f])
		set_owners(n, f);
}

static bool owns(const struct graph *g, pkg_id p, file_id f)
{
	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
		if (g->owners[i].package == p)
			return true;
	return false;
}

/* Libraries of any file of a package that stays. */
static void follow_loader(struct naive *n, pkg_id p)
{
	const struct graph *g = n->g;

	for (uint32_t i = 0; i < g->edge_count; i++)
		if (owns(g, p, g->edges[i].from) && demand_is_loader(&g->edges[i]) &&
		    graph_file_on_disk(&g->files[g->edges[i].from]) &&
		    !owns(g, p, g->edges[i].to))
			set(n, &n->reached[g->edges[i].to]);
}

static bool provides(const struct graph *g, pkg_id p, cap_id cap)
{
	for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1]; k++)
		if (g->providers[k].package == p)
			return true;
	return false;
}

static void follow_package(struct naive *n, pkg_id p)
{
	const struct graph *g = n->g;

	follow_loader(n, p);
	for (uint32_t i = g->requirement_start[p]; i < g->requirement_start[p + 1]; i++) {
		cap_id cap = g->req_nodes[g->requirements[i].node].capability;

		if (provides(g, p, cap))
			continue;
		for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1];
		     k++) {
			pkg_id q = g->providers[k].package;

			set(n, &n->reached[graph_package_node(g, q)]);
			if (n->has_broad)
				set(n, &n->broad[q]);
		}
	}
}

static void follow_broad(struct naive *n, pkg_id p)
{
	const struct graph *g = n->g;

	set(n, &n->reached[graph_package_node(g, p)]);
	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		const struct graph_file *file = &g->files[g->owned[i]];

		if (file->category == CATEGORY_LIBRARY && graph_file_on_disk(file))
			set(n, &n->reached[g->owned[i]]);
	}
}

/* A library that nobody owns stays: it counts as a root. */
static void start_unowned(struct naive *n)
{
	const struct graph *g = n->g;

	for (uint32_t i = 0; i < g->edge_count; i++) {
		file_id f = g->edges[i].from;
		uint32_t at = 0;
		pkg_id owner;

		if (demand_is_loader(&g->edges[i]) && graph_file_on_disk(&g->files[f]) &&
		    !demand_next_holder(g, f, &at, &owner))
			n->reached[f] = true;
	}
}

static void run_naive(struct naive *n, const uint32_t *roots, size_t len)
{
	const struct graph *g = n->g;

	n->reached = mem_calloc(g->node_count + 1u, sizeof(bool));
	n->broad = mem_calloc(g->package_count + 1u, sizeof(bool));
	start_unowned(n);
	for (size_t i = 0; i < len; i++) {
		n->reached[roots[i]] = true;
		if (n->has_broad && !graph_node_is_file(g, roots[i]))
			n->broad[graph_node_package(g, roots[i])] = true;
	}
	do {
		n->changed = false;
		for (file_id f = 1; f <= g->file_count; f++)
			follow_file(n, f);
		for (pkg_id p = 1; p <= g->package_count; p++) {
			if (n->reached[graph_package_node(g, p)])
				follow_package(n, p);
			if (n->broad[p])
				follow_broad(n, p);
		}
	} while (n->changed);
}

struct trial {
	struct graph *g;
	struct demand_options options;
	struct demand *d;
	uint32_t roots[ROOTS_MAX];
	size_t root_count;
};

static void trial_init(struct trial *t, uint64_t *seed)
{
	struct random_shape shape = {
		.packages = 2 + random_below(seed, 9),
		.files = 1 + random_below(seed, 30),
		.edges = random_below(seed, 40),
		.requirements = random_below(seed, 16),
		.capabilities = random_below(seed, 6),
		.metadata_only = random_below(seed, 4) == 0,
	};

	memset(t, 0, sizeof(*t));
	if (shape.metadata_only)
		shape.edges = 0;
	t->g = random_graph(seed, &shape);
	t->options.caution = (enum caution)random_below(seed, 3);
	demand_new(t->g, &t->options, NULL, &t->d);
	t->root_count = 1 + random_below(seed, ROOTS_MAX - 1);
	for (size_t i = 0; i < ROOTS_MAX; i++)
		t->roots[i] = 1 + random_below(seed, t->g->node_count);
}

static void trial_release(struct trial *t)
{
	demand_free(t->d);
	graph_free(t->g);
}

static void the_closure_is_the_naive_fixpoint(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct closure *c = NULL;
		struct trial t;
		struct naive n;

		trial_init(&t, &seed);
		n = (struct naive){ .g = t.g,
				    .options = t.options,
				    .has_broad = t.d->has_broad };
		run_naive(&n, t.roots, t.root_count);
		closure_run(t.d, t.roots, t.root_count, NULL, &c);
		for (uint32_t v = 1; v <= t.g->node_count; v++)
			assert_int_equal(idset_has(&c->reached, v), n.reached[v]);
		for (pkg_id p = 1; p <= t.g->package_count; p++)
			assert_int_equal(idset_has(&c->broad, p), n.broad[p]);
		closure_free(c);
		free(n.reached);
		free(n.broad);
		trial_release(&t);
	}
}

static void more_roots_never_take_anything_away(void **state)
{
	uint64_t seed = 12;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct closure *few = NULL, *many = NULL;
		struct trial t;

		trial_init(&t, &seed);
		closure_run(t.d, t.roots, t.root_count, NULL, &few);
		closure_run(t.d, t.roots, t.root_count + 1, NULL, &many);
		idset_each (&few->reached, v)
			assert_true(idset_has(&many->reached, v));
		closure_free(few);
		closure_free(many);
		trial_release(&t);
	}
}

static void check_chain(const struct trial *t, const struct closure *c, uint32_t node)
{
	closure_chain chain = { 0 };
	const struct closure_step *last;

	closure_explain(c, node, &chain);
	assert_true(chain.len > 0);
	last = &chain.data[chain.len - 1];
	assert_int_equal(last->cause.kind, CAUSE_ROOT);
	if (last->cause.index < t->root_count)
		assert_int_equal(t->roots[last->cause.index], last->node);
	for (size_t i = 0; i + 1 < chain.len; i++) {
		assert_int_equal(chain.data[i].cause.from, chain.data[i + 1].node);
		if (chain.data[i].cause.kind == CAUSE_EDGE)
			assert_int_equal(t->g->edges[chain.data[i].cause.index].to,
					 chain.data[i].node);
	}
	array_release(&chain);
}

static void every_chain_ends_in_a_root(void **state)
{
	uint64_t seed = 13;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct closure *c = NULL;
		struct trial t;

		trial_init(&t, &seed);
		closure_run(t.d, t.roots, t.root_count, NULL, &c);
		idset_each (&c->reached, v)
			check_chain(&t, c, (uint32_t)v);
		closure_free(c);
		trial_release(&t);
	}
}

/* Packages alone: the chain's length is the distance in the graph of requirements. */
static void chains_are_shortest(void **state)
{
	uint64_t seed = 14;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct random_shape shape = {
			.packages = 12,
			.requirements = 8 + random_below(&seed, 20),
			.capabilities = 4,
			.metadata_only = true,
		};
		struct graph *g = random_graph(&seed, &shape);
		struct demand_options options = { .caution = CAUTION_NORMAL };
		size_t distance[13];
		struct demand *d = NULL;
		struct closure *c = NULL;
		closure_chain chain = { 0 };
		uint32_t root = 1 + random_below(&seed, 12);

		demand_new(g, &options, NULL, &d);
		closure_run(d, &root, 1, NULL, &c);
		for (pkg_id p = 1; p <= 12; p++)
			distance[p] = p == root ? 1 : 99;
		for (int pass = 0; pass < 12; pass++) {
			for (uint32_t i = 0; i < g->requirement_count; i++) {
				const struct graph_requirement *req = &g->requirements[i];
				cap_id cap = g->req_nodes[req->node].capability;

				for (uint32_t k = g->provider_start[cap];
				     !provides(g, req->package, cap) &&
				     k < g->provider_start[cap + 1];
				     k++) {
					size_t *q = &distance[g->providers[k].package];

					*q = MIN2(*q, distance[req->package] + 1);
				}
			}
		}
		for (pkg_id p = 1; p <= 12; p++) {
			closure_explain(c, graph_package_node(g, p), &chain);
			assert_int_equal(chain.len, distance[p] == 99 ? 0 : distance[p]);
		}
		array_release(&chain);
		closure_free(c);
		demand_free(d);
		graph_free(g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_closure_is_the_naive_fixpoint),
		cmocka_unit_test(more_roots_never_take_anything_away),
		cmocka_unit_test(every_chain_ends_in_a_root),
		cmocka_unit_test(chains_are_shortest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/mem.h"
#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"
#include "trimmer/retained.h"

#include <string.h>

#define N	 11
#define PACKAGES 10

/* The definition of retained.h on packages alone. */
struct naive {
	const struct graph *g;
	bool uses[N][N], reach[N][N];
	bool gone[N];
	uint32_t root;
};

static bool provides(const struct graph *g, pkg_id p, cap_id cap)
{
	for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1]; k++)
		if (g->providers[k].package == p)
			return true;
	return false;
}

/* A requirement counts when another package is asked for, and someone provides it. */
static bool counts(const struct graph *g, const struct graph_requirement *req,
		   cap_id *ret)
{
	*ret = g->req_nodes[req->node].capability;
	return !provides(g, req->package, *ret) &&
	       g->provider_start[*ret] < g->provider_start[*ret + 1];
}

static void naive_init(struct naive *n, const struct graph *g, uint32_t root)
{
	memset(n, 0, sizeof(*n));
	n->g = g;
	n->root = root;
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		pkg_id p = g->requirements[i].package;
		cap_id cap;

		if (!counts(g, &g->requirements[i], &cap))
			continue;
		for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1];
		     k++)
			n->uses[p][g->providers[k].package] = true;
	}
	memcpy(n->reach, n->uses, sizeof(n->reach));
	for (int k = 1; k < N; k++)
		for (int i = 1; i < N; i++)
			for (int j = 1; j < N; j++)
				n->reach[i][j] |= n->reach[i][k] && n->reach[k][j];
}

static bool take_needers(struct naive *n)
{
	const struct graph *g = n->g;
	bool changed = false;

	for (uint32_t i = 0; i < g->requirement_count; i++) {
		pkg_id p = g->requirements[i].package;
		bool left = false;
		cap_id cap;

		if (n->gone[p] || !counts(g, &g->requirements[i], &cap))
			continue;
		for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1];
		     k++)
			left |= !n->gone[g->providers[k].package];
		if (!left)
			n->gone[p] = changed = true;
	}
	return changed;
}

static bool same_cycle(const struct naive *n, pkg_id a, pkg_id b)
{
	return a == b || (n->reach[a][b] && n->reach[b][a]);
}

/* Has the cycle of p a user outside that stays, a root, or never had a user? */
static bool cycle_stays(const struct naive *n, pkg_id p)
{
	bool any_user = false;

	for (pkg_id m = 1; m < N; m++) {
		if (!same_cycle(n, p, m))
			continue;
		if (m == n->root)
			return true;
		for (pkg_id user = 1; user < N; user++) {
			if (!n->uses[user][m] || same_cycle(n, p, user))
				continue;
			any_user = true;
			if (!n->gone[user])
				return true;
		}
	}
	return !any_user;
}

static bool take_unused(struct naive *n)
{
	bool changed = false;

	for (pkg_id p = 1; p < N; p++) {
		if (n->gone[p] || cycle_stays(n, p))
			continue;
		n->gone[p] = changed = true;
	}
	return changed;
}

static void run_naive(struct naive *n)
{
	while (take_needers(n))
		;
	while (take_unused(n))
		;
}

static void compare(const struct graph *g, struct retained *r, uint32_t root,
		    const struct idset *marked)
{
	struct naive n;
	struct idset all;
	uint64_t bytes = 0;

	naive_init(&n, g, root);
	idset_each (marked, p)
		n.gone[p] = true;
	run_naive(&n);
	idset_init(&all, N);
	for (pkg_id p = 1; p < N; p++)
		bytes += n.gone[p] ? g->packages[p].declared_bytes : 0;
	assert_int_equal(retained_joint(r, marked, &all), bytes);
	for (pkg_id p = 1; p < N; p++)
		assert_int_equal(idset_has(&all, p), n.gone[p]);
	idset_release(&all);
}

static void compare_all(const struct graph *g, struct retained *r, uint32_t root)
{
	uint64_t bytes[N];
	uint32_t count = 0;
	struct idset marked;

	idset_init(&marked, N);
	retained_all(r, bytes);
	for (pkg_id p = 1; p < N; p++) {
		idset_clear(&marked);
		idset_add(&marked, p);
		compare(g, r, root, &marked);
		assert_int_equal(bytes[p], retained_one(r, p, &count));
		assert_true(count >= 1);
		idset_add(&marked, 1 + p % PACKAGES);
		compare(g, r, root, &marked);
	}
	idset_release(&marked);
}

static void retained_sizes_are_what_the_definition_says(void **state)
{
	uint64_t seed = 21;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct random_shape shape = {
			.packages = PACKAGES,
			.requirements = random_below(&seed, 24),
			.capabilities = random_below(&seed, 6),
			.metadata_only = true,
		};
		struct graph *g = random_graph(&seed, &shape);
		struct demand_options options = { .caution = CAUTION_NORMAL };
		uint32_t root = random_below(&seed, N);
		uint32_t node = graph_package_node(g, root);
		struct weigh *w = NULL;
		struct retained *r = NULL;

		weigh_new(g, &w);
		retained_new(g, w, &options, &node, root ? 1 : 0, &r);
		compare_all(g, r, root);
		retained_free(r);
		weigh_free(w);
		graph_free(g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retained_sizes_are_what_the_definition_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

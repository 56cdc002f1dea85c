#include "base/array.h"
#include "tests/unit/support/test.h"
#include "trimmer/optimum.h"

#include <stdio.h>
#include <string.h>

#define VARIABLES_MAX 12
#define CLAUSES_MAX   40

/* A small problem that can be solved by trying everything. */
struct tiny {
	int variables, clauses;
	uint64_t weight[VARIABLES_MAX + 1];
	bool counted[VARIABLES_MAX + 1];
	int32_t clause[CLAUSES_MAX][6];
	size_t len[CLAUSES_MAX];
};

struct worth {
	bool any;
	uint64_t weight;
	int count, numbers;
};

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

static uint32_t below(uint64_t *state, uint32_t n)
{
	return next_random(state) % n;
}

static bool clause_holds(const int32_t *clause, size_t len, uint32_t world)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t v = (uint32_t)(clause[i] < 0 ? -clause[i] : clause[i]);

		if ((world >> v & 1) == (clause[i] > 0))
			return true;
	}
	return false;
}

static bool world_holds(const struct tiny *t, uint32_t world)
{
	for (int c = 0; c < t->clauses; c++)
		if (!clause_holds(t->clause[c], t->len[c], world))
			return false;
	return true;
}

static struct worth worth_of(const struct tiny *t, uint32_t world)
{
	struct worth w = { .any = true };

	for (int v = 1; v <= t->variables; v++) {
		if (!(world >> v & 1))
			continue;
		w.weight += t->weight[v];
		w.count += t->counted[v];
		w.numbers += t->counted[v] ? v : 0;
	}
	return w;
}

static bool is_less(const struct worth *a, const struct worth *b)
{
	if (a->weight != b->weight)
		return a->weight < b->weight;
	if (a->count != b->count)
		return a->count < b->count;
	return a->numbers < b->numbers;
}

static struct worth try_everything(const struct tiny *t)
{
	struct worth best = { 0 };

	for (uint32_t world = 0; world < 2u << t->variables; world += 2) {
		struct worth w;

		if (!world_holds(t, world))
			continue;
		w = worth_of(t, world);
		if (!best.any || is_less(&w, &best))
			best = w;
	}
	return best;
}

static void solve(const struct tiny *t, struct optimum_result *ret)
{
	struct optimum *o = optimum_new();

	for (int v = 1; v <= t->variables; v++)
		assert_int_equal(optimum_variable(o, t->weight[v], t->counted[v]), v);
	for (int c = 0; c < t->clauses; c++)
		optimum_clause(o, t->clause[c], t->len[c]);
	optimum_solve(o, OPTIMUM_NODES, ret);
	optimum_free(o);
}

static void print(const struct tiny *t)
{
	for (int v = 1; v <= t->variables; v++)
		print_message("v%d weight %d%s\n", v, (int)t->weight[v],
			      t->counted[v] ? " counted" : "");
	for (int c = 0; c < t->clauses; c++) {
		for (size_t i = 0; i < t->len[c]; i++)
			print_message("%d ", t->clause[c][i]);
		print_message("\n");
	}
}

static void compare(const struct tiny *t)
{
	struct worth best = try_everything(t), found;
	struct optimum_result result;
	uint32_t world = 0;

	solve(t, &result);
	idset_each (&result.chosen, v)
		world |= 1u << v;
	found = worth_of(t, world);
	if (best.any != !result.infeasible ||
	    (best.any && (!world_holds(t, world) || is_less(&best, &found))))
		print(t);
	assert_int_equal(best.any, !result.infeasible);
	if (best.any) {
		assert_true(world_holds(t, world));
		assert_int_equal(found.weight, best.weight);
		assert_int_equal(found.count, best.count);
		assert_int_equal(found.numbers, best.numbers);
		assert_true(result.optimal);
		assert_int_equal(result.cost, best.weight);
		assert_int_equal(result.bound, best.weight);
	}
	optimum_result_release(&result);
}

/* A clause with @p negatives conditions and some choices. */
static void add_clause(struct tiny *t, uint64_t *seed, uint32_t negatives,
		       uint32_t positives)
{
	int c = t->clauses++;

	for (uint32_t i = 0; i < negatives + positives; i++) {
		int32_t v = 1 + (int32_t)below(seed, (uint32_t)t->variables);

		t->clause[c][t->len[c]++] = i < negatives ? -v : v;
	}
}

static void make_tiny(struct tiny *t, uint64_t *seed, bool with_negative)
{
	int clauses;

	memset(t, 0, sizeof(*t));
	t->variables = 3 + (int)below(seed, VARIABLES_MAX - 2);
	clauses = 2 + (int)below(seed, CLAUSES_MAX - 12);
	for (int v = 1; v <= t->variables; v++) {
		/* few different weights, so that ties are common */
		t->weight[v] = below(seed, 4) == 0 ? 0 : 1 + below(seed, 9);
		t->counted[v] = below(seed, 5) != 0;
	}
	for (int c = 0; c < clauses; c++) {
		uint32_t kind = below(seed, with_negative ? 10 : 9);

		if (kind < 2)
			add_clause(t, seed, 0, 1 + below(seed, 3));
		else if (kind < 7)
			add_clause(t, seed, 1, 1 + below(seed, 3));
		else if (kind < 9)
			add_clause(t, seed, 2, 1 + below(seed, 3));
		else
			add_clause(t, seed, 1 + below(seed, 2), 0);
	}
}

static void small_problems_equal_brute_force(void **state)
{
	uint64_t seed = 42;
	struct tiny t;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		make_tiny(&t, &seed, false);
		compare(&t);
	}
}

static void problems_without_a_solution_are_told(void **state)
{
	uint64_t seed = 7;
	struct tiny t;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		make_tiny(&t, &seed, true);
		compare(&t);
	}
}

/* Covering problems, where nothing is implied and search does the work. */
static void covers_equal_brute_force(void **state)
{
	uint64_t seed = 99;
	struct tiny t;

	(void)state;
	for (int i = 0; i < 500; i++) {
		memset(&t, 0, sizeof(t));
		t.variables = VARIABLES_MAX;
		for (int v = 1; v <= t.variables; v++) {
			t.weight[v] = 3 + below(&seed, 4);
			t.counted[v] = true;
		}
		for (int c = 0; c < 18; c++)
			add_clause(&t, &seed, c % 3 == 0, 3);
		compare(&t);
	}
}

static void the_cheaper_of_two_is_chosen(void **state)
{
	struct optimum *o = optimum_new();
	struct optimum_result result;
	int32_t app = optimum_variable(o, 100, true);
	int32_t big = optimum_variable(o, 300, true);
	int32_t small = optimum_variable(o, 200, true);

	(void)state;
	optimum_force(o, app);
	optimum_clause(o, (int32_t[]){ -app, big, small }, 3);
	optimum_solve(o, OPTIMUM_NODES, &result);
	assert_true(idset_has(&result.chosen, (size_t)app));
	assert_false(idset_has(&result.chosen, (size_t)big));
	assert_true(idset_has(&result.chosen, (size_t)small));
	assert_int_equal(result.cost, 300);
	assert_int_equal(result.nodes, 0); /* dominance decides it */
	optimum_result_release(&result);
	optimum_free(o);
}

static void an_empty_problem_has_an_empty_answer(void **state)
{
	struct optimum *o = optimum_new();
	struct optimum_result result;

	(void)state;
	optimum_solve(o, OPTIMUM_NODES, &result);
	assert_true(result.optimal);
	assert_int_equal(result.cost, 0);
	assert_int_equal(idset_count(&result.chosen), 0);
	optimum_result_release(&result);
	optimum_free(o);
}

/* Odd cycles: each of n variables in a ring covers two clauses; (n + 1) / 2 are needed and
 * no relaxation says so, so the proof needs many nodes. */
static void a_limit_gives_an_answer_and_a_bound(void **state)
{
	enum { RINGS = 12, N = 9 };
	struct optimum *o = optimum_new();
	struct optimum_result limited, full;
	int32_t v[RINGS * N], all[RINGS];

	(void)state;
	for (int i = 0; i < RINGS * N; i++)
		v[i] = optimum_variable(o, 1000 + (uint64_t)(i % 7), true);
	for (int i = 0; i < RINGS * N; i++) {
		int ring = i / N * N, next = ring + (i + 1 - ring) % N;

		optimum_clause(o, (int32_t[]){ v[i], v[next] }, 2);
	}
	for (int i = 0; i < RINGS; i++)
		all[i] = v[i * N];
	optimum_clause(o, all, RINGS); /* makes them one part */
	optimum_solve(o, 50, &limited);
	assert_false(limited.optimal);
	assert_true(limited.bound < limited.cost);
	optimum_solve(o, OPTIMUM_NODES, &full);
	assert_true(full.cost <= limited.cost);
	assert_true(limited.bound <= full.cost);
	print_message("rings: optimal %d, %d nodes, cost %d, bound %d\n", full.optimal,
		      (int)full.nodes, (int)full.cost, (int)full.bound);
	optimum_result_release(&limited);
	optimum_result_release(&full);
	optimum_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cheaper_of_two_is_chosen),
		cmocka_unit_test(an_empty_problem_has_an_empty_answer),
		cmocka_unit_test(small_problems_equal_brute_force),
		cmocka_unit_test(problems_without_a_solution_are_told),
		cmocka_unit_test(covers_equal_brute_force),
		cmocka_unit_test(a_limit_gives_an_answer_and_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

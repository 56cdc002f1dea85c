#include "graph/dominators.h"
#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"

#include "base/mem.h"

#include <string.h>

#define N 12

/* 0 -> 1 -> 3, 0 -> 2 -> 3 -> 4; 5 -> 4 is not reached. */
static void a_diamond_is_dominated_by_its_top(void **state)
{
	const uint32_t start[] = { 0, 2, 3, 4, 5, 5, 6 }, to[] = { 1, 2, 3, 3, 4, 4 };
	uint32_t idom[6], order[6];
	uint64_t bytes[6] = { 1, 10, 100, 1000, 10000, 100000 };

	(void)state;
	assert_int_equal(dominators_find(6, start, to, 0, idom, order), 5);
	assert_int_equal(idom[0], 0);
	assert_int_equal(idom[1], 0);
	assert_int_equal(idom[2], 0);
	assert_int_equal(idom[3], 0);
	assert_int_equal(idom[4], 3);
	assert_int_equal(idom[5], DOMINATOR_NONE);
	dominators_add_up(5, idom, order, bytes);
	assert_int_equal(bytes[3], 11000);
	assert_int_equal(bytes[1], 10);
	assert_int_equal(bytes[0], 11111);
}

struct small {
	uint32_t start[N + 1], to[N * N], len;
};

static void make_small(struct small *s, uint64_t *seed)
{
	uint32_t density = 1 + random_below(seed, 4);

	memset(s, 0, sizeof(*s));
	for (uint32_t v = 0; v < N; v++) {
		for (uint32_t w = 0; w < N; w++)
			if (random_below(seed, N) < density)
				s->to[s->len++] = w;
		s->start[v + 1] = s->len;
	}
}

/* What 0 reaches when one node is not there (N: all are). */
static void reach_without(const struct small *s, uint32_t gone, bool *reached)
{
	bool changed = true;

	memset(reached, 0, N * sizeof(*reached));
	reached[0] = gone != 0;
	while (changed) {
		changed = false;
		for (uint32_t v = 0; v < N; v++) {
			for (uint32_t i = s->start[v]; reached[v] && i < s->start[v + 1];
			     i++) {
				if (s->to[i] == gone || reached[s->to[i]])
					continue;
				reached[s->to[i]] = changed = true;
			}
		}
	}
}

static bool is_dominator(const uint32_t *idom, uint32_t a, uint32_t v)
{
	while (v != a && idom[v] != v)
		v = idom[v];
	return v == a;
}

static void dominators_are_what_cannot_be_missed(void **state)
{
	uint64_t seed = 5;
	uint32_t idom[N];
	bool all[N], without[N];
	struct small s;

	(void)state;
	for (int round = 0; round < 500; round++) {
		make_small(&s, &seed);
		dominators_find(N, s.start, s.to, 0, idom, NULL);
		reach_without(&s, N, all);
		for (uint32_t a = 0; a < N; a++) {
			reach_without(&s, a, without);
			for (uint32_t v = 0; v < N; v++) {
				assert_int_equal(idom[v] != DOMINATOR_NONE, all[v]);
				if (all[a] && all[v])
					assert_int_equal(is_dominator(idom, a, v),
							 v == a || !without[v]);
			}
		}
	}
}

static void a_long_chain_needs_no_stack(void **state)
{
	enum { LEN = 300000 };
	uint32_t *start = mem_calloc(LEN + 1, sizeof(*start));
	uint32_t *to = mem_calloc(LEN, sizeof(*to));
	uint32_t *idom = mem_calloc(LEN, sizeof(*idom));

	(void)state;
	for (uint32_t v = 0; v < LEN; v++) {
		start[v + 1] = v + (v + 1 < LEN);
		to[v] = v + 1;
	}
	assert_int_equal(dominators_find(LEN, start, to, 0, idom, NULL), LEN);
	assert_int_equal(idom[LEN - 1], LEN - 2);
	free(start);
	free(to);
	free(idom);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_diamond_is_dominated_by_its_top),
		cmocka_unit_test(dominators_are_what_cannot_be_missed),
		cmocka_unit_test(a_long_chain_needs_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

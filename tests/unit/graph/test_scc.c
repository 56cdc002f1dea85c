#include "base/mem.h"
#include "graph/scc.h"
#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"

#include <string.h>

#define N 14

static void a_cycle_is_one_component(void **state)
{
	/* 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4 */
	const uint32_t start[] = { 0, 1, 2, 4, 5, 5 }, to[] = { 1, 2, 0, 3, 4 };
	uint32_t component[5];

	(void)state;
	assert_int_equal(scc_find(5, start, to, component), 3);
	assert_int_equal(component[0], component[1]);
	assert_int_equal(component[0], component[2]);
	assert_true(component[2] > component[3]);
	assert_true(component[3] > component[4]);
}

static void a_long_chain_needs_no_stack(void **state)
{
	enum { LEN = 1000000 };
	uint32_t *start = mem_calloc(LEN + 1, sizeof(*start));
	uint32_t *to = mem_calloc(LEN, sizeof(*to));
	uint32_t *component = mem_calloc(LEN, sizeof(*component));

	(void)state;
	for (uint32_t v = 0; v < LEN; v++) {
		start[v + 1] = v + (v + 1 < LEN);
		to[v] = v + 1;
	}
	assert_int_equal(scc_find(LEN, start, to, component), LEN);
	assert_int_equal(component[LEN - 1], 0);
	free(start);
	free(to);
	free(component);
}

struct small {
	uint32_t start[N + 1], to[N * N], len;
	bool reach[N][N];
};

static void make_small(struct small *s, uint64_t *seed)
{
	uint32_t density = 1 + random_below(seed, 4);

	memset(s, 0, sizeof(*s));
	for (uint32_t v = 0; v < N; v++) {
		s->reach[v][v] = true;
		for (uint32_t w = 0; w < N; w++) {
			if (random_below(seed, N) >= density)
				continue;
			s->to[s->len++] = w;
			s->reach[v][w] = true;
		}
		s->start[v + 1] = s->len;
	}
	for (int k = 0; k < N; k++)
		for (int i = 0; i < N; i++)
			for (int j = 0; j < N; j++)
				s->reach[i][j] |= s->reach[i][k] && s->reach[k][j];
}

static void components_are_what_reaches_each_other(void **state)
{
	uint64_t seed = 3;
	uint32_t component[N];
	struct small s;

	(void)state;
	for (int round = 0; round < 500; round++) {
		make_small(&s, &seed);
		scc_find(N, s.start, s.to, component);
		for (int i = 0; i < N; i++) {
			for (int j = 0; j < N; j++) {
				assert_int_equal(component[i] == component[j],
						 s.reach[i][j] && s.reach[j][i]);
				if (s.reach[i][j])
					assert_true(component[i] >= component[j]);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cycle_is_one_component),
		cmocka_unit_test(a_long_chain_needs_no_stack),
		cmocka_unit_test(components_are_what_reaches_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "graph/satisfied.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

/* Packages a and b provide x; b alone provides y; c provides z. */
static const char IMAGE[] = "pkg a\npkg b\npkg c\nprovide a x\nprovide b x\nprovide b y\n"
			    "provide c z\nrequire a x\nrequire a y\nrequire a z\n";

enum { NODE_X = 1, NODE_Y, NODE_Z, NODE_TESTED };

static bool holds(const char *packages, enum node_operator op, node_id left,
		  node_id right, node_id otherwise)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(freep) bool *known = NULL;
	struct idset set;

	/* one more node behind those of the three requirements */
	assert_int_equal(g->req_node_count, NODE_Z);
	g->req_nodes = mem_realloc(g->req_nodes, NODE_TESTED + 1, sizeof(*g->req_nodes));
	g->req_nodes[NODE_TESTED] = (struct graph_req_node){
		.op = (uint8_t)op, .left = left, .right = right, .otherwise = otherwise
	};
	g->req_node_count = NODE_TESTED;
	idset_init(&set, g->package_count + 1u);
	for (; *packages; packages++)
		idset_add(&set, (size_t)(*packages - 'a' + 1));
	known = satisfied_by(g, &set);
	idset_release(&set);
	return known[NODE_TESTED];
}

static void expressions_hold_as_rpm_says(void **state)
{
	static const struct {
		const char *packages;
		enum node_operator op;
		node_id left, right, otherwise;
		bool holds;
	} CASES[] = {
		{ "a", NODE_AND, NODE_X, NODE_Y, 0, false },
		{ "b", NODE_AND, NODE_X, NODE_Y, 0, true },
		{ "a", NODE_OR, NODE_X, NODE_Y, 0, true },
		{ "c", NODE_OR, NODE_X, NODE_Y, 0, false },
		{ "c", NODE_IF, NODE_X, NODE_Z, 0, false },
		{ "ac", NODE_IF, NODE_X, NODE_Z, 0, true },
		{ "", NODE_IF, NODE_X, NODE_Z, 0, true },
		{ "", NODE_IF, NODE_X, NODE_Z, NODE_Y, false },
		{ "b", NODE_IF, NODE_X, NODE_Z, NODE_Y, true },
		{ "b", NODE_WITH, NODE_X, NODE_Y, 0, true },
		{ "ac", NODE_WITH, NODE_X, NODE_Y, 0, false },
		{ "a", NODE_WITHOUT, NODE_X, NODE_Y, 0, true },
		{ "b", NODE_WITHOUT, NODE_X, NODE_Y, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(holds(CASES[i].packages, CASES[i].op, CASES[i].left,
				       CASES[i].right, CASES[i].otherwise),
				 CASES[i].holds);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_hold_as_rpm_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "trimmer/hidden.h"

#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

static const char GRAPH[] = "pkg agent\n"
			    "pkg awk\n"
			    "pkg sed\n"
			    "pkg shell\n"
			    "provide shell shell\n"
			    "provide sed sed\n"
			    "require agent shell\n"
			    "require shell sed\n"
			    "file /usr/bin/agent script agent\n"
			    "file /usr/bin/awk executable awk\n"
			    "file /usr/bin/awk2 executable awk\n"
			    "file /usr/bin/sed executable sed\n"
			    "file /usr/bin/sh executable shell\n"
			    "file /etc/cron.d/sed config sed\n"
			    "edge /usr/bin/agent exec /usr/bin/awk\n"
			    "edge /usr/bin/agent exec /usr/bin/awk2\n"
			    "edge /usr/bin/agent exec /usr/bin/sed\n"
			    "edge /usr/bin/agent exec /usr/bin/sh\n"
			    "edge /usr/bin/awk exec /usr/bin/awk2\n"
			    "edge /usr/bin/awk reads /etc/cron.d/sed\n";

/* agent uses awk and does not require it; sed it requires through shell. */
static void only_undeclared_uses_are_hidden(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(GRAPH);
	hidden_list list = { 0 };

	(void)state;
	hidden_find(g, NULL, &list);
	assert_int_equal(list.len, 1);
	assert_int_equal(graph_package_node(g, list.data[0].user),
			 tiny_package(g, "agent"));
	assert_int_equal(graph_package_node(g, list.data[0].provider),
			 tiny_package(g, "awk"));
	assert_int_equal(list.data[0].count, 2);
	assert_int_equal(g->edges[list.data[0].edge].to, tiny_file(g, "/usr/bin/awk"));
	array_release(&list);
}

static void what_is_not_reached_hides_nothing(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(GRAPH);
	_cleanup_(closure_freep) struct closure *c = NULL;
	const struct demand_options options = { .caution = CAUTION_NORMAL };
	uint32_t root = tiny_file(g, "/usr/bin/sh");
	hidden_list list = { 0 };

	(void)state;
	closure_of(g, &options, &root, 1, &c);
	hidden_find(g, c, &list);
	assert_int_equal(list.len, 0);
	array_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_undeclared_uses_are_hidden),
		cmocka_unit_test(what_is_not_reached_hides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "trimmer/split.h"

#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

static const char GRAPH[] = "pkg tools\n"
			    "pkg docs\n"
			    "pkg even\n"
			    "pkg small\n"
			    "file /usr/bin/used executable tools\n"
			    "file /usr/bin/unused executable tools\n"
			    "size /usr/bin/unused 2097152\n"
			    "file /usr/share/tools.dat data tools\n"
			    "size /usr/share/tools.dat 9000000\n"
			    "file /usr/bin/doctor executable docs\n"
			    "file /usr/share/doc/docs documentation docs\n"
			    "size /usr/share/doc/docs 8388608\n"
			    "file /usr/bin/even1 executable even\n"
			    "file /usr/bin/even2 executable even\n"
			    "size /usr/bin/even1 2097152\n"
			    "size /usr/bin/even2 2097152\n"
			    "file /usr/bin/small1 executable small\n"
			    "file /usr/bin/small2 executable small\n"
			    "size /usr/bin/small2 40960\n";

static struct closure *reach(const struct graph *g)
{
	static const char *const USED[] = { "/usr/bin/used", "/usr/bin/doctor",
					    "/usr/bin/even1", "/usr/bin/small1" };
	const struct demand_options options = { .caution = CAUTION_NORMAL };
	uint32_t roots[ARRAY_LEN(USED)];
	struct closure *c;

	for (size_t i = 0; i < ARRAY_LEN(USED); i++)
		roots[i] = tiny_file(g, USED[i]);
	closure_of(g, &options, roots, ARRAY_LEN(USED), &c);
	return c;
}

/* Data and documentation, halves and trifles are no reason to split. */
static void mostly_unused_code_is_worth_a_split(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(GRAPH);
	_cleanup_(closure_freep) struct closure *c = reach(g);
	split_list list = { 0 };
	struct idset kept;

	(void)state;
	idset_init(&kept, g->package_count + 1u);
	for (pkg_id p = 1; p <= g->package_count; p++)
		idset_add(&kept, p);
	split_find(g, c, &kept, &list);
	assert_int_equal(list.len, 1);
	assert_int_equal(graph_package_node(g, list.data[0].package),
			 tiny_package(g, "tools"));
	assert_int_equal(list.data[0].files, 2);
	assert_int_equal(list.data[0].files_reached, 1);
	assert_int_equal(list.data[0].disk_bytes, 2097152 + 4096);
	assert_int_equal(list.data[0].reached_bytes, 4096);
	array_release(&list);
	idset_release(&kept);
}

static void what_goes_is_not_split(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(GRAPH);
	_cleanup_(closure_freep) struct closure *c = reach(g);
	split_list list = { 0 };
	struct idset kept;

	(void)state;
	idset_init(&kept, g->package_count + 1u);
	split_find(g, c, &kept, &list);
	assert_int_equal(list.len, 0);
	idset_release(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mostly_unused_code_is_worth_a_split),
		cmocka_unit_test(what_goes_is_not_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

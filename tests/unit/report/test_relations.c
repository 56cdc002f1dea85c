#include "report/node.h"
#include "report/relations.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

static const char IMAGE[] = "pkg app\n"
			    "pkg lib\n"
			    "pkg base\n"
			    "provide lib libfoo.so.1\n"
			    "provide base sh\n"
			    "provide app app\n"
			    "require app libfoo.so.1\n"
			    "require app missing\n"
			    "require lib sh\n"
			    "require base app\n"
			    "link /bin usr/bin\n"
			    "file /usr/bin/app executable app\n"
			    "file /usr/bin/sh executable base\n"
			    "file /usr/lib64/libfoo.so.1 library lib\n"
			    "file /usr/share/app/helper script app\n"
			    "link /usr/bin/alias app app\n"
			    "edge /usr/bin/app needed /usr/lib64/libfoo.so.1\n"
			    "edge /usr/bin/app exec /usr/share/app/helper\n"
			    "edge /usr/share/app/helper shebang /usr/bin/sh\n";

/* The relations as "from>to" words, in order. */
static char *found(const struct relations_query *query)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	struct relations_query ask = *query;
	struct relations relations;
	struct strbuf out = { 0 };

	ask.start = query->start ? query->start : tiny_package(g, "app");
	relations_find(g, &ask, &relations);
	array_each (&relations.list, i) {
		const struct relation *relation = &relations.list.data[i];

		strbuf_printf(&out, "%s%s>%s", i ? " " : "", node_name(g, relation->from),
			      relation->to ? node_name(g, relation->to) : "?");
	}
	relations_release(&relations);
	return strbuf_detach(&out);
}

static void a_package_needs_what_it_and_its_files_need(void **state)
{
	struct relations_query query = { .depth = 1 };
	_cleanup_(freep) char *text = found(&query);

	(void)state;
	/* the edge to its own helper does not leave the package */
	assert_string_equal(text, "app-1-1.x86_64>lib-1-1.x86_64 app-1-1.x86_64>? "
				  "/usr/bin/app>/usr/lib64/libfoo.so.1 "
				  "/usr/share/app/helper>/usr/bin/sh");
}

static void kinds_choose(void **state)
{
	static const char *const KINDS[] = { "shebang" };
	struct relations_query query = { .depth = 1, .kinds = KINDS, .kind_count = 1 };
	_cleanup_(freep) char *text = found(&query);

	(void)state;
	assert_string_equal(text, "/usr/share/app/helper>/usr/bin/sh");
}

static void loops_end(void **state)
{
	static const char *const KINDS[] = { "requires" };
	struct relations_query query = { .kinds = KINDS, .kind_count = 1 };
	_cleanup_(freep) char *text = found(&query);

	(void)state;
	assert_string_equal(text, "app-1-1.x86_64>lib-1-1.x86_64 app-1-1.x86_64>? "
				  "lib-1-1.x86_64>base-1-1.x86_64 "
				  "base-1-1.x86_64>app-1-1.x86_64");
}

static void reverse_asks_who_needs_it(void **state)
{
	struct relations_query query = { .depth = 1, .reverse = true };
	_cleanup_(freep) char *text = found(&query);

	(void)state;
	assert_string_equal(text, "base-1-1.x86_64>app-1-1.x86_64");
}

static void unknown_kinds_are_refused(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(relations_check_kind("needed", &err), 0);
	assert_int_equal(relations_check_kind("recommends", &err), 0);
	assert_int_equal(relations_check_kind("neded", &err), -EINVAL);
	assert_non_null(strstr(err.text, "did you mean 'needed'"));
}

static void names_are_found(void **state)
{
	static const struct {
		const char *name, *node;
	} CASES[] = {
		{ "app", "app-1-1.x86_64" },
		{ "/usr/bin/app", "/usr/bin/app" },
		{ "/bin/app", "/usr/bin/app" },
		{ "/bin/../bin/./sh", "/usr/bin/sh" },
		{ "libfoo.so.1", "/usr/lib64/libfoo.so.1" },
		{ "helper", "/usr/share/app/helper" },
		{ "alias", "/usr/bin/alias" },
	};
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	struct error err = { 0 };
	uint32_t node = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_int_equal(node_find(g, CASES[i].name, &node, &err), 0);
		assert_string_equal(node_name(g, node), CASES[i].node);
	}
	assert_int_equal(node_find(g, "bsae", &node, &err), -ENOENT);
	assert_non_null(strstr(err.text, "did you mean 'base'"));
	assert_int_equal(node_find(g, "/usr/bin/none", &node, &err), -ENOENT);
}

static void links_that_loop_end(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph("link /a b\n"
							    "link /b a\n");
	struct error err = { 0 };
	uint32_t node = 0;

	(void)state;
	assert_int_equal(node_find(g, "/a/x", &node, &err), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_needs_what_it_and_its_files_need),
		cmocka_unit_test(kinds_choose),
		cmocka_unit_test(loops_end),
		cmocka_unit_test(reverse_asks_who_needs_it),
		cmocka_unit_test(unknown_kinds_are_refused),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(links_that_loop_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

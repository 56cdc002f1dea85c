/* Names of one inode, and who has a file. */
#include "base/macros.h"
#include "base/strbuf.h"
#include "graph/inode_names.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <string.h>

static void names_of_one_inode_stand_together(void **state)
{
	struct graph *g = tiny_graph("file /b executable\n"
				     "file /d executable\n"
				     "file /e executable\n"
				     "file /a executable\n"
				     "file /c executable\n"
				     "file /f executable\n"
				     "same /a /b\n"
				     "same /c /d\n"
				     "same /f /b\n");
	struct inode_names names;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	(void)state;
	inode_names_find(g, &names);
	array_each (&names.inodes, i) {
		const struct inode_span *span = &names.inodes.data[i];

		for (uint32_t k = 0; k < span->len; k++)
			strbuf_printf(
				&out, "%s ",
				graph_text(
					g,
					g->files[names.files.data[span->at + k]].path));
		strbuf_puts(&out, "| ");
	}
	assert_int_equal(names.inodes.len, 2);
	assert_non_null(strstr(strbuf_text(&out), "/a /b /f |"));
	assert_non_null(strstr(strbuf_text(&out), "/c /d |"));
	inode_names_release(&names);
	graph_free(g);
}

static void the_owner_is_the_first_that_holds_the_file(void **state)
{
	struct graph *g = tiny_graph("pkg one\n"
				     "pkg two\n"
				     "file /owned data two\n"
				     "file /both data one\n"
				     "gone /missing data one\n"
				     "file /nobody data\n");

	(void)state;
	assert_int_equal(graph_file_owner(g, 0), 0);
	assert_int_equal(graph_file_owner(g, graph_find_file(g, "/nobody")), 0);
	assert_int_equal(graph_file_owner(g, graph_find_file(g, "/owned")),
			 graph_find_package(g, "two", NULL));
	assert_int_equal(graph_file_owner(g, graph_find_file(g, "/missing")),
			 graph_find_package(g, "one", NULL));
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_one_inode_stand_together),
		cmocka_unit_test(the_owner_is_the_first_that_holds_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "report/measure.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

static const char IMAGE[] = "pkg bash\n"
			    "pkg docs\n"
			    "pkg other\n"
			    "file /usr/bin/bash executable bash\n"
			    "size /usr/bin/bash 100000\n"
			    "file /usr/bin/sh executable bash\n"
			    "same /usr/bin/sh /usr/bin/bash\n"
			    "file /usr/share/doc/a documentation docs\n"
			    "size /usr/share/doc/a 30000\n"
			    "file /usr/share/doc/b/c documentation docs\n"
			    "size /usr/share/doc/b/c 20000\n"
			    "gone /usr/share/doc/gone documentation docs\n"
			    "file /opt/tool executable\n"
			    "size /opt/tool 7000\n"
			    "dir /usr\n";

static void names_of_one_inode_count_once(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	struct measure_sum total = measure_total(m);

	(void)state;
	assert_int_equal(total.disk_bytes, 157000);
	assert_int_equal(total.count, 6);
	assert_int_equal(measure_category(m, CATEGORY_EXECUTABLE).disk_bytes, 107000);
	assert_int_equal(measure_category(m, CATEGORY_EXECUTABLE).count, 3);
}

static void missing_files_weigh_nothing(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	struct measure_sum docs = measure_category(m, CATEGORY_DOCUMENTATION);

	(void)state;
	assert_int_equal(docs.count, 2);
	assert_int_equal(docs.disk_bytes, 50000);
}

static void what_no_package_owns_is_summed(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);

	(void)state;
	assert_int_equal(measure_unowned(m).disk_bytes, 7000);
	assert_int_equal(measure_packages(m).disk_bytes, 150000);
	assert_int_equal(measure_packages(m).count, 3);
}

static void paths_are_chosen_by_globs(void **state)
{
	static const struct {
		const char *glob;
		uint64_t bytes;
	} CASES[] = {
		{ "/usr/share/doc/*", 30000 },
		{ "/usr/share/doc/**", 50000 },
		{ "/**", 157000 },
		{ "/usr/bin/s?", 100000 },
		{ "/usr/share/doc/b/c", 20000 },
		{ "/nowhere/**", 0 },
	};
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	struct idset files;

	(void)state;
	idset_init(&files, g->file_count + 1u);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		measure_select_paths(m, CASES[i].glob, &files);
		assert_int_equal(measure_files(m, &files).disk_bytes, CASES[i].bytes);
	}
	idset_release(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_one_inode_count_once),
		cmocka_unit_test(missing_files_weigh_nothing),
		cmocka_unit_test(what_no_package_owns_is_summed),
		cmocka_unit_test(paths_are_chosen_by_globs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

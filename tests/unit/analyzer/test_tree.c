#include "analyzer/tree.h"

#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <stdio.h>

static struct tree_entry *add(struct tree *tree, const char *path, enum file_type type)
{
	struct tree_entry *entry = tree_add(tree, path);

	entry->type = (uint8_t)type;
	entry->on_disk = true;
	return entry;
}

static void add_link(struct tree *tree, const char *path, const char *target)
{
	str_id id = strpool_add(&tree->strings, target);

	add(tree, path, FILE_SYMLINK)->target = id;
}

static int set_up(void **state)
{
	static const char *const FOLDERS[] = { "/",	   "/usr", "/usr/lib64",
					       "/usr/bin", "/etc", "/usr/lib64-x",
					       "/proc" };
	static const char *const FILES[] = { "/usr/lib64/libc-2.so", "/usr/bin/bash",
					     "/etc/passwd", "/usr/lib64/.hidden" };
	struct tree *tree = mem_calloc(1, sizeof(*tree));

	tree_init(tree);
	for (size_t i = 0; i < ARRAY_LEN(FILES); i++)
		add(tree, FILES[i], FILE_REGULAR);
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
		add(tree, FOLDERS[i], FILE_DIRECTORY);
	add_link(tree, "/lib64", "usr/lib64");
	add_link(tree, "/bin", "/usr/bin");
	add_link(tree, "/usr/bin/sh", "bash");
	add_link(tree, "/usr/lib64/libc.so.6", "../lib64/./libc-2.so");
	add_link(tree, "/loop", "/loop");
	add_link(tree, "/usr/bin/dangling", "nothing");
	add_link(tree, "/gone", "/gone-folder");
	add_link(tree, "/out", "../../../etc");
	add_link(tree, "/file-slash", "etc/passwd/");
	add(tree, "/usr/bin/missing", FILE_REGULAR)->state = STATE_MISSING;
	for (int i = 0; i < 45; i++) {
		char path[32], target[32] = "/etc/passwd";

		snprintf(path, sizeof(path), "/chain%d", i);
		if (i > 0)
			snprintf(target, sizeof(target), "chain%d", i - 1);
		add_link(tree, path, target);
	}
	tree_sort(tree);
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	tree_release(*state);
	free(*state);
	return 0;
}

static void entries_are_in_byte_order(void **state)
{
	const struct tree *tree = *state;

	for (size_t i = 1; i < tree->entries.len; i++)
		assert_true(strcmp(tree_text(tree, tree->entries.data[i - 1].path),
				   tree_text(tree, tree->entries.data[i].path)) < 0);
	assert_int_equal(tree_id(tree, tree_find(tree, "/")), 1);
	assert_null(tree_find(tree, "/lib64/libc-2.so"));
	assert_null(tree_find(tree, "bash")); /* a string of the pool, but no path */
}

static void links_are_followed_in_the_root(void **state)
{
	static const struct {
		const char *path, *answer;
		unsigned int flags;
	} CASES[] = {
		{ "/", "/", 0 },
		{ "/usr/bin/bash", "/usr/bin/bash", 0 },
		{ "/bin/sh", "/usr/bin/bash", 0 },
		{ "/bin/sh", "/usr/bin/sh", TREE_NOFOLLOW },
		{ "/bin", "/bin", TREE_NOFOLLOW },
		{ "/bin/", "/usr/bin", TREE_NOFOLLOW },
		{ "/lib64/libc.so.6", "/usr/lib64/libc-2.so", 0 },
		{ "//lib64/.//libc.so.6", "/usr/lib64/libc-2.so", 0 },
		{ "/lib64/../bin/sh", "/usr/bin/bash", 0 }, /* of /usr/lib64 */
		{ "/../../bin/sh", "/usr/bin/bash", 0 },
		{ "/usr/bin/..", "/usr", 0 },
		{ "/usr/lib64/.hidden", "/usr/lib64/.hidden", 0 },
		{ "/out/passwd", "/etc/passwd", 0 },
		{ "/chain39", "/etc/passwd", 0 },
		{ "/chain40", NULL, 0 },
		{ "/loop", NULL, 0 },
		{ "/loop", "/loop", TREE_NOFOLLOW },
		{ "/loop/x", NULL, 0 },
		{ "/usr/bin/dangling", NULL, 0 },
		{ "/usr/bin/dangling", "/usr/bin/dangling", TREE_NOFOLLOW },
		{ "/usr/bin/missing", NULL, 0 },
		{ "/bin/missing", NULL, 0 },
		{ "/usr/bin/no", NULL, 0 },
		{ "/usr/no/no", NULL, 0 },
		{ "/etc/passwd/", NULL, 0 },
		{ "/etc/passwd/x", NULL, 0 },
		{ "/etc/passwd/..", NULL, 0 },
		{ "/file-slash", NULL, 0 },
		{ "/proc/self", NULL, 0 },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct tree_entry *entry =
			tree_resolve(tree, CASES[i].path, CASES[i].flags);
		const char *got = entry ? tree_text(tree, entry->path) : "nothing";

		if (strcmp(got, CASES[i].answer ? CASES[i].answer : "nothing") != 0)
			fail_msg("%s: %s", CASES[i].path, got);
	}
}

static void canonical_paths_keep_the_last_component(void **state)
{
	static const char *const CASES[][2] = {
		{ "/bin/sh", "/usr/bin/sh" },
		{ "/bin", "/bin" },
		{ "/bin/", "/bin" },
		{ "/lib64/new", "/usr/lib64/new" },
		{ "/lib64/new/folder/file", "/usr/lib64/new/folder/file" },
		{ "/gone/x/y", "/gone-folder/x/y" },
		{ "/lib64/../bin/x", "/usr/bin/x" },
		{ "/", "/" },
		{ "usr//lib64/", "/usr/lib64" },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *path = tree_canonical(tree, CASES[i][0]);

		assert_string_equal(path, CASES[i][1]);
	}
	assert_null(tree_canonical(tree, "/loop/x"));
	assert_null(tree_canonical(tree, "/chain41/x"));
}

static void what_is_below_a_boundary_is_hidden(void **state)
{
	const struct tree *tree = *state;

	tree_find(tree, "/proc")->is_boundary = true;
	tree_find(tree, "/usr/lib64-x")->unreadable = true;
	tree_find(tree, "/etc/passwd")->unreadable = true;
	assert_true(tree_is_hidden(tree, "/proc/1/exe"));
	assert_true(tree_is_hidden(tree, "/lib64/../lib64-x/y"));
	assert_false(tree_is_hidden(tree, "/proc"));
	assert_false(tree_is_hidden(tree, "/etc/passwd/x"));
	assert_false(tree_is_hidden(tree, "/usr/bin/no"));
	assert_false(tree_is_hidden(tree, "/no/no/no"));
	assert_false(tree_is_hidden(tree, "/loop/x"));
}

static void entries_may_be_added_and_sorted_again(void **state)
{
	struct tree *tree = *state;
	_cleanup_(freep) char *path = NULL;

	add(tree, "/added", FILE_REGULAR);
	path = tree_canonical(tree, "/bin/added");
	assert_string_equal(path, "/usr/bin/added");
	add(tree, path, FILE_REGULAR);
	tree_sort(tree);
	entries_are_in_byte_order(state);
	assert_ptr_equal(tree_resolve(tree, "/bin/added", 0),
			 tree_find(tree, "/usr/bin/added"));
	assert_non_null(tree_find(tree, "/added"));
	assert_non_null(tree_resolve(tree, "/bin/sh", 0));
}

static void an_empty_tree_has_nothing(void **state)
{
	struct tree tree;

	(void)state;
	tree_init(&tree);
	tree_sort(&tree);
	assert_null(tree_find(&tree, "/"));
	assert_null(tree_resolve(&tree, "/a/b", 0));
	tree_release(&tree);
}

static void the_links_of_a_way_are_told_in_order(void **state)
{
	struct tree *tree = *state;
	struct entry_list links = { 0 };
	const struct tree_entry *entry =
		tree_resolve_via(tree, "/lib64/libc.so.6", &links);

	assert_string_equal(tree_text(tree, entry->path), "/usr/lib64/libc-2.so");
	assert_int_equal(links.len, 2);
	assert_string_equal(tree_text(tree, tree->entries.data[links.data[0]].path),
			    "/lib64");
	assert_string_equal(tree_text(tree, tree->entries.data[links.data[1]].path),
			    "/usr/lib64/libc.so.6");
	links.len = 0;
	assert_non_null(tree_resolve_via(tree, "/etc/passwd", &links));
	assert_int_equal(links.len, 0);
	assert_null(tree_resolve_via(tree, "/lib64/none", &links));
	assert_int_equal(links.len, 1);
	assert_null(tree_resolve_via(tree, "/usr/bin/missing", &links));
	array_release(&links);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_are_in_byte_order, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(links_are_followed_in_the_root, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(canonical_paths_keep_the_last_component,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_below_a_boundary_is_hidden,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(entries_may_be_added_and_sorted_again,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_links_of_a_way_are_told_in_order,
						set_up, tear_down),
		cmocka_unit_test(an_empty_tree_has_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "analyzer/join.h"

#include "tests/unit/support/test.h"

static struct tree_entry *add(struct tree *tree, const char *path)
{
	struct tree_entry *e = tree_add(tree, path);

	e->type = FILE_DIRECTORY;
	e->on_disk = true;
	return e;
}

static void declare(struct rpm_image *rpm, const char *path)
{
	struct rpm_file *file = array_extend(&rpm->files, 1);

	file->path = strpool_add(&rpm->strings, path);
	file->mode = 0100644;
	file->size_bytes = 7;
}

static const struct tree_entry *find(const struct tree *tree, const char *path)
{
	const struct tree_entry *e = tree_find(tree, path);

	assert_non_null(e);
	return e;
}

/* What is below a boundary nobody has looked at; it may well be there. */
static void below_a_boundary_nothing_is_missing(void **state)
{
	struct ownership_list owners = { 0 };
	struct finding_list findings;
	struct rpm_image rpm;
	struct tree tree;

	(void)state;
	tree_init(&tree);
	rpm_image_init(&rpm);
	finding_list_init(&findings);
	add(&tree, "/");
	add(&tree, "/run")->is_boundary = true;
	add(&tree, "/usr");
	declare(&rpm, "/run/a");
	declare(&rpm, "/run/a/b");
	declare(&rpm, "/usr/gone");
	array_push(&rpm.packages, (struct rpm_package){ .files_len = 3 });
	join_rpm(&tree, &rpm, false, &owners);
	join_findings(&tree, &rpm, &owners, &findings);
	assert_int_equal(find(&tree, "/run/a")->state, STATE_DECLARED);
	assert_int_equal(find(&tree, "/run/a/b")->state, STATE_DECLARED);
	assert_int_equal(find(&tree, "/run/a/b")->size_bytes, 0);
	assert_int_equal(find(&tree, "/usr/gone")->state, STATE_MISSING);
	assert_int_equal(findings.items.len, 1);
	finding_list_release(&findings);
	array_release(&owners.items);
	rpm_image_release(&rpm);
	tree_release(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(below_a_boundary_nothing_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

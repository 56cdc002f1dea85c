#include "analyzer/join.h"

#include "tests/unit/support/test.h"

struct fixture {
	struct tree tree;
	struct rpm_image rpm;
	struct ownership_list owners;
	struct finding_list findings;
};

static void add(struct fixture *f, const char *path, const char *digest, uint64_t inode,
		uint64_t bytes)
{
	struct tree_entry *e = tree_add(&f->tree, path);
	struct rpm_file *file = array_extend(&f->rpm.files, 1);

	e->type = FILE_REGULAR;
	e->on_disk = true;
	e->state = STATE_PRESENT;
	e->inode = inode;
	e->disk_bytes = bytes;
	file->digest = strpool_add(&f->rpm.strings, digest);
	/* added in the order of paths, so the index is the file id */
	array_push(&f->owners.items,
		   (struct ownership){ (file_id)f->tree.entries.len, 1,
				       (uint32_t)f->rpm.files.len - 1 });
}

/* A big file twice is a finding; hard links, small files and files that are alone are none. */
static void copies_that_weigh_are_found(void **state)
{
	struct fixture f = { 0 };
	struct finding_row row;

	(void)state;
	tree_init(&f.tree);
	rpm_image_init(&f.rpm);
	finding_list_init(&f.findings);
	add(&f, "/a1", "sha256:aa", 1, 100000);
	add(&f, "/a2", "sha256:aa", 2, 100000);
	add(&f, "/a3", "sha256:aa", 2, 100000);
	add(&f, "/b1", "sha256:bb", 3, 100000);
	add(&f, "/b2", "sha256:bb", 3, 100000);
	add(&f, "/c1", "sha256:cc", 4, 4096);
	add(&f, "/c2", "sha256:cc", 5, 4096);
	add(&f, "/d1", "sha256:dd", 6, 100000);
	tree_sort(&f.tree);
	join_duplicates(&f.tree, &f.rpm, &f.owners, &f.findings);
	assert_int_equal(f.findings.items.len, 1);
	row = finding_list_row(&f.findings, 0);
	assert_string_equal(row.rule, "duplicate-file");
	assert_string_equal(row.subject, "/a1");
	assert_string_equal(row.text,
			    "is there 2 times; further copies take 97.7 KiB, as /a2");
	tree_release(&f.tree);
	rpm_image_release(&f.rpm);
	array_release(&f.owners.items);
	finding_list_release(&f.findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_that_weigh_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

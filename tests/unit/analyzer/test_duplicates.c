/* Same contents: owned files by their digest alone, others by reading them. */
#include "analyzer/duplicates.h"

#include "analyzer/walk.h"
#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BYTES 8192

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct rpm_image rpm;
	struct ownership_list owners;
	struct mark_list marks;
	struct finding_list findings;
	struct strbuf text;
};

static void fill(struct fixture *f, const char *path, char byte, size_t len)
{
	char bytes[BYTES];

	memset(bytes, byte, sizeof(bytes));
	tempdir_bytes(&f->dir, path, bytes, len);
}

/* The tree of the folder; now files can get owners. */
static void begin(struct fixture *f)
{
	struct walk_result seen = { 0 };

	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &seen, NULL),
		0);
	walk_result_release(&seen);
}

static void own(struct fixture *f, const char *path, const char *digest,
		enum file_state state)
{
	struct tree_entry *e = tree_find(&f->tree, path);
	struct rpm_file *file = array_extend(&f->rpm.files, 1);

	assert_non_null(e);
	e->is_owned = true;
	e->state = (uint8_t)state;
	file->digest = strpool_add(&f->rpm.strings, digest);
	array_push(&f->owners.items,
		   (struct ownership){ tree_id(&f->tree, e), 1,
				       (uint32_t)f->rpm.files.len - 1 });
}

/* "/a /b" of each content, one a line, in the order of digests. */
static const char *end(struct fixture *f)
{
	struct duplicates duplicates;
	struct content_pass pass = { duplicates_file, &duplicates };
	struct content content = { .root = f->root,
				   .tree = &f->tree,
				   .passes = &pass,
				   .pass_count = 1,
				   .findings = &f->findings };
	str_id last = 0;

	duplicates_init(&duplicates, &f->tree, content_threads(&content));
	assert_int_equal(content_run(&content), 0);
	duplicates_finish(&duplicates, &f->rpm, &f->owners, &f->marks);
	mark_list_finish(&f->marks);
	array_each (&f->marks.items, i) {
		const struct mark_item *item = &f->marks.items.data[i];

		assert_int_equal(item->mark, MARK_SAME_CONTENT);
		strbuf_printf(
			&f->text, "%s%s",
			!last		      ? ""
			: item->value == last ? " "
					      : "\n",
			tree_text(&f->tree, f->tree.entries.data[item->file - 1].path));
		last = item->value;
	}
	return strbuf_text(&f->text);
}

static void init(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	tempdir_init(&f->dir);
	tree_init(&f->tree);
	rpm_image_init(&f->rpm);
	mark_list_init(&f->marks);
	finding_list_init(&f->findings);
}

static void release(struct fixture *f)
{
	tree_release(&f->tree);
	rpm_image_release(&f->rpm);
	array_release(&f->owners.items);
	mark_list_release(&f->marks);
	finding_list_release(&f->findings);
	rootfs_free(f->root);
	strbuf_release(&f->text);
	tempdir_release(&f->dir);
}

/* Contents say something else than the digests: nobody may have looked at them. */
static void owned_files_are_not_read(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	fill(&f, "a", 'a', BYTES);
	fill(&f, "b", 'b', BYTES);
	fill(&f, "c", 'b', BYTES);
	fill(&f, "changed", 'c', BYTES);
	begin(&f);
	own(&f, "/a", "sha256:11", STATE_PRESENT);
	own(&f, "/b", "sha256:11", STATE_PRESENT);
	own(&f, "/c", "sha256:22", STATE_PRESENT);
	own(&f, "/changed", "sha256:11", STATE_CHANGED_SIZE);
	assert_string_equal(end(&f), "/a /b");
	release(&f);
}

/* SHA-256 of 8192 times 'x', by sha256sum(1). */
#define X_DIGEST                                                                         \
	"sha256:"                                                                        \
	"18f8d2eb4a387bbc1e37ec099a7326805739bc9c99ecf0f14b808a5bcb65bf49"

static void files_that_nobody_owns_are_read_where_sizes_are_equal(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	fill(&f, "copy", 'x', BYTES);
	fill(&f, "owned", 'x', BYTES);
	fill(&f, "other", 'y', BYTES);
	fill(&f, "shorter", 'x', BYTES - 1);
	fill(&f, "two/a", 'z', 5000);
	fill(&f, "two/b", 'z', 5000);
	begin(&f);
	own(&f, "/owned", X_DIGEST, STATE_PRESENT);
	assert_string_equal(end(&f), "/copy /owned\n/two/a /two/b");
	release(&f);
}

static void hard_links_and_small_files_are_no_copies(void **state)
{
	struct fixture f;
	_cleanup_(strbuf_release) struct strbuf a = { 0 }, b = { 0 };

	(void)state;
	init(&f);
	fill(&f, "a", 'x', BYTES);
	strbuf_printf(&a, "%s/a", f.dir.path);
	strbuf_printf(&b, "%s/b", f.dir.path);
	assert_int_equal(link(strbuf_text(&a), strbuf_text(&b)), 0);
	fill(&f, "small/a", 's', 4000);
	fill(&f, "small/b", 's', 4000);
	begin(&f);
	assert_string_equal(end(&f), "");
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owned_files_are_not_read),
		cmocka_unit_test(files_that_nobody_owns_are_read_where_sizes_are_equal),
		cmocka_unit_test(hard_links_and_small_files_are_no_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

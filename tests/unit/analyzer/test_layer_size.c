/* What files weigh in an image layer: as zlib says, an inode once, holes without reading. */
#include "analyzer/layer_size.h"

#include "analyzer/walk.h"
#include "base/io.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define LEN  400000u /* more than one buffer */
#define HOLE (1ull << 40)

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct finding_list findings;
	uint64_t total;
};

static void setup(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	tempdir_init(&f->dir);
	tree_init(&f->tree);
	finding_list_init(&f->findings);
}

static void measure(struct fixture *f)
{
	struct layer_size sizes;
	const struct content_pass pass = { layersize_file, &sizes };
	struct content content = { .tree = &f->tree,
				   .passes = &pass,
				   .pass_count = 1,
				   .findings = &f->findings };
	struct walk_result seen = { 0 };

	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	content.root = f->root;
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &seen, NULL),
		0);
	walk_result_release(&seen);
	assert_int_equal(
		layersize_init(&sizes, &f->tree, content_threads(&content), NULL, NULL),
		0);
	assert_int_equal(content_run(&content), 0);
	assert_int_equal(layersize_finish(&sizes, &f->findings, &f->total), 0);
	layersize_release(&sizes);
}

static void teardown(struct fixture *f)
{
	finding_list_release(&f->findings);
	tree_release(&f->tree);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
}

static uint64_t size_of(const struct fixture *f, const char *path)
{
	const struct tree_entry *entry = tree_find(&f->tree, path);

	assert_non_null(entry);
	assert_true(entry->has_compressed);
	return entry->compressed_bytes;
}

/* Text that compresses, but not to nothing. */
static char *make_text(void)
{
	char *text = mem_alloc(LEN);
	uint32_t seed = 1;

	for (size_t i = 0; i < LEN; i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (char)('a' + (seed >> 24) % 20);
	}
	return text;
}

/* By zlib in one call: with its header of two bytes and a checksum of four. */
static uint64_t zlib_says(const char *text, size_t len)
{
	uLongf out = compressBound(len);
	_cleanup_(freep) Bytef *buffer = mem_alloc(out);

	assert_int_equal(compress2(buffer, &out, (const Bytef *)text, len, 6), Z_OK);
	return out - 6;
}

static void sizes_are_those_of_zlib(void **state)
{
	_cleanup_(freep) char *text = make_text();
	struct fixture f;

	(void)state;
	setup(&f);
	tempdir_bytes(&f.dir, "a/large", text, LEN);
	tempdir_bytes(&f.dir, "a/small", text, 100);
	tempdir_file(&f.dir, "a/empty", "");
	tempdir_link(&f.dir, "a/link", "large");
	measure(&f);

	assert_int_equal(size_of(&f, "/a/large"), zlib_says(text, LEN));
	assert_int_equal(size_of(&f, "/a/small"), zlib_says(text, 100));
	assert_int_equal(size_of(&f, "/a/empty"), 0);
	assert_false(tree_find(&f.tree, "/a/link")->has_compressed);
	assert_int_equal(f.total, zlib_says(text, LEN) + zlib_says(text, 100));
	assert_int_equal(f.findings.items.len, 0);
	teardown(&f);
}

static void names_of_one_inode_count_once(void **state)
{
	_cleanup_(freep) char *text = make_text();
	struct fixture f;

	(void)state;
	setup(&f);
	tempdir_bytes(&f.dir, "b", text, LEN);
	assert_int_equal(linkat(f.dir.fd, "b", f.dir.fd, "a", 0), 0);
	assert_int_equal(linkat(f.dir.fd, "b", f.dir.fd, "c", 0), 0);
	measure(&f);

	assert_int_equal(size_of(&f, "/a"), zlib_says(text, LEN));
	assert_int_equal(size_of(&f, "/b"), size_of(&f, "/a"));
	assert_int_equal(size_of(&f, "/c"), size_of(&f, "/a"));
	assert_int_equal(f.total, size_of(&f, "/a"));
	teardown(&f);
}

static void write_at(const struct fixture *f, const char *path, off_t at,
		     const char *text)
{
	_cleanup_(closep) int fd = openat(f->dir.fd, path, O_RDWR | O_CREAT, 0644);
	size_t len = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, len, at), len);
}

/* A terabyte would take hours to read. */
static void holes_are_not_read(void **state)
{
	struct fixture f;
	struct stat st;

	(void)state;
	setup(&f);
	write_at(&f, "sparse", 0, "begin");
	write_at(&f, "sparse", (off_t)HOLE, "end");
	assert_int_equal(fstatat(f.dir.fd, "sparse", &st, 0), 0);
	if ((uint64_t)st.st_blocks * 512 > HOLE / 2)
		skip(); /* a file system without holes */
	measure(&f);
	assert_in_range(size_of(&f, "/sparse"), HOLE / 1032 - 4096, HOLE / 1032 + 4096);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_those_of_zlib),
		cmocka_unit_test(names_of_one_inode_count_once),
		cmocka_unit_test(holes_are_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

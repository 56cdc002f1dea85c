/* ld.so.conf with its includes, and globs by the tree. */
#include "analyzer/ldconf.h"
#include "analyzer/tree_glob.h"
#include "analyzer/walk.h"

#include "base/strbuf.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct ldconf conf;
	struct finding_list findings;
	struct strbuf text; /* "path file:line" for each folder */
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	tempdir_init(&f->dir);
	tree_init(&f->tree);
	ldconf_init(&f->conf);
	finding_list_init(&f->findings);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	strbuf_release(&f->text);
	finding_list_release(&f->findings);
	ldconf_release(&f->conf);
	tree_release(&f->tree);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static void walk(struct fixture *f)
{
	struct walk_result seen = { 0 };

	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &seen, NULL),
		0);
	walk_result_release(&seen);
}

/* Read /etc/ld.so.conf and write down what it says. */
static const char *read_conf(struct fixture *f)
{
	walk(f);
	ldconf_read(&f->conf, f->root, &f->tree, "/etc/ld.so.conf", &f->findings);
	array_each (&f->conf.dirs, i) {
		const struct ldconf_dir *dir = &f->conf.dirs.data[i];
		uint32_t entry = f->conf.files.data[dir->file].entry;

		strbuf_printf(
			&f->text, "%s %s:%u\n", strpool_text(&f->conf.strings, dir->path),
			tree_text(&f->tree, f->tree.entries.data[entry].path), dir->line);
	}
	return strbuf_text(&f->text);
}

static void folders_are_in_the_order_of_the_lines(void **state)
{
	struct fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf",
		     "# first a comment\n"
		     "  /usr/lib64/a/ # behind\n"
		     "include\tld.so.conf.d/*.conf   /etc/more.conf\n"
		     "\n"
		     "hwcap 0 nosegneg\n"
		     "/opt/b=libc6\n"
		     "relative/c\n"
		     "/last///");
	tempdir_file(&f->dir, "etc/ld.so.conf.d/20-z.conf", "/z\n");
	tempdir_file(&f->dir, "etc/ld.so.conf.d/10-y.conf", "/y1\n/y2\n");
	tempdir_file(&f->dir, "etc/ld.so.conf.d/.hidden.conf", "/hidden\n");
	tempdir_file(&f->dir, "etc/ld.so.conf.d/README", "/readme\n");
	tempdir_file(&f->dir, "etc/more.conf", "/m");
	assert_string_equal(read_conf(f), "/usr/lib64/a /etc/ld.so.conf:2\n"
					  "/y1 /etc/ld.so.conf.d/10-y.conf:1\n"
					  "/y2 /etc/ld.so.conf.d/10-y.conf:2\n"
					  "/z /etc/ld.so.conf.d/20-z.conf:1\n"
					  "/m /etc/more.conf:1\n"
					  "/opt/b /etc/ld.so.conf:6\n"
					  "/last /etc/ld.so.conf:8\n");
	assert_int_equal(f->findings.items.len, 0);
	/* who includes whom: for the citation */
	assert_int_equal(f->conf.files.data[1].included_by, 1);
	assert_int_equal(f->conf.files.data[1].included_line, 3);
	assert_int_equal(f->conf.files.data[0].included_by, 0);
}

static void links_stay_in_the_root(void **state)
{
	struct fixture *f = *state;

	tempdir_link(&f->dir, "etc/ld.so.conf", "/../usr/real.conf");
	tempdir_file(&f->dir, "usr/real.conf", "include /conf.d/*\n");
	tempdir_file(&f->dir, "usr/conf/one", "/one\n");
	tempdir_link(&f->dir, "usr/conf/two", "/nowhere");
	tempdir_link(&f->dir, "conf.d", "usr/conf");
	assert_string_equal(read_conf(f), "/one /usr/conf/one:1\n");
}

static void files_that_include_each_other_end(void **state)
{
	struct fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf", "include /etc/*\n/a\ninclude b\n");
	tempdir_file(&f->dir, "etc/b", "/b\ninclude /etc/ld.so.conf /etc/b\n");
	assert_string_equal(read_conf(f), "/b /etc/b:1\n/a /etc/ld.so.conf:2\n");
}

static void no_file_means_no_folders(void **state)
{
	struct fixture *f = *state;

	tempdir_folder(&f->dir, "etc/ld.so.conf");
	assert_string_equal(read_conf(f), "");
	assert_int_equal(f->findings.items.len, 0);
}

static void too_much_is_a_finding(void **state)
{
	struct fixture *f = *state;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	for (int i = 0; i < LDCONF_PATTERNS + 10; i++)
		strbuf_puts(&text, "include /x/*\n");
	strbuf_puts(&text, "/after\n");
	tempdir_file(&f->dir, "etc/ld.so.conf", strbuf_text(&text));
	tempdir_folder(&f->dir, "x");
	assert_non_null(strstr(read_conf(f), "/after"));
	assert_true(f->findings.items.len > 0);
	assert_string_equal(f->findings.items.data[0].rule, "bad-ldconf");
}

static void lines_are_understood(void **state)
{
	static const struct {
		const char *line;
		enum ldconf_line kind;
		const char *text;
	} rows[] = {
		{ "", LDCONF_EMPTY, "" },
		{ "   # x", LDCONF_EMPTY, "" },
		{ "/a", LDCONF_DIR, "/a" },
		{ "\t/a/ \t", LDCONF_DIR, "/a" },
		{ "/", LDCONF_DIR, "/" },
		{ "/a b", LDCONF_DIR, "/a b" },
		{ "/a=libc6", LDCONF_DIR, "/a" },
		{ "=x", LDCONF_EMPTY, "" },
		{ "include x y", LDCONF_INCLUDE, "x y" },
		{ "includes", LDCONF_DIR, "includes" },
		{ "include", LDCONF_DIR, "include" },
		{ "HWCAP 1 x", LDCONF_EMPTY, "" },
		{ "hwcaps", LDCONF_DIR, "hwcaps" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *text = NULL;
		size_t len = 0;

		assert_int_equal(
			ldconf_parse(rows[i].line, strlen(rows[i].line), &text, &len),
			rows[i].kind);
		if (rows[i].kind != LDCONF_EMPTY) {
			assert_int_equal(len, strlen(rows[i].text));
			assert_memory_equal(text, rows[i].text, len);
		}
	}
}

static void add_match(void *arg, const char *path)
{
	strbuf_printf(arg, "%s ", path);
}

static const char *glob(struct fixture *f, const char *pattern)
{
	strbuf_clear(&f->text);
	if (tree_glob(&f->tree, pattern, add_match, &f->text) < 0)
		strbuf_puts(&f->text, "error");
	return strbuf_text(&f->text);
}

static void patterns_match_by_components(void **state)
{
	struct fixture *f = *state;

	tempdir_file(&f->dir, "a/x.conf", "");
	tempdir_file(&f->dir, "a/y.conf", "");
	tempdir_file(&f->dir, "a/.z.conf", "");
	tempdir_file(&f->dir, "a-b/x.conf", "");
	tempdir_file(&f->dir, "a/sub/x.conf", "");
	tempdir_link(&f->dir, "l", "a");
	walk(f);
	assert_string_equal(glob(f, "/a/*.conf"), "/a/x.conf /a/y.conf ");
	assert_string_equal(glob(f, "/*/x.conf"), "/a-b/x.conf /a/x.conf /l/x.conf ");
	assert_string_equal(glob(f, "/l/[x]*"), "/l/x.conf ");
	assert_string_equal(glob(f, "/a/.*.conf"), "/a/.z.conf ");
	assert_string_equal(glob(f, "//a//x.conf"), "/a/x.conf ");
	assert_string_equal(glob(f, "/a/none"), "");
	assert_string_equal(glob(f, "/a/x.conf/*"), "");
	assert_string_equal(glob(f, "/../a/x.conf"), "/../a/x.conf ");
	assert_string_equal(glob(f, "/"), "/ ");
	assert_string_equal(glob(f, "a/*"), "error");
}

static void patterns_that_match_without_end_are_refused(void **state)
{
	struct fixture *f = *state;
	char name[32];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "d/l%d", i);
		tempdir_link(&f->dir, name, ".");
	}
	walk(f);
	assert_string_equal(glob(f, "/d/*/*/*/*/*/*/*"), "error");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(folders_are_in_the_order_of_the_lines),
		WITH_FIXTURE(links_stay_in_the_root),
		WITH_FIXTURE(files_that_include_each_other_end),
		WITH_FIXTURE(no_file_means_no_folders),
		WITH_FIXTURE(too_much_is_a_finding),
		cmocka_unit_test(lines_are_understood),
		WITH_FIXTURE(patterns_match_by_components),
		WITH_FIXTURE(patterns_that_match_without_end_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

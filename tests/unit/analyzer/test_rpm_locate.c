#include "analyzer/rpm_locate.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SQLITE "SQLite format 3"

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct rpm_location place;
	struct error err;
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	f->place.fd = -1;
	tempdir_init(&f->dir);
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	rpm_location_release(&f->place);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static void sqlite_at(struct fixture *f, const char *path)
{
	tempdir_bytes(&f->dir, path, SQLITE, sizeof(SQLITE));
}

static int locate(struct fixture *f, const char *dbpath)
{
	rpm_location_release(&f->place);
	f->err = (struct error){ 0 };
	return rpm_locate(f->root, dbpath, &f->place, &f->err);
}

static void expect_text(const struct fixture *f, const char *text)
{
	if (!strstr(f->err.text, text))
		fail_msg("'%s' is not in: %s", text, f->err.text);
}

static void each_usual_folder_is_found(void **state)
{
	static const char *const folders[] = { "usr/lib/sysimage/rpm", "var/lib/rpm",
					       "usr/share/rpm" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		_cleanup_(freep) char *path = mem_printf("%s/rpmdb.sqlite", folders[i]);

		sqlite_at(f, path);
		assert_int_equal(locate(f, NULL), 0);
		assert_string_equal(f->place.path + 1, path);
		assert_int_equal(f->place.backend, RPM_BACKEND_SQLITE);
		assert_int_equal(unlinkat(f->dir.fd, path, 0), 0);
	}
}

static void none_is_an_error_that_names_the_places(void **state)
{
	struct fixture *f = *state;

	tempdir_folder(&f->dir, "var/lib/rpm");
	assert_int_equal(locate(f, NULL), -ENOENT);
	expect_text(f, "/usr/lib/sysimage/rpm, /var/lib/rpm, /usr/share/rpm");
	assert_int_equal(locate(f, "/var/lib"), -ENOENT);
	expect_text(f, "in /var/lib (");
}

static void absolute_links_stay_in_the_root(void **state)
{
	struct fixture *f = *state;

	sqlite_at(f, "usr/lib/sysimage/rpm/rpmdb.sqlite");
	tempdir_link(&f->dir, "var/lib/rpm", "/usr/lib/sysimage/rpm");
	tempdir_link(&f->dir, "usr/share/rpm", "../../../../../usr/lib/./sysimage//rpm/");
	assert_int_equal(locate(f, NULL), 0);
	assert_int_equal(locate(f, "/var/lib/rpm"), 0);
	assert_string_equal(f->place.path, "/usr/lib/sysimage/rpm/rpmdb.sqlite");
	assert_int_equal(locate(f, "/usr/share/rpm"), 0);
	assert_string_equal(f->place.path, "/usr/lib/sysimage/rpm/rpmdb.sqlite");
}

static void the_database_itself_may_be_a_link(void **state)
{
	struct fixture *f = *state;

	sqlite_at(f, "data/db/real");
	tempdir_link(&f->dir, "here", "data/db");
	tempdir_link(&f->dir, "var/lib/rpm/rpmdb.sqlite", "../../../here/../db/real");
	assert_int_equal(locate(f, NULL), 0);
	assert_string_equal(f->place.path, "/data/db/real");
}

static void two_databases_are_named_and_one_can_be_chosen(void **state)
{
	struct fixture *f = *state;

	sqlite_at(f, "usr/lib/sysimage/rpm/rpmdb.sqlite");
	sqlite_at(f, "var/lib/rpm/Packages");
	assert_int_equal(locate(f, NULL), -ENOTUNIQ);
	expect_text(f, "'/usr/lib/sysimage/rpm/rpmdb.sqlite'");
	expect_text(f, "'/var/lib/rpm/Packages'");
	expect_text(f, "--dbpath");
	assert_int_equal(locate(f, "var/lib/rpm"), 0);
	assert_string_equal(f->place.path, "/var/lib/rpm/Packages");
	assert_int_equal(locate(f, "/usr/lib/sysimage/rpm/rpmdb.sqlite"), 0);
	assert_int_equal(locate(f, "/nowhere"), -ENOENT);
}

static void two_names_in_one_folder_are_two_databases(void **state)
{
	struct fixture *f = *state;

	sqlite_at(f, "var/lib/rpm/rpmdb.sqlite");
	tempdir_file(&f->dir, "var/lib/rpm/Packages.db", "RpmP");
	assert_int_equal(locate(f, NULL), -ENOTUNIQ);
	assert_int_equal(locate(f, "/var/lib/rpm/Packages.db"), 0);
	assert_int_equal(f->place.backend, RPM_BACKEND_NDB);
}

static void what_is_no_regular_file_is_refused(void **state)
{
	struct fixture *f = *state;

	tempdir_folder(&f->dir, "var/lib/rpm");
	assert_int_equal(mkfifoat(f->dir.fd, "var/lib/rpm/rpmdb.sqlite", 0644), 0);
	assert_int_equal(locate(f, NULL), -EINVAL);
	assert_int_equal(unlinkat(f->dir.fd, "var/lib/rpm/rpmdb.sqlite", 0), 0);
	tempdir_folder(&f->dir, "var/lib/rpm/rpmdb.sqlite");
	assert_true(locate(f, NULL) < 0);
	expect_text(f, "rpmdb.sqlite");
}

static void loops_and_dangling_links_are_refused(void **state)
{
	struct fixture *f = *state;

	tempdir_link(&f->dir, "var/lib/rpm/rpmdb.sqlite", "rpmdb.sqlite");
	assert_int_equal(locate(f, NULL), -ELOOP);
	assert_int_equal(unlinkat(f->dir.fd, "var/lib/rpm/rpmdb.sqlite", 0), 0);
	tempdir_link(&f->dir, "var/lib/rpm/rpmdb.sqlite", "/gone");
	assert_int_equal(locate(f, NULL), -ENOENT);
	expect_text(f, "dangling");
}

static void the_content_decides_what_it_is(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int r;
		const char *says;
	} cases[] = {
		{ "", 0, -EINVAL, "an empty file" },
		{ "some text", 9, -ENOTSUP, "unknown kind" },
		{ "0123456789ab\x61\x15\x06\0", 16, 0, NULL },
		{ "0123456789ab\0\x06\x15\x61", 16, 0, NULL },
		{ "0123456789abcdef\xde\xc0\xef\xbe", 20, -ENOTSUP, "LMDB" },
		{ "\0\x06\x15\x61\0\0\0\0\0\0\0\0\0\0\0\0", 16, -ENOTSUP, "RPM 3" },
		{ SQLITE, 15, -ENOTSUP, "unknown kind" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tempdir_bytes(&f->dir, "var/lib/rpm/Packages", cases[i].bytes,
			      cases[i].len);
		assert_int_equal(locate(f, NULL), cases[i].r);
		if (cases[i].says)
			expect_text(f, cases[i].says);
		assert_int_equal(unlinkat(f->dir.fd, "var/lib/rpm/Packages", 0), 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_usual_folder_is_found),
		TEST(none_is_an_error_that_names_the_places),
		TEST(absolute_links_stay_in_the_root),
		TEST(the_database_itself_may_be_a_link),
		TEST(two_databases_are_named_and_one_can_be_chosen),
		TEST(two_names_in_one_folder_are_two_databases),
		TEST(what_is_no_regular_file_is_refused),
		TEST(loops_and_dangling_links_are_refused),
		TEST(the_content_decides_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

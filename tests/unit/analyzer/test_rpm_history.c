#include "analyzer/rpm_history.h"

#include "base/macros.h"
#include "base/mem.h"
#include "graph/sql.h"
#include "tests/unit/support/rpm_image_of.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <string.h>
#include <unistd.h>

#define DNF_SCHEMA                                                                       \
	"CREATE TABLE trans (id INTEGER PRIMARY KEY, state INTEGER);"                    \
	"CREATE TABLE rpm (item_id INTEGER, name TEXT, epoch INTEGER, version TEXT,"     \
	" release TEXT, arch TEXT);"                                                     \
	"CREATE TABLE trans_item (id INTEGER PRIMARY KEY, trans_id INTEGER,"             \
	" item_id INTEGER, action INTEGER, reason INTEGER);"

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct rpm_image image;
};

static int set_up(void **state)
{
	static const char *const nevras[] = { "bash-5-1.x86_64", "glibc-2-1.i686",
					      "glibc-2-1.x86_64", "vim-9-1.x86_64" };
	struct fixture *f = mem_calloc(1, sizeof(*f));
	struct rpm_fixture db = { 0 };

	tempdir_init(&f->dir);
	tempdir_folder(&f->dir, "var/lib/dnf");
	tempdir_folder(&f->dir, "var/lib/tdnf");
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(nevras); i++)
		rpm_fixture_package(&db, nevras[i]);
	rpm_image_of(&db, &f->image);
	rpm_fixture_release(&db);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	rpm_image_release(&f->image);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static void write_history(struct fixture *f, const char *path, const char *statements)
{
	_cleanup_(freep) char *file = mem_printf("%s/%s", f->dir.path, path);
	struct error err = { 0 };
	struct sql *sql = NULL;

	if (sql_open(file, SQL_CREATE, &sql, &err) < 0 ||
	    sql_exec(sql, statements, &err) < 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

/* The reasons of bash, glibc.i686, glibc.x86_64 and vim, one after the other. */
static void expect_reasons(struct fixture *f, const char *bash, const char *glibc32,
			   const char *glibc, const char *vim)
{
	const char *const expected[] = { bash, glibc32, glibc, vim };

	assert_int_equal(rpm_history_read(f->root, &f->image, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_string_equal(
			rpm_image_text(&f->image,
				       f->image.packages.data[i].install_reason),
			expected[i]);
}

static void without_a_history_nothing_is_known(void **state)
{
	struct fixture *f = *state;

	expect_reasons(f, "", "", "", "");
	assert_int_equal(f->image.problems.len, 0);
}

static void the_last_word_of_dnf_counts(void **state)
{
	struct fixture *f = *state;

	write_history(f, "var/lib/dnf/history.sqlite",
		      DNF_SCHEMA
		      "INSERT INTO trans VALUES (1, 1), (2, 1), (3, 2), (4, 1);"
		      "INSERT INTO rpm VALUES (10, 'bash', 0, '4', '1', 'x86_64'),"
		      " (11, 'bash', 0, '5', '1', 'x86_64'),"
		      " (12, 'glibc', 0, '2', '1', 'x86_64'),"
		      " (13, 'glibc', 0, '2', '1', 'i686'),"
		      " (14, 'vim', 0, '9', '1', 'x86_64');"
		      "INSERT INTO trans_item VALUES"
		      " (1, 1, 10, 1, 1)," /* install bash as a dependency */
		      " (2, 1, 12, 1, 1),"
		      " (3, 1, 13, 1, 4),"
		      " (4, 1, 14, 1, 2),"
		      " (5, 2, 11, 6, 2),"  /* upgrade, by the user's wish */
		      " (6, 2, 10, 7, 1),"  /* what was upgraded */
		      " (7, 3, 12, 11, 2)," /* marked, but the transaction failed */
		      " (8, 4, 14, 8, 2);" /* removed: what is there is not of dnf */);
	expect_reasons(f, "user", "weak dependency", "dependency", "");
}

static void flags_of_tdnf_are_by_name(void **state)
{
	struct fixture *f = *state;

	write_history(
		f, "var/lib/tdnf/history.db",
		"CREATE TABLE names (Id INTEGER PRIMARY KEY, name TEXT);"
		"CREATE TABLE flag_set (Id INTEGER PRIMARY KEY, trans_id INTEGER,"
		" name_id INTEGER, value INTEGER);"
		"INSERT INTO names VALUES (1, 'glibc'), (2, 'vim');"
		"INSERT INTO flag_set VALUES (1, 1, 1, 1), (2, 1, 2, 1), (3, 2, 2, 0)");
	expect_reasons(f, "", "dependency", "dependency", "user");
}

static void what_is_no_history_is_left_alone(void **state)
{
	static const char *const schemas[] = {
		"CREATE TABLE other (x)",
		"CREATE TABLE trans (id, state); CREATE TABLE rpm (item_id, name, arch);"
		"CREATE VIEW trans_item (id, trans_id, item_id, action, reason) AS"
		" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
		" SELECT i, i, i, i, i FROM n",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
		write_history(f, "var/lib/dnf/history.sqlite", schemas[i]);
		expect_reasons(f, "", "", "", "");
		assert_int_equal(unlinkat(f->dir.fd, "var/lib/dnf/history.sqlite", 0), 0);
	}
	assert_int_equal(f->image.problems.len, 0);
}

static void odd_values_are_no_reasons(void **state)
{
	struct fixture *f = *state;

	write_history(f, "var/lib/dnf/history.sqlite",
		      DNF_SCHEMA
		      "INSERT INTO trans VALUES (1, 1);"
		      "INSERT INTO rpm VALUES (1, 'bash', 0, 'x', 'x', 'x86_64'),"
		      " (2, NULL, 0, '', '', NULL), (3, 'vim', 0, '', '', 'x86_64');"
		      "INSERT INTO trans_item VALUES (1, 1, 1, 1, 77), (2, 1, 9, 1, 2),"
		      " (3, 1, 2, 1, 2), (4, NULL, NULL, NULL, NULL), (5, 1, 3, 1, -1)");
	expect_reasons(f, "", "", "", "");
}

static void a_damaged_history_is_a_problem_not_a_failure(void **state)
{
	struct fixture *f = *state;

	tempdir_file(&f->dir, "var/lib/dnf/history.sqlite",
		     "no database at all, but long enough to be looked at by sqlite");
	expect_reasons(f, "", "", "", "");
	assert_int_equal(f->image.problems.len, 1);
	assert_string_equal(f->image.problems.data[0].rule, RPM_PROBLEM_HISTORY);
	assert_non_null(strstr(rpm_image_text(&f->image, f->image.problems.data[0].text),
			       "/var/lib/dnf/history.sqlite"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_history_nothing_is_known),
		TEST(the_last_word_of_dnf_counts),
		TEST(flags_of_tdnf_are_by_name),
		TEST(what_is_no_history_is_left_alone),
		TEST(odd_values_are_no_reasons),
		TEST(a_damaged_history_is_a_problem_not_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

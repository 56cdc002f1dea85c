#include "analyzer/rpm_source.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/strbuf.h"
#include "graph/sql.h"
#include "tests/unit/support/rpm_image_of.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <rpm/rpmfiles.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct rpm_fixture db;
	struct rpm_image image;
	struct error err;
	char *file; /* of the database, on the host */
	bool filled;
};

static const char *const NAMES[] = {
	[RPM_BACKEND_SQLITE] = "rpmdb.sqlite",
	[RPM_BACKEND_BDB] = "Packages",
	[RPM_BACKEND_NDB] = "Packages.db",
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	tempdir_init(&f->dir);
	tempdir_folder(&f->dir, "var/lib/rpm");
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->filled)
		rpm_image_release(&f->image);
	rpm_fixture_release(&f->db);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f->file);
	free(f);
	return 0;
}

static void write_db(struct fixture *f, enum rpm_backend backend)
{
	free(f->file);
	f->file = mem_printf("%s/var/lib/rpm/%s", f->dir.path, NAMES[backend]);
	rpm_fixture_write(&f->db, backend, f->file);
}

static int read_db(struct fixture *f)
{
	struct rpm_location place = { .fd = -1 };
	int r = rpm_locate(f->root, NULL, &place, &f->err);

	assert_int_equal(r, 0);
	if (f->filled)
		rpm_image_release(&f->image);
	rpm_image_init(&f->image);
	f->filled = true;
	r = rpm_source_read(f->root, &place, &f->image, &f->err);
	rpm_location_release(&place);
	return r;
}

static void write_and_read(struct fixture *f, enum rpm_backend backend)
{
	write_db(f, backend);
	if (read_db(f) < 0)
		fail_msg("%s", f->err.text);
}

/* Flip bits at an offset of the database file. */
static void damage(const struct fixture *f, off_t at, uint8_t bits)
{
	_cleanup_(closep) int fd = open(f->file, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= bits;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static void put32_at(const struct fixture *f, off_t at, uint32_t value)
{
	_cleanup_(closep) int fd = open(f->file, O_RDWR | O_CLOEXEC);

	assert_int_equal(pwrite(fd, &value, 4, at), 4);
}

static void three_packages(struct fixture *f)
{
	Header h = rpm_fixture_package(&f->db, "zsh-5.9-4.x86_64");

	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "libc.so.6()(64bit)",
			   RPMSENSE_FIND_REQUIRES);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "coreutils >= 8.0", 0);
	rpm_fixture_file(h, "/usr/bin/zsh", 0100755, 0);
	rpm_fixture_link(h, "/usr/bin/rzsh", "zsh");
	h = rpm_fixture_package(&f->db, "acl-1:2.3-1.x86_64");
	rpm_fixture_file(h, "/usr/bin/getfacl", 0100755, 0);
	rpm_fixture_file(h, "/usr/share/doc/acl/README", 0100644, 2);
	rpm_fixture_package(&f->db, "gpg-pubkey-12345678-1.none");
}

static char *dump(const struct fixture *f)
{
	struct strbuf out = { 0 };

	array_each (&f->image.packages, i) {
		const struct rpm_package *p = image_package(&f->image, i);

		strbuf_printf(&out, "%s key=%d\n", rpm_image_text(&f->image, p->nevra),
			      p->is_key);
		for (uint32_t k = 0; k < p->files_len; k++) {
			const struct rpm_file *file =
				&f->image.files.data[p->files_at + k];

			strbuf_printf(&out, " %s -> '%s' %" PRIu64 " %o %u\n",
				      rpm_image_text(&f->image, file->path),
				      rpm_image_text(&f->image, file->link_target),
				      file->size_bytes, file->mode, file->state);
		}
		for (uint32_t k = 0; k < p->requirements_len; k++) {
			const struct rpm_requirement *r =
				image_requirement(&f->image, p->requirements_at + k);

			assert_int_equal(r->package, i + 1);
			strbuf_printf(&out, " needs %s %s\n",
				      rpm_image_text(&f->image, r->text),
				      r->manual ? "manual" : "auto");
		}
	}
	return strbuf_detach(&out);
}

static void all_kinds_give_the_same_image(void **state)
{
	static const char expected[] = "acl-1:2.3-1.x86_64 key=0\n"
				       " /usr/bin/getfacl -> '' 100 100755 0\n"
				       " /usr/share/doc/acl/README -> '' 100 100644 2\n"
				       "gpg-pubkey-12345678-1 key=1\n"
				       "zsh-5.9-4.x86_64 key=0\n"
				       " /usr/bin/zsh -> '' 100 100755 0\n"
				       " /usr/bin/rzsh -> 'zsh' 100 120777 0\n"
				       " needs libc.so.6()(64bit) auto\n"
				       " needs coreutils >= 8.0 manual\n";
	struct fixture *f = *state;

	three_packages(f);
	for (int backend = RPM_BACKEND_SQLITE; backend <= RPM_BACKEND_NDB; backend++) {
		_cleanup_(freep) char *got = NULL;

		write_and_read(f, (enum rpm_backend)backend);
		got = dump(f);
		assert_string_equal(got, expected);
		assert_string_equal(f->image.backend, rpm_backend_name(backend));
		assert_int_equal(f->image.header_count, 3);
		assert_int_equal(f->image.unreadable_count, 0);
		assert_int_equal(f->image.problems.len, 0);
		assert_int_equal(unlink(f->file), 0);
	}
}

static void what_is_no_header_is_counted_and_told(void **state)
{
	struct fixture *f = *state;

	for (int backend = RPM_BACKEND_SQLITE; backend <= RPM_BACKEND_NDB; backend++) {
		Header bare = headerNew();

		headerPutString(bare, RPMTAG_NAME, "bare");
		array_push(&f->db.headers, bare);
		rpm_fixture_package(&f->db, "good-1-1.noarch");
		rpm_fixture_record(&f->db, 7, "this is no header, but long enough", 34);
		rpm_fixture_record(&f->db, 8, "short", 5);
		write_and_read(f, (enum rpm_backend)backend);
		assert_int_equal(f->image.packages.len, 1);
		assert_int_equal(f->image.header_count, 4);
		assert_int_equal(f->image.unreadable_count, 3);
		image_expect_problem(&f->image, RPM_PROBLEM_DATABASE,
				     "header 1 could not be read: it has "
				     "no name");
		image_expect_problem(&f->image, RPM_PROBLEM_DATABASE, "header 7");
		image_expect_problem(&f->image, RPM_PROBLEM_DATABASE, "header 8");
		rpm_fixture_release(&f->db);
		assert_int_equal(unlink(f->file), 0);
	}
}

static void a_database_without_a_readable_header_is_an_error(void **state)
{
	struct fixture *f = *state;

	write_db(f, RPM_BACKEND_SQLITE);
	assert_int_equal(read_db(f), -ENODATA);
	assert_non_null(strstr(f->err.text, "holds no package"));
	assert_int_equal(unlink(f->file), 0);
	rpm_fixture_record(&f->db, 1, "this is no header, but long enough", 34);
	write_db(f, RPM_BACKEND_SQLITE);
	assert_int_equal(read_db(f), -ENODATA);
	assert_non_null(strstr(f->err.text, "none of its 1 headers"));
	assert_non_null(strstr(f->err.text, "/var/lib/rpm/rpmdb.sqlite"));
}

static void a_number_that_is_there_twice_is_told(void **state)
{
	struct fixture *f = *state;

	three_packages(f);
	write_db(f, RPM_BACKEND_NDB);
	rpm_fixture_record(&f->db, 1, f->db.records.data[0].bytes,
			   f->db.records.data[0].len);
	write_and_read(f, RPM_BACKEND_NDB);
	assert_int_equal(f->image.packages.len, 3);
	assert_int_equal(f->image.unreadable_count, 1);
	image_expect_problem(&f->image, RPM_PROBLEM_DATABASE, "twice");
}

static void ndb_blobs_are_checked(void **state)
{
	static const struct {
		off_t at;
		uint8_t bits;
		const char *says;
	} cases[] = {
		{ 4096 + 100, 1, "checksum" }, { 4096, 1, "frame" },
		{ 4096 + 4, 4, "frame" },      { 4096 + 12, 0x40, "" },
		{ 32 + 8, 0xff, "" },	       { 32 + 12, 0x20, "" },
		{ 32 + 11, 0x7f, "end" },      { 32, 1, "a slot is damaged" },
	};
	struct fixture *f = *state;

	three_packages(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		write_db(f, RPM_BACKEND_NDB);
		damage(f, cases[i].at, cases[i].bits);
		assert_int_equal(read_db(f), 0);
		assert_int_equal(f->image.packages.len, 2);
		assert_int_equal(f->image.unreadable_count, 1);
		image_expect_problem(&f->image, RPM_PROBLEM_DATABASE, cases[i].says);
	}
}

static void ndb_heads_are_checked(void **state)
{
	struct fixture *f = *state;

	three_packages(f);
	write_db(f, RPM_BACKEND_NDB);
	put32_at(f, 12, 0x7fffffff);
	assert_int_equal(read_db(f), -EINVAL);
	put32_at(f, 12, 0);
	assert_int_equal(read_db(f), -EINVAL);
	put32_at(f, 12, 1);
	put32_at(f, 4, 3);
	assert_int_equal(read_db(f), -ENOTSUP);
	assert_non_null(strstr(f->err.text, "version 3"));
	put32_at(f, 4, 0);
	assert_int_equal(truncate(f->file, 2000), 0);
	assert_int_equal(read_db(f), -EINVAL);
}

/* All slots claim the one big blob: RPM never writes that, and it must not take for ever. */
static void ndb_blobs_that_overlap_are_refused(void **state)
{
	struct fixture *f = *state;

	three_packages(f);
	write_db(f, RPM_BACKEND_NDB);
	for (off_t at = 48; at < 4096; at += 16) {
		put32_at(f, at + 4, 1);
		put32_at(f, at + 8, 256);
		put32_at(f, at + 12, 8);
	}
	assert_int_equal(read_db(f), 0);
	assert_int_equal(f->image.packages.len, 1);
	assert_int_equal(f->image.header_count, 254);
}

/* Page 1 has the first record, page 2 begins its value. */
static void bdb_pages_are_checked(void **state)
{
	static const struct {
		off_t at;
		uint8_t bits;
	} cases[] = {
		{ 4096 + 8, 1 },	   /* the page's number */
		{ 4096 + 20, 1 },	   /* an odd count of items */
		{ 4096 + 21, 0x80 },	   /* more items than fit */
		{ 4096 + 27, 0x80 },	   /* the key begins behind the page */
		{ 4096 + 28, 0x10 },	   /* the value is not where it was */
		{ 4096 + 4096 - 17, 2 },   /* of an unknown type */
		{ 4096 + 4096 - 13, 8 },   /* its first page is another */
		{ 4096 + 4096 - 6, 0xff }, /* longer than the file */
		{ 8192 + 22, 1 },	   /* an overflow page that is not full */
		{ 8192 + 25, 2 },	   /* ... that is none */
	};
	struct fixture *f = *state;

	three_packages(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		write_db(f, RPM_BACKEND_BDB);
		damage(f, cases[i].at, cases[i].bits);
		assert_int_equal(read_db(f), 0);
		assert_int_equal(f->image.packages.len, 2);
		assert_int_equal(f->image.unreadable_count, 1);
	}
}

static void bdb_heads_are_checked(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 511, 513, 131072, 0xffffffff };
	struct fixture *f = *state;

	three_packages(f);
	write_db(f, RPM_BACKEND_BDB);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		put32_at(f, 20, sizes[i]);
		assert_int_equal(read_db(f), -EINVAL);
		assert_non_null(strstr(f->err.text, "pages of"));
	}
	put32_at(f, 20, 4096);
	assert_int_equal(read_db(f), 0);
	assert_int_equal(truncate(f->file, 2 * 4096), 0);
	assert_int_equal(read_db(f), -ENODATA);
	assert_int_equal(truncate(f->file, 600), 0);
	assert_int_equal(read_db(f), -EINVAL);
}

static void a_cut_sqlite_database_is_an_error(void **state)
{
	struct fixture *f = *state;

	three_packages(f);
	write_db(f, RPM_BACKEND_SQLITE);
	assert_int_equal(truncate(f->file, 4096), 0);
	assert_true(read_db(f) < 0);
	assert_string_equal(f->err.text,
			    "cannot read the rpmdb '/var/lib/rpm/rpmdb.sqlite': it is "
			    "damaged (database disk image is malformed)");
}

static void make_sqlite(struct fixture *f, const char *statements)
{
	struct sql *sql = NULL;

	free(f->file);
	f->file = mem_printf("%s/var/lib/rpm/rpmdb.sqlite", f->dir.path);
	unlink(f->file);
	assert_int_equal(sql_open(f->file, SQL_CREATE, &sql, &f->err), 0);
	if (sql_exec(sql, statements, &f->err) < 0)
		fail_msg("%s", f->err.text);
	sql_close(sql);
}

static void only_the_table_of_rpm_is_read(void **state)
{
	static const char *const schemas[] = {
		"CREATE TABLE Other (hnum, blob)",
		"CREATE TABLE Packages (hnum, other)",
		"CREATE VIEW Packages (hnum, blob) AS WITH RECURSIVE n(i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, zeroblob(1000) FROM "
		"n",
		"CREATE TABLE Packages (hnum, blob AS (zeroblob(hnum))); INSERT INTO"
		" Packages VALUES (1000000000)",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
		make_sqlite(f, schemas[i]);
		assert_int_equal(read_db(f), -EINVAL);
		assert_non_null(strstr(f->err.text, "no table Packages"));
	}
	make_sqlite(f, "CREATE TABLE Packages (hnum, blob); INSERT INTO Packages VALUES"
		       " (NULL, NULL), ('x', 'y'), (-1, 5), (1e300, x'')");
	assert_int_equal(read_db(f), -ENODATA);
	assert_int_equal(f->image.unreadable_count, 4);
}

static size_t count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void a_pending_log_is_read_and_nothing_is_written(void **state)
{
	struct fixture *f = *state;
	_cleanup_(freep) char *folder = mem_printf("%s/var/lib/rpm", f->dir.path);
	struct sql *sql = NULL;

	three_packages(f);
	write_db(f, RPM_BACKEND_SQLITE);
	assert_int_equal(sql_open(f->file, SQL_WRITE, &sql, &f->err), 0);
	assert_int_equal(sql_exec(sql,
				  "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
				  "DELETE FROM Packages WHERE hnum = 1",
				  &f->err),
			 0);
	assert_int_equal(count_entries(folder), 2 + 3);
	assert_int_equal(read_db(f), 0);
	assert_int_equal(f->image.packages.len, 2);
	assert_string_equal(rpm_image_text(&f->image, image_package(&f->image, 0)->name),
			    "acl");
	assert_int_equal(count_entries(folder), 2 + 3);
	sql_close(sql);
	assert_int_equal(count_entries(folder), 2 + 1);
	assert_int_equal(read_db(f), 0);
	assert_int_equal(count_entries(folder), 2 + 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_kinds_give_the_same_image),
		TEST(what_is_no_header_is_counted_and_told),
		TEST(a_database_without_a_readable_header_is_an_error),
		TEST(a_number_that_is_there_twice_is_told),
		TEST(ndb_blobs_are_checked),
		TEST(ndb_heads_are_checked),
		TEST(ndb_blobs_that_overlap_are_refused),
		TEST(bdb_pages_are_checked),
		TEST(bdb_heads_are_checked),
		TEST(a_cut_sqlite_database_is_an_error),
		TEST(only_the_table_of_rpm_is_read),
		TEST(a_pending_log_is_read_and_nothing_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "analyzer/rpm_record.h"
#include "base/io.h"
#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/rpm_fixture.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct records {
	struct strbuf text;
};

static int note_record(const struct rpm_record *record, void *arg, struct error *err)
{
	struct records *records = arg;

	(void)err;
	strbuf_printf(&records->text, "%u:%s:%zu ", record->number,
		      record->damage ? record->damage : "good", record->len);
	return 0;
}

static void expect_records(const char *path, const char *expected)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct records records = { 0 };

	assert_int_equal(rpm_bdb_each(fd, note_record, &records, NULL), 0);
	assert_string_equal(strbuf_text(&records.text), expected);
	strbuf_release(&records.text);
}

/* Written by hand: small pages with two records on one, and a btree of the other order. */
static void other_shapes_of_berkeley_db_are_read(void **state)
{
	(void)state;
	expect_records(TEST_SOURCE_DIR "/fuzz/corpus/rpm_database/bdb",
		       "1:good:768 2:good:6 ");
	expect_records(TEST_SOURCE_DIR "/fuzz/corpus/rpm_database/bdb-btree-swapped",
		       "1:good:5 ");
}

/* A value of many pages whose second page leads back to the first. */
static void chains_do_not_turn_in_circles(void **state)
{
	_cleanup_(freep) char *bytes = mem_calloc(1, 100000);
	_cleanup_(freep) char *path = NULL;
	struct rpm_fixture db = { 0 };
	uint32_t first = 2;
	struct tempdir dir;
	int fd;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/Packages", dir.path);
	rpm_fixture_record(&db, 1, bytes, 100000);
	rpm_fixture_record(&db, 2, bytes, 10);
	rpm_fixture_write(&db, RPM_BACKEND_BDB, path);
	expect_records(path, "1:good:100000 2:good:10 ");
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, &first, 4, 3 * 4096 + 16), 4);
	close(fd);
	expect_records(path, "1:a page of it is damaged:0 2:good:10 ");
	rpm_fixture_release(&db);
	tempdir_release(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_shapes_of_berkeley_db_are_read),
		cmocka_unit_test(chains_do_not_turn_in_circles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

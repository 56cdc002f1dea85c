/*
 * sqlite writes beside a database even to read it (and must, when a write-ahead log is
 * pending), so it gets a private copy of database, log and journal. The table is RPM's own
 * business and the file may be made by anybody: it must be a real table with two plain
 * columns, because a view could run for ever.
 */
#include "analyzer/rpm_record.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const char SQL_TABLE[] =
	"SELECT count(*) FROM sqlite_master AS m, pragma_table_xinfo('Packages') AS c"
	" WHERE m.type = 'table' AND m.name = 'Packages' AND m.rootpage > 0"
	"   AND c.name IN ('hnum', 'blob') AND c.hidden = 0";

static const char SQL_HEADERS[] = "SELECT hnum, blob FROM Packages ORDER BY hnum";

static int copy_to(int from, const char *to_path, struct error *err)
{
	_cleanup_(closep) int to =
		open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (to < 0)
		return error_errno(err, "cannot make '%s'", to_path);
	return io_copy(from, to, err);
}

/* "-wal" and "-journal" are there or not; an empty one means nothing. */
static int copy_log(struct rootfs *root, const struct rpm_location *place,
		    const char *suffix, const char *copy, struct error *err)
{
	_cleanup_(freep) char *path = mem_printf("%s%s", place->path, suffix);
	_cleanup_(freep) char *to = mem_printf("%s%s", copy, suffix);
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (rootfs_lstat(root, path, &st, NULL) == -ENOENT)
		return 0;
	fd = rootfs_open_nofollow(root, path, err);
	if (fd < 0)
		return fd;
	return copy_to(fd, to, err);
}

static int copy_database(struct rootfs *root, const struct rpm_location *place,
			 const char *copy, struct error *err)
{
	int r = copy_to(place->fd, copy, err);

	if (r == 0)
		r = copy_log(root, place, "-wal", copy, err);
	if (r == 0)
		r = copy_log(root, place, "-journal", copy, err);
	return r < 0 ? error_prefix(err, r, "cannot copy the rpmdb") : 0;
}

/* Rows of a hostile database may share their pages: together they cannot be longer than
 * the files. */
static uint64_t bytes_on_disk(const char *copy)
{
	static const char *const suffixes[] = { "", "-wal", "-journal" };
	uint64_t sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		_cleanup_(freep) char *path = mem_printf("%s%s", copy, suffixes[i]);
		struct stat st;

		if (stat(path, &st) == 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
}

static int read_rows(struct sql *db, uint64_t left, rpm_record_fn *fn, void *arg,
		     struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(db, SQL_HEADERS, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		int64_t number = sql_int(q, 0);
		struct rpm_record record = { 0 };

		record.bytes = sql_blob(q, 1, &record.len);
		record.number = number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
		if (!record.bytes || record.len == 0)
			record.damage = "it is empty";
		if (record.len > left)
			return error_set(err, -EINVAL, "its headers overlap");
		left -= record.len;
		if (record.len > RPM_BLOB_MAX)
			record.damage = "its size cannot be";
		if (record.damage)
			record.bytes = NULL;
		r = fn(&record, arg, err);
		if (r < 0)
			return r;
	}
	return r;
}

/* sqlite's words quote the damaged schema, and our statement helps nobody here. */
static int say_damaged(int code, struct error *err)
{
	_cleanup_(freep) char *words = NULL;
	char *end;

	if (code != -EIO || !err)
		return code;
	end = strstr(err->text, ", while running: ");
	if (end)
		*end = '\0';
	words = text_printable_dup(err->text);
	return error_set(err, code, "it is damaged (%.300s)", words);
}

static int read_copy(const char *copy, rpm_record_fn *fn, void *arg, struct error *err)
{
	uint64_t left = bytes_on_disk(copy); /* before sqlite empties the log */
	_cleanup_(sql_closep) struct sql *db = NULL;
	int64_t columns = 0;
	int r = sql_open(copy, SQL_READ_PRIVATE, &db, err);

	if (r == 0)
		r = sql_one_int(db, SQL_TABLE, &columns, err);
	if (r == 0 && columns != 2)
		r = error_set(err, -EINVAL,
			      "it is a sqlite database, but has no table Packages as RPM "
			      "makes it");
	if (r == 0)
		r = read_rows(db, left, fn, arg, err);
	return say_damaged(r, err);
}

int rpm_sqlite_each(struct rootfs *root, const struct rpm_location *place,
		    rpm_record_fn *fn, void *arg, struct error *err)
{
	_cleanup_(io_tempdir_removep) char *dir = NULL;
	_cleanup_(freep) char *copy = NULL;
	int r = io_tempdir(&dir, err);

	if (r < 0)
		return r;
	copy = mem_printf("%s/rpmdb.sqlite", dir);
	r = copy_database(root, place, copy, err);
	if (r < 0)
		return r;
	return read_copy(copy, fn, arg, err);
}

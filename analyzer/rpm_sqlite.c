/*
 * The table is RPM's own business and the file may be made by anybody: it must be a real
 * table with two plain columns, because a view could run for ever.
 */
#include "analyzer/private_copy.h"
#include "analyzer/rpm_record.h"
#include "base/macros.h"

#include <errno.h>

static const char SQL_HEADERS[] = "SELECT hnum, blob FROM Packages ORDER BY hnum";

static int read_rows(struct private_copy *copy, rpm_record_fn *fn, void *arg,
		     struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(copy->db, SQL_HEADERS, err);
	/* rows of a hostile database may share pages: all are not longer than the files */
	uint64_t left = copy->bytes_on_disk;
	int r;

	if (!q)
		return private_copy_damage(-EIO, err);
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
	return private_copy_damage(r, err);
}

int rpm_sqlite_each(struct rootfs *root, const struct rpm_location *place,
		    rpm_record_fn *fn, void *arg, struct error *err)
{
	static const char *const columns[] = { "hnum", "blob", NULL };
	_cleanup_(private_copy_release) struct private_copy copy = { 0 };
	int r = private_copy_open(root, place->path, place->fd, &copy, err);

	if (r < 0)
		return r;
	if (!private_copy_has(&copy, "Packages", columns))
		return error_set(err, -EINVAL,
				 "it is a sqlite database, but has no table Packages as "
				 "RPM makes it");
	return read_rows(&copy, fn, arg, err);
}

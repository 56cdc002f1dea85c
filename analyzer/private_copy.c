#include "analyzer/private_copy.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static const char SQL_COLUMN[] =
	"SELECT count(*) FROM sqlite_master AS m, pragma_table_xinfo(:table) AS c"
	" WHERE m.type = 'table' AND m.name = :table AND m.rootpage > 0"
	"   AND c.name = :column AND c.hidden = 0";

static int copy_to(struct private_copy *copy, int from, const char *to_path,
		   struct error *err)
{
	_cleanup_(closep) int to =
		open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;
	int r;

	if (to < 0)
		return error_errno(err, "cannot make '%s'", to_path);
	r = io_copy(from, to, err);
	if (r == 0 && fstat(to, &st) == 0)
		copy->bytes_on_disk += (uint64_t)st.st_size;
	return r;
}

/* "-wal" and "-journal" are there or not. */
static int copy_log(struct rootfs *root, struct private_copy *copy, const char *path,
		    const char *to, const char *suffix, struct error *err)
{
	_cleanup_(freep) char *log = mem_printf("%s%s", path, suffix);
	_cleanup_(freep) char *log_to = mem_printf("%s%s", to, suffix);
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (rootfs_lstat(root, log, &st, NULL) == -ENOENT)
		return 0;
	fd = rootfs_open_nofollow(root, log, err);
	if (fd < 0)
		return fd;
	return copy_to(copy, fd, log_to, err);
}

int private_copy_damage(int code, struct error *err)
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

int private_copy_open(struct rootfs *root, const char *path, int fd,
		      struct private_copy *ret, struct error *err)
{
	_cleanup_(private_copy_release) struct private_copy copy = { 0 };
	_cleanup_(freep) char *to = NULL;
	int64_t tables = 0;
	int r = io_tempdir(&copy.folder, err);

	if (r < 0)
		return r;
	to = mem_printf("%s/copy.sqlite", copy.folder);
	r = copy_to(&copy, fd, to, err);
	if (r == 0)
		r = copy_log(root, &copy, path, to, "-wal", err);
	if (r == 0)
		r = copy_log(root, &copy, path, to, "-journal", err);
	if (r < 0)
		return error_prefix(err, r, "cannot copy it");
	r = sql_open(to, SQL_READ_PRIVATE, &copy.db, err);
	if (r == 0) /* a schema that cannot be read is damage, not a missing table */
		r = sql_one_int(copy.db, "SELECT count(*) FROM sqlite_master", &tables,
				err);
	if (r < 0)
		return private_copy_damage(r, err);
	*ret = copy;
	copy = (struct private_copy){ 0 };
	return 0;
}

void private_copy_release(struct private_copy *copy)
{
	sql_close(copy->db);
	io_tempdir_remove(copy->folder);
	*copy = (struct private_copy){ 0 };
}

bool private_copy_has(struct private_copy *copy, const char *table,
		      const char *const *columns)
{
	for (; *columns; columns++) {
		_cleanup_(sql_putp) struct sql_stmt *q = NULL;

		q = sql_get(copy->db, SQL_COLUMN, NULL);
		if (!q)
			return false;
		sql_bind_text(q, ":table", table);
		sql_bind_text(q, ":column", *columns);
		if (sql_step(q, NULL) <= 0 || sql_int(q, 0) != 1)
			return false;
	}
	return true;
}

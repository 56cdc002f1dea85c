#include "graph/store.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* graph/schema.sql, embedded by the build */
extern const char graph_schema_sql[];

#define INDEX_SECTION "-- indexes:"

struct store {
	struct sql *sql;
	char *path;	 /* the final name */
	char *temp_path; /* while it is being created */
};

/* The file is created by mkstemp for a free name, then made anew by SQLite. */
static int reserve_temp(const char *path, char **ret, struct error *err)
{
	_cleanup_(freep) char *temp = mem_printf("%s.XXXXXX.tmp", path);
	_cleanup_(closep) int fd = -1;
	struct stat info;

	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
		return error_set(err, -EINVAL, "'%s' is not a regular file", path);
	fd = mkostemps(temp, 4, O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "cannot create '%s'", path);
	unlink(temp);
	*ret = steal_ptr(&temp);
	return 0;
}

/* The file that a symlink names, so that the link stays; else the path itself. */
static char *final_path(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : mem_strdup(path);
}

int store_probe(const char *path, struct error *err)
{
	_cleanup_(freep) char *final = final_path(path), *temp = NULL;

	return reserve_temp(final, &temp, err);
}

static int write_schema(struct sql *sql, struct error *err)
{
	const char *end = strstr(graph_schema_sql, INDEX_SECTION);
	_cleanup_(freep) char *tables =
		mem_strndup(graph_schema_sql, (size_t)(end - graph_schema_sql));
	_cleanup_(freep) char *pragmas =
		mem_printf("PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN",
			   STORE_APPLICATION_ID, STORE_USER_VERSION);
	int r = sql_exec(sql, pragmas, err);

	return r < 0 ? r : sql_exec(sql, tables, err);
}

int store_create(const char *path, struct store **ret, struct error *err)
{
	_cleanup_(store_closep) struct store *st = mem_calloc(1, sizeof(*st));
	int r;

	st->path = final_path(path);
	r = reserve_temp(st->path, &st->temp_path, err);
	if (r < 0)
		return r;
	r = sql_open(st->temp_path, SQL_CREATE, &st->sql, err);
	if (r < 0)
		return r;
	r = write_schema(st->sql, err);
	if (r < 0)
		return error_prefix(err, r, "cannot create '%s'", path);
	*ret = steal_ptr(&st);
	return 0;
}

static int not_a_graph(const struct store *st, struct error *err)
{
	return error_set(err, -EINVAL,
			 "'%s' is not a graph of tare: make one with 'tare analyze ROOT "
			 "-o FILE'",
			 st->path);
}

/* SQLite's own complaint about other files says nothing to whoever mistyped a name. */
static int check_magic(const struct store *st, struct error *err)
{
	static const char MAGIC[16] = "SQLite format 3";
	_cleanup_(closep) int fd = open(st->path, O_RDONLY | O_CLOEXEC);
	char begin[sizeof(MAGIC)];

	if (fd < 0)
		return errno == ENOENT
			       ? error_set(err, -ENOENT, "'%s' does not exist", st->path)
			       : error_errno(err, "cannot open '%s'", st->path);
	if (io_pread(fd, begin, sizeof(begin), 0) != sizeof(begin) ||
	    memcmp(begin, MAGIC, sizeof(MAGIC)) != 0)
		return not_a_graph(st, err);
	return 0;
}

static int check_version(struct store *st, struct error *err)
{
	int64_t id = 0, version = 0;
	int r = sql_one_int(st->sql, "PRAGMA application_id", &id, err);

	if (r == 0)
		r = sql_one_int(st->sql, "PRAGMA user_version", &version, err);
	if (r < 0)
		return error_prefix(err, -EINVAL, "'%s' is not a graph of tare",
				    st->path);
	if (id != STORE_APPLICATION_ID)
		return not_a_graph(st, err);
	if (version != STORE_USER_VERSION)
		return error_set(
			err, -EINVAL,
			"'%s' has graph version %lld, this tare reads version %d: "
			"analyse the root again",
			st->path, (long long)version, STORE_USER_VERSION);
	return 0;
}

static int open_existing(const char *path, enum sql_mode mode, struct store **ret,
			 struct error *err)
{
	_cleanup_(store_closep) struct store *st = mem_calloc(1, sizeof(*st));
	struct stat info;
	int r;

	st->path = mem_strdup(path);
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
		return error_set(err, -EINVAL, "'%s' is not a regular file", path);
	r = check_magic(st, err);
	if (r == 0)
		r = sql_open(path, mode, &st->sql, err);
	if (r < 0)
		return r;
	r = check_version(st, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&st);
	return 0;
}

int store_open(const char *path, struct store **ret, struct error *err)
{
	return open_existing(path, SQL_READ, ret, err);
}

int store_open_write(const char *path, struct store **ret, struct error *err)
{
	return open_existing(path, SQL_WRITE, ret, err);
}

/* SQLite ran without a journal and without syncing: make the bytes durable before the
 * rename. */
static int sync_and_rename(struct store *st, struct error *err)
{
	_cleanup_(closep) int fd = open(st->temp_path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return error_errno(err, "cannot write '%s'", st->path);
	if (chmod(st->temp_path, 0644) < 0 || rename(st->temp_path, st->path) < 0)
		return error_errno(err, "cannot put '%s' in place", st->path);
	return 0;
}

int store_commit(struct store *st, struct error *err)
{
	int r = sql_exec(st->sql, strstr(graph_schema_sql, INDEX_SECTION), err);

	if (r == 0)
		r = sql_exec(st->sql, "COMMIT; ANALYZE", err);
	if (r < 0)
		return error_prefix(err, r, "cannot write '%s'", st->path);
	sql_close(steal_ptr(&st->sql));
	r = sync_and_rename(st, err);
	if (r < 0)
		return r;
	free(steal_ptr(&st->temp_path));
	return 0;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	sql_close(st->sql);
	if (st->temp_path)
		unlink(st->temp_path);
	free(st->temp_path);
	free(st->path);
	free(st);
}

void store_closep(struct store **st)
{
	store_close(*st);
}

struct sql *store_sql(struct store *st)
{
	return st->sql;
}

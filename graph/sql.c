#include "graph/sql.h"

#include "base/array.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

struct sql_stmt {
	struct sql *db;
	const char *text;
	sqlite3_stmt *stmt;
	bool in_use;
	int bind_error; /* the first one since the last reset */
};

struct sql {
	sqlite3 *handle;
	ARRAY_OF(struct sql_stmt *) cache;
};

static int fail(struct sql *db, const char *statement, struct error *err)
{
	int code = db->handle ? sqlite3_errcode(db->handle) : SQLITE_NOMEM;
	const char *text = db->handle ? sqlite3_errmsg(db->handle) : "out of memory";

	return error_set(err, code == SQLITE_FULL ? -ENOSPC : -EIO,
			 "%s, while running: %.200s", text, statement);
}

/* What each way to open sets; a private file's own views and triggers must not run code.
 */
static const struct {
	int flags;
	const char *setup;
} MODES[] = {
	[SQL_CREATE] = { SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			 "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA "
			 "cache_size=-8192;"
			 "PRAGMA temp_store=MEMORY; PRAGMA locking_mode=EXCLUSIVE" },
	[SQL_READ] = { SQLITE_OPEN_READONLY, "PRAGMA trusted_schema=OFF; PRAGMA "
					     "cache_size=-8192; PRAGMA query_only=ON" },
	[SQL_WRITE] = { SQLITE_OPEN_READWRITE,
			"PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA "
			"busy_timeout=5000" },
	[SQL_READ_PRIVATE] = { SQLITE_OPEN_READWRITE,
			       "PRAGMA trusted_schema=OFF; PRAGMA query_only=ON;"
			       "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0" },
};

int sql_open(const char *path, enum sql_mode mode, struct sql **ret, struct error *err)
{
	_cleanup_(sql_closep) struct sql *db = NULL;
	int r;

	if (mode == SQL_CREATE && access(path, F_OK) == 0)
		return error_set(err, -EEXIST, "'%s' exists", path);
	if (mode != SQL_CREATE && access(path, F_OK) < 0)
		return error_errno(err, "cannot open '%s'", path);
	db = mem_calloc(1, sizeof(*db));
	r = sqlite3_open_v2(path, &db->handle, MODES[mode].flags | SQLITE_OPEN_NOMUTEX,
			    NULL);
	if (r != SQLITE_OK)
		return error_set(err, r == SQLITE_CANTOPEN ? -EACCES : -EIO,
				 "cannot open '%s': %s", path,
				 db->handle ? sqlite3_errmsg(db->handle)
					    : "out of memory");
	sqlite3_extended_result_codes(db->handle, 0);
	if (mode == SQL_READ_PRIVATE)
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	r = sql_exec(db, MODES[mode].setup, err);
	if (r < 0)
		return error_prefix(err, r, "cannot open '%s'", path);
	*ret = steal_ptr(&db);
	return 0;
}

void sql_close(struct sql *db)
{
	if (!db)
		return;
	array_each (&db->cache, i) {
		sqlite3_finalize(db->cache.data[i]->stmt);
		free(db->cache.data[i]);
	}
	array_release(&db->cache);
	sqlite3_close(db->handle);
	free(db);
}

void sql_closep(struct sql **db)
{
	sql_close(*db);
}

int sql_exec(struct sql *db, const char *statements, struct error *err)
{
	if (sqlite3_exec(db->handle, statements, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, statements, err);
	return 0;
}

int sql_one_int(struct sql *db, const char *statement, int64_t *ret, struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	int r = sqlite3_prepare_v2(db->handle, statement, -1, &stmt, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(stmt);
	if (r == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	else
		fail(db, statement, err);
	sqlite3_finalize(stmt);
	return r == SQLITE_ROW ? 0 : -EIO;
}

struct sql_stmt *sql_get(struct sql *db, const char *statement, struct error *err)
{
	struct sql_stmt *q;

	array_each (&db->cache, i) {
		q = db->cache.data[i];
		if (q->text == statement) {
			assert(!q->in_use);
			q->in_use = true;
			return q;
		}
	}
	q = mem_calloc(1, sizeof(*q));
	q->db = db;
	q->text = statement;
	if (sqlite3_prepare_v3(db->handle, statement, -1, SQLITE_PREPARE_PERSISTENT,
			       &q->stmt, NULL) != SQLITE_OK) {
		fail(db, statement, err);
		free(q);
		return NULL;
	}
	q->in_use = true;
	array_push(&db->cache, q);
	return q;
}

static void reset(struct sql_stmt *q)
{
	sqlite3_reset(q->stmt);
	q->bind_error = SQLITE_OK;
}

void sql_put(struct sql_stmt *q)
{
	if (!q)
		return;
	reset(q);
	sqlite3_clear_bindings(q->stmt);
	q->in_use = false;
}

void sql_putp(struct sql_stmt **q)
{
	sql_put(*q);
}

static int param(struct sql_stmt *q, const char *name)
{
	int at = sqlite3_bind_parameter_index(q->stmt, name);

	assert(at > 0);
	return at;
}

static void note(struct sql_stmt *q, int r)
{
	if (q->bind_error == SQLITE_OK)
		q->bind_error = r;
}

void sql_set_int(struct sql_stmt *q, int at, int64_t value)
{
	note(q, sqlite3_bind_int64(q->stmt, at, value));
}

void sql_set_text(struct sql_stmt *q, int at, const char *text)
{
	note(q, sqlite3_bind_text(q->stmt, at, text, -1, SQLITE_STATIC));
}

void sql_set_bytes(struct sql_stmt *q, int at, const char *bytes)
{
	size_t len = bytes ? strlen(bytes) : 0;

	if (!bytes || text_is_utf8(bytes, len))
		sql_set_text(q, at, bytes);
	else
		note(q, sqlite3_bind_blob64(q->stmt, at, bytes, len, SQLITE_STATIC));
}

void sql_set_blob(struct sql_stmt *q, int at, const void *bytes, size_t len)
{
	note(q, sqlite3_bind_blob64(q->stmt, at, len ? bytes : "", len, SQLITE_STATIC));
}

void sql_set_id(struct sql_stmt *q, int at, uint32_t id)
{
	if (id)
		sql_set_int(q, at, id);
	else
		note(q, sqlite3_bind_null(q->stmt, at));
}

void sql_bind_int(struct sql_stmt *q, const char *name, int64_t value)
{
	sql_set_int(q, param(q, name), value);
}

void sql_bind_text(struct sql_stmt *q, const char *name, const char *text)
{
	sql_set_text(q, param(q, name), text);
}

void sql_bind_bytes(struct sql_stmt *q, const char *name, const char *bytes)
{
	sql_set_bytes(q, param(q, name), bytes);
}

void sql_bind_id(struct sql_stmt *q, const char *name, uint32_t id)
{
	sql_set_id(q, param(q, name), id);
}

void sql_bind_null(struct sql_stmt *q, const char *name)
{
	note(q, sqlite3_bind_null(q->stmt, param(q, name)));
}

int sql_step(struct sql_stmt *q, struct error *err)
{
	int r;

	if (q->bind_error != SQLITE_OK) {
		error_set(err, -EIO, "%s, while binding to: %.200s",
			  sqlite3_errstr(q->bind_error), q->text);
		reset(q);
		return -EIO;
	}
	r = sqlite3_step(q->stmt);
	if (r == SQLITE_ROW)
		return 1;
	if (r != SQLITE_DONE) {
		r = fail(q->db, q->text, err);
		reset(q);
		return r;
	}
	reset(q);
	return 0;
}

int64_t sql_int(struct sql_stmt *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

uint32_t sql_id(struct sql_stmt *q, int column)
{
	int64_t value = sqlite3_column_int64(q->stmt, column);

	return value < 0 || value > UINT32_MAX ? 0 : (uint32_t)value;
}

const char *sql_text(struct sql_stmt *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	return text ? text : "";
}

bool sql_is_null(struct sql_stmt *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

const void *sql_blob(struct sql_stmt *q, int column, size_t *ret_len)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	*ret_len = (size_t)sqlite3_column_bytes(q->stmt, column);
	return bytes;
}

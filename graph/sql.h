/*
 * sql – the one door to SQLite: statements that remember their text, named binds, the
 *first error sticks, every failure carries the SQL.
 *
 *	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(db, SQL_BY_NAME, err);
 *	if (!q)
 *		return -EIO;
 *	sql_bind_text(q, ":name", name);
 *	while ((r = sql_step(q, err)) > 0)
 *		use(sql_text(q, 0));
 *
 * Statement texts are static constants: they are cached by their address. A statement is
 *in use from sql_get() to sql_put(); taking it twice at a time is a programming error
 *(assert).
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct sql_stmt;

enum sql_mode {
	SQL_CREATE,	  /* a new file that must not exist */
	SQL_READ,	  /* an existing file, only read */
	SQL_WRITE,	  /* an existing file, read and written */
	SQL_READ_PRIVATE, /* an untrusted file that nobody else has open: never written,
			     no WAL recovery into it, its schema is not trusted */
};

/** @return 0; -ENOENT when there is no such file; -EIO with SQLite's text otherwise */
int sql_open(const char *path, enum sql_mode mode, struct sql **ret, struct error *err);
/** Finalizes what is left; NULL is fine. */
void sql_close(struct sql *db);
void sql_closep(struct sql **db);

/** Run statements that give no rows. */
int sql_exec(struct sql *db, const char *statements, struct error *err);
/** One integer of one row: a PRAGMA or a count. */
int sql_one_int(struct sql *db, const char *statement, int64_t *ret, struct error *err);

/** Prepare or reuse; NULL on failure with *err set. */
struct sql_stmt *sql_get(struct sql *db, const char *statement, struct error *err);
/** Reset and give back; NULL is fine. */
void sql_put(struct sql_stmt *q);
void sql_putp(struct sql_stmt **q);

/* Binds: the name with its colon; a name the statement does not have is a programming
 * error. Texts and blobs are borrowed until the next sql_step() that ends the statement.
 */
void sql_bind_int(struct sql_stmt *q, const char *name, int64_t value);
void sql_bind_text(struct sql_stmt *q, const char *name,
		   const char *text); /* NULL: SQL NULL */
/** Bytes of the root: TEXT where valid UTF-8, BLOB otherwise; NULL: SQL NULL. */
void sql_bind_bytes(struct sql_stmt *q, const char *name, const char *bytes);
/** As sql_bind_int(), but 0 becomes SQL NULL: for ids that may be missing. */
void sql_bind_id(struct sql_stmt *q, const char *name, uint32_t id);
void sql_bind_null(struct sql_stmt *q, const char *name);
/* The same by position (1 is the first), for bulk inserts. */
void sql_set_int(struct sql_stmt *q, int at, int64_t value);
void sql_set_text(struct sql_stmt *q, int at, const char *text);
void sql_set_bytes(struct sql_stmt *q, int at, const char *bytes);
void sql_set_id(struct sql_stmt *q, int at, uint32_t id);
void sql_set_blob(struct sql_stmt *q, int at, const void *bytes, size_t len);

/** @return 1 a row, 0 the end (the statement is reset, ready for new binds), < 0 an error
 */
int sql_step(struct sql_stmt *q, struct error *err);

/* Columns of the current row, 0 is the first. Texts are valid until the next step. */
int64_t sql_int(struct sql_stmt *q, int column);
uint32_t sql_id(struct sql_stmt *q, int column); /* NULL: 0 */
const char *sql_text(struct sql_stmt *q,
		     int column); /* NULL: "" ; blobs up to their first NUL */
bool sql_is_null(struct sql_stmt *q, int column);
const void *sql_blob(struct sql_stmt *q, int column, size_t *ret_len);

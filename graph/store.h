/*
 * store – a graph database file: making a new one, opening an old one.
 *
 * A new graph is written beside its final name ("tare.db.XXXXXX.tmp") and renamed by
 * store_commit(): readers and a killed run see the old graph or the new one, never half
 *of one.
 *
 *	_cleanup_(store_closep) struct store *st = NULL;
 *	r = store_create("tare.db", &st, err);
 *	...store_add_package(st, &row, err)...		see graph/store_write.h
 *	r = store_commit(st, err);
 */
#pragma once

#include "base/error.h"
#include "graph/sql.h"

#define STORE_APPLICATION_ID 0x74617265 /* "tare" */
#define STORE_USER_VERSION   4
#define STORE_DEFAULT_PATH   "tare.db"

struct store;

/** 0 when store_create() could begin now, else its error: asked before long work. */
int store_probe(const char *path, struct error *err);
/** Begin a new graph that will replace @p path when it is committed. */
int store_create(const char *path, struct store **ret, struct error *err);
/**
 * Open a graph to read it.
 * @return 0; -ENOENT no such file; -EINVAL not a graph of tare, or one of a newer version
 * (the text says which and what to do); -EIO damaged
 */
int store_open(const char *path, struct store **ret, struct error *err);
/** Open a graph to add usage evidence or plans: rows of the analysis stay as they are. */
int store_open_write(const char *path, struct store **ret, struct error *err);
/** Make the indexes, end the transaction, put the file in place. Only after
 * store_create(). */
int store_commit(struct store *st, struct error *err);
/** Close; a created store that was not committed disappears. NULL is fine. */
void store_close(struct store *st);
void store_closep(struct store **st);

/** The database, for the other files of graph/ only. */
struct sql *store_sql(struct store *st);

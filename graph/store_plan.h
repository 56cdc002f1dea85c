/*
 * store_plan – plans in the graph database: the document itself and one row for every
 * item, so that SQL and other tools can join them with packages and files.
 *
 *	r = store_open_write("tare.db", &st, err);
 *	r = store_put_plan(st, "default", text, rows, len, err);
 */
#pragma once

#include "graph/model.h"
#include "graph/store.h"

#include <stddef.h>

struct plan_item_row {
	const char *kind;   /* package, file, service */
	pkg_id package;	    /* 0: none */
	file_id file;	    /* 0: none */
	const char *action; /* remove, keep, disable */
	uint64_t disk_bytes, memory_bytes;
	const char *reason;
};

/** Write a plan and its items; one of the same name is replaced. One transaction. */
int store_put_plan(struct store *st, const char *name, const char *document,
		   const struct plan_item_row *rows, size_t len, struct error *err);
/**
 * The document of a plan.
 * @param ret  new memory
 * @return 0; -ENOENT when there is none of that name
 */
int store_get_plan(struct store *st, const char *name, char **ret, struct error *err);

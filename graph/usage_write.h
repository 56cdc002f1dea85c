/*
 * usage_write – adding usage evidence to a graph: all of it in one transaction, so that a
 * failure half way leaves the graph as it was. The rows of the analysis stay as they are.
 *
 *	_cleanup_(usage_writer_freep) struct usage_writer *writer = NULL;
 *	r = usage_writer_new(st, &writer, err);			st: store_open_write()
 *	r = usage_writer_add(writer, &evidence, err);		1: it was there already
 *	r = usage_writer_commit(writer, err);
 */
#pragma once

#include "graph/store.h"
#include "graph/usage_pack.h"

#include <stdbool.h>

#define USAGE_TIME_MAX 253402300799 /* the end of the year 9999 */

/* One piece of evidence: an observation of one node. */
struct evidence_row {
	const char *digest; /* of its content, not "" */
	const char *source; /* observe, fatrace ...; made printable here, as node is */
	const char *node;   /* "" where not known */
	int64_t begin, end; /* seconds since 1970; < 0: not known */
	bool complete;	    /* nothing was lost */
	bool whole_node;    /* every use on that node would have been seen */
	uint64_t lost;	    /* events known to be missing */
	uint64_t unknown_paths;
	const use_rows *uses;	   /* normalized */
	const memory_rows *memory; /* normalized */
};

struct usage_writer;

/** Begin. Borrows the store until it is freed. */
int usage_writer_new(struct store *st, struct usage_writer **ret, struct error *err);
/** @return 0 added; 1 when evidence with this digest is there already; -errno */
int usage_writer_add(struct usage_writer *writer, const struct evidence_row *row,
		     struct error *err);
/** True when evidence with this digest is there. */
bool usage_writer_has(const struct usage_writer *writer, const char *digest);
int usage_writer_commit(struct usage_writer *writer, struct error *err);
/** What was not committed is undone. NULL is fine. */
void usage_writer_free(struct usage_writer *writer);
void usage_writer_freep(struct usage_writer **writer);

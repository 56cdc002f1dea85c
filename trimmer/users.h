/*
 * users – what stays and points to a file, by any edge: the reasons why the file could be
 * needed. A plan takes files that have users when nothing that must stay reaches those; it
 * names them, so that verify can tell a new user from one that the plan knew.
 *
 *	struct users_query query = { g, stays, arg };
 *	_cleanup_(users_release) struct users users = { 0 };
 *	users_of_file(&query, file, &users);
 *	array_each (&users.edges, i)
 *		use(g->edges[users.edges.data[i]]);
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"

struct users_query {
	const struct graph *g;
	/* Does this node (a file or a package) stay, with the file in question gone? */
	bool (*stays)(const void *arg, uint32_t node);
	const void *arg;
	bool without_possible; /* at low caution nobody follows possible edges */
};

/* Indexes of graph.edges by their source, one for each source. */
struct users {
	ARRAY_OF(uint32_t) edges;
};

/** Who points to the file; it itself does not count. Adds to @p ret. */
void users_of_file(const struct users_query *query, file_id file, struct users *ret);
/**
 * Who points to the unit, a link to it, or its program, but for those who start it, and
 * for the unit and its links themselves. Adds to @p ret.
 */
void users_of_service(const struct users_query *query, file_id unit, file_id program,
		      struct users *ret);
void users_release(struct users *users);
/** The path or the package's name that stands for the source of an edge; new memory,
 * printable. */
char *users_name(const struct graph *g, uint32_t edge);

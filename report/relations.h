/*
 * relations – what a node needs, and who needs it: requirements with their providers and
 * edges with their citations, directly or step by step.
 *
 *	struct relations_query query = { .start = node, .depth = 1 };
 *	relations_find(g, &query, &list);
 *	relations_table(g, &list, &table);
 *
 * A package stands for its requirements, its scriptlets' edges, and the edges of its
 * files that leave it; a file for its own edges (and, asked who needs it, nothing more:
 * ask for its package to see requirements).
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"
#include "report/table.h"

struct relation {
	uint32_t from, to; /* nodes; to 0: nothing in the root satisfies it */
	uint32_t depth;	   /* 1: of the node asked for */
	bool is_edge;
	uint32_t index; /* of graph.edges or graph.requirements */
};

struct relations {
	ARRAY_OF(struct relation) list; /* by depth, then in the order of the graph */
};

struct relations_query {
	uint32_t start; /* a node */
	bool reverse;	/* who needs it */
	uint32_t depth; /* how many steps; 0: as far as it goes */
	/* only these: names of edge kinds and requirement strengths; count 0: all */
	const char *const *kinds;
	size_t kind_count;
};

/** -EINVAL with "did you mean" when it is no kind that relations_find() knows. */
int relations_check_kind(const char *kind, struct error *err);
/** Each node is visited once, so loops end. Release with relations_release(). */
void relations_find(const struct graph *g, const struct relations_query *query,
		    struct relations *ret);
void relations_release(struct relations *relations);
/**
 * As rows; initialises @p table.
 * @param brief  for people: one row for all requirements of one package that the same
 *               package satisfies, and no place where it is the from side itself
 */
void relations_table(const struct graph *g, const struct relations *relations, bool brief,
		     struct table *table);

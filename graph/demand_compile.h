/*
 * demand_compile – from requirement trees to clauses: the inner side of demand.h.
 *
 * What a tree means today is computed once, from the leaves up (children have lower ids
 * than their parents): whether it holds in the whole root, whether it can be said in
 * clauses, and for "with" and "without" the set of packages that satisfy it. RPM
 * evaluates those two on sets of packages, where only "or", "with", "without" and plain
 * capabilities mean something; anything else below them is the empty set.
 */
#pragma once

#include "graph/demand.h"

#define DEMAND_NO_REQUIREMENT UINT32_MAX

enum demand_flavour {
	DEMAND_PLAIN,	  /* the package is there */
	DEMAND_BROAD,	  /* and all its programs are reached */
	DEMAND_CONDITION, /* true when the part holds, for the right side of "if" */
	DEMAND_FLAVOURS
};

/* Packages in rising order; borrowed. */
struct demand_set {
	const pkg_id *packages;
	uint32_t len;
};

struct demand_facts {
	bool *holds;	/* by node: with the packages that are there */
	bool *monotone; /* no "if", no "unless": removing packages never makes it true */
	bool *sayable;	/* as a demand, in clauses */
	bool *needs_set;
	uint32_t *set_at, *set_len; /* of nodes with needs_set, into sets */
	ARRAY_OF(pkg_id) sets;
};

/** @param present  pkg_id set: the packages that are there; NULL: all */
void demand_facts_init(struct demand_facts *facts, const struct graph *g,
		       const struct idset *present);
void demand_facts_release(struct demand_facts *facts);
/** The packages that satisfy a capability, a "with" or a "without". */
struct demand_set demand_facts_set(const struct demand_facts *facts, node_id node);

/** Fill the clauses of a new demand. */
void demand_compile(struct demand *d, const struct idset *explained);

/** Is the edge strong enough for the caution, whatever its kind? */
bool demand_strong(const struct graph *g, const struct demand_options *options,
		   const struct graph_edge *edge);
/**
 * The clauses of edges "reads" to files that packages own: when the reader is reached and
 * the package stays, the file is reached.
 */
void demand_reads(struct demand *d);

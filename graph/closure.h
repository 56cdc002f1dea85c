/*
 * closure – what must stay: everything that the roots reach, each with its cause.
 *
 * A reached file reaches the targets of its honoured edges and keeps its owners; a
 * kept package keeps what it requires (see demand.h). Search is breadth first, so
 * following the causes gives a shortest chain to a root:
 *
 *	closure_run(d, roots, len, NULL, &c);
 *	for (node = n; c->causes[node].kind != CAUSE_ROOT; node = c->causes[node].from)
 *		...
 *
 * Where a requirement has several providers, all that @p choice allows are kept; choice
 * NULL allows all (as libsolv's "unneeded" does).
 */
#pragma once

#include "graph/demand.h"

enum cause_kind {
	CAUSE_NONE,	   /* not reached */
	CAUSE_ROOT,	   /* index: of the root; UINT32_MAX: a program that no package
			      has made, no plan removes it */
	CAUSE_EDGE,	   /* index: of graph.edges; from: its source */
	CAUSE_OWNER,	   /* of the reached file "from" */
	CAUSE_REQUIREMENT, /* index: of graph.requirements; from: who has it */
	CAUSE_BROAD,	   /* from: the file's package, kept by an unexplained requirement
			      (index) or a root (index UINT32_MAX) */
	CAUSE_LOADER, /* index: of an edge out of a file of the kept package "from" */
};

struct closure_cause {
	uint8_t kind;
	uint32_t from;	/* node; 0 for a root */
	uint32_t index; /* see above */
};

/* Which packages may be used to satisfy requirements, and which of them broadly. */
struct closure_choice {
	struct idset kept;  /* pkg_id */
	struct idset broad; /* pkg_id */
};

struct closure {
	struct idset reached;	      /* nodes: files and packages */
	struct idset broad;	      /* pkg_id: reached broadly */
	struct closure_cause *causes; /* [node_count + 1] */
	uint32_t reached_packages, reached_files;
};

/**
 * Run it.
 * @param roots   nodes; a package as a root is reached broadly
 * @param choice  NULL: every provider
 * @param ret     free with closure_free()
 */
void closure_run(const struct demand *d, const uint32_t *roots, size_t root_count,
		 const struct closure_choice *choice, struct closure **ret);
void closure_free(struct closure *c);
void closure_freep(struct closure **c);

struct closure_step {
	uint32_t node;
	struct closure_cause cause; /* why this node is reached */
};
typedef ARRAY_OF(struct closure_step) closure_chain;

/**
 * The chain from @p node (first) to a root (last, cause CAUSE_ROOT). Empty when the node
 * is not reached. Release with array_release().
 */
void closure_explain(const struct closure *c, uint32_t node, closure_chain *ret);

/* What a closure is asked for. */
struct closure_query {
	const struct graph *graph;
	struct demand_options options;
	const uint32_t *roots; /* nodes */
	size_t root_count;
	const struct closure_choice *choice; /* NULL: every provider */
};

/** One round's own way to a closure under @p d (borrowed until the round ends). */
typedef void closure_round_fn(void *arg, const struct demand *d, struct closure **ret);

/**
 * Rounds of "demands, closure" until every requirement that counts as explained is explained
 * by a file that is reached: requirements whose explaining files were not reached lose that
 * standing for good, so demands only grow and it ends.
 *
 * @param round       makes each round's closure; NULL: closure_run() with the query's choice
 * @param ret_demand  the demands of the last round, which borrow query->options.firm; free
 *                    with demand_free(); may be NULL
 * @param ret         the closure of the last round; free with closure_free()
 */
void closure_settle(const struct closure_query *query, closure_round_fn *round, void *arg,
		    struct demand **ret_demand, struct closure **ret);

/**
 * One closure for a set of roots with every provider kept and explained requirements
 * settled as above, with its own firm nodes: what `tare why` and `tare needs` use where there is
 * no plan.
 */
void closure_of(const struct graph *g, const struct demand_options *options,
		const uint32_t *roots, size_t root_count, struct closure **ret);

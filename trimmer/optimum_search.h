/*
 * optimum_search – branch and bound over one independent part of a reduced formula.
 *
 * A node of the search is a partial assignment after propagation. Its bound is what is
 * spent plus a solution of the dual of the linear relaxation (optimum_bound.h). What
 * costs more than the gap leaves is set false. Depth first, the cheapest choice first;
 * all orders are fixed.
 *
 * When what is open at a node falls apart, or has become small, search_step() gives up
 * the node to a task of its own (optimum_task.h), which reduces and solves it:
 *
 *	while ((r = search_step(s)) != STEP_DONE)
 *		if (r == STEP_SPLIT)
 *			...solve search_residue() of optimum_split.h, then search_resume()
 */
#pragma once

#include "trimmer/optimum_cnf.h"

/* A part of a formula with its own variable numbers, 0 .. count - 1. */
struct part {
	uint32_t count, clause_count;
	opt_cost *cost;	   /* by variable */
	uint32_t *start;   /* [clause_count + 1] */
	uint32_t *literal; /* 2 * variable, + 1 for the negative one */
};

/* Nodes of all searches together. */
struct effort {
	uint64_t nodes, max_nodes;
};

struct search_frame {
	uint32_t literal; /* tried first */
	size_t trail_len; /* before it */
	bool second;	  /* its opposite is being tried */
};

struct search {
	struct part part;
	struct effort *effort; /* borrowed */
	bool limited;	       /* only what costs less than limit counts */
	opt_cost limit;
	bool found;		 /* a solution within the limit; then limit is its cost */
	bool proven;		 /* the search went to its end */
	bool tainted;		 /* but some part of it was cut short */
	opt_cost bound;		 /* of the first node */
	int8_t *best;		 /* [count]: the solution, 1 or -1 */
	int8_t *value;		 /* by variable: 1, -1, 0 open */
	uint32_t *row, *clause;	 /* clauses by literal, in rows */
	uint32_t *satisfied;	 /* by clause: literals that are true */
	uint32_t *open;		 /* by clause: literals that are not false */
	uint32_t *open_negative; /* by clause: negative ones of those */
	uint32_t *order;	 /* clauses: what is implied before what implies it */
	opt_cost *reduced;	 /* by variable: cost that no clause has used up */
	opt_cost *raised;	 /* by clause: its value in the dual solution */
	uint32_t *share;	 /* by variable: clauses that may still want its cost */
	opt_cost spent;		 /* cost of the true variables */
	ARRAY_OF(uint32_t) trail; /* literals that are true, in the order of time */
	size_t done;		  /* of the trail: counted in the clauses */
	ARRAY_OF(struct search_frame) frames;
	bool conflict;
};

enum search_event {
	STEP_MORE,  /* go on */
	STEP_SPLIT, /* solve the residue elsewhere, then search_resume() */
	STEP_DONE,  /* the whole tree was looked at */
};

/** Take the part over (its arrays are freed with the search) and bound the first node. */
void search_init(struct search *s, struct part *part, struct effort *effort);
void search_release(struct search *s);
/** Only solutions that cost less than @p limit are of use. */
void search_limit(struct search *s, opt_cost limit);
enum search_event search_step(struct search *s);
/** Solutions must cost less than this, where the search is limited. */
opt_cost search_target(const struct search *s);
/** Could a solution of this cost still be of use? */
bool search_wants(const struct search *s, opt_cost cost);

/**
 * Go on after a STEP_SPLIT.
 * @param value  by variable of the residue (1 .. n): its solution; NULL: none within the
 *               limit
 * @param map    as it came from search_residue()
 */
void search_resume(struct search *s, const int8_t *value, const uint32_t *map,
		   uint32_t n);

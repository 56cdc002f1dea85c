/*
 * optimum – the cheapest way to satisfy demands, exactly.
 *
 * Variables with weights, clauses of literals (v: true, -v: false), and variables that
 * must be true. The answer is a set of true variables that satisfies all clauses and has
 * the smallest sum of weights; of equal sums the one with fewest counted variables, then
 * with the smallest sum of their numbers (a long search refines ties no further). Nothing
 * else decides, and no clock: the same problem has the same answer.
 *
 *	_cleanup_(optimum_freep) struct optimum *o = optimum_new();
 *	int32_t a = optimum_variable(o, 300, true), b = optimum_variable(o, 200, true);
 *	optimum_clause(o, (int32_t[]){ a, b }, 2);
 *	optimum_solve(o, OPTIMUM_NODES, &result);	result.cost == 200
 *
 * Propagation, merging of implication cycles, dominance, independent components; what is
 * left is searched by branch and bound with a bound from the dual of the linear
 * relaxation.
 */
#pragma once

#include "base/idset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIMUM_NODES 30000 /* a sensible limit: seconds at the very worst */

struct optimum;

struct optimum_result {
	struct idset chosen; /* variables that are true; release with
				optimum_result_release() */
	uint64_t cost;	     /* sum of the weights of those */
	uint64_t bound;	     /* no solution is cheaper; equals cost when optimal */
	bool optimal;
	bool infeasible;     /* no solution at all: everything is chosen then */
	uint64_t nodes;	     /* of the search */
	uint32_t components; /* independent parts that had to be searched */
};

struct optimum *optimum_new(void);
void optimum_free(struct optimum *o);
void optimum_freep(struct optimum **o);

/**
 * Add a variable.
 * @param counted  it takes part in the tie-break (a package, not a helper)
 * @return its number: 1, 2, ...
 */
int32_t optimum_variable(struct optimum *o, uint64_t weight, bool counted);
/** Add a clause: at least one of the literals holds. */
void optimum_clause(struct optimum *o, const int32_t *literals, size_t len);
/** The same as the clause { variable }. */
void optimum_force(struct optimum *o, int32_t variable);

/**
 * Solve.
 * @param max_nodes  give up proving after as many nodes; the best solution found so far
 * is the answer then, with the bound
 */
void optimum_solve(const struct optimum *o, uint64_t max_nodes,
		   struct optimum_result *ret);
void optimum_result_release(struct optimum_result *result);

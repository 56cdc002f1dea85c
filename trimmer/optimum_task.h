/*
 * optimum_task – solving one formula: reduce it, search each independent part, and for
 * nodes that fall apart do the same again with what is open there. Tasks stand on a stack
 * (no recursion): the top one works, and hands its answer to the search below it.
 */
#pragma once

#include "trimmer/optimum_search.h"

struct task_result {
	int8_t *value; /* by variable, 1 .. count: 1 or -1; the caller frees it */
	bool found;    /* there is a solution */
	bool optimal;
	opt_cost cost;	/* of the variables that were searched for */
	opt_cost bound; /* of the same */
	uint32_t parts; /* of the formula itself */
};

/** Solve. The formula is changed and stays the caller's. */
void task_solve(struct cnf *f, struct effort *effort, struct task_result *ret);

/*
 * plan_solve – the keep set of a plan: rounds of "demand, optimum, closure" until every
 * requirement that counts as explained is explained by a file that is reached.
 *
 * A round asks for the cheapest set of packages under the demands as they stand. Then
 * requirements whose explaining files were not reached lose that standing for good, and
 * the next round asks again: demands only grow, so it ends.
 */
#pragma once

#include "graph/closure.h"
#include "trimmer/optimum.h"
#include "trimmer/weigh.h"

struct keep_set {
	struct demand *demand; /* of the last round */
	struct closure *closure;
	uint64_t cost, bound; /* bytes of what packages hold */
	bool optimal, infeasible;
	uint64_t nodes;
	uint32_t rounds;
};

struct keep_query {
	const struct graph *graph;
	const struct weigh *weigh;
	struct demand_options options;
	const uint32_t *roots; /* nodes */
	size_t root_count;
	uint64_t max_nodes;
};

void keep_set_find(const struct keep_query *query, struct keep_set *ret);
void keep_set_release(struct keep_set *set);

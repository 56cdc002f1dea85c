/*
 * optimum_bound – a lower bound for a node of the search: dual ascent. Clause after clause
 * is raised as far as the costs of its choices reach; what a choice implies hands its cost
 * up first, and takes back what was not needed.
 */
#pragma once

#include "trimmer/optimum_search.h"

/** Find the order of clauses; once. */
void search_order(struct search *s);
/**
 * A lower bound for the cost of what must still become true. Leaves the reduced costs:
 * with a variable true, the bound grows by its reduced cost.
 */
opt_cost search_bound(struct search *s);

/*
 * satisfied – which requirements a set of packages satisfies, rich ones included
 * (rpm's boolean dependencies): "(a or b)" holds when one of the two is there.
 *
 *	bool *holds = satisfied_by(g, &packages);	by node_id
 *	if (holds[g->requirements[i].node])
 *		...
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

/**
 * For each node of an expression whether it holds.
 * @param packages  pkg_id set (size package_count + 1)
 * @return [req_node_count + 1], the caller frees it
 */
bool *satisfied_by(const struct graph *g, const struct idset *packages);

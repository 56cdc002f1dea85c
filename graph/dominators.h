/*
 * dominators – which node stands on every way from the root to another one.
 *
 * The immediate dominator tree of a flow graph: what a node dominates is what nobody
 * would reach without it. Cooper, Harvey and Kennedy's iteration over the reverse
 * postorder, which is near linear for the graphs of packages.
 *
 *	dominators_find(n, start, to, root, idom);
 *	dominators_add_up(n, idom, order, bytes);	bytes[v] becomes what v retains
 */
#pragma once

#include <stdint.h>

#define DOMINATOR_NONE UINT32_MAX

/**
 * @param start, to  rows as in scc.h
 * @param ret_idom   [n]: immediate dominator; the root's is itself; DOMINATOR_NONE where
 *                   the root does not reach
 * @param ret_order  [n]: reached nodes in an order where a dominator comes before what it
 *                   dominates; may be NULL
 * @return how many nodes are reached
 */
uint32_t dominators_find(uint32_t n, const uint32_t *start, const uint32_t *to,
			 uint32_t root, uint32_t *ret_idom, uint32_t *ret_order);
/** Add every node's value to its dominators': values become sums over the subtrees. */
void dominators_add_up(uint32_t reached, const uint32_t *idom, const uint32_t *order,
		       uint64_t *values);

/*
 * scc – strongly connected components of a directed graph in compressed rows.
 *
 *	uint32_t component[n];
 *	uint32_t count = scc_find(n, start, to, component);
 *
 * Components are numbered so that every edge leads to the same or a lower number: 0 is a
 * sink. Iterative Tarjan, O(nodes + edges).
 */
#pragma once

#include <stdint.h>

/**
 * @param n      nodes 0 .. n - 1
 * @param start  [n + 1]: the edges of node v are to[start[v]] .. to[start[v + 1] - 1]
 * @param ret    [n]: component of each node
 * @return the number of components
 */
uint32_t scc_find(uint32_t n, const uint32_t *start, const uint32_t *to, uint32_t *ret);

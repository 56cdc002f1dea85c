/*
 * random_graph – graphs for property tests, made in memory from a seed: packages with
 * files (libraries and data, some shared), edges between files, plain requirements with
 * several providers.
 *
 *	uint64_t seed = 1;
 *	struct graph *g = random_graph(&seed, &(struct random_shape){ .packages = 8 });
 *	graph_free(g);
 */
#pragma once

#include "graph/snapshot.h"

struct random_shape {
	uint32_t packages, files, edges, requirements;
	uint32_t capabilities; /* besides one for each package */
	bool metadata_only;
};

uint32_t random_below(uint64_t *seed, uint32_t n);
struct graph *random_graph(uint64_t *seed, const struct random_shape *shape);

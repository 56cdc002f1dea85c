/*
 * node – how reports call a node of the graph: a package by its NEVRA, a file by its path.
 */
#pragma once

#include "base/strbuf.h"
#include "graph/snapshot.h"

/** NEVRA or path as it is (bytes of the root); borrowed from the graph. */
const char *node_name(const struct graph *g, uint32_t node);
/** Where an edge is written: "/path:12", "/path", or the name of its from side; bytes of
 * the root. */
void node_edge_place(const struct graph *g, const struct graph_edge *edge,
		     struct strbuf *out);
/**
 * Find what a user named: a path ("/usr/bin/runc"), a package (name, NEVRA ...), else a
 * file name without folders when exactly one folder has it, else a soname's file.
 *
 * @return 0; -ENOENT with near names; -ENOTUNIQ with the first few of several
 */
int node_find(const struct graph *g, const char *name, uint32_t *ret, struct error *err);

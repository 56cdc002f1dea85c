/*
 * findings – everything that a graph says is wrong or worth doing: the findings that the
 * analysis stored, then what is computed of the graph (graph/waste.h), as notes with the
 * bytes that following the remedy saves.
 *
 *	r = findings_each(store, graph, print, arg, err);
 */
#pragma once

#include "graph/snapshot.h"
#include "graph/store_read.h"

/**
 * By severity and rule; of what is computed the largest of a rule first.
 * @return 0; what @p fn returned if not 0; -EIO; -EINVAL when the graph is damaged
 */
int findings_each(struct store *st, const struct graph *g, finding_fn *fn, void *arg,
		  struct error *err);

/*
 * hidden – dependencies that a package uses and does not declare: a reached file has an edge to
 * a file of another package, and nothing that its own package requires, directly or through
 * others, leads there. These are the packager's missing Requires; RPM's own check is blind to
 * them, and a trim that trusted RPM alone would break them.
 *
 *	hidden_list list = { 0 };
 *	hidden_find(g, closure, &list);
 *	array_each(&list, i)
 *		report(list.data[i].user, list.data[i].provider, list.data[i].edge);
 *	array_release(&list);
 */
#pragma once

#include "base/array.h"
#include "graph/closure.h"

struct hidden {
	pkg_id user, provider;
	uint32_t edge;	/* index in graph.edges: the strongest one, of those the first */
	uint32_t count; /* how many edges between the two packages say so */
};

typedef ARRAY_OF(struct hidden) hidden_list;

/**
 * All pairs, by user, then provider. Only hard and likely edges count, and only between files
 * that have owners; requirements that hold only while installing count as declared.
 *
 * @param closure  what is reached; NULL: every file
 */
void hidden_find(const struct graph *g, const struct closure *closure, hidden_list *ret);

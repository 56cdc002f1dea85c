#include "graph/closure.h"

/* Packages with a file that is reached, and those that are roots. */
static void add_owners(const struct graph *g, struct idset *firm)
{
	for (file_id f = 1; f <= g->file_count; f++) {
		if (!idset_has(firm, f))
			continue;
		for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
			idset_add(firm, graph_package_node(g, g->owners[i].package));
	}
}

static void add_all(const struct graph *g, struct idset *firm)
{
	for (uint32_t node = 1; node <= g->node_count; node++)
		idset_add(firm, node);
}

void demand_firm(const struct graph *g, const struct demand_options *options,
		 const uint32_t *roots, size_t root_count, struct idset *ret)
{
	struct demand_options sure = *options;
	_cleanup_(demand_freep) struct demand *d = NULL;
	_cleanup_(closure_freep) struct closure *c = NULL;
	struct idset explained;

	if (options->caution != CAUTION_NORMAL) {
		add_all(g, ret);
		return;
	}
	sure.caution = CAUTION_LOW;
	sure.firm = NULL;
	idset_init(&explained, g->requirement_count);
	for (uint32_t i = 0; i < g->requirement_count; i++)
		idset_add(&explained, i);
	demand_new(g, &sure, &explained, &d);
	closure_run(d, roots, root_count, NULL, &c);
	for (file_id f = 1; f <= g->file_count; f++)
		if (idset_has(&c->reached, f))
			idset_add(ret, f);
	add_owners(g, ret);
	for (size_t i = 0; i < root_count; i++)
		idset_add(ret, roots[i]);
	idset_release(&explained);
}

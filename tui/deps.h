/*
 * deps – which packages need which, and by what: requirements with their providers and
 * edges between their files, seen from packages.
 *
 *	struct deps *d = deps_new(g);
 *	deps_of(d, p, true, &list);		who needs p
 *	deps_links(d, from, to, &list);		everything that links two packages
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"

struct strbuf;

/* One link between two packages. */
struct dep {
	pkg_id package; /* the other one */
	bool is_edge;
	bool weak;	/* a recommendation, or an edge that is not hard */
	bool choice;	/* another package provides it as well */
	uint32_t index; /* of graph.edges or graph.requirements */
	cap_id cap;	/* of a requirement: the capability that is provided */
};
typedef ARRAY_OF(struct dep) dep_list;

struct deps;

/** Borrows the graph. */
struct deps *deps_new(const struct graph *g);
void deps_free(struct deps *d);

/**
 * The packages that @p package needs, or (@p reverse) that need it, each once with its
 * strongest link, by id.
 */
void deps_of(const struct deps *d, pkg_id package, bool reverse, dep_list *ret);
/** Every link from one package to another, requirements first. */
void deps_links(const struct deps *d, pkg_id from, pkg_id to, dep_list *ret);
/** The packages that provide a capability, in rising order: a slice of graph.providers. */
static inline uint32_t deps_providers(const struct graph *g, cap_id cap,
				      const struct graph_provider **ret)
{
	*ret = g->providers + g->provider_start[cap];
	return g->provider_start[cap + 1] - g->provider_start[cap];
}
/**
 * All that is needed, or needs it, directly or not, each with how many steps away it is;
 * nearest first.
 */
struct dep_step {
	pkg_id package;
	uint32_t depth;
};
typedef ARRAY_OF(struct dep_step) dep_steps;
void deps_all(const struct deps *d, pkg_id package, bool reverse, dep_steps *ret);
/** "requires libc.so.6()(64bit)" or "needed libc.so.6 (hard)" into @p out, raw bytes. */
void deps_text(const struct graph *g, const struct dep *dep, struct strbuf *out);
/** How many packages need it directly by a requirement that nobody else satisfies. */
uint32_t deps_needed_by(const struct deps *d, pkg_id package);

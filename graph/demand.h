/*
 * demand – what the packages of a graph ask for, compiled into clauses over variables.
 *
 * A variable is a file (its node), a package (its node), "package p is reached broadly"
 * (demand_broad()), or an auxiliary one for a part of a rich dependency. A clause says:
 * when all its conditions are true, at least one of its choices must be:
 *
 *	app requires libc.so.6			app -> glibc
 *	app requires (liba or libb)		app -> v, v -> liba | libb
 *	app requires (lang if gui)		app & gui -> lang
 *	app conflicts with (old unless fix)	app & old -> fix
 *	cron reads /etc/cron.d/job of pkg	cron & pkg -> /etc/cron.d/job
 *
 * Only what is true of the whole root becomes a clause: a requirement that is broken
 * already blocks nothing, so "everything stays" satisfies all of them. (Of a broken
 * rich dependency RPM refuses to erase what its leaves name: those are demanded.)
 * Edges between files and ownership are no clauses: they are walked in the graph.
 *
 * A requirement is *explained* when a file of the requirer has an honoured edge to a file
 * of the provider: then the package alone is demanded. Otherwise its broad variable is,
 * which stands for all its programs, libraries, units and scripts. Graphs without edges
 * (metadata only) know no broad variables.
 *
 * What the loader wants of any file that stays on the disk must stay as well, reached or
 * not: no ELF file is left with a library missing.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "graph/snapshot.h"

#include <stdbool.h>

enum caution {
	CAUTION_LOW,	/* hard and likely edges */
	CAUTION_NORMAL, /* and possible ones out of code, units and configuration, one in a
			   chain: see demand_options.firm */
	CAUTION_HIGH,	/* all edges and weak dependencies */
};

const char *caution_name(enum caution caution); /* "low", "normal", "high" */
/** The caution of that name, or -1. */
int caution_parse(const char *name);

struct demand_options {
	enum caution caution;
	bool weak;		/* honour Recommends and Supplements (high: always) */
	bool keep_install_time; /* Requires(pre), (post) ... and scriptlets' commands */
	/* At normal caution a chain holds one guess: a possible edge, or the broad reach of
	 * an unexplained requirement. Nodes from which one may be made (demand_firm()),
	 * borrowed; NULL: all. */
	const struct idset *firm;
};

struct demand_clause {
	uint32_t at;	      /* into demand.variables: conditions, then choices */
	uint32_t conditions;  /* how many; all must be true */
	uint32_t choices;     /* how many; one must be true then */
	uint32_t requirement; /* index in graph.requirements that says so */
	pkg_id package;	      /* that has the requirement; 0: none */
	uint32_t edge;	      /* index in graph.edges + 1 that says so; 0: none */
};

struct demand {
	const struct graph *graph; /* borrowed */
	struct demand_options options;
	bool has_broad;		 /* broad variables mean something */
	uint32_t variable_count; /* variables 1 .. variable_count */
	ARRAY_OF(uint32_t) variables;
	ARRAY_OF(struct demand_clause) clauses;
	uint32_t *
		watch_start; /* [variable_count + 2]: clauses that have it as condition */
	uint32_t *watch;
	uint32_t *broad_start; /* [package_count + 2]: files of a broad reach */
	file_id *broad_files;
	uint32_t *loader_start; /* [package_count + 2]: edges of the loader that lead */
	uint32_t *loader_edges; /* out of the package */
	ARRAY_OF(file_id) unowned; /* programs and libraries that no package has made */
};

/**
 * Compile.
 * @param explained  requirement indexes that are explained (see demand_explain()); NULL
 *                   when none is
 * @param ret        release with demand_free()
 */
void demand_new(const struct graph *g, const struct demand_options *options,
		const struct idset *explained, struct demand **ret);
void demand_free(struct demand *d);
void demand_freep(struct demand **d);

/**
 * The nodes that the roots reach without a guess: by hard and likely edges and by
 * requirements, with every provider; packages only where they own such a file, or are
 * roots.
 *
 * @param ret  of size node_count + 1, empty; all nodes unless the caution is normal
 */
void demand_firm(const struct graph *g, const struct demand_options *options,
		 const uint32_t *roots, size_t root_count, struct idset *ret);

/** True when the closure follows the edge. */
bool demand_honours(const struct graph *g, const struct demand_options *options,
		    const struct graph_edge *edge);
/** True for what the loader follows: a library or interpreter that an ELF file names. */
bool demand_is_loader(const struct graph_edge *edge);
/** True for a requirement that the closure looks at: hard (or weak and honoured),
 * checked, not for installing alone. */
bool demand_counts(const struct demand_options *options,
		   const struct graph_requirement *requirement);

/** The variable "package p is reached broadly". */
static inline uint32_t demand_broad(const struct graph *g, pkg_id p)
{
	return g->node_count + p;
}

/**
 * Which nodes of requirement trees hold, as RPM judges them.
 * @param present  pkg_id set: the packages that are there; NULL: all
 * @return [req_node_count + 1]; new memory
 */
bool *demand_evaluate(const struct graph *g, const struct idset *present);

/* The capabilities that a requirement names, each once, "if" and all. */
struct demand_leaves {
	ARRAY_OF(cap_id) caps;
	ARRAY_OF(node_id) stack;
	uint32_t *seen; /* by node: the last search that met it */
	uint32_t search;
};

void demand_leaves_init(struct demand_leaves *leaves, const struct graph *g);
void demand_leaves_release(struct demand_leaves *leaves);
/** Put the leaves of one tree into leaves->caps. */
void demand_leaves_find(struct demand_leaves *leaves, const struct graph *g,
			node_id root);

/**
 * The requirements that files explain.
 * @param reached  nodes that are reached; NULL: as if every file was
 * @param ret      of size requirement_count; those explained are added
 */
void demand_explain(const struct graph *g, const struct demand_options *options,
		    const struct idset *reached, struct idset *ret);
/**
 * Take from @p explained what is no longer so with these nodes reached. Requirements of
 * packages that are not reached stay as they are.
 * @return true when something was taken
 */
bool demand_unexplain(const struct graph *g, const struct demand_options *options,
		      const struct idset *reached, struct idset *explained);

/**
 * The packages that a file on the disk is really of (rpmdb state "normal"), one by one.
 * A reached folder needs one of them, any other reached file all.
 *
 *	uint32_t at = 0;
 *	while (demand_next_holder(g, file, &at, &owner))
 *		use(owner);
 */
bool demand_next_holder(const struct graph *g, file_id file, uint32_t *at, pkg_id *ret);

/*
 * listing – the tables of `tare list`: packages, files, libraries, services, edges,
 * findings, surface. Each kind is one row of a table of its own: columns, and a function that
 * fills them.
 *
 *	const struct listing *kind = listing_find("packages");
 *	r = listing_make(kind, &source, &filter, &table, err);
 */
#pragma once

#include "graph/store.h"
#include "report/measure.h"
#include "report/table.h"

struct listing;

struct listing_filter;

/** What a listing reads. */
struct listing_source {
	struct store *store;
	const struct graph *graph;
	const struct listing_filter *asked; /* set by listing_make() */
};

struct listing_filter {
	/* Globs of rules/glob.h; a row stays that matches one of them in a column that
	 * names something. count 0: all rows stay. */
	const char *const *globs;
	size_t glob_count;
	/* Kinds of edges that stay (column "kind" of the list of edges); count 0: all. */
	const char *const *kinds;
	size_t kind_count;
	const char *words;   /* the explorer's filter (report/filter.h); NULL: none */
	const char *columns; /* that will be shown (report/table_choice.h); NULL: all.
				What costs time and is not among them stays empty */
	const char *sort;    /* key of a column; NULL: the kind's own order */
	bool reverse;
	uint64_t top; /* rows that stay; 0: all */
};

/** NULL with "did you mean" in *err when there is no such kind. */
const struct listing *listing_find(const char *name, struct error *err);
/** -EINVAL with the known columns when one of words, columns and sort names another. */
int listing_check(const struct listing *listing, const struct listing_filter *filter,
		  struct error *err);

/**
 * Fill @p table (initialised here; release it also after an error).
 * @return 0; -EINVAL for an unknown column; another -errno when the graph is unreadable
 */
int listing_make(const struct listing *listing, const struct listing_source *source,
		 const struct listing_filter *filter, struct table *table,
		 struct error *err);

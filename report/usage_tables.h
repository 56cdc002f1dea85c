/*
 * usage_tables – usage evidence as tables: what packages were used, what files, what their
 * processes hold in memory, and what evidence there is.
 *
 *	const struct usage_table *kind = usage_table_find("packages", err);
 *	r = usage_table_make(kind, &source, &table, err);
 */
#pragma once

#include "graph/usage.h"
#include "report/table.h"

struct usage_table;

/** What the tables read. */
struct usage_source {
	struct store *store;
	const struct graph *graph;
	const struct usage *usage;
};

/** NULL with the known names in *err when there is no such table. */
const struct usage_table *usage_table_find(const char *name, struct error *err);
/** Fill @p table (initialised here; release it also after an error). */
int usage_table_make(const struct usage_table *kind, const struct usage_source *source,
		     struct table *table, struct error *err);

/** "12 pieces of evidence of 3 nodes, 2026-01-01 to 2026-01-31; 1 incomplete". */
void usage_say_evidence(const struct usage *usage, struct strbuf *out);
/** "2026-01-31 13:05" in UTC; "not known" below 0. */
void usage_say_time(int64_t seconds, struct strbuf *out);
/** A word for one package: used, loaded, seen, never seen, cannot tell. */
const char *usage_verdict(const struct usage_days *days);

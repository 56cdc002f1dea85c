/*
 * summary – the report: what an image is, what it weighs and what a plan would change.
 * Collected once, then written as text or as JSON (schema "tare-report/1", described by
 * report/report.schema.json).
 *
 *	_cleanup_(summary_freep) struct summary *s = NULL;
 *	r = summary_make(store, g, plan_doc, &s, err);
 *	summary_text(s, &style, 20, &out);
 */
#pragma once

#include "graph/store.h"
#include "report/measure.h"
#include "report/style.h"
#include "report/table.h"
#include "trimmer/plan_json.h"

#define SUMMARY_SCHEMA "tare-report/1"

/* What a NEVRA stands for. */
struct summary_name {
	pkg_id package;			  /* 0: not in the graph */
	const struct plan_doc_item *item; /* NULL: not in the plan */
};

struct summary {
	const struct graph *graph;	     /* borrowed */
	const struct plan_doc *plan;	     /* borrowed; NULL: none */
	struct strpool nevras;		     /* of the graph and the plan */
	ARRAY_OF(struct summary_name) names; /* by id in nevras */
	struct measure_sum total, packages, unowned;
	struct table package_rows;  /* by disk bytes */
	struct table leaf_rows;	    /* that no other package requires, by retained size */
	struct table category_rows; /* by disk bytes */
	struct table unowned_rows;  /* by what made the files */
	struct table finding_rows;  /* all of them */
	struct table rule_rows;	    /* counted by rule */
	struct table removal_rows;  /* of the plan, biggest first; empty without */
	struct table surface_rows; /* supply chain and attack surface, before and after */
};

/** @return 0 and a summary to free; -errno when the graph cannot be read */
int summary_make(struct store *store, const struct graph *g, const struct plan_doc *plan,
		 struct summary **ret, struct error *err);
void summary_free(struct summary *s);
void summary_freep(struct summary **s);

/** What a NEVRA is in graph and plan; all 0 where it is in neither. */
struct summary_name summary_find(const struct summary *s, const char *nevra);

/** @param top  rows of the long tables; 0: all */
void summary_text(const struct summary *s, const struct style *style, uint64_t top,
		  struct strbuf *out);
/** @param top  as of summary_text() */
void summary_markdown(const struct summary *s, const struct style *style, uint64_t top,
		      struct strbuf *out);
/** One line for each package, with what the plan does with it. */
void summary_csv(const struct summary *s, struct strbuf *out);
/** A new reference. */
json_t *summary_json(const struct summary *s);

/** "complete", or what is missing; one line for the head of every report. */
void summary_say_completeness(const struct graph *g, struct strbuf *out);

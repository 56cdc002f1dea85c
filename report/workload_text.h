/*
 * workload_text – what objects need of a host, for people and as JSON: the needs with
 * their citations, what tare cannot know, and the features that nobody uses.
 */
#pragma once

#include "base/json.h"
#include "graph/snapshot.h"
#include "report/style.h"
#include "rules/lookup.h"
#include "workload/workload.h"

struct workload_view {
	const struct workload *workload; /* after workload_finish() */
	const struct graph *graph;	 /* NULL: nothing is said about packages */
	const struct lookup *lookup;	 /* for the profiles of features */
};

void workload_print(const struct workload_view *view, const struct style *style,
		    struct strbuf *out);
/** Schema "tare-workload/1"; a new reference. */
json_t *workload_json(const struct workload_view *view);

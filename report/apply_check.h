/*
 * apply_check – the judge of an apply: the changed tree is analysed again and compared
 * with the graph of what it was.
 *
 * It refuses a tree in which the loader would miss a library or an interpreter that it
 * found before, in which RPM misses a requirement that it had before, or that changed in a
 * way that the plan does not explain (with scriptlets, that is only told), or on which
 * somebody's test fails (trimmer/prove.h).
 */
#pragma once

#include "graph/snapshot.h"
#include "report/style.h"
#include "trimmer/apply.h"
#include "trimmer/prove.h"

#include "base/json.h"

struct apply_finding {
	char *rule, *subject, *text; /* printable */
	bool breaks;		     /* the tree is refused for it */
};

/* What was found; zeroed before use. */
struct apply_check {
	struct store *before; /* borrowed: the graph of the root */
	const struct graph *graph;
	const char *graph_path; /* keep the new graph there; NULL: do not */
	const char *test;	/* a command that must pass on the result; NULL: none */
	bool may_differ;	/* scriptlets run */
	const struct progress *progress;

	ARRAY_OF(struct apply_finding) findings; /* that were not there before */
	size_t breaking;
	bool complete; /* the new analysis read everything */
	struct prove_result prove;
	bool passed;
};

/** apply_request.judge; @p arg is a struct apply_check. */
int apply_check_judge(void *arg, const struct apply_view *view, struct error *err);
void apply_check_release(struct apply_check *check);

/** What the test said, and a keep file for what it missed. */
void apply_print_prove(const struct prove_result *prove, const struct style *style,
		       struct strbuf *out);
json_t *apply_prove_json(const struct prove_result *prove);
/** The whole report. @param target  what was changed, as the user said it */
void apply_print(const struct apply_result *result, const struct apply_check *check,
		 const char *target, const struct style *style, struct strbuf *out);
json_t *apply_json(const struct apply_result *result, const struct apply_check *check,
		   const char *target);

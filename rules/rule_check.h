/*
 * rule_check – the work behind `tare rules list`, `show` and `check`.
 */
#pragma once

#include "base/strbuf.h"
#include "graph/snapshot.h"
#include "rules/lookup.h"

/* One line about one rule file. */
struct rule_summary {
	const char *kind; /* "profile", "policy" */
	const char *name, *path, *summary;
	size_t keep_count, protect_count, unwanted_count;
	bool hidden;	     /* another file of this name is found first */
	const char *problem; /* why it could not be read; NULL when it could */
};

/** Called for each rule file by kind and name; not 0 stops and is returned. */
typedef int rule_summary_fn(const struct rule_summary *summary, void *arg);
int rules_list(const struct lookup *lookup, rule_summary_fn *fn, void *arg,
	       struct error *err);

/** A profile with all that it includes as readable text; 0 or as profile_list_load(). */
int rules_show(const struct lookup *lookup, const char *name, struct strbuf *out,
	       struct error *err);

struct rules_to_check {
	const char *const *names;
	size_t name_count;	   /* 0: all that are found */
	const struct graph *graph; /* NULL: none */
};

/** One thing that is wrong: "file:line:column: ...". */
typedef void rule_problem_fn(const char *problem, void *arg);
/**
 * Check rule files: all that are found, or the named ones (names or paths; a path that is
 * neither profile nor policy is checked as a keep file). With a graph also that each
 * required selector of the named profiles selects something there.
 *
 * @return how many problems were told to @p fn; -errno when nothing could be checked
 */
int rules_check(const struct lookup *lookup, const struct rules_to_check *what,
		rule_problem_fn *fn, void *arg, struct error *err);

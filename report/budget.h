/*
 * budget – limits that an image must keep, read from a YAML file, measured on a graph.
 *
 *	limits:
 *	  - what: total
 *	    max: 450MiB
 *	    why: the flash partition has 512 MiB
 *	  - name: documentation
 *	    what: "path:/usr/share/doc/ **"		(without that blank)
 *	    max: 10MiB
 *	  - what: packages
 *	    max: 180
 *
 * what: total, unowned, path:GLOB, package:GLOB, category:NAME (bytes on disk), packages,
 * files (counts). max: a size with a unit, or a whole number. Every limit must measure
 * something, or have `optional: true`: a pattern that matches nothing is an error, as are
 * unknown keys, so that a typing mistake never passes.
 *
 *	r = budget_read("tare.yaml", &budget, err);
 *	r = budget_measure(budget, m, &verdict, err);
 */
#pragma once

#include "base/array.h"
#include "report/measure.h"
#include "report/style.h"
#include "report/table.h"
#include "rules/rule_parse.h"

#define BUDGET_DEFAULT_PATH "tare.yaml"

struct budget_kind; /* a row of the table of things that can be measured */

struct budget_limit {
	const struct budget_kind *kind;
	const char *name;    /* the user's, or the text of what */
	const char *what;    /* as written: "path:/usr/share/doc/ **" */
	const char *pattern; /* behind the colon, "" without */
	const char *why;     /* "" without */
	uint64_t max;	     /* bytes or a count */
	bool optional;
	const struct rule_node *at; /* for messages */
};

struct budget {
	struct rule_doc *doc; /* owns the texts */
	ARRAY_OF(struct budget_limit) limits;
};

enum budget_status { BUDGET_FAIL, BUDGET_PASS, BUDGET_SKIP };

/* A package and what it adds to a measured sum. */
struct budget_part {
	pkg_id package; /* 0: files without an owner */
	uint64_t amount;
};

#define BUDGET_PARTS 10

struct budget_result {
	const struct budget_limit *limit;
	enum budget_status status;
	uint64_t measured;
	struct budget_part parts[BUDGET_PARTS]; /* the biggest, amount 0: none */
};

struct budget_verdict {
	ARRAY_OF(struct budget_result) results; /* failed ones first, most over first */
	size_t passed, failed, skipped;
};

/** @return 0; -ENOENT, -EINVAL with file:line:column ...: all of them the user's to mend */
int budget_read(const char *path, struct budget **ret, struct error *err);
void budget_free(struct budget *budget);
void budget_freep(struct budget **budget);

/** @return 0; -ESRCH when a limit that is not optional measures nothing */
int budget_measure(const struct budget *budget, const struct measure *m,
		   struct budget_verdict *ret, struct error *err);
void budget_verdict_release(struct budget_verdict *verdict);

/** The block of PASS and FAIL lines and one summary line. */
void budget_text(const struct budget_verdict *verdict, const struct measure *m,
		 const struct style *style, struct strbuf *out);
/** The same as JSON (schema "tare-check/1"); a new reference. */
json_t *budget_json(const struct budget_verdict *verdict, const struct measure *m);

/*
 * budget – limits that an image must keep, read from YAML files, measured on a graph and
 * compared with a baseline (an older graph, or the figures that a check wrote down).
 *
 *	limits:
 *	  - what: total
 *	    max: 450MiB
 *	    warn-at: 90%
 *	    max-growth: [5MiB, 2%]
 *	    why: the flash partition has 512 MiB
 *	    owner: storage team
 *	  - name: documentation
 *	    what: "path:/usr/share/doc/ **"		(without that blank)
 *	    exclude: /usr/share/doc/licenses/ **
 *	    max: 10MiB
 *	    waive: { until: 2031-01-31, reason: the new release is not out }
 *	unwanted:
 *	  - package: gcc*
 *	    why: no compilers on nodes
 *
 * man/tare-budget.5.scd has the whole language. Every limit must measure something, or have
 * `optional: true`: a pattern that matches nothing is an error, as are unknown keys and
 * waivers that ran out, so that nothing passes by mistake.
 *
 *	r = budget_read("tare.yaml", &budget, err);
 *	r = budget_measure(&(struct budget_ask){ .budget = budget, .measure = m }, &verdict, err);
 */
#pragma once

#include "base/array.h"
#include "report/measure.h"
#include "report/newcomers.h"
#include "report/planning.h"
#include "report/style.h"
#include "report/table.h"
#include "rules/rule_parse.h"

#define BUDGET_DEFAULT_PATH "tare.yaml"

struct budget_kind;	/* a row of the table of things that can be measured */
struct budget_baseline; /* report/budget_baseline.h */

/* A day as yyyymmdd: 20310131. */
typedef uint32_t budget_day;

struct budget_limit {
	const struct budget_kind *kind;
	int surface;		 /* enum surface_id of the kind, or -1 */
	const char *name;	 /* the user's, or the text of what */
	const char *what;	 /* as written: "path:/usr/share/doc/ **" */
	const char *pattern;	 /* behind the colon, "" without */
	const char *why, *owner; /* "" without */
	uint64_t max;		 /* bytes or a count */
	uint64_t growth;	 /* the same, above the baseline */
	uint64_t growth_milli;	 /* thousandths of the baseline's figure */
	uint64_t warn_at;	 /* bytes or a count */
	bool has_max, has_growth, has_growth_milli, has_warn_at;
	bool optional;
	budget_day waived_until; /* 0: no waiver; the last day that it holds */
	const char *waive_reason;
	const struct rule_node *exclude; /* texts: globs of paths that do not count */
	const struct rule_node *at;	 /* for messages */
};

struct budget {
	ARRAY_OF(struct rule_doc *) docs; /* own the texts */
	ARRAY_OF(char *) texts;		  /* names that no document has */
	ARRAY_OF(struct budget_limit) limits;
};

enum budget_status { BUDGET_FAIL, BUDGET_WARN, BUDGET_PASS, BUDGET_SKIP };

/** "fail", "warn", "pass", "skip". */
const char *budget_status_name(enum budget_status status);

/* A package and what it adds to a measured sum. */
struct budget_part {
	pkg_id package; /* 0: files without an owner */
	uint64_t amount;
};

/* A package and what it added since the baseline. */
struct budget_cause {
	pkg_id package;			 /* 0: files without an owner */
	int64_t growth;			 /* > 0 */
	const struct newcomer *newcomer; /* NULL: it was there before */
};

#define BUDGET_PARTS 10

/* What was found about a limit; several may hold. */
#define BUDGET_OVER_MAX	   (1u << 0)
#define BUDGET_OVER_GROWTH (1u << 1) /* absolute or in per cent */
#define BUDGET_NEAR_MAX	   (1u << 2) /* warn-at is reached */
#define BUDGET_NO_BASELINE (1u << 3) /* growth is limited, and nothing to compare with */
#define BUDGET_WAIVED	   (1u << 4) /* over, and the waiver holds */
#define BUDGET_NO_MATCH	   (1u << 5) /* optional, and nothing is there */
#define BUDGET_NOT_KNOWN   (1u << 6) /* optional, and this graph cannot say */

struct budget_result {
	const struct budget_limit *limit;
	enum budget_status status;
	unsigned int found; /* BUDGET_OVER_MAX ... */
	uint64_t measured;
	bool has_baseline;
	uint64_t baseline;			  /* what growth is measured from */
	struct budget_part parts[BUDGET_PARTS];	  /* the biggest, amount 0: none */
	struct budget_cause causes[BUDGET_PARTS]; /* the biggest, growth 0: none */
	char *chain; /* of an unwanted package: lines that say what holds it; or NULL */
};

struct budget_verdict {
	const struct measure *measure;		/* borrowed */
	ARRAY_OF(struct budget_result) results; /* fail, warn, pass, skip; worst first */
	size_t count[BUDGET_SKIP + 1];		/* by status */
	struct graph_diff *diff;		/* from the baseline; NULL */
	newcomer_list newcomers;
};

/** @return 0; -ENOENT, -EINVAL with file:line:column ...: all of them the user's to mend */
int budget_read(const char *path, struct budget **ret, struct error *err);
/** Several files as one budget; names must differ. @p count > 0 */
int budget_read_files(const char *const *paths, size_t count, struct budget **ret,
		      struct error *err);
void budget_free(struct budget *budget);
void budget_freep(struct budget **budget);
/** "2031-01-31" to 20310131. @return 0 or -EINVAL */
int budget_day_parse(const char *text, budget_day *ret, struct error *err);

/** Of what it counts: "package"; NULL: it sums bytes. */
const char *budget_limit_noun(const struct budget_limit *limit);

/** Makes the plan that says why an unwanted package is there. @return NULL: cannot say */
typedef const struct planning *budget_planning_fn(void *arg);

struct budget_ask {
	const struct budget *budget;
	const struct measure *measure;
	struct budget_baseline *baseline; /* NULL: none */
	budget_day today;		  /* 0: waivers do not run out */
	budget_planning_fn *planning;	  /* called when it is needed; NULL: no chains */
	void *planning_arg;
};

/** @return 0; -ESRCH when a limit that is not optional measures nothing; -ETIME when a
 * waiver ran out: both the user's to mend */
int budget_measure(const struct budget_ask *ask, struct budget_verdict *ret,
		   struct error *err);
void budget_verdict_release(struct budget_verdict *verdict);
/** Are all limits kept? @param strict  warnings are no better than failures */
bool budget_verdict_is_good(const struct budget_verdict *verdict, bool strict);

/* Texts about a result for every format; all printable, one line each. */

/** "460.0 MiB of 450.0 MiB, 10.0 MiB too much", without the name. */
void budget_say(const struct budget_result *result, const struct style *style,
		struct strbuf *out);
/** A line of the details: "because: the flash partition has 512 MiB". */
typedef void budget_line_fn(const char *line, void *arg);
/** Where the limit stands, why, who owns it, what it is made of, and why it grew. */
void budget_each_detail(const struct budget_verdict *verdict,
			const struct budget_result *result, const struct style *style,
			budget_line_fn *fn, void *arg);

struct budget_text_options {
	bool quiet;   /* only what failed or warns, and the last line */
	bool verbose; /* details of all limits */
};

/** The block of FAIL, WARN, PASS and SKIP lines and one summary line. */
void budget_text(const struct budget_verdict *verdict, const struct style *style,
		 const struct budget_text_options *options, struct strbuf *out);
/** The same as JSON (schema "tare-check/1", report/check.schema.json); a new reference. */
json_t *budget_json(const struct budget_verdict *verdict);
/** The limits as they were read, each with its file and line. */
void budget_rules_text(const struct budget *budget, const struct style *style,
		       struct strbuf *out);

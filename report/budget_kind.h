/*
 * budget_kind – the things that a budget can limit, one row each. For the files of
 * report/budget only.
 */
#pragma once

#include "report/budget.h"
#include "report/measure_surface.h"

/* A graph with what is costly to find out about it, made when a limit asks for it. */
struct budget_meter {
	const struct measure *m; /* borrowed */
	struct surface *surface;
};

void budget_meter_init(struct budget_meter *meter, const struct measure *m);
void budget_meter_release(struct budget_meter *meter);
const struct surface *budget_meter_surface(struct budget_meter *meter);

/* What a limit is about: files (of g, size file_count + 1), and perhaps packages. */
struct budget_selection {
	struct idset files, packages;
	bool is_packages;  /* the parts are packages, not files */
	uint64_t matches;  /* 0: nothing is there */
	uint64_t figure;   /* of kinds that measure themselves ... */
	uint64_t *amounts; /* ... and their parts by package, or NULL */
};

void budget_selection_init(struct budget_selection *selection, const struct graph *g);
void budget_selection_release(struct budget_selection *selection);

/* Flags of a kind. */
#define KIND_MAY_BE_EMPTY (1u << 0) /* nothing there is a fine answer */
#define KIND_EXCLUDES	  (1u << 1) /* "exclude:" makes sense */
#define KIND_NEEDS_DISK	  (1u << 2) /* unknown in a graph from metadata alone */
#define KIND_HAS_FIGURE	  (1u << 3) /* select() sets the figure, perhaps the amounts */
#define KIND_NEEDS_LAYER  (1u << 5) /* unknown unless compressed sizes were measured */
#define KIND_INTERNAL	  (1u << 4) /* not to be named in "what" */

struct budget_kind {
	const char *name;
	const char *prefix; /* NULL: the whole of `what` is the name */
	const char *noun;   /* of what it counts; NULL: it sums bytes */
	unsigned int flags; /* KIND_* */
	void (*select)(struct budget_meter *meter, const struct budget_limit *limit,
		       struct budget_selection *ret);
};

/** The kind of a `what`; for the attack surface also which. NULL: there is none. */
const struct budget_kind *budget_kind_find(const char *what, int *ret_surface);
extern const struct budget_kind BUDGET_KIND_UNWANTED;
/** All names, for messages. */
void budget_kind_names(struct strbuf *out);
/** What is wrong with the text behind the colon; NULL when it is fine. */
const char *budget_kind_check(const struct budget_kind *kind, const char *pattern);

/** Can this graph answer? */
bool budget_limit_is_known(const struct budget_limit *limit, const struct graph *g);
/** Select what the limit is about and measure it; 0 where nothing is there. */
uint64_t budget_limit_measure(const struct budget *budget,
			      const struct budget_limit *limit,
			      struct budget_meter *meter, struct budget_selection *ret);
/** What each package adds to the figure: [package_count + 1], 0 is files without an owner;
 * NULL where it is not made of parts. The caller frees it. */
uint64_t *budget_limit_parts(const struct budget_limit *limit, const struct graph *g,
			     struct budget_selection *selection);

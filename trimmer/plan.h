/*
 * plan – a proposal: which packages can go, which must stay, and why, each with
 * citations.
 *
 * The keep set is the smallest one (disk bytes) that holds all roots and all that they
 * need: exact over the choices of providers, with the proof in plan.optimal and
 * plan.bound_bytes. What it does not hold is proposed for removal.
 *
 *	struct plan_options options = { .caution = CAUTION_NORMAL };
 *	_cleanup_(plan_freep) struct plan *plan = NULL;
 *	r = plan_make(g, intent, &options, &plan, err);		see rules/intent.h
 *	for (pkg_id p = 1; p <= g->package_count; p++)
 *		use(&plan->packages[p]);
 *	plan_json.h writes and reads it, verify.h proves it again.
 */
#pragma once

#include "graph/closure.h"
#include "graph/waste.h"
#include "rules/intent.h"
#include "rules/trim_rule.h"
#include "trimmer/hidden.h"
#include "trimmer/memory.h"
#include "trimmer/split.h"
#include "trimmer/weigh.h"

/* What the smallest keep set is smallest in. */
enum plan_weigh {
	PLAN_WEIGH_DISK,
	PLAN_WEIGH_MEMORY, /* of sets with the least memory one with the least disk bytes */
	PLAN_WEIGH_BOTH,   /* the sum */
};

struct plan_options {
	enum caution caution;
	bool weak, keep_install_time; /* see struct demand_options */
	bool keep_services;	      /* no daemon is proposed to be switched off */
	enum plan_weigh weigh;
	struct memory_options memory;
	uint64_t max_nodes; /* of the search; 0: OPTIMUM_NODES */
	/* File trims; all borrowed for as long as the plan lives. */
	const struct trim_rules *trims; /* NULL: none; see file_trim.h */
	struct facts facts;		/* for their conditions */
	const char *const *locales;	/* that they keep */
	size_t locale_count;
	const char *const *only; /* globs: trims take only files of such packages, or such
				    paths; with 0: all */
	size_t only_count;
};

enum plan_action { PLAN_REMOVE, PLAN_KEEP };
enum plan_switch { PLAN_DISABLE, PLAN_MASK };
enum plan_risk { RISK_NONE, RISK_LOW, RISK_MEDIUM, RISK_HIGH };

const char *plan_action_name(enum plan_action action); /* "remove", "keep" */
const char *plan_risk_name(enum plan_risk risk);       /* "none", "low" ... */
const char *plan_weigh_name(enum plan_weigh weigh);    /* "disk", "memory", "both" */
const char *plan_switch_name(enum plan_switch action); /* "disable", "mask" */

struct plan_citation {
	char *place; /* "/usr/bin/runc", "/usr/lib/systemd/system/a.service:12", "rpmdb"
		      */
	char *text;  /* the words there */
};

/* Texts belong to the plan, but for features_lost. */
struct plan_package {
	pkg_id package;
	enum plan_action action;
	uint64_t disk_bytes;	   /* blocks that it holds alone */
	uint64_t compressed_bytes; /* of the same in an image layer */
	uint64_t memory_bytes;	   /* of its files and of the processes it starts */
	enum memory_source memory_source;
	uint64_t retained_bytes; /* see retained.h */
	uint64_t held_bytes;	 /* kept: what the plan keeps for its sake alone, itself
				    included; removed: 0 */
	enum plan_risk risk;
	pkg_id holder;	   /* kept: the nearest other package without which the plan would
			  not keep it; 0: it stays in any case */
	char *reason;	   /* one line, printable */
	char *risk_reason; /* "" for none */
	ARRAY_OF(struct plan_citation)
	citations; /* kept: the chain, from here to the root */
	ARRAY_OF(char *)
	scriptlets; /* removed: what RPM runs: "preun", "triggerun of NAME" */
	ARRAY_OF(const char *) features_lost; /* borrowed from the intent */
};

/* A requirement that the plan does not honour: it holds only while installing. */
struct plan_dropped {
	uint32_t requirement; /* index in graph.requirements */
	pkg_id package;	      /* kept, has it */
	pkg_id provider;      /* removed, satisfied it */
};

/* A requirement that no file of the requirer explains: possibly over-declared. */
struct plan_unexplained {
	uint32_t requirement;
	pkg_id package;	     /* kept, has it */
	pkg_id provider;     /* kept for it */
	uint64_t held_bytes; /* what stays only because of this provider */
};

/* A wish that a root outweighs: what a policy does not want and the plan keeps. */
struct plan_conflict {
	uint32_t unwanted; /* index in intent.unwanted */
	pkg_id package;	   /* kept */
};

/* A rule that trims files of what stays. Texts are borrowed from the rule. */
struct plan_trim {
	const char *id, *title, *why, *mechanism, *risk_reason, *rpm_verify, *restore;
	enum plan_risk risk;
	const char *const *features_lost; /* NULL-terminated */
	uint32_t files;
	uint64_t disk_bytes, compressed_bytes;
};

/* A name that goes although a package of it stays, or nobody owns it. */
struct plan_file {
	file_id file;
	uint32_t trim;	     /* index in plan.trims */
	pkg_id package;	     /* its first owner, 0: none */
	uint64_t disk_bytes; /* freed with all of the plan; of an inode with several names
				at the last of them */
	uint64_t compressed_bytes; /* the same in an image layer */
};

/* A smaller package of a repository instead of one that stays: see swap.h. */
struct plan_swap {
	pkg_id replaced;
	ARRAY_OF(pkg_id) erased;    /* ascending, the replaced one among them */
	ARRAY_OF(char *) installed; /* NEVRAs, the substitute first */
	uint64_t bytes_erased, bytes_installed; /* declared sizes */
};

typedef ARRAY_OF(struct plan_swap) swap_list;

/* A daemon of a package that stays, which nothing that must stay needs: it can be kept from
 * starting. Texts belong to the plan, but for features_lost. */
struct plan_service {
	uint32_t daemon; /* index in plan.memory->daemons */
	enum plan_switch action;
	char *unit; /* "cron.service"; bytes of the root */
	enum plan_risk risk;
	char *reason, *risk_reason; /* one line, printable */
	ARRAY_OF(struct plan_citation)
	citations; /* what starts it; to disable it: the links that go */
	ARRAY_OF(const char *) features_lost; /* borrowed from the intent */
};

/* Why a daemon goes on starting. */
enum plan_start_kind {
	START_NOT,	/* nothing needs it: it is in plan.services */
	START_ASKED,	/* plan_options.keep_services */
	START_NO_BOOT,	/* the default target is not reached */
	START_FIRST,	/* process 1 */
	START_GOES,	/* its unit or program does not stay: it does not start anyway */
	START_TEMPLATE, /* its unit is a template */
	START_UNIT,	/* node: its unit, or a link to it, is reached */
	START_PROGRAM,	/* node: its program is reached */
	START_NAMED,	/* edge: from something reached to its unit, a link or program */
	START_REQUIRED, /* edge: of a unit that starts and requires it */
};

struct plan_start {
	uint8_t kind; /* enum plan_start_kind */
	uint32_t node;
	uint32_t edge; /* index in graph.edges */
};

struct plan {
	const struct graph *graph; /* borrowed, as the intent is */
	const struct intent *intent;
	struct plan_options options;
	struct demand_options demand_options; /* what the plan follows; firm: below */
	struct idset firm;		      /* see demand_options.firm */
	struct plan_package *packages;	      /* [1 .. package_count]; [0] unused */
	struct closure *closure;    /* of the keep set: chains for "why"; roots are those
					  of the intent, then what stays in any case */
	struct idset removed, kept; /* pkg_id */
	ARRAY_OF(struct plan_dropped) dropped;
	ARRAY_OF(struct plan_unexplained) unexplained;
	hidden_list hidden; /* used by what is reached, required by nobody */
	ARRAY_OF(struct plan_conflict) conflicts;
	split_list splits; /* kept packages of which little is used */
	waste_list waste;  /* of what the plan leaves: advice, never a removal */
	swap_list swaps;   /* filled by swap_find(), where a repository is given */
	ARRAY_OF(struct plan_trim) trims;	/* by id */
	ARRAY_OF(struct plan_file) files;	/* by path */
	uint64_t trim_bytes_freed;		/* their sum: beyond disk_bytes_freed */
	ARRAY_OF(struct plan_service) services; /* by unit */
	struct plan_start *starts;		/* of each of memory->daemons */
	struct memory *memory;
	uint64_t memory_bytes_before;
	uint64_t memory_bytes_freed; /* jointly, by removals and services */
	uint32_t packages_before, packages_removed;
	uint64_t disk_bytes_before; /* held by packages */
	uint64_t disk_bytes_freed;  /* jointly, by all removals */
	/* The same three as parts of an image layer, where the graph has_compressed. */
	uint64_t compressed_bytes_before, compressed_bytes_freed,
		trim_compressed_bytes_freed;
	uint64_t database_bytes_freed; /* an estimate: by the smaller RPM database */
	bool optimal;		       /* no smaller keep set exists */
	uint64_t kept_bytes;	       /* of what is weighed: disk, memory, both */
	uint64_t bound_bytes;	       /* no keep set is smaller than this */
	uint64_t search_nodes;
	uint32_t rounds; /* of the fixpoint over explained requirements */
};

/**
 * Make a plan.
 * @return 0; -EINVAL without roots (a plan that would remove everything) or with a root
 * that is no node of the graph
 */
int plan_make(const struct graph *g, const struct intent *intent,
	      const struct plan_options *options, struct plan **ret, struct error *err);
/**
 * Let usage evidence protect: every file that was seen in use becomes a root of the
 * intent. Evidence never adds a removal: what a plan without it keeps, a plan with it
 * keeps, too. An intent without roots stays so: evidence alone is no reason for a plan.
 */
void plan_protect_used(const struct graph *g, struct intent *intent,
		       const struct usage *usage, const struct plan_options *options);
void plan_free(struct plan *plan);
void plan_freep(struct plan **plan);

/** Why the daemon (index in plan.memory->daemons) starts, or that nothing needs it; one
 * printable line in new memory. */
char *plan_start_text(const struct plan *plan, size_t daemon);

/** One step of a chain in words: "requires libc.so.6()(64bit)", "needs libz.so.1 (hard
 * edge needed)". New memory, printable. */
char *plan_step_text(const struct graph *g, const struct intent *intent,
		     const struct closure_step *step);
/** Where that step is written (path, path:line, "rpmdb", the root's place); new memory.
 */
char *plan_step_place(const struct graph *g, const struct intent *intent,
		      const struct closure_step *step);

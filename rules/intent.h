/*
 * intent – what must stay, said of one graph: profiles, policies and keep files resolved
 * to nodes. The closure of the roots is the trimmer's work.
 *
 *	struct intent_request ask = {
 *		.lookup = &lookup, .profiles = names, .profile_count = 1,
 *	};
 *	_cleanup_(intent_freep) struct intent *intent = NULL;
 *	r = intent_resolve(g, &ask, &intent, err);
 *	array_each(&intent->roots, i)
 *		keep(intent->roots.data[i].node);
 *
 * Exactly:
 * - Every `keep:` entry of an applied profile whose `when:` holds gives one root for each
 *   node that its selector selects. An entry that selects nothing is an error, unless it
 *   is optional: then it is a miss, and so is one whose `when:` does not hold.
 * - A file root is reached itself (and keeps its owners); a package root is a package
 *   that stays with what it requires.
 * - Protected packages are roots as well; beyond that no plan may remove them or anything
 *   of them, and a plan that does is refuted.
 * - Programs and scripts (by category, with an execute bit) and libraries that no package
 *   owns are roots (INTENT_UNOWNED), wherever they lie and whatever is guessed of who made
 *   them: no package plan removes them, so what they use must stay.
 * - Facts that an applied profile states (`facts:`) hold as those of the request do.
 * - Where such a program is one that a profile recognises (`recognise:`), that profile
 *   applies, too, with what it includes; entries of theirs that select nothing are misses,
 *   never errors.
 * - Unwanted nodes are wishes: a root or its closure wins, and the conflict is for the
 *   plan to report.
 * - Includes whose `when:` does not hold bring nothing (profile_list_settle()).
 * - Features: for every profile that was found but is not applied, and for every entry
 *   that does not apply because no object uses what it is for (`used:`), the nodes it
 *   would keep. A plan that removes such a node loses that feature.
 *
 * All texts are owned by the intent, but for paths, which are the graph's. Arrays are in a total order: roots, unwanted and
 * features by node, profile, place and selector; misses by profile, place and selector.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "base/strpool.h"
#include "graph/usage.h"
#include "rules/condition.h"
#include "rules/lookup.h"

enum intent_source {
	INTENT_PROFILE,	  /* profile or policy */
	INTENT_KEEP_FILE, /* keep file */
	INTENT_PROTECTED, /* `protected:` of either */
	INTENT_UNOWNED,	  /* a program, script or library that no package owns */
	INTENT_OPTION,	  /* an option of the command line */
	INTENT_USAGE,	  /* usage evidence */
};

/* A node and the rule that names it. */
struct intent_root {
	uint32_t node;
	uint8_t source; /* enum intent_source */
	bool optional;
	const char *profile;  /* name; of a keep file its path; "" for INTENT_UNOWNED */
	const char *selector; /* "command: mount" */
	const char *why, *feature;
	const char *place; /* "file:line", "" for INTENT_UNOWNED; of a shipped rule
			    * the file is named below the shipped folder */
};

enum intent_miss_reason {
	MISS_OPTIONAL, /* optional, and nothing matches */
	MISS_WHEN,     /* its condition does not hold */
};

struct intent_miss {
	uint8_t reason; /* enum intent_miss_reason */
	const char *profile, *selector, *why, *feature, *place;
	const char *when; /* the condition, "" where there is none */
};

/* A profile that nobody asked for: a program that no package owns brought it in. */
struct intent_recognised {
	const char *profile;
	const char *path; /* bytes of the root */
	file_id file;
};

/* The usage evidence that is among the roots. */
struct intent_usage {
	uint32_t evidence, nodes, incomplete; /* pieces; 0: no evidence */
	uint32_t files;			      /* that it protects */
	int64_t begin, end; /* of all windows together; < 0: not known */
};

struct intent {
	struct strpool texts;
	ARRAY_OF(const char *) profiles; /* applied, in the order they apply */
	ARRAY_OF(const char *) left_out; /* their includes' conditions do not hold */
	ARRAY_OF(struct intent_recognised)
	recognised;			       /* by profile; among profiles, too */
	ARRAY_OF(struct intent_root) roots;    /* what must stay */
	ARRAY_OF(struct intent_miss) misses;   /* entries that gave no root */
	ARRAY_OF(pkg_id) protect;	       /* protected packages, rising */
	ARRAY_OF(struct intent_root) unwanted; /* what should go */
	ARRAY_OF(struct intent_root) features; /* of profiles that are not applied */
	struct intent_usage usage;
};

struct intent_request {
	const struct lookup *lookup;
	const char *const *profiles; /* names or paths of profiles and policies */
	size_t profile_count;
	const char *const *keep_files; /* paths */
	size_t keep_file_count;
	const char *const
		*excludes; /* globs of packages, or of paths: lines of a keep file
				      */
	size_t exclude_count;
	struct facts facts;
	bool lenient;	   /* a required entry that matches nothing is a miss, no error */
	bool no_recognise; /* apply what was asked for and nothing else */
};

/**
 * @return 0 and an intent to free; -ENOENT a file or profile that is not there; -EINVAL a
 * rule that is wrong; -ESRCH a required entry that selects nothing in this graph (the
 * text has the first place and how many more there are)
 */
int intent_resolve(const struct graph *g, const struct intent_request *request,
		   struct intent **ret, struct error *err);
/** Every file that was seen in use becomes a root, with who saw it and when. Use
 * plan_protect_used() of the trimmer: evidence must not add a removal. */
void intent_add_usage(struct intent *intent, const struct graph *g,
		      const struct usage *usage);
/** Packages that stay because they would stay without the evidence. */
void intent_add_unchanged(struct intent *intent, const struct graph *g,
			  const struct idset *packages);
/** Put everything in its order again after adding to it. */
void intent_sort(struct intent *intent);
void intent_free(struct intent *intent);
void intent_freep(struct intent **intent);

/**
 * Add a root that an option of the command line asks for: @p selector is the option,
 * @p why the reason. After the last one intent_sort() puts the roots in order.
 */
void intent_keep(struct intent *intent, uint32_t node, const char *selector,
		 const char *why);

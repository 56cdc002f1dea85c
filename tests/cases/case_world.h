/*
 * case_world – one behaviour as a text: a small root, what must stay, what is expected.
 *
 *	# Of two packages that satisfy the same "or", the bigger one may go, never both.
 *	pkg app   100K  requires (liba or libb)
 *	pkg liba  300K
 *	pkg libb  200K
 *	keep app
 *	propose
 *	> remove liba 300K libb provides
 *
 * The root:
 *	pkg NAME SIZE [requires EXPRESSION]	one data file /data/NAME of that size
 *	NAME requires EXPRESSION		also requires(pre,post), recommends, suggests,
 *						supplements, enhances, conflicts
 *	NAME provides CAPABILITY
 *	file PATH CATEGORY OWNERS [SIZE] [WORD...]
 *		OWNERS: names with commas between, or "-"; WORD: ghost, config, changed,
 *		missing, not-installed, replaced (the first owner's), guess, links=N
 *	dir PATH OWNERS [SIZE]
 *	link PATH TARGET OWNERS			a symlink, with its edge
 *	same PATH OTHER OWNERS			a hard link
 *	edge FROM KIND STRENGTH TO		paths, or names of packages
 *	key NAME				the package is a gpg key
 * A capability is provided by the package of that name, by who says so, and a path by its
 * owners. Texts are compared as they are; there are no versions.
 *
 * The question:
 *	option WORD [WORD]	caution LEVEL, weak, keep-install-time, metadata-only
 *	keep NAME|PATH		a root; "keep NAME because WORDS"
 *	feature NAME|PATH WORDS	of a profile that was not chosen
 *	unwanted NAME|PATH
 *	propose			make the plan, or
 *	erase NAME...		prove an erase with the graph alone
 *
 * The answer, lines that begin with ">", see case_check.c.
 */
#pragma once

#include "base/array.h"
#include "graph/snapshot.h"
#include "trimmer/plan.h"

struct case_package {
	char *name;
	uint64_t bytes;
	bool is_key;
};

struct case_file {
	char *path, *target;
	enum file_type type;
	enum file_category category;
	enum file_state state;
	ARRAY_OF(char *) owners;
	uint64_t bytes;
	uint32_t flags, links;
	bool replaced, guess;
	char *same; /* path of the other name */
};

struct case_requirement {
	char *package, *text;
	enum req_strength strength;
	uint32_t phases;
};

struct case_provide {
	char *package, *capability;
};

struct case_edge {
	char *from, *to;
	enum edge_kind kind;
	enum edge_strength strength;
};

struct case_wish {
	char *subject, *words;
};
typedef ARRAY_OF(struct case_wish) case_wishes;

struct case_world {
	ARRAY_OF(struct case_package) packages; /* by name after case_read() */
	ARRAY_OF(struct case_file) files;	/* by path */
	ARRAY_OF(struct case_requirement) requirements;
	ARRAY_OF(struct case_provide) provides;
	ARRAY_OF(struct case_edge) edges;
	case_wishes keeps, features, unwanted;
	struct plan_options options;
	bool metadata_only, propose;
	ARRAY_OF(char *) erase;
	ARRAY_OF(char *) expected; /* without the ">" */
};

/** Read a case; a wrong line ends the program with its number. */
void case_read(const char *path, struct case_world *ret);
void case_release(struct case_world *world);
/** Write it as a graph database and load that; ends the program on failure. */
struct graph *case_graph(const struct case_world *world);
/** Node of a name or path; 0 when there is none. */
uint32_t case_node(const struct graph *g, const char *subject);
/** Compare with what is expected; prints every difference. */
bool case_check(const struct case_world *world, const struct graph *g);
/** One line for scripts: "kept BYTES optimal 1 packages a b c". */
void case_print_kept(const struct case_world *world, const struct graph *g);
/** The same for a clock: "plan 12.3 ms, 4 nodes, 2 rounds, optimal 1". */
void case_print_time(const struct case_world *world, const struct graph *g);

void case_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

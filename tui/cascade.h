/*
 * cascade – what becomes of all packages when some of them are marked.
 *
 *	struct cascade_input in = { g, demand, weigh, intent };
 *	struct cascade *c = cascade_new(&in, marks);
 *	printf("frees %" PRIu64 " bytes\n", c->freed_bytes);
 *
 * In this order:
 * - what is marked goes, and with it each package with a requirement that nothing else
 *   satisfies, or with a file whose library or interpreter goes (a forced mark takes
 *   nothing along);
 * - what only packages that go needed is free, and goes, too: not what must stay reaches,
 *   nor what any package needs that stays;
 * - conflicts: what goes although something that stays reaches it (most of all what must
 *   stay: the roots of the intent and packages marked to be kept), and what stays although
 *   something it requires goes. They are told, never resolved.
 */
#pragma once

#include "graph/closure.h"
#include "rules/intent.h"
#include "trimmer/weigh.h"

/** What becomes of a package under the marks. */
enum fate {
	FATE_STAYS,
	FATE_MARKED, /* marked for removal */
	FATE_FORCED,
	FATE_GOES, /* cannot stay without a marked one */
	FATE_FREE, /* only packages that go needed it */
	FATE_KEPT, /* marked to be kept */
};

struct cascade {
	uint8_t *fate;		 /* [package_count + 1]: enum fate */
	struct idset removed;	 /* pkg_id: all that goes */
	struct idset conflict;	 /* pkg_id: goes though it must stay, or stays broken */
	struct closure *reached; /* from what must stay, without what goes where there
				  * is a choice */
	struct closure *used;	 /* the same from all that stays: chains for conflicts */
	uint64_t freed_bytes;	 /* jointly */
	uint32_t marked, goes, free, kept, conflicts;
	/* set later, where the trimmer refuses what goes although it is no conflict by the
	 * rules above: the package that is in the way (a conflict, too), and why */
	pkg_id refused;
	char *refusal;
};

struct cascade_input {
	const struct graph *g;
	const struct demand *demand;
	const struct weigh *weigh;
	const struct intent *intent;
};

/**
 * A node that keeps the package but asks for nothing beyond what it requires: a file of it
 * alone without edges. A package as a root would ask for all that its programs may use.
 * Where there is no such file it is the package.
 */
uint32_t cascade_quiet_root(const struct graph *g, pkg_id p);
/** @p marks: [package_count + 1], enum mark. */
struct cascade *cascade_new(const struct cascade_input *in, const uint8_t *marks);
void cascade_free(struct cascade *c);

/* A requirement of a package that stays, satisfied from now on by another provider. */
struct takeover {
	uint32_t requirement; /* index in graph.requirements */
	pkg_id goes, takes;
};
typedef ARRAY_OF(struct takeover) takeover_list;

/** Which providers take over from packages that go; in the order of requirements. */
void cascade_takeovers(const struct graph *g, const struct idset *removed,
		       takeover_list *ret);

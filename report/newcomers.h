/*
 * newcomers – why packages came: for each package that a new graph has and an old one has not,
 * the requirement or edge that brought it.
 *
 *	newcomers_find(diff, &list);
 *	array_each (&list, i)
 *		newcomer_say(diff, &list.data[i], &out);
 *	"app now requires libfoo.so.1"
 *
 * What counts is what installers follow (Requires, Recommends, Supplements), and what files
 * use that were written since the old graph. The best explanation wins: a package that was
 * there before requires it, then nothing does (somebody asked for it), then another newcomer
 * requires it, then weak dependencies and files. Of several of one sort those that are new
 * win, then the first by NEVRA. Following `from` of companions ends at the newcomer (`origin`)
 * that brought them all.
 */
#pragma once

#include "base/strbuf.h"
#include "graph/diff.h"

enum newcomer_cause {
	NEWCOMER_APPEARED,  /* an old package requires it, and did not before */
	NEWCOMER_SWITCHED,  /* it did before, but another package provided that */
	NEWCOMER_UNMET,	    /* it did before, but nothing provided that */
	NEWCOMER_COMPANION, /* another newcomer requires or recommends it */
	NEWCOMER_USED,	    /* a file that is new or changed, of no newcomer, uses it */
	NEWCOMER_ASKED,	    /* none of these: somebody wanted it itself */
};

/** "appeared", "switched", "unmet", "companion", "used", "asked". */
const char *newcomer_cause_name(enum newcomer_cause cause);

struct newcomer {
	pkg_id package; /* of the new graph, as all that follows unless said */
	enum newcomer_cause cause;
	uint32_t from; /* node: who needs it, 0 when asked for */
	bool is_edge;
	uint32_t index;	     /* of graph.edges or graph.requirements; of `from` */
	pkg_id old_provider; /* of the old graph, when switched */
	pkg_id origin; /* the newcomer at the beginning; itself unless a companion */
};

typedef ARRAY_OF(struct newcomer) newcomer_list;

/** All newcomers that are software, by id. Release with array_release(). */
void newcomers_find(const struct graph_diff *diff, newcomer_list *ret);
/** One line, printable. */
void newcomer_say(const struct graph_diff *diff, const struct newcomer *newcomer,
		  struct strbuf *out);
/** Where that is written: "rpmdb" or a file and line, bytes of the root; nothing when asked
 * for. */
void newcomer_place(const struct graph_diff *diff, const struct newcomer *newcomer,
		    struct strbuf *out);

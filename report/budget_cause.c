#include "report/budget_cause.h"

#include "base/text.h"
#include "report/node.h"
#include "report/why.h"

#include <stdlib.h>

#define CHAINS_SHOWN  5
#define NEEDERS_SHOWN 3

static const struct newcomer *find_newcomer(const struct budget_verdict *verdict,
					    pkg_id package)
{
	array_each (&verdict->newcomers, i)
		if (verdict->newcomers.data[i].package == package)
			return &verdict->newcomers.data[i];
	return NULL;
}

static int by_growth(const void *a, const void *b)
{
	const struct budget_cause *x = a, *y = b;

	if (x->growth != y->growth)
		return x->growth > y->growth ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

void budget_cause_find(const struct budget_verdict *verdict, const uint64_t *now,
		       const uint64_t *old, struct budget_result *result)
{
	const struct graph_diff *diff = verdict->diff;
	ARRAY_OF(struct budget_cause) causes = { 0 };

	for (pkg_id p = 0; p <= diff->now->package_count; p++) {
		pkg_id was = p ? graph_diff_old_package(diff, p) : 0;
		uint64_t before = p && !was ? 0 : old[was];
		struct budget_cause cause = { .package = p };

		if (now[p] <= before)
			continue;
		cause.growth = (int64_t)(now[p] - before);
		cause.newcomer = p && !was ? find_newcomer(verdict, p) : NULL;
		array_push(&causes, cause);
	}
	array_sort(&causes, by_growth);
	for (size_t i = 0; i < MIN2(causes.len, (size_t)BUDGET_PARTS); i++)
		result->causes[i] = causes.data[i];
	array_release(&causes);
}

static void put_needers(const struct graph *g, const struct relations *needers,
			struct strbuf *out)
{
	size_t shown = MIN2(needers->list.len, (size_t)NEEDERS_SHOWN);

	if (shown == 0)
		strbuf_puts(out, "nothing else needs it");
	for (size_t i = 0; i < shown; i++) {
		strbuf_puts(out, i ? ", " : "it is needed by ");
		text_printable(out, node_name(g, needers->list.data[i].from));
	}
	if (shown < needers->list.len)
		strbuf_printf(out, " and %zu more", needers->list.len - shown);
	strbuf_putc(out, '\n');
}

static void put_why(const struct planning *planning, uint32_t node, struct strbuf *out)
{
	const struct graph *g = planning->plan->graph;
	struct why why;

	why_make(planning, node, &why);
	text_printable(out, node_name(g, node));
	if (why.chain.len == 0) {
		strbuf_puts(out, ": nothing that must stay holds it; ");
		put_needers(g, &why.needers, out);
	} else {
		strbuf_puts(out, " is held by:\n");
		why_put_chain(&why, out);
	}
	why_release(&why);
}

/* Nobody said what must stay: who needs it is all that can be told. */
static void put_relations(const struct graph *g, uint32_t node, struct strbuf *out)
{
	struct relations_query query = { .start = node, .reverse = true, .depth = 1 };
	_cleanup_(relations_release) struct relations needers = { 0 };

	relations_find(g, &query, &needers);
	text_printable(out, node_name(g, node));
	strbuf_puts(out, ": ");
	put_needers(g, &needers, out);
}

void budget_cause_chain(const struct budget_ask *ask, const struct idset *packages,
			struct budget_result *result)
{
	const struct graph *g = measure_graph(ask->measure);
	const struct planning *planning =
		ask->planning ? ask->planning(ask->planning_arg) : NULL;
	struct strbuf out = { 0 };
	size_t shown = 0;

	idset_each (packages, p) {
		uint32_t node = graph_package_node(g, (pkg_id)p);

		if (shown++ == CHAINS_SHOWN)
			break;
		if (planning)
			put_why(planning, node, &out);
		else
			put_relations(g, node, &out);
	}
	result->chain = strbuf_detach(&out);
}

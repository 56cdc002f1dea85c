#include "report/newcomers.h"

#include "base/text.h"
#include "graph/demand.h"
#include "graph/satisfied.h"
#include "report/measure.h"
#include "report/node.h"

#include <string.h>

/* Something that leads to a newcomer. */
struct lead {
	pkg_id to;
	pkg_id from_package; /* 0: an unowned file */
	uint32_t from;	     /* node */
	bool is_edge, weak, from_newcomer;
	uint8_t cause; /* as if the from side were explained */
	uint32_t index;
	pkg_id old_provider;
};

struct search {
	const struct graph_diff *diff;
	const struct graph *g; /* the new one */
	ARRAY_OF(struct lead) leads;
	struct newcomer *found; /* [package_count + 1]; package 0: not explained yet */
	bool *is_newcomer, *has_lead;
	bool *satisfied; /* by node: by packages that were there before */
	struct demand_leaves leaves, old_leaves;
};

const char *newcomer_cause_name(enum newcomer_cause cause)
{
	static const char *const NAMES[] = {
		[NEWCOMER_APPEARED] = "appeared", [NEWCOMER_SWITCHED] = "switched",
		[NEWCOMER_UNMET] = "unmet",	  [NEWCOMER_COMPANION] = "companion",
		[NEWCOMER_USED] = "used",	  [NEWCOMER_ASKED] = "asked",
	};

	return NAMES[cause];
}

/* What makes dnf and its like install something. */
static bool leads_somewhere(const struct graph_requirement *req)
{
	return req->state == REQ_CHECKED &&
	       (req->strength == REQ_REQUIRES || req->strength == REQ_RECOMMENDS ||
		req->strength == REQ_SUPPLEMENTS);
}

/* The same requirement of the same package before; UINT32_MAX: there was none. */
static uint32_t find_before(const struct search *s, const struct graph_requirement *req)
{
	const struct graph *old = s->diff->old;
	pkg_id p = graph_diff_old_package(s->diff, req->package);

	for (uint32_t i = p ? old->requirement_start[p] : 0;
	     i < (p ? old->requirement_start[p + 1] : 0); i++)
		if (old->requirements[i].strength == req->strength &&
		    strcmp(graph_text(old, old->requirements[i].text),
			   graph_text(s->g, req->text)) == 0)
			return i;
	return UINT32_MAX;
}

/* Who provided that in the old graph; the first by id, 0: nobody. */
static pkg_id provider_before(struct search *s, uint32_t index)
{
	const struct graph *old = s->diff->old;

	demand_leaves_find(&s->old_leaves, old, old->requirements[index].node);
	array_each (&s->old_leaves.caps, i) {
		cap_id cap = s->old_leaves.caps.data[i];

		if (old->provider_start[cap] < old->provider_start[cap + 1])
			return old->providers[old->provider_start[cap]].package;
	}
	return 0;
}

static void add_lead(struct search *s, struct lead lead)
{
	lead.from_newcomer = lead.from_package && s->is_newcomer[lead.from_package];
	if (lead.from_newcomer)
		lead.cause = NEWCOMER_COMPANION;
	s->has_lead[lead.to] = true;
	array_push(&s->leads, lead);
}

/* What the requirement was before: that is why the newcomer is. */
static void judge(struct search *s, struct lead *lead)
{
	uint32_t before = find_before(s, &s->g->requirements[lead->index]);

	lead->cause = NEWCOMER_APPEARED;
	if (before == UINT32_MAX)
		return;
	lead->old_provider = provider_before(s, before);
	lead->cause = lead->old_provider ? NEWCOMER_SWITCHED : NEWCOMER_UNMET;
}

/* One package that satisfies a requirement: it came because of that, or the one that
 * supplements it did. */
static void add_provider(struct search *s, uint32_t index, pkg_id provider)
{
	const struct graph_requirement *req = &s->g->requirements[index];
	bool backwards = req->strength == REQ_SUPPLEMENTS;
	struct lead lead = { .to = backwards ? req->package : provider,
			     .from_package = backwards ? provider : req->package,
			     .weak = req->strength != REQ_REQUIRES,
			     .index = index };

	if (!s->is_newcomer[lead.to] || provider == req->package)
		return;
	lead.from = graph_package_node(s->g, lead.from_package);
	judge(s, &lead);
	add_lead(s, lead);
}

static void add_requirement(struct search *s, uint32_t index)
{
	const struct graph *g = s->g;
	const struct graph_requirement *req = &g->requirements[index];

	/* what packages of before satisfy brings nothing along */
	if (req->strength != REQ_SUPPLEMENTS && s->satisfied[req->node])
		return;
	demand_leaves_find(&s->leaves, g, req->node);
	array_each (&s->leaves.caps, i) {
		cap_id cap = s->leaves.caps.data[i];

		for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1];
		     k++)
			add_provider(s, index, g->providers[k].package);
	}
}

static pkg_id package_of(const struct graph *g, uint32_t node)
{
	return graph_node_is_file(g, node) ? graph_file_owner(g, node)
					   : graph_node_package(g, node);
}

/* Only what was written since the old graph can be the reason. */
static bool is_new_text(const struct search *s, uint32_t node)
{
	const struct graph *g = s->g, *old = s->diff->old;
	pkg_id now = package_of(g, node),
	       before = now ? graph_diff_old_package(s->diff, now) : 0;
	file_id file;

	if (now && before &&
	    strcmp(graph_text(g, g->packages[now].nevra),
		   graph_text(old, old->packages[before].nevra)) != 0)
		return true;
	if (!graph_node_is_file(g, node))
		return false;
	file = graph_find_file(old, graph_text(g, g->files[node].path));
	return !file || old->files[file].size_bytes != g->files[node].size_bytes;
}

/* Links that no package owns are made when a package is installed (alternatives, units that
 * are enabled): they say nothing about why. */
static bool is_reason(const struct search *s, const struct graph_edge *edge)
{
	pkg_id from = package_of(s->g, edge->from);

	if (from ? s->is_newcomer[from] : edge->kind == EDGE_SYMLINK)
		return false;
	return is_new_text(s, edge->from);
}

static void add_edge(struct search *s, uint32_t index)
{
	const struct graph_edge *edge = &s->g->edges[index];
	struct lead lead = { .to = package_of(s->g, edge->to),
			     .from_package = package_of(s->g, edge->from),
			     .from = edge->from,
			     .is_edge = true,
			     .weak = edge->strength == EDGE_POSSIBLE,
			     .cause = NEWCOMER_USED,
			     .index = index };

	if (lead.to && s->is_newcomer[lead.to] && is_reason(s, edge))
		add_lead(s, lead);
}

/* The better lead first: see newcomers.h. */
static int compare_leads(const struct lead *a, const struct lead *b)
{
	if (a->weak != b->weak)
		return a->weak ? 1 : -1;
	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	if (a->from_package != b->from_package)
		return a->from_package < b->from_package ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* What may explain a newcomer; tried in this order, again from the first after each success. */
static const struct stage {
	bool from_newcomer, is_edge, weak, asked;
} STAGES[] = {
	{ .from_newcomer = false },
	{ .asked = true },
	{ .from_newcomer = true },
	{ .weak = true },
	{ .is_edge = true },
	{ .from_newcomer = true, .weak = true },
	{ .is_edge = true, .weak = true },
};

static bool fits(const struct search *s, const struct stage *stage,
		 const struct lead *lead)
{
	return !stage->asked && !s->found[lead->to].package &&
	       lead->from_newcomer == stage->from_newcomer &&
	       lead->is_edge == stage->is_edge && lead->weak == stage->weak &&
	       (!lead->from_newcomer || s->found[lead->from_package].package);
}

static void explain(struct search *s, const struct lead *lead)
{
	s->found[lead->to] = (struct newcomer){
		.package = lead->to,
		.cause = (enum newcomer_cause)lead->cause,
		.from = lead->from,
		.is_edge = lead->is_edge,
		.index = lead->index,
		.old_provider = lead->old_provider,
		.origin = lead->from_newcomer ? s->found[lead->from_package].origin
					      : lead->to,
	};
}

static void explain_as_asked(struct search *s, pkg_id p)
{
	s->found[p] =
		(struct newcomer){ .package = p, .cause = NEWCOMER_ASKED, .origin = p };
}

static bool ask_for_unneeded(struct search *s)
{
	bool any = false;

	for (pkg_id p = 1; p <= s->g->package_count; p++) {
		if (!s->is_newcomer[p] || s->has_lead[p] || s->found[p].package)
			continue;
		explain_as_asked(s, p);
		any = true;
	}
	return any;
}

/* One step away from what is explained, so that chains are short. */
static bool run_stage(struct search *s, const struct stage *stage,
		      const struct lead **best)
{
	bool any = stage->asked && ask_for_unneeded(s);

	memset(best, 0, (s->g->package_count + 1u) * sizeof(const struct lead *));
	array_each (&s->leads, i) {
		const struct lead *lead = &s->leads.data[i];

		if (fits(s, stage, lead) &&
		    (!best[lead->to] || compare_leads(lead, best[lead->to]) < 0))
			best[lead->to] = lead;
	}
	for (pkg_id p = 1; p <= s->g->package_count; p++) {
		if (!best[p])
			continue;
		explain(s, best[p]);
		any = true;
	}
	return any;
}

/* Newcomers that need each other and nobody else: the first was asked for. */
static bool break_a_loop(struct search *s)
{
	for (pkg_id p = 1; p <= s->g->package_count; p++) {
		if (s->is_newcomer[p] && !s->found[p].package) {
			explain_as_asked(s, p);
			return true;
		}
	}
	return false;
}

static void explain_all(struct search *s)
{
	_cleanup_(freep) const struct lead **best =
		mem_calloc(s->g->package_count + 1u, sizeof(const struct lead *));
	bool any = true;

	while (any) {
		any = false;
		for (size_t i = 0; i < ARRAY_LEN(STAGES) && !any; i++)
			any = run_stage(s, &STAGES[i], best);
		if (!any)
			any = break_a_loop(s);
	}
}

static void find_leads(struct search *s)
{
	for (uint32_t i = 0; i < s->g->requirement_count; i++)
		if (leads_somewhere(&s->g->requirements[i]))
			add_requirement(s, i);
	for (uint32_t i = 0; i < s->g->edge_count; i++)
		add_edge(s, i);
}

static void find_satisfied(struct search *s)
{
	struct idset before;

	idset_init(&before, s->g->package_count + 1u);
	for (pkg_id p = 1; p <= s->g->package_count; p++)
		if (!s->is_newcomer[p])
			idset_add(&before, p);
	s->satisfied = satisfied_by(s->g, &before);
	idset_release(&before);
}

void newcomers_find(const struct graph_diff *diff, newcomer_list *ret)
{
	const struct graph *g = diff->now;
	struct search s = { .diff = diff, .g = g };

	s.found = mem_calloc(g->package_count + 1u, sizeof(*s.found));
	s.is_newcomer = mem_calloc(g->package_count + 1u, sizeof(bool));
	s.has_lead = mem_calloc(g->package_count + 1u, sizeof(bool));
	demand_leaves_init(&s.leaves, g);
	demand_leaves_init(&s.old_leaves, diff->old);
	for (pkg_id p = 1; p <= g->package_count; p++)
		s.is_newcomer[p] = measure_is_software(&g->packages[p]) &&
				   !graph_diff_old_package(diff, p);
	find_satisfied(&s);
	find_leads(&s);
	explain_all(&s);
	*ret = (newcomer_list){ 0 };
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (s.found[p].package)
			array_push(ret, s.found[p]);
	demand_leaves_release(&s.leaves);
	demand_leaves_release(&s.old_leaves);
	array_release(&s.leads);
	free(s.found);
	free(s.is_newcomer);
	free(s.has_lead);
	free(s.satisfied);
}

/* "app now requires libfoo.so.1", "app requires libfoo.so.1, which foo-1 provided before" */
static void say_requirement(const struct graph_diff *diff, const struct newcomer *n,
			    struct strbuf *out)
{
	const struct graph *g = diff->now;
	const struct graph_requirement *req = &g->requirements[n->index];
	bool is_own;

	text_printable(out, graph_text(g, g->packages[req->package].name));
	is_own = req->package == n->package; /* it supplements another */
	strbuf_printf(out, " %s%s ",
		      n->cause == NEWCOMER_APPEARED && !is_own ? "now " : "",
		      req_strength_name(req->strength));
	text_printable(out, graph_text(g, req->text));
	if (n->cause == NEWCOMER_SWITCHED) {
		strbuf_puts(out, ", which ");
		text_printable(out,
			       graph_text(diff->old,
					  diff->old->packages[n->old_provider].nevra));
		strbuf_puts(out, " provided before");
	} else if (n->cause == NEWCOMER_UNMET) {
		strbuf_puts(out, ", which nothing provided before");
	}
}

static void say_edge(const struct graph *g, const struct graph_edge *edge,
		     struct strbuf *out)
{
	text_printable(out, node_name(g, edge->from));
	strbuf_puts(out, " uses ");
	text_printable(out, node_name(g, edge->to));
	strbuf_printf(out, " (%s", edge_kind_name(edge->kind));
	if (edge->cite_text) {
		strbuf_puts(out, ": ");
		text_printable(out, graph_text(g, edge->cite_text));
	}
	strbuf_putc(out, ')');
}

void newcomer_say(const struct graph_diff *diff, const struct newcomer *n,
		  struct strbuf *out)
{
	if (n->cause == NEWCOMER_ASKED) {
		strbuf_puts(out, "nothing requires it, it was asked for itself");
		return;
	}
	if (n->is_edge)
		say_edge(diff->now, &diff->now->edges[n->index], out);
	else
		say_requirement(diff, n, out);
	if (n->cause == NEWCOMER_COMPANION)
		strbuf_puts(out, " (new as well)");
}

void newcomer_place(const struct graph_diff *diff, const struct newcomer *n,
		    struct strbuf *out)
{
	if (n->cause == NEWCOMER_ASKED)
		return;
	if (n->is_edge)
		node_edge_place(diff->now, &diff->now->edges[n->index], out);
	else
		strbuf_puts(out, "rpmdb");
}

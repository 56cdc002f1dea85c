#include "report/planning_choose.h"

#include "base/macros.h"
#include "base/mem.h"
#include "rules/glob.h"

#include <stdlib.h>
#include <string.h>

/* Each costs as many plans as halving takes. */
#define GIVE_BACK_ROUNDS 6

typedef ARRAY_OF(struct intent_root) root_list;

struct chooser {
	const struct graph *g;
	const struct planning_request *request;
	struct planning *p;
	root_list base;	       /* the intent's roots before any was added */
	ARRAY_OF(pkg_id) back; /* packages that go, in the order they are given back */
};

static uint64_t freed_by(const struct plan *plan)
{
	return plan->disk_bytes_freed + plan->trim_bytes_freed;
}

static void copy_roots(struct intent *intent, const root_list *from)
{
	intent->roots.len = 0;
	array_each (from, i)
		array_push(&intent->roots, from->data[i]);
}

/* Rules of no more risk than this. */
static void allow_trims(struct planning *p, enum plan_risk risk)
{
	p->allowed.rules.len = 0;
	array_each (&p->trims.rules, i) {
		struct trim_rule *rule = p->trims.rules.data[i];

		if ((int)rule->risk <= (int)risk)
			array_push(&p->allowed.rules, rule);
	}
}

static int make(struct chooser *c, struct error *err)
{
	struct planning *p = c->p;
	struct plan_options options = c->request->plan;

	options.trims = &p->allowed;
	options.facts = (struct facts){ p->facts.data, p->facts.len };
	options.locales = c->request->locales;
	options.locale_count = c->request->locale_count;
	options.only = c->request->onlys;
	options.only_count = c->request->only_count;
	plan_free(p->plan);
	p->plan = NULL;
	return plan_make(c->g, p->intent, &options, &p->plan, err);
}

/* True when something too risky went and is a root now. */
static bool keep_risky(struct chooser *c, enum plan_risk limit)
{
	const struct plan *plan = c->p->plan;
	size_t before = c->p->intent->roots.len;

	idset_each (&plan->removed, package) {
		const struct plan_package *item = &plan->packages[package];

		if (item->risk > limit)
			intent_keep(c->p->intent,
				    graph_package_node(c->g, (pkg_id)package),
				    "--max-risk", item->risk_reason);
	}
	if (c->p->intent->roots.len == before)
		return false;
	intent_sort(c->p->intent);
	return true;
}

/* The plan of the intent's roots and @p back packages within a limit of risk. */
static int make_within(struct chooser *c, enum plan_risk limit, size_t back,
		       struct error *err)
{
	struct intent *intent = c->p->intent;
	bool again = true;
	int r = 0;

	copy_roots(intent, &c->base);
	for (size_t i = 0; i < back; i++)
		intent_keep(intent, graph_package_node(c->g, c->back.data[i]), "--target",
			    "the target is reached without its removal");
	intent_sort(intent);
	allow_trims(c->p, limit);
	c->p->max_risk = limit;
	while (r == 0 && again) {
		r = make(c, err);
		again = r == 0 && limit < RISK_HIGH && keep_risky(c, limit);
	}
	return r;
}

static int by_worth(const void *a, const void *b, void *arg)
{
	const struct plan *plan = arg;
	const struct plan_package *x = &plan->packages[*(const pkg_id *)a];
	const struct plan_package *y = &plan->packages[*(const pkg_id *)b];

	if (x->risk != y->risk)
		return x->risk > y->risk ? -1 : 1;
	if (x->retained_bytes != y->retained_bytes)
		return x->retained_bytes < y->retained_bytes ? -1 : 1;
	return (x->package > y->package) - (x->package < y->package);
}

/* How many of `back` can be given back, at least @p from, as it is sorted: halve between
 * what reaches the target and what does not. */
static int find_prefix(struct chooser *c, enum plan_risk limit, size_t from, size_t *ret,
		       struct error *err)
{
	size_t reaches = from, fails = c->back.len + 1, last = SIZE_MAX;
	int r = 0;

	while (r == 0 && reaches + 1 < fails) {
		last = reaches + (fails - reaches) / 2;
		r = make_within(c, limit, last, err);
		if (r == 0 && freed_by(c->p->plan) >= c->request->target_bytes)
			reaches = last;
		else
			fails = last;
	}
	if (r == 0 && last != reaches)
		r = make_within(c, limit, reaches, err);
	*ret = reaches;
	return r;
}

/* Drop what cannot be given back: the package at @p at, and all behind it that are kept
 * by now or hold more than what is freed beyond the target. */
static void drop_too_big(struct chooser *c, size_t at)
{
	const struct plan *plan = c->p->plan;
	uint64_t spare = freed_by(plan) - c->request->target_bytes;
	size_t kept = at;

	for (size_t i = at + 1; i < c->back.len; i++) {
		pkg_id p = c->back.data[i];

		if (idset_has(&plan->removed, p) && plan->packages[p].disk_bytes <= spare)
			c->back.data[kept++] = p;
	}
	c->back.len = kept;
}

/* The first that does not fit is no reason against the smaller ones behind it. */
static int give_back(struct chooser *c, enum plan_risk limit, struct error *err)
{
	size_t given = 0;
	int r = 0;

	c->back.len = 0;
	idset_each (&c->p->plan->removed, package)
		array_push(&c->back, (pkg_id)package);
	array_sort_with(&c->back, by_worth, c->p->plan);
	for (int round = 0; r == 0 && round < GIVE_BACK_ROUNDS && given < c->back.len;
	     round++) {
		r = find_prefix(c, limit, given, &given, err);
		if (r == 0 && given < c->back.len)
			drop_too_big(c, given);
	}
	return r;
}

static int reach_target(struct chooser *c, enum plan_risk highest, struct error *err)
{
	int r = 0;

	for (int limit = RISK_NONE; r == 0 && limit <= (int)highest; limit++) {
		r = make_within(c, (enum plan_risk)limit, 0, err);
		if (r == 0 && freed_by(c->p->plan) >= c->request->target_bytes)
			return give_back(c, (enum plan_risk)limit, err);
	}
	return r;
}

static bool is_named(const struct chooser *c, pkg_id p)
{
	const char *name = graph_text(c->g, c->g->packages[p].name);

	for (size_t i = 0; i < c->request->only_count; i++)
		if (glob_match(c->request->onlys[i], name))
			return true;
	return false;
}

static void keep_others(struct chooser *c)
{
	for (pkg_id p = 1; p <= c->g->package_count; p++)
		if (!is_named(c, p))
			intent_keep(c->p->intent, graph_package_node(c->g, p), "--only",
				    "not among what may go");
	intent_sort(c->p->intent);
}

int planning_choose(const struct graph *g, const struct planning_request *request,
		    struct planning *p, struct error *err)
{
	struct chooser c = { .g = g, .request = request, .p = p };
	enum plan_risk highest = request->limits_risk ? request->max_risk : RISK_HIGH;
	int r;

	p->target_bytes = request->target_bytes;
	if (request->only_count > 0)
		keep_others(&c);
	array_each (&p->intent->roots, i)
		array_push(&c.base, p->intent->roots.data[i]);
	if (request->target_bytes > 0)
		r = reach_target(&c, highest, err);
	else
		r = make_within(&c, highest, 0, err);
	if (r == 0)
		p->freed_bytes = freed_by(p->plan);
	array_release(&c.base);
	array_release(&c.back);
	return r;
}

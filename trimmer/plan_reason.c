#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

/* Why a package that somebody needs can go all the same; the highest is told. */
enum relation_rank {
	NOBODY,
	GOES_TOO,    /* those who need it go */
	RECOMMENDED, /* what stays only recommends it */
	WHILE_INSTALLING,
	REPLACED, /* what stays has another provider, or its condition is gone */
};

struct relation {
	enum relation_rank rank;
	uint32_t requirement;
	pkg_id other;  /* REPLACED: the provider that stays */
	uint32_t more; /* GOES_TOO: further packages that need it */
};

struct reasoner {
	struct plan_work *work;
	struct plan *plan;
	const struct graph *g;
	struct relation *relations; /* by package that goes */
	uint32_t *needed_by;	    /* by package: last one that was counted */
	bool *holds;		    /* by requirement node, with what stays */
};

static pkg_id kept_provider(const struct reasoner *r, const struct demand_leaves *leaves)
{
	const struct graph *g = r->g;

	array_each (&leaves->caps, k) {
		cap_id cap = leaves->caps.data[k];

		for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1];
		     i++)
			if (plan_keeps(r->plan, g->providers[i].package))
				return g->providers[i].package;
	}
	return 0;
}

static struct relation judge(const struct reasoner *r, const struct demand_leaves *leaves,
			     uint32_t index)
{
	const struct graph_requirement *req = &r->g->requirements[index];
	struct relation relation = { .requirement = index };

	if (!plan_keeps(r->plan, req->package)) {
		relation.rank = GOES_TOO;
	} else if (req->strength != REQ_REQUIRES) {
		relation.rank = RECOMMENDED;
	} else if (r->holds[req->node]) {
		relation.rank = REPLACED;
		relation.other = kept_provider(r, leaves);
	} else {
		relation.rank = WHILE_INSTALLING;
	}
	return relation;
}

static void note(struct reasoner *r, pkg_id p, const struct relation *found)
{
	struct relation *known = &r->relations[p];
	pkg_id requirer = r->g->requirements[found->requirement].package;

	if (requirer == p || plan_keeps(r->plan, p))
		return;
	if (found->rank == GOES_TOO) {
		if (r->needed_by[p] == requirer)
			return;
		r->needed_by[p] = requirer;
	}
	if (found->rank > known->rank) {
		uint32_t more = known->more;

		*known = *found;
		known->more = more;
	} else if (found->rank == GOES_TOO) {
		known->more++;
	}
}

static void note_requirement(struct reasoner *r, struct demand_leaves *leaves,
			     uint32_t index)
{
	const struct graph *g = r->g;
	const struct graph_requirement *req = &g->requirements[index];
	struct relation found;

	if (req->state != REQ_CHECKED ||
	    (req->strength != REQ_REQUIRES && req->strength != REQ_RECOMMENDS))
		return;
	demand_leaves_find(leaves, g, req->node);
	found = judge(r, leaves, index);
	array_each (&leaves->caps, k) {
		cap_id cap = leaves->caps.data[k];

		for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1];
		     i++)
			note(r, g->providers[i].package, &found);
	}
}

static void cite(struct plan_package *item, char *place, char *text)
{
	array_push(&item->citations,
		   (struct plan_citation){ .place = place, .text = text });
}

static void cite_requirement(struct reasoner *r, struct plan_package *item,
			     uint32_t index)
{
	const struct graph_requirement *req = &r->g->requirements[index];
	struct strbuf place = { 0 }, text = { 0 };

	strbuf_puts(&place, "rpmdb: ");
	plan_put_text(r->work, &place, r->g->packages[req->package].nevra);
	strbuf_printf(&text, "%s ", req_strength_name(req->strength));
	plan_put_text(r->work, &text, req->text);
	cite(item, strbuf_detach(&place), strbuf_detach(&text));
}

static void say_replaced(struct reasoner *r, const struct relation *relation,
			 struct strbuf *out)
{
	const struct graph_requirement *req = &r->g->requirements[relation->requirement];

	if (relation->other == 0) {
		plan_put_name(r->work, out, req->package);
		strbuf_puts(out, " does without it: requires ");
		plan_put_text(r->work, out, req->text);
		return;
	}
	plan_put_name(r->work, out, relation->other);
	strbuf_puts(out, " provides ");
	plan_put_text(r->work, out, req->text);
	strbuf_puts(out, " instead, for ");
	plan_put_name(r->work, out, req->package);
}

static void say_removed(struct reasoner *r, struct plan_package *item)
{
	const struct relation *relation = &r->relations[item->package];
	const struct graph_requirement *req = &r->g->requirements[relation->requirement];
	struct strbuf out = { 0 };

	switch (relation->rank) {
	case NOBODY:
		strbuf_puts(&out, "nothing that stays requires it");
		break;
	case GOES_TOO:
		strbuf_puts(&out, "needed only by ");
		plan_put_name(r->work, &out, req->package);
		if (relation->more > 0)
			strbuf_printf(&out, " and %u more, which go",
				      (unsigned int)relation->more);
		else
			strbuf_puts(&out, ", which goes");
		break;
	case RECOMMENDED:
		plan_put_name(r->work, &out, req->package);
		strbuf_puts(&out, " only recommends it");
		break;
	case WHILE_INSTALLING:
		plan_put_name(r->work, &out, req->package);
		strbuf_puts(&out, " requires it only while it is installed");
		break;
	case REPLACED:
		say_replaced(r, relation, &out);
		break;
	}
	item->reason = strbuf_detach(&out);
	if (relation->rank != NOBODY)
		cite_requirement(r, item, relation->requirement);
}

/* The first step that says something in words, then where the chain ends. */
static void say_kept(struct reasoner *r, struct plan_package *item, closure_chain *chain)
{
	const struct graph *g = r->g;
	struct strbuf out = { 0 };

	closure_explain(r->plan->closure, graph_package_node(g, item->package), chain);
	array_each (chain, i) {
		const struct closure_step *step = &chain->data[i];
		char *text = plan_step_text(g, r->plan->intent, step);
		bool ends = step->cause.kind == CAUSE_ROOT;

		if (ends || i == 0) {
			if (i > 0)
				strbuf_puts(&out, "; in the end for ");
			if (!ends && !graph_node_is_file(g, step->cause.from)) {
				pkg_id p = graph_node_package(g, step->cause.from);

				plan_put_name(r->work, &out, p);
				strbuf_putc(&out, ' ');
			} else if (!ends) {
				str_id path = g->files[step->cause.from].path;

				plan_put_text(r->work, &out, path);
				strbuf_puts(&out, " is ");
			}
			strbuf_puts(&out, text);
		}
		cite(item, plan_step_place(g, r->plan->intent, step), text);
	}
	item->reason = strbuf_detach(&out);
}

void plan_find_reasons(struct plan_work *work)
{
	const struct graph *g = work->g;
	struct reasoner r = {
		.work = work,
		.plan = work->plan,
		.g = g,
		.relations = mem_calloc(g->package_count + 1u, sizeof(struct relation)),
		.needed_by = mem_calloc(g->package_count + 1u, sizeof(uint32_t)),
		.holds = demand_evaluate(g, &work->plan->kept),
	};
	struct demand_leaves leaves;
	closure_chain chain = { 0 };

	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count; i++)
		note_requirement(&r, &leaves, i);
	demand_leaves_release(&leaves);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		struct plan_package *item = &work->plan->packages[p];

		if (item->action == PLAN_KEEP)
			say_kept(&r, item, &chain);
		else
			say_removed(&r, item);
	}
	array_release(&chain);
	free(r.relations);
	free(r.needed_by);
	free(r.holds);
}

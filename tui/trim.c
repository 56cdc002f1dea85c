#include "tui/trim.h"

#include "base/macros.h"
#include "base/mem.h"
#include "trimmer/retained.h"
#include "tui/marks.h"

#include <errno.h>
#include <string.h>

typedef ARRAY_OF(uint32_t) node_list;

struct trim {
	const struct graph *g;
	const struct intent *intent;
	struct plan_options options;
	struct demand_options demand_options;
	struct idset firm; /* see demand_options.firm */
	struct weigh *weigh;
	struct demand *demand;
	struct closure *reached;
	struct plan *plan;
	uint64_t *retained_bytes;
};

struct trim *trim_new(const struct graph *g, const struct intent *intent,
		      const struct plan_options *options)
{
	struct trim *t = mem_calloc(1, sizeof(*t));

	t->g = g;
	t->intent = intent;
	t->options = *options;
	/* marks are of packages: what nobody saw is not switched off */
	t->options.keep_services = true;
	t->demand_options = (struct demand_options){
		.caution = options->caution,
		.weak = options->weak,
		.keep_install_time = options->keep_install_time,
	};
	return t;
}

void trim_free(struct trim *t)
{
	if (!t)
		return;
	plan_free(t->plan);
	closure_free(t->reached);
	demand_free(t->demand);
	weigh_free(t->weigh);
	idset_release(&t->firm);
	free(t->retained_bytes);
	free(t);
}

static void list_roots(const struct trim *t, node_list *ret)
{
	for (size_t i = 0; i < t->intent->roots.len; i++)
		array_push(ret, t->intent->roots.data[i].node);
}

/* The demands with those requirements explained that files explain, as in closure_of(),
 * and what the roots reach by them. */
static void find_reached(struct trim *t)
{
	struct closure_query query = { .graph = t->g };
	node_list roots = { 0 };

	list_roots(t, &roots);
	idset_release(&t->firm);
	idset_init(&t->firm, t->g->node_count + 1u);
	demand_firm(t->g, &t->demand_options, roots.data, roots.len, &t->firm);
	t->demand_options.firm = &t->firm;
	query.options = t->demand_options;
	query.roots = roots.data;
	query.root_count = roots.len;
	closure_settle(&query, NULL, NULL, &t->demand, &t->reached);
	array_release(&roots);
}

/* A plan has them already; without one nothing must stay, so there are no roots. */
static void find_retained(struct trim *t)
{
	_cleanup_(retained_freep) struct retained *retained = NULL;

	t->retained_bytes = mem_calloc(t->g->package_count + 1u, sizeof(uint64_t));
	for (pkg_id p = 1; t->plan && p <= t->g->package_count; p++)
		t->retained_bytes[p] = t->plan->packages[p].retained_bytes;
	if (t->plan)
		return;
	retained_new(t->g, t->weigh, &t->demand_options, NULL, 0, &retained);
	retained_all(retained, t->retained_bytes);
}

void trim_prepare(struct trim *t)
{
	weigh_new(t->g, &t->weigh);
	find_reached(t);
	/* without roots, or of an incomplete analysis, there is no plan: not an error here */
	plan_make(t->g, t->intent, &t->options, &t->plan, NULL);
	find_retained(t);
}

const uint64_t *trim_retained(const struct trim *t)
{
	return t->retained_bytes;
}

const struct weigh *trim_weigh(const struct trim *t)
{
	return t->weigh;
}

const struct closure *trim_reached(const struct trim *t)
{
	return t->reached;
}

const struct plan *trim_plan(const struct trim *t)
{
	return t->plan;
}

struct cascade *trim_cascade(struct trim *t, const uint8_t *marks)
{
	struct cascade_input in = { t->g, t->demand, t->weigh, t->intent };

	return cascade_new(&in, marks);
}

void proposal_free(struct proposal *p)
{
	if (!p)
		return;
	plan_free(p->plan);
	array_release(&p->intent.roots);
	free(p);
}

void proposal_freep(struct proposal **p)
{
	proposal_free(*p);
}

static struct intent_root keep_root(uint32_t node, const char *label)
{
	return (struct intent_root){
		.node = node,
		.source = INTENT_KEEP_FILE,
		.profile = "explorer",
		.selector = label,
		.why = "chosen in the explorer",
		.feature = "",
		.place = "explorer",
	};
}

/* The intent with one more root for each package that is marked to be kept (@p kept) and
 * for each that merely stays (@p stays, may be NULL). */
static int plan_with(struct trim *t, const struct idset *kept, const struct idset *stays,
		     struct proposal **ret, struct error *err)
{
	_cleanup_(proposal_freep) struct proposal *p = mem_calloc(1, sizeof(*p));
	int r;

	p->intent = *t->intent;
	memset(&p->intent.roots, 0, sizeof(p->intent.roots));
	array_each (&t->intent->roots, i)
		array_push(&p->intent.roots, t->intent->roots.data[i]);
	for (pkg_id id = 1; id <= t->g->package_count; id++) {
		if (idset_has(kept, id))
			array_push(&p->intent.roots,
				   keep_root(graph_package_node(t->g, id),
					     "marked to be kept"));
		else if (stays && idset_has(stays, id))
			array_push(&p->intent.roots,
				   keep_root(cascade_quiet_root(t->g, id),
					     "not marked for removal"));
	}
	r = plan_make(t->g, &p->intent, &t->options, &p->plan, err);
	if (r == 0)
		*ret = steal_ptr(&p);
	return r;
}

int trim_propose(struct trim *t, const uint8_t *marks, struct proposal **ret,
		 struct error *err)
{
	_cleanup_(idset_release) struct idset kept = { 0 };

	idset_init(&kept, t->g->package_count + 1u);
	for (pkg_id p = 1; p <= t->g->package_count; p++)
		if (marks[p] == MARK_KEEP)
			idset_add(&kept, p);
	return plan_with(t, &kept, NULL, ret, err);
}

static bool same_packages(const struct idset *a, const struct idset *b)
{
	return memcmp(a->words, b->words, idset_words(a) * sizeof(*a->words)) == 0;
}

static int say_difference(const struct trim *t, struct cascade *c,
			  const struct plan *plan, struct error *err)
{
	pkg_id p = 1;

	while (idset_has(&plan->removed, p) == idset_has(&c->removed, p))
		p++;
	c->refused = p;
	free(c->refusal);
	c->refusal =
		mem_printf("%s would %s (%s)", graph_text(t->g, t->g->packages[p].nevra),
			   idset_has(&plan->removed, p) ? "go, too" : "stay",
			   plan->packages[p].reason);
	return error_set(err, -EBUSY, "the marks are no plan: %s", c->refusal);
}

#define ROUNDS 5

/*
 * First only what stays although nothing needs it is made a root, so that everything else
 * is kept for its own reason. Where there is a choice of providers the plan may then choose
 * others than the person did: those that it would remove become roots, too.
 */
int trim_plan_of(struct trim *t, struct cascade *c, struct proposal **ret,
		 struct error *err)
{
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	_cleanup_(idset_release) struct idset kept = { 0 }, stays = { 0 };
	int r = 0;

	if (c->conflicts > 0)
		return error_set(err, -EBUSY,
				 "%u conflicts: take marks off or keep less first",
				 c->conflicts);
	idset_init(&kept, t->g->package_count + 1u);
	idset_init(&stays, t->g->package_count + 1u);
	for (pkg_id id = 1; id <= t->g->package_count; id++)
		if (c->fate[id] == FATE_KEPT)
			idset_add(&kept, id);
	for (pkg_id id = 1; id <= t->g->package_count; id++)
		if (!idset_has(&c->removed, id) &&
		    !idset_has(&c->reached->reached, graph_package_node(t->g, id)))
			idset_add(&stays, id);
	for (int round = 0; round < ROUNDS; round++) {
		proposal_free(steal_ptr(&p));
		r = plan_with(t, &kept, &stays, &p, err);
		if (r == 0 && same_packages(&p->plan->removed, &c->removed)) {
			*ret = steal_ptr(&p);
			return 0;
		}
		if (r < 0)
			return r;
		idset_each (&p->plan->removed, id)
			if (!idset_has(&c->removed, id))
				idset_add(&stays, id);
	}
	return say_difference(t, c, p->plan, err);
}

#include "tui/trim.h"

#include "base/macros.h"
#include "base/mem.h"
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
	struct retained *upward; /* only what needs a package, not what it alone needs */
};

struct trim *trim_new(const struct graph *g, const struct intent *intent,
		      const struct plan_options *options)
{
	struct trim *t = mem_calloc(1, sizeof(*t));

	t->g = g;
	t->intent = intent;
	t->options = *options;
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
	retained_free(t->upward);
	plan_free(t->plan);
	closure_free(t->reached);
	demand_free(t->demand);
	weigh_free(t->weigh);
	idset_release(&t->firm);
	free(t->retained_bytes);
	free(t);
}

/* What must stay: the roots and the packages marked to be kept (NULL: none). */
static void list_roots(const struct trim *t, const uint8_t *marks, node_list *ret)
{
	for (size_t i = 0; i < t->intent->roots.len; i++)
		array_push(ret, t->intent->roots.data[i].node);
	for (pkg_id p = 1; marks && p <= t->g->package_count; p++)
		if (marks[p] == MARK_KEEP)
			array_push(ret, graph_package_node(t->g, p));
}

/* The demands with those requirements explained that files explain, as in closure_of(),
 * and what the roots reach by them. */
static void find_reached(struct trim *t)
{
	_cleanup_(idset_release) struct idset explained;
	node_list roots = { 0 };
	bool changed = true;

	list_roots(t, NULL, &roots);
	idset_release(&t->firm);
	idset_init(&t->firm, t->g->node_count + 1u);
	demand_firm(t->g, &t->demand_options, roots.data, roots.len, &t->firm);
	t->demand_options.firm = &t->firm;
	idset_init(&explained, t->g->requirement_count);
	demand_explain(t->g, &t->demand_options, NULL, &explained);
	while (changed) {
		closure_free(steal_ptr(&t->reached));
		demand_free(steal_ptr(&t->demand));
		demand_new(t->g, &t->demand_options, &explained, &t->demand);
		closure_run(t->demand, roots.data, roots.len, NULL, &t->reached);
		changed = demand_unexplain(t->g, &t->demand_options, &t->reached->reached,
					   &explained);
	}
	array_release(&roots);
}

static void find_retained(struct trim *t)
{
	_cleanup_(retained_freep) struct retained *retained = NULL;
	node_list roots = { 0 };

	list_roots(t, NULL, &roots);
	retained_new(t->g, t->weigh, &t->demand_options, roots.data, roots.len,
		     &retained);
	t->retained_bytes = mem_calloc(t->g->package_count + 1u, sizeof(uint64_t));
	retained_all(retained, t->retained_bytes);
	array_release(&roots);
}

static void make_upward(struct trim *t)
{
	node_list all = { 0 };

	for (uint32_t node = 1; node <= t->g->node_count; node++)
		array_push(&all, node);
	retained_new(t->g, t->weigh, &t->demand_options, all.data, all.len, &t->upward);
	array_release(&all);
}

void trim_prepare(struct trim *t)
{
	weigh_new(t->g, &t->weigh);
	find_retained(t);
	make_upward(t);
	find_reached(t);
	/* without roots, or of an incomplete analysis, there is no plan: not an error here */
	plan_make(t->g, t->intent, &t->options, &t->plan, NULL);
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

static bool is_removal(uint8_t mark)
{
	return mark == MARK_REMOVE || mark == MARK_FORCE;
}

/* What must stay reaches these, with only those providers that do not go. */
static void reach_without(const struct trim *t, const uint8_t *marks,
			  const struct idset *removed, struct closure **ret)
{
	struct closure_choice choice;
	node_list roots = { 0 };

	idset_init(&choice.kept, t->g->package_count + 1u);
	for (pkg_id p = 1; p <= t->g->package_count; p++)
		if (!idset_has(removed, p))
			idset_add(&choice.kept, p);
	choice.broad = choice.kept;
	list_roots(t, marks, &roots);
	closure_run(t->demand, roots.data, roots.len, &choice, ret);
	idset_release(&choice.kept);
	array_release(&roots);
}

/* What only packages that go needed, and nothing that must stay reaches. */
static void add_free(const struct trim *t, const struct idset *marked, struct cascade *c)
{
	_cleanup_(retained_freep) struct retained *downward = NULL;
	node_list stay = { 0 };

	for (pkg_id p = 1; p <= t->g->package_count; p++)
		if (idset_has(&c->reached->reached, graph_package_node(t->g, p)))
			array_push(&stay, graph_package_node(t->g, p));
	retained_new(t->g, t->weigh, &t->demand_options, stay.data, stay.len, &downward);
	retained_joint(downward, marked, &c->removed);
	array_release(&stay);
}

/*
 * First what cannot stay, then what must stay reaches without it, and last what nobody
 * needs any more: in this order, so that nothing that is still reached counts as free.
 */
static void find_removed(struct trim *t, const uint8_t *marks, struct cascade *c,
			 struct idset *upward)
{
	_cleanup_(idset_release) struct idset marked;
	size_t count = 0;

	idset_init(&marked, t->g->package_count + 1u);
	for (pkg_id p = 1; p <= t->g->package_count; p++) {
		if (marks[p] == MARK_REMOVE)
			count += idset_add(&marked, p);
		if (marks[p] == MARK_FORCE)
			idset_add(&c->removed, p);
	}
	if (count > 0)
		retained_joint(t->upward, &marked, upward);
	idset_each (upward, p)
		idset_add(&c->removed, p);
	reach_without(t, marks, &c->removed, &c->reached);
	if (count > 0)
		add_free(t, &marked, c);
	c->freed_bytes = weigh_freed(t->weigh, &c->removed);
}

static void tell_fates(const struct trim *t, const uint8_t *marks, struct cascade *c,
		       const struct idset *upward)
{
	for (pkg_id p = 1; p <= t->g->package_count; p++) {
		bool goes = idset_has(&c->removed, p);

		c->fate[p] = marks[p] == MARK_REMOVE	    ? FATE_MARKED
			     : marks[p] == MARK_FORCE	    ? FATE_FORCED
			     : goes && idset_has(upward, p) ? FATE_GOES
			     : goes			    ? FATE_FREE
			     : marks[p] == MARK_KEEP	    ? FATE_KEPT
							    : FATE_STAYS;
		c->marked += is_removal(marks[p]);
		c->goes += c->fate[p] == FATE_GOES;
		c->free += c->fate[p] == FATE_FREE;
		c->kept += marks[p] == MARK_KEEP;
	}
}

/* Auxiliary variables (parts of rich dependencies) that cannot hold any more: one whose
 * own clause has no choice left makes the clauses that choose it fail in turn. */
struct judge {
	const struct demand *d;
	const struct idset *removed;
	struct idset fallen; /* variables */
};

static bool holds(const struct judge *j, uint32_t v)
{
	const struct graph *g = j->d->graph;

	if (v > g->file_count && v <= g->node_count)
		return !idset_has(j->removed, v - g->file_count);
	if (v > g->node_count && v <= g->node_count + g->package_count)
		return !idset_has(j->removed, v - g->node_count);
	return !idset_has(&j->fallen, v);
}

static bool is_broken(const struct judge *j, const struct demand_clause *clause)
{
	const uint32_t *v = j->d->variables.data + clause->at;

	for (uint32_t i = 0; i < clause->conditions; i++)
		if (!holds(j, v[i]))
			return false;
	for (uint32_t i = 0; i < clause->choices; i++)
		if (holds(j, v[clause->conditions + i]))
			return false;
	return true;
}

/* Packages that stay and miss something. A clause about an auxiliary variable alone is
 * not broken: the variable falls, and whoever needs it is. */
static void find_broken(const struct trim *t, struct cascade *c)
{
	const struct demand *d = t->demand;
	uint32_t last_named = t->g->node_count + t->g->package_count;
	struct judge j = { .d = d, .removed = &c->removed };
	bool changed = true;

	idset_init(&j.fallen, d->variable_count + 1u);
	while (changed) {
		changed = false;
		array_each (&d->clauses, i) {
			const struct demand_clause *clause = &d->clauses.data[i];
			uint32_t last =
				clause->conditions
					? d->variables.data[clause->at +
							    clause->conditions - 1]
					: 0;

			if (!is_broken(&j, clause))
				continue;
			if (last > last_named)
				changed |= idset_add(&j.fallen, last);
			else if (clause->package)
				idset_add(&c->conflict, clause->package);
		}
	}
	idset_release(&j.fallen);
}

static void find_conflicts(const struct trim *t, struct cascade *c)
{
	idset_each (&c->removed, p)
		if (idset_has(&c->reached->reached, graph_package_node(t->g, (pkg_id)p)))
			idset_add(&c->conflict, p);
}

struct cascade *trim_cascade(struct trim *t, const uint8_t *marks)
{
	struct cascade *c = mem_calloc(1, sizeof(*c));
	_cleanup_(idset_release) struct idset upward;

	c->fate = mem_calloc(t->g->package_count + 1u, 1);
	idset_init(&c->removed, t->g->package_count + 1u);
	idset_init(&c->conflict, t->g->package_count + 1u);
	idset_init(&upward, t->g->package_count + 1u);
	find_removed(t, marks, c, &upward);
	tell_fates(t, marks, c, &upward);
	find_broken(t, c);
	find_conflicts(t, c);
	c->conflicts = (uint32_t)idset_count(&c->conflict);
	return c;
}

void cascade_free(struct cascade *c)
{
	if (!c)
		return;
	free(c->fate);
	idset_release(&c->removed);
	idset_release(&c->conflict);
	closure_free(c->reached);
	free(c);
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

/* The intent with one more root for each package that @p keep says. */
static int plan_with(struct trim *t, const struct idset *keep, const char *label,
		     struct proposal **ret, struct error *err)
{
	_cleanup_(proposal_freep) struct proposal *p = mem_calloc(1, sizeof(*p));
	int r;

	p->intent = *t->intent;
	memset(&p->intent.roots, 0, sizeof(p->intent.roots));
	array_each (&t->intent->roots, i)
		array_push(&p->intent.roots, t->intent->roots.data[i]);
	idset_each (keep, id)
		array_push(&p->intent.roots,
			   (struct intent_root){
				   .node = graph_package_node(t->g, (pkg_id)id),
				   .source = INTENT_KEEP_FILE,
				   .profile = "explorer",
				   .selector = label,
				   .why = "chosen in the explorer",
				   .feature = "",
				   .place = "explorer",
			   });
	r = plan_make(t->g, &p->intent, &t->options, &p->plan, err);
	if (r == 0)
		*ret = steal_ptr(&p);
	return r;
}

int trim_propose(struct trim *t, const uint8_t *marks, struct proposal **ret,
		 struct error *err)
{
	_cleanup_(idset_release) struct idset keep;

	idset_init(&keep, t->g->package_count + 1u);
	for (pkg_id p = 1; p <= t->g->package_count; p++)
		if (marks[p] == MARK_KEEP)
			idset_add(&keep, p);
	return plan_with(t, &keep, "marked to be kept", ret, err);
}

static bool same_packages(const struct idset *a, const struct idset *b)
{
	return memcmp(a->words, b->words, idset_words(a) * sizeof(*a->words)) == 0;
}

/*
 * First only what stays although nothing needs it is made a root, so that everything else
 * is kept for its own reason. Where there is a choice of providers the plan may then choose
 * others than the person did: in that case all that stays is a root.
 */
int trim_plan_of(struct trim *t, const struct cascade *c, struct proposal **ret,
		 struct error *err)
{
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	_cleanup_(idset_release) struct idset keep;
	int r = 0;

	if (c->conflicts > 0)
		return error_set(err, -EBUSY,
				 "%u conflicts: take marks off or keep less first",
				 c->conflicts);
	idset_init(&keep, t->g->package_count + 1u);
	for (int all = 0; r == 0 && all < 2; all++) {
		for (pkg_id id = 1; id <= t->g->package_count; id++)
			if (!idset_has(&c->removed, id) &&
			    (all || !idset_has(&c->reached->reached,
					       graph_package_node(t->g, id))))
				idset_add(&keep, id);
		proposal_free(steal_ptr(&p));
		r = plan_with(t, &keep, "not marked for removal", &p, err);
		if (r == 0 && same_packages(&p->plan->removed, &c->removed)) {
			*ret = steal_ptr(&p);
			return 0;
		}
	}
	return r < 0 ? r
		     : error_set(err, -EBUSY,
				 "the plan would remove something else than "
				 "what is marked");
}

/* A provider that stays, for a capability of which another one goes. */
static void compare_providers(const struct graph *g, cap_id cap, uint32_t requirement,
			      const struct idset *removed, takeover_list *ret)
{
	pkg_id takes = 0;

	for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1]; i++)
		if (!takes && !idset_has(removed, g->providers[i].package))
			takes = g->providers[i].package;
	if (!takes)
		return;
	for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1]; i++)
		if (idset_has(removed, g->providers[i].package))
			array_push(ret,
				   (struct takeover){ requirement,
						      g->providers[i].package, takes });
}

static void look_at_requirement(const struct graph *g, uint32_t index,
				const struct idset *removed, takeover_list *ret)
{
	ARRAY_OF(node_id) todo = { 0 };

	array_push(&todo, g->requirements[index].node);
	while (todo.len > 0) {
		node_id id = array_pop(&todo);
		const struct graph_req_node *node = &g->req_nodes[id];

		if (id == 0)
			continue;
		if (node->op == NODE_CAPABILITY) {
			compare_providers(g, node->capability, index, removed, ret);
			continue;
		}
		array_push(&todo, node->otherwise);
		array_push(&todo, node->right);
		array_push(&todo, node->left);
	}
	array_release(&todo);
}

void trim_takeovers(const struct graph *g, const struct idset *removed,
		    takeover_list *ret)
{
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *requirement = &g->requirements[i];

		if (requirement->strength != REQ_REQUIRES ||
		    idset_has(removed, requirement->package))
			continue;
		look_at_requirement(g, i, removed, ret);
	}
}

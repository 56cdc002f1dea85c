#include "tui/cascade.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/marks.h"

#include <string.h>

typedef ARRAY_OF(uint32_t) node_list;

struct work {
	const struct graph *g;
	const struct demand *d;
	const struct cascade_input *in;
	const uint8_t *marks;
	struct cascade *c;
	bool *held;	   /* by node of requirements: holds in the whole root */
	struct idset gone; /* pkg_id: marked to be removed, and what goes with it */
};

static bool is_need(const struct work *w, const struct graph_requirement *requirement)
{
	return requirement->strength != REQ_CONFLICTS &&
	       demand_counts(&w->d->options, requirement);
}

/* A file goes when all packages go that have it. */
static bool file_goes(const struct work *w, file_id file, const struct idset *removed)
{
	uint32_t at = 0, owners = 0;
	pkg_id owner;

	while (demand_next_holder(w->g, file, &at, &owner)) {
		if (!idset_has(removed, owner))
			return false;
		owners++;
	}
	return owners > 0;
}

static bool loader_breaks(const struct work *w, pkg_id p, const struct idset *removed)
{
	for (uint32_t i = w->d->loader_start[p]; i < w->d->loader_start[p + 1]; i++) {
		const struct graph_edge *edge = &w->g->edges[w->d->loader_edges[i]];

		if (graph_node_is_file(w->g, edge->to) && file_goes(w, edge->to, removed))
			return true;
	}
	return false;
}

/* Packages that do not go and miss something when @p removed goes. */
static void find_hurt(const struct work *w, const struct idset *removed,
		      struct idset *ret)
{
	_cleanup_(idset_release) struct idset present = { 0 };
	_cleanup_(freep) bool *holds = NULL;

	idset_init(&present, w->g->package_count + 1u);
	for (pkg_id p = 1; p <= w->g->package_count; p++)
		if (!idset_has(removed, p))
			idset_add(&present, p);
	holds = demand_evaluate(w->g, &present);
	for (uint32_t i = 0; i < w->g->requirement_count; i++) {
		const struct graph_requirement *requirement = &w->g->requirements[i];

		if (is_need(w, requirement) && w->held[requirement->node] &&
		    !holds[requirement->node] &&
		    !idset_has(removed, requirement->package))
			idset_add(ret, requirement->package);
	}
	idset_each (&present, p)
		if (loader_breaks(w, (pkg_id)p, removed))
			idset_add(ret, p);
}

static void find_gone(struct work *w)
{
	_cleanup_(idset_release) struct idset hurt = { 0 };
	bool grows = false;

	idset_init(&hurt, w->g->package_count + 1u);
	for (pkg_id p = 1; p <= w->g->package_count; p++)
		if (w->marks[p] == MARK_REMOVE)
			grows |= idset_add(&w->gone, p);
	while (grows) {
		grows = false;
		idset_clear(&hurt);
		find_hurt(w, &w->gone, &hurt);
		idset_each (&hurt, p)
			grows |= idset_add(&w->gone, p);
	}
}

uint32_t cascade_quiet_root(const struct graph *g, pkg_id p)
{
	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		file_id file = g->owned[i];
		uint32_t at = 0, owners = 0;
		pkg_id owner = 0, other;

		if (g->files[file].type != FILE_REGULAR ||
		    g->edge_start[file] != g->edge_start[file + 1])
			continue;
		while (demand_next_holder(g, file, &at, &other)) {
			owner = other;
			owners++;
		}
		if (owners == 1 && owner == p)
			return file;
	}
	return graph_package_node(g, p);
}

/* As closure_of(), with a choice: what a plan with these roots would come to. */
static void run_closure(const struct work *w, const node_list *roots,
			const struct closure_choice *choice, struct closure **ret)
{
	_cleanup_(idset_release) struct idset firm = { 0 };
	struct closure_query query = { w->g, w->d->options, roots->data, roots->len,
				       choice };

	idset_init(&firm, w->g->node_count + 1u);
	query.options.firm = NULL;
	demand_firm(w->g, &query.options, roots->data, roots->len, &firm);
	query.options.firm = &firm;
	closure_settle(&query, NULL, NULL, NULL, ret);
}

/*
 * What roots and kept packages reach, and packages of @p more (pkg_id, may be NULL), of
 * which all that runs counts or (@p quiet) only what they require; without what goes,
 * where there is a choice.
 */
static void reach(const struct work *w, const struct idset *more, bool quiet,
		  struct closure **ret)
{
	struct closure_choice choice;
	node_list roots = { 0 };

	idset_init(&choice.kept, w->g->package_count + 1u);
	array_each (&w->in->intent->roots, i)
		array_push(&roots, w->in->intent->roots.data[i].node);
	for (pkg_id p = 1; p <= w->g->package_count; p++) {
		uint32_t node = graph_package_node(w->g, p);

		if (!idset_has(&w->gone, p) && !idset_has(&w->c->removed, p) &&
		    w->marks[p] != MARK_FORCE)
			idset_add(&choice.kept, p);
		if (w->marks[p] == MARK_KEEP)
			array_push(&roots, node);
		else if (more && idset_has(more, p))
			array_push(&roots, quiet ? cascade_quiet_root(w->g, p) : node);
	}
	choice.broad = choice.kept;
	run_closure(w, &roots, &choice, ret);
	idset_release(&choice.kept);
	array_release(&roots);
}

/* Going down from what goes: everything that it may need. */
struct descent {
	const struct work *w;
	struct demand_leaves leaves;
	struct idset below; /* pkg_id, without what goes */
	ARRAY_OF(pkg_id) todo;
};

static void meet(struct descent *down, pkg_id p)
{
	if (!idset_has(&down->w->gone, p) && idset_add(&down->below, p))
		array_push(&down->todo, p);
}

static void meet_providers(struct descent *down, uint32_t requirement)
{
	const struct graph *g = down->w->g;

	demand_leaves_find(&down->leaves, g, g->requirements[requirement].node);
	array_each (&down->leaves.caps, i) {
		cap_id cap = down->leaves.caps.data[i];

		for (uint32_t k = g->provider_start[cap]; k < g->provider_start[cap + 1];
		     k++)
			meet(down, g->providers[k].package);
	}
}

static void descend(struct descent *down, pkg_id p)
{
	const struct graph *g = down->w->g;
	const struct demand *d = down->w->d;

	for (uint32_t i = g->requirement_start[p]; i < g->requirement_start[p + 1]; i++)
		if (is_need(down->w, &g->requirements[i]))
			meet_providers(down, i);
	for (uint32_t i = d->loader_start[p]; i < d->loader_start[p + 1]; i++) {
		uint32_t to = g->edges[d->loader_edges[i]].to, at = 0;
		pkg_id owner;

		while (graph_node_is_file(g, to) &&
		       demand_next_holder(g, to, &at, &owner))
			meet(down, owner);
	}
}

/* Of what lies below, that which neither what must stay nor any other package reaches. */
static void add_free(struct work *w)
{
	struct descent down = { .w = w };
	_cleanup_(idset_release) struct idset others = { 0 };
	_cleanup_(closure_freep) struct closure *needed = NULL;

	demand_leaves_init(&down.leaves, w->g);
	idset_init(&down.below, w->g->package_count + 1u);
	idset_init(&others, w->g->package_count + 1u);
	idset_each (&w->gone, p)
		descend(&down, (pkg_id)p);
	while (down.todo.len > 0)
		descend(&down, array_pop(&down.todo));
	for (pkg_id p = 1; p <= w->g->package_count; p++)
		if (!idset_has(&w->gone, p) && !idset_has(&down.below, p) &&
		    w->marks[p] != MARK_FORCE)
			idset_add(&others, p);
	reach(w, &others, false, &needed);
	idset_each (&down.below, p)
		if (!idset_has(&needed->reached, graph_package_node(w->g, (pkg_id)p)))
			idset_add(&w->c->removed, p);
	demand_leaves_release(&down.leaves);
	idset_release(&down.below);
	array_release(&down.todo);
}

static void find_removed(struct work *w)
{
	struct cascade *c = w->c;

	find_gone(w);
	reach(w, NULL, false, &c->reached);
	idset_each (&w->gone, p)
		idset_add(&c->removed, p);
	if (idset_next(&w->gone, 0) < w->gone.size)
		add_free(w);
	for (pkg_id p = 1; p <= w->g->package_count; p++)
		if (w->marks[p] == MARK_FORCE)
			idset_add(&c->removed, p);
	c->freed_bytes = weigh_freed(w->in->weigh, &c->removed);
}

static enum fate fate_of(const struct work *w, pkg_id p)
{
	switch (w->marks[p]) {
	case MARK_REMOVE:
		return FATE_MARKED;
	case MARK_FORCE:
		return FATE_FORCED;
	default:
		break;
	}
	if (idset_has(&w->gone, p))
		return FATE_GOES;
	if (idset_has(&w->c->removed, p))
		return FATE_FREE;
	return w->marks[p] == MARK_KEEP ? FATE_KEPT : FATE_STAYS;
}

static void tell_fates(const struct work *w)
{
	struct cascade *c = w->c;

	for (pkg_id p = 1; p <= w->g->package_count; p++) {
		c->fate[p] = (uint8_t)fate_of(w, p);
		c->marked += c->fate[p] == FATE_MARKED || c->fate[p] == FATE_FORCED;
		c->goes += c->fate[p] == FATE_GOES;
		c->free += c->fate[p] == FATE_FREE;
		c->kept += w->marks[p] == MARK_KEEP;
	}
}

/* What stays may use more than it requires: a command in a script, a plugin. */
static void find_used(const struct work *w)
{
	_cleanup_(idset_release) struct idset stays = { 0 };

	idset_init(&stays, w->g->package_count + 1u);
	for (pkg_id p = 1; p <= w->g->package_count; p++)
		if (!idset_has(&w->c->removed, p) &&
		    !idset_has(&w->c->reached->reached, graph_package_node(w->g, p)))
			idset_add(&stays, p);
	reach(w, &stays, true, &w->c->used);
}

/* A folder that something uses needs one of its owners. */
static void find_lost_folders(const struct work *w)
{
	struct cascade *c = w->c;

	idset_each (&c->used->reached, node) {
		uint32_t at = 0;
		pkg_id owner;

		if (!graph_node_is_file(w->g, (uint32_t)node) ||
		    w->g->files[node].type != FILE_DIRECTORY ||
		    !file_goes(w, (file_id)node, &c->removed))
			continue;
		while (demand_next_holder(w->g, (file_id)node, &at, &owner))
			idset_add(&c->conflict, owner);
	}
}

static void find_conflicts(const struct work *w)
{
	struct cascade *c = w->c;

	find_hurt(w, &c->removed, &c->conflict);
	find_used(w);
	idset_each (&c->removed, p)
		if (idset_has(&c->used->reached, graph_package_node(w->g, (pkg_id)p)))
			idset_add(&c->conflict, p);
	find_lost_folders(w);
	c->conflicts = (uint32_t)idset_count(&c->conflict);
}

struct cascade *cascade_new(const struct cascade_input *in, const uint8_t *marks)
{
	struct work w = { .g = in->g, .d = in->demand, .in = in, .marks = marks };
	size_t size = in->g->package_count + 1u;

	w.c = mem_calloc(1, sizeof(*w.c));
	w.c->fate = mem_calloc(size, 1);
	idset_init(&w.c->removed, size);
	idset_init(&w.c->conflict, size);
	idset_init(&w.gone, size);
	w.held = demand_evaluate(in->g, NULL);
	find_removed(&w);
	tell_fates(&w);
	find_conflicts(&w);
	idset_release(&w.gone);
	free(w.held);
	return w.c;
}

void cascade_free(struct cascade *c)
{
	if (!c)
		return;
	free(c->fate);
	idset_release(&c->removed);
	idset_release(&c->conflict);
	closure_free(c->reached);
	closure_free(c->used);
	free(c->refusal);
	free(c);
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

void cascade_takeovers(const struct graph *g, const struct idset *removed,
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

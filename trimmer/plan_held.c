#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "graph/dominators.h"

/*
 * The keep set as a flow graph. A package and the files that only it owns are one node:
 * the question is what stays for the sake of a package, not of one of its files. Nodes:
 * 0 is "must stay", then variables of the demand (those of owned files are mapped to
 * their packages), then units of shared bytes.
 */
struct flow {
	const struct plan_work *work;
	const struct graph *g;
	const struct demand *d;
	const struct closure *c;
	uint32_t count;
	uint32_t *place; /* by demand variable: its node, 0: not kept */
	ARRAY_OF(uint32_t) from, to;
	uint32_t *start, *rows;
	uint32_t *idom, *order;
	uint64_t *bytes;
};

static bool is_kept(const struct flow *f, uint32_t v)
{
	uint32_t nodes = f->g->node_count, packages = f->g->package_count;

	if (v <= nodes)
		return idset_has(&f->c->reached, v);
	if (v <= nodes + packages)
		return idset_has(&f->c->broad, v - nodes);
	return true;
}

/* The one package that owns the file, or 0. */
static pkg_id sole_owner(const struct graph *g, file_id file)
{
	uint32_t at = 0;
	pkg_id first, second;

	if (!demand_next_holder(g, file, &at, &first) ||
	    demand_next_holder(g, file, &at, &second))
		return 0;
	return first;
}

static uint32_t place_of(const struct flow *f, uint32_t v)
{
	const struct graph *g = f->g;
	pkg_id owner;

	if (!is_kept(f, v))
		return 0;
	if (v > g->node_count && v <= g->node_count + g->package_count)
		return v - g->package_count; /* broad or not: the package */
	if (v > g->file_count)
		return v;
	owner = sole_owner(g, v);
	return owner ? graph_package_node(g, owner) : v;
}

static void link_nodes(struct flow *f, uint32_t from, uint32_t to)
{
	if (from == to || to == 0)
		return;
	array_push(&f->from, from);
	array_push(&f->to, to);
}

static void link_variables(struct flow *f, uint32_t from, uint32_t to)
{
	if (f->place[from] != 0)
		link_nodes(f, f->place[from], f->place[to]);
}

static void link_edges(struct flow *f, uint32_t node)
{
	const struct graph *g = f->g;
	uint32_t at = 0;
	pkg_id owner;

	for (uint32_t i = g->edge_start[node]; i < g->edge_start[node + 1]; i++)
		if (demand_honours(g, &f->d->options, &g->edges[i]))
			link_variables(f, node, g->edges[i].to);
	if (!graph_node_is_file(g, node))
		return;
	while (demand_next_holder(g, node, &at, &owner))
		link_variables(f, node, graph_package_node(g, owner));
}

static void link_package(struct flow *f, pkg_id p)
{
	const struct demand *d = f->d;
	const struct weigh *w = f->work->weigh;
	uint32_t node = graph_package_node(f->g, p);

	for (uint32_t i = d->loader_start[p]; i < d->loader_start[p + 1]; i++)
		link_variables(f, node, f->g->edges[d->loader_edges[i]].to);
	for (uint32_t i = d->broad_start[p];
	     idset_has(&f->c->broad, p) && i < d->broad_start[p + 1]; i++)
		link_variables(f, node, d->broad_files[i]);
	for (uint32_t i = w->unit_start[p]; i < w->unit_start[p + 1]; i++)
		link_nodes(f, node, d->variable_count + 1 + w->package_units[i]);
}

/* A clause stands for its first condition: whose requirement it is. */
static void link_clause(struct flow *f, const struct demand_clause *clause)
{
	const uint32_t *v = f->d->variables.data + clause->at;

	for (uint32_t i = 0; i < clause->conditions; i++)
		if (!is_kept(f, v[i]))
			return;
	for (uint32_t i = 0; i < clause->choices; i++)
		link_variables(f, v[0], v[clause->conditions + i]);
}

static void link_all(struct flow *f)
{
	array_each (&f->work->roots, i)
		link_nodes(f, 0, f->place[f->work->roots.data[i]]);
	array_each (&f->d->unowned, i)
		link_nodes(f, 0, f->place[f->d->unowned.data[i]]);
	idset_each (&f->c->reached, node)
		link_edges(f, (uint32_t)node);
	idset_each (&f->work->plan->kept, p)
		link_package(f, (pkg_id)p);
	array_each (&f->d->clauses, i)
		link_clause(f, &f->d->clauses.data[i]);
}

static void make_rows(struct flow *f)
{
	f->start = mem_calloc(f->count + 2u, sizeof(uint32_t));
	f->rows = mem_calloc(f->to.len + 1, sizeof(uint32_t));
	array_each (&f->from, i)
		f->start[f->from.data[i] + 2]++;
	for (uint32_t v = 2; v <= f->count + 1; v++)
		f->start[v] += f->start[v - 1];
	array_each (&f->from, i)
		f->rows[f->start[f->from.data[i] + 1]++] = f->to.data[i];
}

static void find_bytes(struct flow *f)
{
	const struct weigh *w = f->work->weigh;
	uint32_t reached;

	f->idom = mem_calloc(f->count, sizeof(uint32_t));
	f->order = mem_calloc(f->count, sizeof(uint32_t));
	f->bytes = mem_calloc(f->count, sizeof(uint64_t));
	for (pkg_id p = 1; p <= f->g->package_count; p++)
		f->bytes[graph_package_node(f->g, p)] = w->alone[p];
	array_each (&w->units, u)
		f->bytes[f->d->variable_count + 1 + u] = w->units.data[u].bytes;
	reached = dominators_find(f->count, f->start, f->rows, 0, f->idom, f->order);
	dominators_add_up(reached, f->idom, f->order, f->bytes);
}

static void flow_init(struct flow *f, const struct plan_work *work)
{
	*f = (struct flow){
		.work = work,
		.g = work->g,
		.d = work->keep.demand,
		.c = work->plan->closure,
	};
	f->count = f->d->variable_count + 1 + (uint32_t)work->weigh->units.len;
	f->place = mem_calloc(f->d->variable_count + 1u, sizeof(uint32_t));
	for (uint32_t v = 1; v <= f->d->variable_count; v++)
		f->place[v] = place_of(f, v);
	link_all(f);
	make_rows(f);
	find_bytes(f);
}

static void flow_release(struct flow *f)
{
	free(f->place);
	array_release(&f->from);
	array_release(&f->to);
	free(f->start);
	free(f->rows);
	free(f->idom);
	free(f->order);
	free(f->bytes);
}

/* By node: the one node that leads to it, 0 when several do or none. */
static uint32_t *find_sole_users(const struct flow *f)
{
	uint32_t *user = mem_calloc(f->count, sizeof(uint32_t));
	_cleanup_(freep) bool *several = mem_calloc(f->count, sizeof(bool));

	array_each (&f->from, i) {
		uint32_t from = f->from.data[i], to = f->to.data[i];

		if (from == 0 || (user[to] != 0 && user[to] != from))
			several[to] = true;
		user[to] = from;
	}
	for (uint32_t v = 0; v < f->count; v++)
		if (several[v])
			user[v] = 0;
	return user;
}

/* The package behind a choice of an unexplained requirement, 0 when it is none: "all that
 * runs of it", or the file that the requirement names. */
static pkg_id unexplained_provider(const struct flow *f, uint32_t choice)
{
	const struct graph *g = f->g;
	uint32_t at = 0;
	pkg_id owner = 0;

	if (!is_kept(f, choice))
		return 0;
	if (choice > g->node_count && choice <= g->node_count + g->package_count)
		return choice - g->node_count;
	if (choice <= g->file_count)
		demand_next_holder(g, choice, &at, &owner);
	return owner;
}

/* A requirement may be several clauses, and a choice a package or its file. */
static bool is_listed(const struct plan *plan, uint32_t requirement, pkg_id provider)
{
	for (size_t i = plan->unexplained.len; i > 0; i--) {
		const struct plan_unexplained *item = &plan->unexplained.data[i - 1];

		if (item->requirement != requirement)
			return false;
		if (item->provider == provider)
			return true;
	}
	return false;
}

static void find_unexplained(struct plan_work *work, const struct flow *f,
			     const struct demand_clause *clause,
			     const uint32_t *sole_user)
{
	const struct graph *g = f->g;
	const uint32_t *choice = f->d->variables.data + clause->at + clause->conditions;

	if (clause->package == 0 || !plan_keeps(work->plan, clause->package) ||
	    g->requirements[clause->requirement].strength != REQ_REQUIRES)
		return;
	for (uint32_t i = 0; i < clause->choices; i++) {
		pkg_id provider = unexplained_provider(f, choice[i]);
		uint32_t node = graph_package_node(g, provider);

		if (provider == 0 || is_listed(work->plan, clause->requirement, provider))
			continue;
		array_push(&work->plan->unexplained,
			   (struct plan_unexplained){
				   .requirement = clause->requirement,
				   .package = clause->package,
				   .provider = provider,
				   .held_bytes = sole_user[node] ? f->bytes[node] : 0,
			   });
	}
}

/* The package that a node of the flow stands for, 0 for a file or shared bytes. */
static pkg_id package_at(const struct flow *f, uint32_t node)
{
	const struct graph *g = f->g;

	return node > g->file_count && node <= g->file_count + g->package_count
		       ? graph_node_package(g, node)
		       : 0;
}

/* Up the tree of dominators to the next package. */
static pkg_id holder_of(const struct flow *f, pkg_id p)
{
	uint32_t node = graph_package_node(f->g, p);

	do
		node = f->idom[node] == DOMINATOR_NONE ? 0 : f->idom[node];
	while (node != 0 && !package_at(f, node));
	return package_at(f, node);
}

void plan_find_held(struct plan_work *work)
{
	_cleanup_(freep) uint32_t *sole_user = NULL;
	struct flow f;

	flow_init(&f, work);
	idset_each (&work->plan->kept, p) {
		work->plan->packages[p].held_bytes =
			f.bytes[graph_package_node(f.g, (pkg_id)p)];
		work->plan->packages[p].holder = holder_of(&f, (pkg_id)p);
	}
	sole_user = find_sole_users(&f);
	for (size_t i = 0; f.d->has_broad && i < f.d->clauses.len; i++)
		find_unexplained(work, &f, &f.d->clauses.data[i], sole_user);
	flow_release(&f);
}

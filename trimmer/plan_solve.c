#include "trimmer/plan_solve.h"

#include "base/macros.h"
#include "base/mem.h"

/* The demands of one round as a problem for the optimum. */
struct setup {
	const struct keep_query *query;
	const struct demand *d;
	const struct graph *g;
	const struct closure *all; /* what every provider together would reach */
	struct optimum *o;
	int32_t *variable; /* by demand variable, 0: cannot be asked for */
	int32_t *unit;	   /* by weigh unit */
	ARRAY_OF(int32_t) literals;
};

static bool is_asked(const struct setup *s, uint32_t v)
{
	uint32_t nodes = s->g->node_count, packages = s->g->package_count;

	if (v <= nodes)
		return idset_has(&s->all->reached, v);
	if (v <= nodes + packages)
		return idset_has(&s->all->broad, v - nodes);
	return true;
}

static void add_variables(struct setup *s)
{
	uint32_t files = s->g->file_count, nodes = s->g->node_count;

	for (uint32_t v = 1; v <= s->d->variable_count; v++) {
		bool is_package = v > files && v <= nodes;
		uint64_t weight = 0;

		if (!is_asked(s, v))
			continue;
		if (is_package)
			weight = s->query->weigh->alone[v - files];
		s->variable[v] = optimum_variable(s->o, weight, is_package);
	}
}

static void imply(struct setup *s, uint32_t from, uint32_t to)
{
	optimum_clause(s->o, (int32_t[]){ -s->variable[from], s->variable[to] }, 2);
}

static void add_edges(struct setup *s, uint32_t node)
{
	const struct graph *g = s->g;

	for (uint32_t i = g->edge_start[node]; i < g->edge_start[node + 1]; i++)
		if (demand_honours(g, &s->d->options, &g->edges[i]))
			imply(s, node, g->edges[i].to);
}

/* A folder needs one of its owners, any other file all of them. */
static void add_owners(struct setup *s, file_id file)
{
	bool is_choice = s->g->files[file].type == FILE_DIRECTORY;
	uint32_t at = 0;
	pkg_id owner;

	s->literals.len = 0;
	array_push(&s->literals, -s->variable[file]);
	while (demand_next_holder(s->g, file, &at, &owner)) {
		uint32_t v = graph_package_node(s->g, owner);

		if (is_choice)
			array_push(&s->literals, s->variable[v]);
		else
			imply(s, file, v);
	}
	if (s->literals.len > 1)
		optimum_clause(s->o, s->literals.data, s->literals.len);
}

static void add_package(struct setup *s, pkg_id p)
{
	const struct weigh *w = s->query->weigh;
	uint32_t node = graph_package_node(s->g, p);

	for (uint32_t i = s->d->loader_start[p]; i < s->d->loader_start[p + 1]; i++)
		imply(s, node, s->g->edges[s->d->loader_edges[i]].to);
	for (uint32_t i = w->unit_start[p]; i < w->unit_start[p + 1]; i++) {
		uint32_t u = w->package_units[i];

		if (s->unit[u] == 0)
			s->unit[u] =
				optimum_variable(s->o, w->units.data[u].bytes, false);
		optimum_clause(s->o, (int32_t[]){ -s->variable[node], s->unit[u] }, 2);
	}
}

static void add_broad(struct setup *s, pkg_id p)
{
	uint32_t v = demand_broad(s->g, p);

	imply(s, v, graph_package_node(s->g, p));
	for (uint32_t i = s->d->broad_start[p]; i < s->d->broad_start[p + 1]; i++)
		imply(s, v, s->d->broad_files[i]);
}

static void add_nodes(struct setup *s)
{
	idset_each (&s->all->reached, node) {
		add_edges(s, (uint32_t)node);
		if (graph_node_is_file(s->g, (uint32_t)node))
			add_owners(s, (file_id)node);
		else
			add_package(s, graph_node_package(s->g, (uint32_t)node));
	}
	idset_each (&s->all->broad, p)
		add_broad(s, (pkg_id)p);
}

/* Clauses whose conditions can all be true; their choices can be, too. */
static void add_clause(struct setup *s, const struct demand_clause *clause)
{
	const uint32_t *variables = s->d->variables.data + clause->at;

	s->literals.len = 0;
	for (uint32_t i = 0; i < clause->conditions; i++) {
		if (s->variable[variables[i]] == 0)
			return;
		array_push(&s->literals, -s->variable[variables[i]]);
	}
	for (uint32_t i = 0; i < clause->choices; i++)
		if (s->variable[variables[clause->conditions + i]] != 0)
			array_push(&s->literals,
				   s->variable[variables[clause->conditions + i]]);
	optimum_clause(s->o, s->literals.data, s->literals.len);
}

static void add_roots(struct setup *s)
{
	const struct keep_query *q = s->query;

	for (size_t i = 0; i < q->root_count; i++) {
		uint32_t node = q->roots[i];

		optimum_force(s->o, s->variable[node]);
		if (s->d->has_broad && !graph_node_is_file(s->g, node))
			optimum_force(s->o, s->variable[node + s->g->package_count]);
	}
	array_each (&s->d->unowned, i)
		optimum_force(s->o, s->variable[s->d->unowned.data[i]]);
}

static void read_choice(const struct setup *s, const struct optimum_result *result,
			struct closure_choice *choice)
{
	const struct graph *g = s->g;

	for (pkg_id p = 1; p <= g->package_count; p++) {
		int32_t kept = s->variable[graph_package_node(g, p)];
		int32_t broad = s->variable[demand_broad(g, p)];

		if (kept && idset_has(&result->chosen, (size_t)kept))
			idset_add(&choice->kept, p);
		if (broad && idset_has(&result->chosen, (size_t)broad))
			idset_add(&choice->broad, p);
	}
}

static void solve_setup(struct setup *s, struct closure_choice *choice,
			struct keep_set *ret)
{
	struct optimum_result result;

	s->o = optimum_new();
	s->variable = mem_calloc(s->d->variable_count + 1u, sizeof(int32_t));
	s->unit = mem_calloc(s->query->weigh->units.len + 1, sizeof(int32_t));
	add_variables(s);
	add_nodes(s);
	array_each (&s->d->clauses, i)
		add_clause(s, &s->d->clauses.data[i]);
	add_roots(s);
	optimum_solve(s->o, s->query->max_nodes, &result);
	read_choice(s, &result, choice);
	ret->cost = result.cost;
	ret->bound = result.bound;
	ret->optimal = result.optimal;
	ret->infeasible = result.infeasible;
	ret->nodes += result.nodes;
	optimum_result_release(&result);
	optimum_free(s->o);
	free(s->variable);
	free(s->unit);
	array_release(&s->literals);
}

struct rounds {
	const struct keep_query *query;
	struct keep_set *set;
};

static void solve_round(void *arg, const struct demand *d, struct closure **ret)
{
	const struct rounds *rounds = arg;
	const struct keep_query *q = rounds->query;
	_cleanup_(closure_freep) struct closure *all = NULL;
	struct setup s = { .query = q, .g = q->graph, .d = d };
	struct closure_choice choice;

	closure_run(d, q->roots, q->root_count, NULL, &all);
	s.all = all;
	idset_init(&choice.kept, q->graph->package_count + 1u);
	idset_init(&choice.broad, q->graph->package_count + 1u);
	solve_setup(&s, &choice, rounds->set);
	closure_run(d, q->roots, q->root_count, &choice, ret);
	idset_release(&choice.kept);
	idset_release(&choice.broad);
	rounds->set->rounds++;
}

void keep_set_find(const struct keep_query *query, struct keep_set *ret)
{
	struct rounds rounds = { query, ret };
	const struct closure_query rounds_query = { .graph = query->graph,
						    .options = query->options };

	*ret = (struct keep_set){ 0 };
	closure_settle(&rounds_query, solve_round, &rounds, &ret->demand, &ret->closure);
}

void keep_set_release(struct keep_set *set)
{
	demand_free(set->demand);
	closure_free(set->closure);
	set->demand = NULL;
	set->closure = NULL;
}

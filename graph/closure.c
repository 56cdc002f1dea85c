#include "graph/closure.h"

#include "graph/demand_compile.h"

#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>

typedef ARRAY_OF(uint32_t) variable_list;

struct search {
	const struct demand *d;
	const struct graph *g;
	const struct closure_choice *choice; /* NULL: everything */
	struct closure *c;
	struct idset reached;	      /* variables */
	struct closure_cause *causes; /* by variable */
	uint32_t *open;		      /* by clause: conditions that are not true yet */
	variable_list now;	      /* auxiliary and broad variables of this level */
	variable_list level, next;    /* files and packages */
};

static bool is_package(const struct search *s, uint32_t v)
{
	return v > s->g->file_count && v <= s->g->node_count;
}

static bool is_broad(const struct search *s, uint32_t v)
{
	return v > s->g->node_count && v <= s->g->node_count + s->g->package_count;
}

/* A file that is a capability: one of its packages must be among the choice. */
static bool holder_allowed(const struct search *s, file_id file)
{
	uint32_t at = 0;
	pkg_id owner;

	while (demand_next_holder(s->g, file, &at, &owner))
		if (idset_has(&s->choice->kept, owner))
			return true;
	return false;
}

/* May this variable be used to satisfy a requirement? */
static bool allowed(const struct search *s, uint32_t v)
{
	if (!s->choice)
		return true;
	if (is_package(s, v))
		return idset_has(&s->choice->kept, v - s->g->file_count);
	if (is_broad(s, v))
		return idset_has(&s->choice->broad, v - s->g->node_count);
	if (v <= s->g->file_count)
		return holder_allowed(s, v);
	return true;
}

/* Steps that no reader sees, into and through auxiliary variables, cost nothing: those
 * are looked at before the level goes on. */
static void reach(struct search *s, uint32_t v, struct closure_cause cause,
		  variable_list *list)
{
	if (!idset_add(&s->reached, v))
		return;
	s->causes[v] = cause;
	if (v > s->g->node_count)
		array_push(&s->now, v);
	else
		array_push(list, v);
}

/* The package node that a clause's demand comes from, and by which requirement. */
static struct closure_cause clause_cause(const struct search *s,
					 const struct demand_clause *clause)
{
	struct closure_cause cause = { .kind = CAUSE_REQUIREMENT,
				       .index = clause->requirement };
	uint32_t condition = s->d->variables.data[clause->at];

	if (clause->edge)
		return (struct closure_cause){ CAUSE_EDGE, condition, clause->edge - 1 };
	if (clause->package) {
		cause.from = graph_package_node(s->g, clause->package);
		return cause;
	}
	if (condition <= s->g->node_count) {
		cause.from = condition;
		return cause;
	}
	cause.from = s->causes[condition].from;
	if (cause.index == DEMAND_NO_REQUIREMENT)
		cause.index = s->causes[condition].index;
	return cause;
}

static void fire(struct search *s, const struct demand_clause *clause,
		 variable_list *list)
{
	struct closure_cause cause = clause_cause(s, clause);
	const uint32_t *choice = s->d->variables.data + clause->at + clause->conditions;

	for (uint32_t i = 0; i < clause->choices; i++)
		if (allowed(s, choice[i]))
			reach(s, choice[i], cause, list);
}

static void watch(struct search *s, uint32_t v, variable_list *list)
{
	const struct demand *d = s->d;

	for (uint32_t i = d->watch_start[v]; i < d->watch_start[v + 1]; i++) {
		const struct demand_clause *clause = &d->clauses.data[d->watch[i]];

		if (--s->open[d->watch[i]] == 0)
			fire(s, clause, list);
	}
}

static void reach_edges(struct search *s, uint32_t node)
{
	const struct graph *g = s->g;

	for (uint32_t i = g->edge_start[node]; i < g->edge_start[node + 1]; i++) {
		struct closure_cause cause = { CAUSE_EDGE, node, i };

		if (demand_honours(g, &s->d->options, &g->edges[i]))
			reach(s, g->edges[i].to, cause, &s->next);
	}
}

/* A folder needs one of its owners, any other file all of them. */
static void reach_owners(struct search *s, file_id file)
{
	struct closure_cause cause = { .kind = CAUSE_OWNER, .from = file };
	bool is_choice = s->g->files[file].type == FILE_DIRECTORY;
	uint32_t at = 0;
	pkg_id owner;

	while (demand_next_holder(s->g, file, &at, &owner)) {
		uint32_t v = graph_package_node(s->g, owner);

		if (!is_choice || allowed(s, v))
			reach(s, v, cause, &s->next);
	}
}

static void expand_broad(struct search *s, uint32_t v)
{
	const struct demand *d = s->d;
	pkg_id p = v - s->g->node_count;
	struct closure_cause cause = { .kind = CAUSE_BROAD,
				       .from = graph_package_node(s->g, p),
				       .index = s->causes[v].index };

	if (s->causes[v].kind == CAUSE_ROOT)
		cause.index = DEMAND_NO_REQUIREMENT;

	idset_add(&s->c->broad, p);
	reach(s, graph_package_node(s->g, p), s->causes[v], &s->level);
	for (uint32_t i = d->broad_start[p]; i < d->broad_start[p + 1]; i++)
		reach(s, d->broad_files[i], cause, &s->next);
}

static void expand_now(struct search *s)
{
	while (s->now.len > 0) {
		uint32_t v = array_pop(&s->now);

		if (is_broad(s, v))
			expand_broad(s, v);
		else
			watch(s, v, &s->level);
	}
}

static void reach_loader(struct search *s, uint32_t node)
{
	const struct demand *d = s->d;
	pkg_id p = graph_node_package(s->g, node);

	for (uint32_t i = d->loader_start[p]; i < d->loader_start[p + 1]; i++) {
		uint32_t edge = d->loader_edges[i];
		struct closure_cause cause = { CAUSE_LOADER, node, edge };

		reach(s, s->g->edges[edge].to, cause, &s->next);
	}
}

static void expand_node(struct search *s, uint32_t node)
{
	reach_edges(s, node);
	if (graph_node_is_file(s->g, node))
		reach_owners(s, node);
	else
		reach_loader(s, node);
	watch(s, node, &s->next);
}

/* Auxiliary variables reached from this level belong to the next one. */
static void expand_level(struct search *s)
{
	variable_list swap;

	for (size_t i = 0; i < s->level.len; i++)
		expand_node(s, s->level.data[i]);
	s->level.len = 0;
	swap = s->level;
	s->level = s->next;
	s->next = swap;
}

static void start(struct search *s, const uint32_t *roots, size_t root_count)
{
	for (size_t i = 0; i < root_count; i++) {
		struct closure_cause cause = { CAUSE_ROOT, 0, (uint32_t)i };
		uint32_t v = roots[i];

		reach(s, v, cause, &s->level);
		if (s->d->has_broad && is_package(s, v))
			reach(s, v + s->g->package_count, cause, &s->level);
	}
	array_each (&s->d->unowned, i)
		reach(s, s->d->unowned.data[i],
		      (struct closure_cause){ CAUSE_ROOT, 0, UINT32_MAX }, &s->level);
}

static void copy_result(struct search *s)
{
	struct closure *c = s->c;

	for (uint32_t v = 1; v <= s->g->node_count; v++) {
		if (!idset_has(&s->reached, v))
			continue;
		idset_add(&c->reached, v);
		c->causes[v] = s->causes[v];
		if (graph_node_is_file(s->g, v))
			c->reached_files++;
		else
			c->reached_packages++;
	}
}

void closure_run(const struct demand *d, const uint32_t *roots, size_t root_count,
		 const struct closure_choice *choice, struct closure **ret)
{
	struct search s = { .d = d, .g = d->graph, .choice = choice };
	size_t variables = d->variable_count + 1u;

	s.c = mem_calloc(1, sizeof(*s.c));
	idset_init(&s.c->reached, d->graph->node_count + 1u);
	idset_init(&s.c->broad, d->graph->package_count + 1u);
	s.c->causes = mem_calloc(d->graph->node_count + 1u, sizeof(*s.c->causes));
	idset_init(&s.reached, variables);
	s.causes = mem_calloc(variables, sizeof(*s.causes));
	s.open = mem_calloc(d->clauses.len, sizeof(*s.open));
	array_each (&d->clauses, i)
		s.open[i] = d->clauses.data[i].conditions;
	start(&s, roots, root_count);
	while (s.level.len > 0 || s.now.len > 0) {
		expand_now(&s);
		expand_level(&s);
	}
	copy_result(&s);
	idset_release(&s.reached);
	free(s.causes);
	free(s.open);
	array_release(&s.now);
	array_release(&s.level);
	array_release(&s.next);
	*ret = s.c;
}

void closure_free(struct closure *c)
{
	if (!c)
		return;
	idset_release(&c->reached);
	idset_release(&c->broad);
	free(c->causes);
	free(c);
}

void closure_freep(struct closure **c)
{
	closure_free(*c);
}

void closure_explain(const struct closure *c, uint32_t node, closure_chain *ret)
{
	ret->len = 0;
	while (node != 0 && c->causes[node].kind != CAUSE_NONE) {
		assert(ret->len < c->reached.size); /* causes never go round */
		array_push(ret, (struct closure_step){ .node = node,
						       .cause = c->causes[node] });
		node = c->causes[node].from;
	}
}

void closure_settle(const struct closure_query *query, closure_round_fn *round, void *arg,
		    struct demand **ret_demand, struct closure **ret)
{
	_cleanup_(idset_release) struct idset explained = { 0 };
	_cleanup_(demand_freep) struct demand *d = NULL;
	_cleanup_(closure_freep) struct closure *c = NULL;
	bool changed = true;

	idset_init(&explained, query->graph->requirement_count);
	demand_explain(query->graph, &query->options, NULL, &explained);
	while (changed) {
		closure_free(steal_ptr(&c));
		demand_free(steal_ptr(&d));
		demand_new(query->graph, &query->options, &explained, &d);
		if (round)
			round(arg, d, &c);
		else
			closure_run(d, query->roots, query->root_count, query->choice,
				    &c);
		changed = demand_unexplain(query->graph, &query->options, &c->reached,
					   &explained);
	}
	if (ret_demand)
		*ret_demand = steal_ptr(&d);
	*ret = steal_ptr(&c);
}

void closure_of(const struct graph *g, const struct demand_options *options,
		const uint32_t *roots, size_t root_count, struct closure **ret)
{
	_cleanup_(idset_release) struct idset firm = { 0 };
	struct closure_query query = { g, *options, roots, root_count, NULL };

	idset_init(&firm, g->node_count + 1u);
	demand_firm(g, options, roots, root_count, &firm);
	query.options.firm = &firm;
	closure_settle(&query, NULL, NULL, NULL, ret);
}

#include "trimmer/retained.h"

#include "base/macros.h"
#include "base/mem.h"
#include "graph/scc.h"

/* The package goes when none of the providers is left. */
struct need {
	pkg_id package;
	uint32_t at, len; /* into providers */
};

/* Rows: items of i are item[start[i]] .. item[start[i + 1] - 1]. */
struct rows {
	uint32_t *start, *item;
};

struct retained {
	const struct graph *g;
	const struct weigh *w;
	uint32_t count; /* package ids are below it */
	ARRAY_OF(struct need) needs;
	ARRAY_OF(pkg_id) providers;
	struct rows sole;      /* packages by provider: they have no other one */
	struct rows needed_by; /* needs with other providers, too, by provider */
	struct rows uses;      /* packages by user: all that it may need */
	uint32_t *component;   /* of "uses"; users have the same or a higher number */
	struct rows members;   /* packages by component */
	uint32_t *users;       /* by component: uses from other ones */
	bool *stays;	       /* by component: has a root */
	uint32_t component_count;
	/* of one question; clean between two */
	struct idset gone;
	ARRAY_OF(pkg_id) order;	 /* gone, in the order of going */
	uint32_t *lost;		 /* by need: providers that are gone */
	uint32_t *lost_users;	 /* by component: uses that are gone */
	uint32_t *lost_holders;	 /* by unit of w */
	ARRAY_OF(uint32_t) hurt; /* components with lost users */
};

struct pair {
	uint32_t from, to;
};
typedef ARRAY_OF(struct pair) pair_list;

static void make_rows(uint32_t n, const pair_list *pairs, struct rows *ret)
{
	ret->start = mem_calloc(n + 2u, sizeof(uint32_t));
	ret->item = mem_calloc(pairs->len + 1, sizeof(uint32_t));
	array_each (pairs, i)
		ret->start[pairs->data[i].from + 1]++;
	for (uint32_t v = 1; v <= n; v++)
		ret->start[v] += ret->start[v - 1];
	for (size_t i = pairs->len; i-- > 0;)
		ret->item[--ret->start[pairs->data[i].from + 1]] = pairs->data[i].to;
	/* every start moved one place: take the places back */
	for (uint32_t v = 0; v < n; v++)
		ret->start[v] = ret->start[v + 1];
	ret->start[n] = (uint32_t)pairs->len;
}

static void free_rows(struct rows *rows)
{
	free(rows->start);
	free(rows->item);
}

/* Collecting: packages behind a clause's choices, through auxiliary variables. */
struct collector {
	struct retained *r;
	const struct demand *d;
	uint32_t *seen; /* by variable */
	uint32_t search;
	ARRAY_OF(uint32_t) queue;
	pair_list uses;
	uint32_t *used_by; /* by package: last user that was noted */
};

static bool is_package(const struct graph *g, uint32_t v)
{
	return v > g->file_count && v <= g->node_count;
}

static void look_at(struct collector *c, uint32_t v)
{
	if (c->seen[v] == c->search)
		return;
	c->seen[v] = c->search;
	array_push(&c->queue, v);
}

static void look_at_choices(struct collector *c, const struct demand_clause *clause)
{
	for (uint32_t i = 0; i < clause->choices; i++)
		look_at(c, c->d->variables.data[clause->at + clause->conditions + i]);
}

static void note_use(struct collector *c, pkg_id user, pkg_id used)
{
	if (user == used || c->used_by[used] == user)
		return;
	c->used_by[used] = user;
	array_push(&c->uses, (struct pair){ user, used });
}

static void add_need(struct collector *c, pkg_id package, const pkg_id *providers,
		     uint32_t len)
{
	struct retained *r = c->r;
	struct need need = { package, (uint32_t)r->providers.len, len };

	for (uint32_t i = 0; i < len; i++) {
		array_push(&r->providers, providers[i]);
		note_use(c, package, providers[i]);
	}
	array_push(&r->needs, need);
}

/*
 * One clause of a package: its choices are packages, or parts of a rich dependency. Of a
 * part only "one of all packages that it names" is used: exact for "or", and for "and"
 * every side comes as a clause of its own where it is not inside an "or".
 */
static void collect_clause(struct collector *c, const struct demand_clause *clause)
{
	const struct graph *g = c->r->g;
	ARRAY_OF(pkg_id) providers = { 0 };

	c->search++;
	c->queue.len = 0;
	look_at_choices(c, clause);
	for (size_t i = 0; i < c->queue.len; i++) {
		uint32_t v = c->queue.data[i];

		if (is_package(g, v)) {
			array_push(&providers, graph_node_package(g, v));
			continue;
		}
		for (uint32_t k = c->d->watch_start[v]; k < c->d->watch_start[v + 1]; k++)
			look_at_choices(c, &c->d->clauses.data[c->d->watch[k]]);
	}
	add_need(c, clause->package, providers.data, (uint32_t)providers.len);
	array_release(&providers);
}

/* A hard edge: the package needs one of the owners of the file. */
static void collect_edge(struct collector *c, pkg_id package, uint32_t to)
{
	const struct graph *g = c->r->g;
	ARRAY_OF(pkg_id) owners = { 0 };
	uint32_t at = 0;
	pkg_id owner;
	bool own = false;

	if (!graph_node_is_file(g, to)) {
		owner = graph_node_package(g, to);
		array_push(&owners, owner);
		own = owner == package;
	}
	while (graph_node_is_file(g, to) && demand_next_holder(g, to, &at, &owner)) {
		array_push(&owners, owner);
		own |= owner == package;
	}
	if (!own && owners.len > 0 &&
	    (owners.len > 1 || c->used_by[owners.data[0]] != package))
		add_need(c, package, owners.data, (uint32_t)owners.len);
	array_release(&owners);
}

static void collect_file(struct collector *c, pkg_id package, file_id file)
{
	const struct graph *g = c->r->g;

	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++)
		if (g->edges[i].strength == EDGE_HARD &&
		    demand_honours(g, &c->d->options, &g->edges[i]))
			collect_edge(c, package, g->edges[i].to);
}

static void collect_package(struct collector *c, pkg_id p)
{
	const struct demand *d = c->d;
	uint32_t node = graph_package_node(c->r->g, p);

	for (uint32_t i = d->watch_start[node]; i < d->watch_start[node + 1]; i++) {
		const struct demand_clause *clause = &d->clauses.data[d->watch[i]];

		if (clause->package == p)
			collect_clause(c, clause);
	}
	for (uint32_t i = c->r->g->owned_start[p]; i < c->r->g->owned_start[p + 1]; i++)
		collect_file(c, p, c->r->g->owned[i]);
}

static void collect(struct retained *r, const struct demand *d)
{
	struct collector c = {
		.r = r,
		.d = d,
		.seen = mem_calloc(d->variable_count + 1u, sizeof(uint32_t)),
		.used_by = mem_calloc(r->count, sizeof(uint32_t)),
	};
	pair_list needed = { 0 }, sole = { 0 };

	for (pkg_id p = 1; p < r->count; p++)
		collect_package(&c, p);
	make_rows(r->count, &c.uses, &r->uses);
	array_each (&r->needs, n) {
		const struct need *need = &r->needs.data[n];

		if (need->len == 1)
			array_push(&sole, (struct pair){ r->providers.data[need->at],
							 need->package });
		for (uint32_t i = 0; need->len > 1 && i < need->len; i++)
			array_push(&needed,
				   (struct pair){ r->providers.data[need->at + i],
						  (uint32_t)n });
	}
	make_rows(r->count, &sole, &r->sole);
	make_rows(r->count, &needed, &r->needed_by);
	free(c.seen);
	free(c.used_by);
	array_release(&c.queue);
	array_release(&c.uses);
	array_release(&needed);
	array_release(&sole);
}

/* Components of "uses"; the ones that nobody outside uses stay, as roots do. */
static void find_components(struct retained *r, const uint32_t *roots, size_t root_count)
{
	pair_list members = { 0 };

	r->component = mem_calloc(r->count, sizeof(uint32_t));
	r->component_count =
		scc_find(r->count, r->uses.start, r->uses.item, r->component);
	r->users = mem_calloc(r->component_count, sizeof(uint32_t));
	r->stays = mem_calloc(r->component_count, sizeof(bool));
	for (pkg_id p = 1; p < r->count; p++) {
		array_push(&members, (struct pair){ r->component[p], p });
		for (uint32_t i = r->uses.start[p]; i < r->uses.start[p + 1]; i++) {
			uint32_t used = r->component[r->uses.item[i]];

			r->users[used] += used != r->component[p];
		}
	}
	make_rows(r->component_count, &members, &r->members);
	array_release(&members);
	for (uint32_t k = 0; k < r->component_count; k++)
		r->stays[k] = r->users[k] == 0;
	for (size_t i = 0; i < root_count; i++)
		if (!graph_node_is_file(r->g, roots[i]))
			r->stays[r->component[graph_node_package(r->g, roots[i])]] = true;
}

void retained_new(const struct graph *g, const struct weigh *w,
		  const struct demand_options *options, const uint32_t *roots,
		  size_t root_count, struct retained **ret)
{
	struct retained *r = mem_calloc(1, sizeof(*r));
	struct demand_options hard = *options;
	_cleanup_(demand_freep) struct demand *d = NULL;
	struct idset explained;

	hard.weak = false;
	if (hard.caution == CAUTION_HIGH)
		hard.caution = CAUTION_NORMAL;
	/* as if all were explained: then demands are for packages alone */
	idset_init(&explained, g->requirement_count);
	for (uint32_t i = 0; i < g->requirement_count; i++)
		idset_add(&explained, i);
	demand_new(g, &hard, &explained, &d);
	idset_release(&explained);
	r->g = g;
	r->w = w;
	r->count = g->package_count + 1u;
	collect(r, d);
	find_components(r, roots, root_count);
	idset_init(&r->gone, r->count);
	r->lost = mem_calloc(r->needs.len + 1, sizeof(uint32_t));
	r->lost_users = mem_calloc(r->component_count, sizeof(uint32_t));
	r->lost_holders = mem_calloc(w->units.len + 1, sizeof(uint32_t));
	*ret = r;
}

void retained_free(struct retained *r)
{
	if (!r)
		return;
	array_release(&r->needs);
	array_release(&r->providers);
	free_rows(&r->sole);
	free_rows(&r->needed_by);
	free_rows(&r->uses);
	free_rows(&r->members);
	free(r->component);
	free(r->users);
	free(r->stays);
	idset_release(&r->gone);
	array_release(&r->order);
	free(r->lost);
	free(r->lost_users);
	free(r->lost_holders);
	array_release(&r->hurt);
	free(r);
}

void retained_freep(struct retained **r)
{
	retained_free(*r);
}

static void go(struct retained *r, pkg_id p)
{
	if (idset_add(&r->gone, p))
		array_push(&r->order, p);
}

/* Everything that needs what is gone from place @p from on goes, too. */
static void take_needers(struct retained *r, size_t from)
{
	for (size_t i = from; i < r->order.len; i++) {
		pkg_id p = r->order.data[i];

		for (uint32_t k = r->sole.start[p]; k < r->sole.start[p + 1]; k++)
			go(r, r->sole.item[k]);
		for (uint32_t k = r->needed_by.start[p]; k < r->needed_by.start[p + 1];
		     k++) {
			uint32_t n = r->needed_by.item[k];

			if (++r->lost[n] == r->needs.data[n].len)
				go(r, r->needs.data[n].package);
		}
	}
}

/* Tell the components that a package used; those that lost all users go. */
static void drop_uses(struct retained *r, pkg_id p)
{
	for (uint32_t i = r->uses.start[p]; i < r->uses.start[p + 1]; i++) {
		uint32_t k = r->component[r->uses.item[i]];

		if (k == r->component[p])
			continue;
		if (r->lost_users[k]++ == 0)
			array_push(&r->hurt, k);
		if (r->lost_users[k] < r->users[k] || r->stays[k])
			continue;
		for (uint32_t m = r->members.start[k]; m < r->members.start[k + 1]; m++)
			go(r, r->members.item[m]);
	}
}

static uint64_t weigh_gone(struct retained *r)
{
	const struct weigh *w = r->w;
	uint64_t bytes = 0;

	array_each (&r->order, i) {
		pkg_id p = r->order.data[i];

		bytes += w->alone[p];
		for (uint32_t k = w->unit_start[p]; k < w->unit_start[p + 1]; k++) {
			uint32_t u = w->package_units[k];

			if (++r->lost_holders[u] == w->units.data[u].len)
				bytes += w->units.data[u].bytes;
		}
	}
	return bytes;
}

static void clean(struct retained *r)
{
	array_each (&r->order, i) {
		pkg_id p = r->order.data[i];

		idset_remove(&r->gone, p);
		for (uint32_t k = r->needed_by.start[p]; k < r->needed_by.start[p + 1];
		     k++)
			r->lost[r->needed_by.item[k]] = 0;
		for (uint32_t k = r->w->unit_start[p]; k < r->w->unit_start[p + 1]; k++)
			r->lost_holders[r->w->package_units[k]] = 0;
	}
	array_each (&r->hurt, i)
		r->lost_users[r->hurt.data[i]] = 0;
	r->order.len = r->hurt.len = 0;
}

/* r->order has the marked ones: add all that goes with them. */
static uint64_t answer(struct retained *r)
{
	take_needers(r, 0);
	/* what only removed packages used is used by nothing that stays: nobody needs it */
	for (size_t i = 0; i < r->order.len; i++)
		drop_uses(r, r->order.data[i]);
	return weigh_gone(r);
}

uint64_t retained_one(struct retained *r, pkg_id package, uint32_t *ret_count)
{
	uint64_t bytes;

	go(r, package);
	bytes = answer(r);
	if (ret_count)
		*ret_count = (uint32_t)r->order.len;
	clean(r);
	return bytes;
}

/* Packages that need each other have one answer. */
void retained_all(struct retained *r, uint64_t *ret_bytes)
{
	_cleanup_(freep) uint32_t *cycle = mem_calloc(r->count, sizeof(uint32_t));
	_cleanup_(freep) pkg_id *first = mem_calloc(r->count, sizeof(pkg_id));

	scc_find(r->count, r->sole.start, r->sole.item, cycle);
	ret_bytes[0] = 0;
	for (pkg_id p = 1; p < r->count; p++) {
		if (first[cycle[p]] == 0) {
			first[cycle[p]] = p;
			ret_bytes[p] = retained_one(r, p, NULL);
		} else {
			ret_bytes[p] = ret_bytes[first[cycle[p]]];
		}
	}
}

uint64_t retained_joint(struct retained *r, const struct idset *marked,
			struct idset *ret_all)
{
	uint64_t bytes;

	idset_each (marked, p)
		go(r, (pkg_id)p);
	bytes = answer(r);
	if (ret_all)
		array_each (&r->order, i)
			idset_add(ret_all, r->order.data[i]);
	clean(r);
	return bytes;
}

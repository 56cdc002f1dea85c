#include "tui/deps.h"

#include "base/idset.h"
#include "base/strbuf.h"

struct deps {
	const struct graph *g;
	uint32_t *provided_start; /* [package_count + 2]: capabilities of a package */
	cap_id *provided;
	uint32_t *user_start; /* [capability_count + 2]: requirements that name it */
	uint32_t *users;
};

typedef void cap_fn(void *arg, uint32_t requirement, cap_id cap);

/* The capabilities that a requirement names, in its own order. */
static void each_cap(const struct graph *g, uint32_t requirement, cap_fn *fn, void *arg)
{
	ARRAY_OF(node_id) todo = { 0 };

	array_push(&todo, g->requirements[requirement].node);
	while (todo.len > 0) {
		node_id id = array_pop(&todo);
		const struct graph_req_node *node = &g->req_nodes[id];

		if (id == 0)
			continue;
		if (node->op == NODE_CAPABILITY)
			fn(arg, requirement, node->capability);
		array_push(&todo, node->otherwise);
		array_push(&todo, node->right);
		array_push(&todo, node->left);
	}
	array_release(&todo);
}

static bool is_need(const struct graph_requirement *r)
{
	return r->state == REQ_CHECKED &&
	       (r->strength == REQ_REQUIRES || r->strength == REQ_RECOMMENDS);
}

static void count_user(void *arg, uint32_t requirement, cap_id cap)
{
	struct deps *d = arg;

	(void)requirement;
	d->user_start[cap + 2]++;
}

static void put_user(void *arg, uint32_t requirement, cap_id cap)
{
	struct deps *d = arg;

	d->users[d->user_start[cap + 1]++] = requirement;
}

static void each_need(struct deps *d, cap_fn *fn)
{
	for (uint32_t i = 0; i < d->g->requirement_count; i++)
		if (is_need(&d->g->requirements[i]))
			each_cap(d->g, i, fn, d);
}

static void index_users(struct deps *d)
{
	uint32_t n = d->g->capability_count;

	d->user_start = mem_calloc(n + 3u, sizeof(uint32_t));
	each_need(d, count_user);
	for (uint32_t i = 2; i <= n + 2; i++)
		d->user_start[i] += d->user_start[i - 1];
	d->users = mem_calloc(d->user_start[n + 2] + 1u, sizeof(uint32_t));
	each_need(d, put_user);
}

static void index_provided(struct deps *d)
{
	const struct graph *g = d->g;
	uint32_t *start = mem_calloc(g->package_count + 3u, sizeof(uint32_t));
	uint32_t total = g->provider_start[g->capability_count + 1];

	for (uint32_t i = 0; i < total; i++)
		start[g->providers[i].package + 2]++;
	for (uint32_t i = 2; i <= g->package_count + 2; i++)
		start[i] += start[i - 1];
	d->provided = mem_calloc(total + 1u, sizeof(cap_id));
	for (cap_id c = 1; c <= g->capability_count; c++)
		for (uint32_t i = g->provider_start[c]; i < g->provider_start[c + 1]; i++)
			d->provided[start[g->providers[i].package + 1]++] = c;
	d->provided_start = start;
}

struct deps *deps_new(const struct graph *g)
{
	struct deps *d = mem_calloc(1, sizeof(*d));

	d->g = g;
	index_users(d);
	index_provided(d);
	return d;
}

void deps_free(struct deps *d)
{
	if (!d)
		return;
	free(d->provided_start);
	free(d->provided);
	free(d->user_start);
	free(d->users);
	free(d);
}

struct collect {
	const struct graph *g;
	pkg_id self;
	dep_list *list;
};

static bool requirement_is_weak(const struct graph *g, uint32_t requirement)
{
	const struct graph_requirement *r = &g->requirements[requirement];

	return r->strength != REQ_REQUIRES || phases_install_only(r->phases);
}

static void add_providers(void *arg, uint32_t requirement, cap_id cap)
{
	struct collect *c = arg;
	const struct graph_provider *provider;
	uint32_t count = deps_providers(c->g, cap, &provider);

	for (uint32_t i = 0; i < count; i++)
		if (provider[i].package != c->self)
			array_push(c->list,
				   (struct dep){
					   .package = provider[i].package,
					   .weak = requirement_is_weak(c->g, requirement),
					   .choice = count > 1,
					   .index = requirement,
					   .cap = cap,
				   });
}

static void add_edge(struct collect *c, uint32_t index, uint32_t other)
{
	const struct graph *g = c->g;
	struct dep dep = { .is_edge = true, .index = index };

	dep.weak = g->edges[index].strength != EDGE_HARD;
	if (!graph_node_is_file(g, other)) {
		dep.package = graph_node_package(g, other);
		if (dep.package != c->self)
			array_push(c->list, dep);
		return;
	}
	for (uint32_t i = g->owner_start[other]; i < g->owner_start[other + 1]; i++) {
		dep.package = g->owners[i].package;
		if (dep.package != c->self && g->files[other].type != FILE_DIRECTORY)
			array_push(c->list, dep);
	}
}

static void add_edges(struct collect *c, uint32_t node, bool reverse)
{
	const struct graph *g = c->g;
	const uint32_t *start = reverse ? g->edge_in_start : g->edge_start;

	for (uint32_t i = start[node]; i < start[node + 1]; i++) {
		uint32_t index = reverse ? g->edge_in[i] : i;

		add_edge(c, index, reverse ? g->edges[index].from : g->edges[index].to);
	}
}

/* Requirements that name what the package provides. */
static void add_users(const struct deps *d, struct collect *c)
{
	const struct graph *g = d->g;

	for (uint32_t i = d->provided_start[c->self]; i < d->provided_start[c->self + 1];
	     i++) {
		cap_id cap = d->provided[i];
		const struct graph_provider *provider;
		uint32_t count = deps_providers(g, cap, &provider);

		for (uint32_t k = d->user_start[cap]; k < d->user_start[cap + 1]; k++) {
			uint32_t requirement = d->users[k];
			struct dep dep = {
				.package = g->requirements[requirement].package,
				.weak = requirement_is_weak(g, requirement),
				.choice = count > 1,
				.index = requirement,
				.cap = cap,
			};

			if (dep.package != c->self)
				array_push(c->list, dep);
		}
	}
}

static void find_all_links(const struct deps *d, pkg_id package, bool reverse,
			   dep_list *ret)
{
	const struct graph *g = d->g;
	struct collect c = { g, package, ret };

	if (reverse)
		add_users(d, &c);
	for (uint32_t i = g->requirement_start[package];
	     !reverse && i < g->requirement_start[package + 1]; i++)
		if (is_need(&g->requirements[i]))
			each_cap(g, i, add_providers, &c);
	add_edges(&c, graph_package_node(g, package), reverse);
	for (uint32_t i = g->owned_start[package]; i < g->owned_start[package + 1]; i++)
		if (g->files[g->owned[i]].type != FILE_DIRECTORY)
			add_edges(&c, g->owned[i], reverse);
}

/* By package; of one package hard before weak, requirements before edges. */
static int by_package(const void *a, const void *b)
{
	const struct dep *x = a, *y = b;

	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	if (x->weak != y->weak)
		return x->weak ? 1 : -1;
	if (x->is_edge != y->is_edge)
		return x->is_edge ? 1 : -1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return x->cap < y->cap ? -1 : x->cap > y->cap;
}

void deps_of(const struct deps *d, pkg_id package, bool reverse, dep_list *ret)
{
	size_t out = 0;

	ret->len = 0;
	find_all_links(d, package, reverse, ret);
	array_sort(ret, by_package);
	array_each (ret, i)
		if (out == 0 || ret->data[out - 1].package != ret->data[i].package)
			ret->data[out++] = ret->data[i];
	ret->len = out;
}

void deps_links(const struct deps *d, pkg_id from, pkg_id to, dep_list *ret)
{
	size_t out = 0;

	ret->len = 0;
	find_all_links(d, from, false, ret);
	array_sort(ret, by_package);
	array_each (ret, i)
		if (ret->data[i].package == to)
			ret->data[out++] = ret->data[i];
	ret->len = out;
}

void deps_all(const struct deps *d, pkg_id package, bool reverse, dep_steps *ret)
{
	_cleanup_(idset_release) struct idset seen;
	dep_list list = { 0 };
	struct dep_step here = { package, 0 };
	size_t next = 0;

	idset_init(&seen, d->g->package_count + 1u);
	idset_add(&seen, package);
	ret->len = 0;
	while (here.package != 0) {
		deps_of(d, here.package, reverse, &list);
		array_each (&list, i)
			if (idset_add(&seen, list.data[i].package))
				array_push(ret, (struct dep_step){ list.data[i].package,
								   here.depth + 1 });
		here = next < ret->len ? ret->data[next] : (struct dep_step){ 0, 0 };
		next++;
	}
	array_release(&list);
}

void deps_text(const struct graph *g, const struct dep *dep, struct strbuf *out)
{
	const struct graph_edge *edge = &g->edges[dep->is_edge ? dep->index : 0];

	if (!dep->is_edge) {
		const struct graph_requirement *r = &g->requirements[dep->index];

		strbuf_printf(out, "%s %s%s", req_strength_name(r->strength),
			      graph_text(g, r->text),
			      phases_install_only(r->phases) ? " (only to install)" : "");
		return;
	}
	strbuf_printf(out, "%s: %s (%s)", edge_kind_name(edge->kind),
		      graph_text(g, edge->cite_text), edge_strength_name(edge->strength));
	if (edge->cite_line)
		strbuf_printf(out, " line %u", edge->cite_line);
	if (edge->cite_file)
		strbuf_printf(out, " of %s",
			      graph_text(g, g->files[edge->cite_file].path));
	else if (graph_node_is_file(g, edge->from))
		strbuf_printf(out, " in %s", graph_text(g, g->files[edge->from].path));
}

uint32_t deps_needed_by(const struct deps *d, pkg_id package)
{
	dep_list list = { 0 };
	uint32_t count = 0;

	deps_of(d, package, true, &list);
	array_each (&list, i)
		count += !list.data[i].weak && !list.data[i].choice;
	array_release(&list);
	return count;
}

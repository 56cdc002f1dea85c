#include "report/relations.h"

#include "base/idset.h"
#include "report/node.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <string.h>

struct search {
	const struct graph *g;
	const struct relations_query *query;
	struct idset seen;	  /* nodes that were or will be visited */
	ARRAY_OF(uint32_t) queue; /* of nodes */
	uint32_t depth;
	struct relations *out;
};

static const enum req_strength SHOWN_STRENGTHS[] = { REQ_REQUIRES, REQ_RECOMMENDS,
						     REQ_SUGGESTS, REQ_SUPPLEMENTS,
						     REQ_ENHANCES, REQ_CONFLICTS,
						     REQ_OBSOLETES };

int relations_check_kind(const char *kind, struct error *err)
{
	ARRAY_OF(const char *) known = { 0 };
	const char *near;
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(SHOWN_STRENGTHS); i++)
		array_push(&known, req_strength_name(SHOWN_STRENGTHS[i]));
	for (int i = 0; i < EDGE_KIND_COUNT; i++)
		array_push(&known, edge_kind_name((enum edge_kind)i));
	near = rule_did_you_mean(kind, known.data, known.len);
	if (req_strength_parse(kind) < 0 && edge_kind_parse(kind) < 0)
		r = error_set(err, -EINVAL, "'%s' is no kind of need%s%s%s", kind,
			      near ? " (did you mean '" : "", near ? near : "",
			      near ? "'?)" : "");
	array_release(&known);
	return r;
}

static bool is_wanted(const struct search *search, const char *kind)
{
	for (size_t i = 0; i < search->query->kind_count; i++)
		if (strcmp(search->query->kinds[i], kind) == 0)
			return true;
	return search->query->kind_count == 0;
}

/* Conflicts and obsoletes are no needs: they show up only when asked for by name. */
static bool is_wanted_requirement(const struct search *search,
				  const struct graph_requirement *req)
{
	bool is_need = req->strength != REQ_CONFLICTS && req->strength != REQ_OBSOLETES;

	if (req->state != REQ_CHECKED)
		return false;
	return (is_need || search->query->kind_count > 0) &&
	       is_wanted(search, req_strength_name(req->strength));
}

static void visit_later(struct search *search, uint32_t node)
{
	if (node && idset_add(&search->seen, node))
		array_push(&search->queue, node);
}

static void add_relation(struct search *search, struct relation relation)
{
	relation.depth = search->depth;
	array_push(&search->out->list, relation);
	visit_later(search, search->query->reverse ? relation.from : relation.to);
}

typedef ARRAY_OF(pkg_id) package_array;

/* All packages that a requirement's expression names, in order and each once. */
static void each_provider(const struct graph *g, const struct graph_requirement *req,
			  package_array *ret)
{
	ARRAY_OF(node_id) stack = { 0 };

	array_push(&stack, req->node);
	while (stack.len) {
		node_id at = array_pop(&stack);
		const struct graph_req_node *node = &g->req_nodes[at];

		if (at == 0)
			continue;
		array_push(&stack, node->otherwise);
		array_push(&stack, node->right);
		array_push(&stack, node->left);
		if (node->op != NODE_CAPABILITY)
			continue;
		for (uint32_t i = g->provider_start[node->capability];
		     i < g->provider_start[node->capability + 1]; i++)
			array_push(ret, g->providers[i].package);
	}
	array_release(&stack);
}

static bool was_before(const package_array *packages, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (packages->data[i] == packages->data[at])
			return true;
	return false;
}

static void add_requirement(struct search *search, uint32_t index)
{
	const struct graph *g = search->g;
	const struct graph_requirement *req = &g->requirements[index];
	struct relation relation = { .from = graph_package_node(g, req->package),
				     .index = index };
	package_array providers = { 0 };

	each_provider(g, req, &providers);
	array_each (&providers, i) {
		relation.to = graph_package_node(g, providers.data[i]);
		if (!was_before(&providers, i) && relation.to != relation.from)
			add_relation(search, relation);
	}
	if (providers.len == 0) {
		relation.to = 0;
		add_relation(search, relation);
	}
	array_release(&providers);
}

/* The node that an edge's end means while packages are looked at: a file's package. */
static uint32_t package_of(const struct graph *g, uint32_t node)
{
	pkg_id owner = graph_node_is_file(g, node) ? graph_file_owner(g, node) : 0;

	return owner ? graph_package_node(g, owner) : node;
}

static void add_edge(struct search *search, uint32_t index, bool leaving_only)
{
	const struct graph *g = search->g;
	const struct graph_edge *edge = &g->edges[index];

	if (!is_wanted(search, edge_kind_name(edge->kind)))
		return;
	if (leaving_only && package_of(g, edge->from) == package_of(g, edge->to))
		return;
	add_relation(search, (struct relation){ .from = edge->from,
						.to = edge->to,
						.is_edge = true,
						.index = index });
}

static void add_edges(struct search *search, uint32_t node, bool leaving_only)
{
	const struct graph *g = search->g;

	if (search->query->reverse)
		for (uint32_t i = g->edge_in_start[node]; i < g->edge_in_start[node + 1];
		     i++)
			add_edge(search, g->edge_in[i], leaving_only);
	else
		for (uint32_t i = g->edge_start[node]; i < g->edge_start[node + 1]; i++)
			add_edge(search, i, leaving_only);
}

static bool is_provided_by(const struct graph *g, const struct graph_requirement *req,
			   pkg_id p)
{
	package_array providers = { 0 };
	bool found = false;

	each_provider(g, req, &providers);
	array_each (&providers, i)
		found |= providers.data[i] == p;
	array_release(&providers);
	return found;
}

/* Requirements of others that this package satisfies. */
static void add_requirers(struct search *search, pkg_id p)
{
	const struct graph *g = search->g;

	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (req->package != p && is_wanted_requirement(search, req) &&
		    is_provided_by(g, req, p))
			add_relation(search,
				     (struct relation){
					     .from = graph_package_node(g, req->package),
					     .to = graph_package_node(g, p),
					     .index = i });
	}
}

static void visit_package(struct search *search, pkg_id p)
{
	const struct graph *g = search->g;

	if (search->query->reverse)
		add_requirers(search, p);
	else
		for (uint32_t i = g->requirement_start[p];
		     i < g->requirement_start[p + 1]; i++)
			if (is_wanted_requirement(search, &g->requirements[i]))
				add_requirement(search, i);
	add_edges(search, graph_package_node(g, p), true);
	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
		add_edges(search, g->owned[i], true);
}

static void visit(struct search *search, uint32_t node)
{
	if (graph_node_is_file(search->g, node))
		add_edges(search, node, false);
	else
		visit_package(search, graph_node_package(search->g, node));
}

void relations_find(const struct graph *g, const struct relations_query *query,
		    struct relations *ret)
{
	struct search search = { .g = g, .query = query, .out = ret };
	size_t at = 0;

	*ret = (struct relations){ 0 };
	idset_init(&search.seen, g->node_count + 1u);
	visit_later(&search, query->start);
	while (at < search.queue.len && (!query->depth || search.depth < query->depth)) {
		size_t end = search.queue.len;

		search.depth++;
		for (; at < end; at++)
			visit(&search, search.queue.data[at]);
	}
	array_release(&search.queue);
	idset_release(&search.seen);
}

void relations_release(struct relations *relations)
{
	array_release(&relations->list);
}

static const struct table_column COLUMNS[] = {
	{ "depth", "Step", TABLE_COUNT, TABLE_HIDDEN },
	{ "from", "From", TABLE_TEXT, TABLE_NAMES },
	{ "kind", "Kind", TABLE_TEXT, TABLE_NAMES },
	{ "strength", "Strength", TABLE_TEXT, 0 },
	{ "to", "Needs", TABLE_TEXT, TABLE_NAMES },
	{ "text", "Says", TABLE_TEXT, 0 },
	{ "place", "Written in", TABLE_TEXT, 0 },
};

static const char *requirement_strength(const struct graph_requirement *req)
{
	if (req->strength != REQ_REQUIRES)
		return "weak";
	return phases_install_only(req->phases) ? "install" : "hard";
}

/* Requirements that say the same of the same two packages, in other words. */
static bool is_alike(const struct graph *g, const struct relation *a,
		     const struct relation *b)
{
	const struct graph_requirement *x = &g->requirements[a->index];
	const struct graph_requirement *y = &g->requirements[b->index];

	return !a->is_edge && !b->is_edge && a->from == b->from && a->to &&
	       a->to == b->to && x->strength == y->strength &&
	       phases_install_only(x->phases) == phases_install_only(y->phases);
}

static bool was_said(const struct graph *g, const struct relations *relations, size_t at)
{
	const struct relation *list = relations->list.data;

	for (size_t i = at; i-- > 0 && list[i].from == list[at].from;)
		if (is_alike(g, &list[i], &list[at]))
			return true;
	return false;
}

static size_t count_alike(const struct graph *g, const struct relations *relations,
			  size_t at)
{
	const struct relation *list = relations->list.data;
	size_t count = 0;

	for (size_t i = at + 1; i < relations->list.len && list[i].from == list[at].from;
	     i++)
		count += is_alike(g, &list[i], &list[at]);
	return count;
}

static void put_requirement(const struct graph *g, const struct relation *relation,
			    size_t more, struct table *table)
{
	const struct graph_requirement *req = &g->requirements[relation->index];
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	strbuf_puts(&text, graph_text(g, req->text));
	if (more)
		strbuf_printf(&text, " and %zu more", more);
	table_text(table, req_strength_name(req->strength));
	table_text(table, requirement_strength(req));
	table_text(table, relation->to ? node_name(g, relation->to) : NULL);
	table_text(table, strbuf_text(&text));
	table_text(table, "rpmdb");
}

static void put_edge(const struct graph *g, const struct relation *relation, bool brief,
		     struct table *table)
{
	const struct graph_edge *edge = &g->edges[relation->index];
	_cleanup_(strbuf_release) struct strbuf place = { 0 };

	node_edge_place(g, edge, &place);
	table_text(table, edge_kind_name(edge->kind));
	table_text(table, edge_strength_name(edge->strength));
	table_text(table, node_name(g, relation->to));
	table_text(table, graph_text(g, edge->cite_text));
	if (brief && !edge->cite_file && !edge->cite_line)
		table_text(table, "");
	else
		table_text(table, strbuf_text(&place));
}

void relations_table(const struct graph *g, const struct relations *relations, bool brief,
		     struct table *table)
{
	table_init(table, COLUMNS, ARRAY_LEN(COLUMNS));
	array_each (&relations->list, i) {
		const struct relation *relation = &relations->list.data[i];

		if (brief && !relation->is_edge && was_said(g, relations, i))
			continue;
		table_number(table, relation->depth);
		table_text(table, node_name(g, relation->from));
		if (relation->is_edge)
			put_edge(g, relation, brief, table);
		else
			put_requirement(g, relation,
					brief ? count_alike(g, relations, i) : 0, table);
	}
}

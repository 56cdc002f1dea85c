#include "report/html_data.h"

#include "report/relations.h"
#include "trimmer/retained.h"

#define GOES_SHOWN 40 /* packages that go with one, by name */

void html_packages_init(struct html_packages *p, const struct graph *g)
{
	*p = (struct html_packages){ .g = g };
	p->index_of = mem_calloc(g->package_count + 1u, sizeof(*p->index_of));
	p->packages = mem_calloc(g->package_count + 1u, sizeof(*p->packages));
	for (pkg_id id = 0; id <= g->package_count; id++)
		p->index_of[id] = UINT32_MAX;
	for (pkg_id id = 1; id <= g->package_count; id++) {
		if (!measure_is_software(&g->packages[id]))
			continue;
		p->index_of[id] = p->count;
		p->packages[p->count++] = id;
	}
}

void html_packages_release(struct html_packages *p)
{
	free(p->index_of);
	free(p->packages);
	*p = (struct html_packages){ 0 };
}

/* How one package needs another; the first one of several sorts counts. */
enum need_kind { NEED_REQUIRES, NEED_USES, NEED_WEAK, NEED_INSTALL };

struct need {
	uint32_t stamp; /* the package that asks last */
	uint32_t count;
	enum need_kind kind;
	const char *text; /* of the first relation of that kind */
};

struct needs {
	const struct html_packages *p;
	struct need *by_package; /* [package_count + 1] */
	ARRAY_OF(pkg_id) found;
};

static pkg_id target_of(const struct graph *g, uint32_t node)
{
	if (!node)
		return 0;
	if (!graph_node_is_file(g, node))
		return graph_node_package(g, node);
	return g->owner_start[node] < g->owner_start[node + 1]
		       ? g->owners[g->owner_start[node]].package
		       : 0;
}

static enum need_kind kind_of(const struct graph *g, const struct relation *relation)
{
	const struct graph_requirement *req;

	if (relation->is_edge)
		return g->edges[relation->index].strength == EDGE_POSSIBLE ? NEED_WEAK
									   : NEED_USES;
	req = &g->requirements[relation->index];
	if (req->strength != REQ_REQUIRES)
		return NEED_WEAK;
	return phases_install_only(req->phases) ? NEED_INSTALL : NEED_REQUIRES;
}

static void add_need(struct needs *needs, pkg_id from, const struct relation *relation)
{
	const struct graph *g = needs->p->g;
	pkg_id to = target_of(g, relation->to);
	enum need_kind kind = kind_of(g, relation);
	struct need *need = &needs->by_package[to];

	if (!to || to == from || needs->p->index_of[to] == UINT32_MAX)
		return;
	if (need->stamp != from) {
		*need = (struct need){ .stamp = from, .kind = kind };
		array_push(&needs->found, to);
	}
	if (need->count++ == 0 || kind < need->kind) {
		need->kind = kind;
		need->text =
			relation->is_edge
				? graph_text(g, g->edges[relation->index].cite_text)
				: graph_text(g, g->requirements[relation->index].text);
	}
}

/* [index, kind, how many, words, index, ...]. */
static json_t *needs_json(struct needs *needs, pkg_id from)
{
	const struct graph *g = needs->p->g;
	struct relations_query query = { .start = graph_package_node(g, from),
					 .depth = 1 };
	struct relations relations;
	json_t *json = json_array();

	needs->found.len = 0;
	relations_find(g, &query, &relations);
	array_each (&relations.list, i)
		add_need(needs, from, &relations.list.data[i]);
	relations_release(&relations);
	array_each (&needs->found, i) {
		const struct need *need = &needs->by_package[needs->found.data[i]];

		json_push(json, json_uint(needs->p->index_of[needs->found.data[i]]));
		json_push(json, json_uint(need->kind));
		json_push(json, json_uint(need->count));
		json_push(json, html_string(need->text));
	}
	return json;
}

static int by_size(const void *a, const void *b, void *arg)
{
	const struct graph *g = arg;
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;
	uint64_t m = g->packages[x].disk_bytes, n = g->packages[y].disk_bytes;

	return m != n ? (m < n ? 1 : -1) : (x > y) - (x < y);
}

/* [bytes, how many, the biggest of them ...], the package itself left out of the names. */
static json_t *goes_json(const struct html_packages *p, struct retained *retained,
			 pkg_id package, struct idset *marked, struct idset *all)
{
	ARRAY_OF(pkg_id) list = { 0 };
	json_t *json = json_array();

	idset_clear(marked);
	idset_clear(all);
	idset_add(marked, package);
	json_push(json, json_uint(retained_joint(retained, marked, all)));
	idset_each (all, id)
		if (id != package && p->index_of[id] != UINT32_MAX)
			array_push(&list, (pkg_id)id);
	array_sort_with(&list, by_size, (void *)p->g);
	json_push(json, json_uint(list.len));
	for (size_t i = 0; i < list.len && i < GOES_SHOWN; i++)
		json_push(json, json_uint(p->index_of[list.data[i]]));
	array_release(&list);
	return json;
}

static json_t *all_goes_json(const struct html_packages *p)
{
	struct demand_options options = { .caution = CAUTION_NORMAL };
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;
	struct idset marked, all;
	json_t *json = json_array();

	weigh_new(p->g, &weigh);
	retained_new(p->g, weigh, &options, NULL, 0, &retained);
	idset_init(&marked, p->g->package_count + 1u);
	idset_init(&all, p->g->package_count + 1u);
	for (uint32_t i = 0; i < p->count; i++)
		json_push(json, goes_json(p, retained, p->packages[i], &marked, &all));
	idset_release(&marked);
	idset_release(&all);
	return json;
}

json_t *html_packages_json(const struct html_packages *p)
{
	const struct graph *g = p->g;
	struct needs needs = { .p = p };
	json_t *json = json_object(), *nevra = json_array(), *name = json_array(),
	       *disk = json_array(), *need = json_array();

	needs.by_package = mem_calloc(g->package_count + 1u, sizeof(*needs.by_package));
	for (uint32_t i = 0; i < p->count; i++) {
		const struct graph_package *package = &g->packages[p->packages[i]];

		json_push(nevra, html_string(graph_text(g, package->nevra)));
		json_push(name, html_string(graph_text(g, package->name)));
		json_push(disk, json_uint(package->disk_bytes));
		json_push(need, needs_json(&needs, p->packages[i]));
	}
	json_put(json, "nevra", nevra);
	json_put(json, "name", name);
	json_put(json, "disk", disk);
	json_put(json, "needs", need);
	json_put(json, "goes", all_goes_json(p));
	array_release(&needs.found);
	free(needs.by_package);
	return json;
}

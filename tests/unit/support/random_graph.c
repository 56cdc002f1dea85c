#include "tests/unit/support/random_graph.h"

#include "base/array.h"
#include "base/mem.h"

#include <stdlib.h>

uint32_t random_below(uint64_t *seed, uint32_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return n ? (uint32_t)(*seed >> 33) % n : 0;
}

static str_id text(struct graph *g, const char *fmt, uint32_t number)
{
	_cleanup_(freep) char *buf = mem_printf("%s%04u", fmt, number);

	return strpool_add(&g->strings, buf);
}

static void add_packages(struct graph *g, uint32_t count)
{
	g->package_count = count;
	g->packages = mem_calloc(count + 1u, sizeof(*g->packages));
	for (pkg_id p = 1; p <= count; p++) {
		g->packages[p].name = text(g, "p", p);
		g->packages[p].nevra = text(g, "p-1-1.", p);
		g->packages[p].declared_bytes = 1u << (p % 16);
	}
}

/* Every file has one owner, some two; a few none. */
static void add_files(struct graph *g, uint64_t *seed, uint32_t count)
{
	uint32_t owned = 0;

	g->file_count = count;
	g->files = mem_calloc(count + 1u, sizeof(*g->files));
	g->owner_start = mem_calloc(count + 2u, sizeof(uint32_t));
	g->owners = mem_calloc(2 * (size_t)count + 1, sizeof(*g->owners));
	for (file_id f = 1; f <= count; f++) {
		uint32_t kind = random_below(seed, 12);
		pkg_id p = 1 + random_below(seed, g->package_count);

		g->files[f] = (struct graph_file){
			.path = text(g, "/f", f),
			.disk_bytes = 1u << (f % 12),
			.link_count = 1,
			.inode = f,
			.category = kind < 6 ? CATEGORY_LIBRARY : CATEGORY_DATA,
			.type = kind == 11 ? FILE_DIRECTORY : FILE_REGULAR,
			.state = kind == 10 ? STATE_MISSING : STATE_PRESENT,
		};
		g->owner_start[f] = owned;
		if (kind == 9)
			continue;
		g->owners[owned++].package = p;
		if (kind == 8 && p < g->package_count)
			g->owners[owned++].package = p + 1;
	}
	g->owner_start[count + 1] = owned;
}

static void index_owned(struct graph *g)
{
	uint32_t total = 0;

	g->owned_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	g->owned = mem_calloc(g->owner_start[g->file_count + 1] + 1u, sizeof(file_id));
	for (pkg_id p = 1; p <= g->package_count; p++) {
		g->owned_start[p] = total;
		for (file_id f = 1; f <= g->file_count; f++)
			for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1];
			     i++)
				if (g->owners[i].package == p)
					g->owned[total++] = f;
	}
	g->owned_start[g->package_count + 1] = total;
}

static int by_from(const void *a, const void *b)
{
	const struct graph_edge *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

static void add_edges(struct graph *g, uint64_t *seed, uint32_t count)
{
	static const uint8_t KINDS[] = { EDGE_NEEDED, EDGE_EXEC, EDGE_DLOPEN, EDGE_PATH };

	g->node_count = g->file_count + g->package_count;
	g->edge_count = g->file_count ? count : 0;
	g->edges = mem_calloc(g->edge_count + 1u, sizeof(*g->edges));
	g->edge_start = mem_calloc(g->node_count + 2u, sizeof(uint32_t));
	g->edge_in_start = mem_calloc(g->node_count + 2u, sizeof(uint32_t));
	g->edge_in = mem_calloc(g->edge_count + 1u, sizeof(uint32_t));
	for (uint32_t i = 0; i < g->edge_count; i++)
		g->edges[i] = (struct graph_edge){
			.from = 1 + random_below(seed, g->file_count),
			.to = 1 + random_below(seed, g->file_count),
			.kind = KINDS[random_below(seed, 4)],
			.strength = (uint8_t)random_below(seed, 3),
		};
	if (g->edge_count > 1)
		qsort(g->edges, g->edge_count, sizeof(*g->edges), by_from);
	for (uint32_t i = 0; i < g->edge_count; i++)
		g->edge_start[g->edges[i].from + 1]++;
	for (uint32_t v = 1; v <= g->node_count + 1; v++)
		g->edge_start[v] += g->edge_start[v - 1];
}

/* Capability c is provided by package c and, above the packages, by up to three. */
static void add_capabilities(struct graph *g, uint64_t *seed, uint32_t more)
{
	uint32_t count = g->package_count + more, total = 0;

	g->capability_count = g->req_node_count = count;
	g->capabilities = mem_calloc(count + 1u, sizeof(str_id));
	g->req_nodes = mem_calloc(count + 1u, sizeof(*g->req_nodes));
	g->provider_start = mem_calloc(count + 2u, sizeof(uint32_t));
	g->providers = mem_calloc(3 * (size_t)count + 1, sizeof(*g->providers));
	for (cap_id cap = 1; cap <= count; cap++) {
		g->capabilities[cap] = text(g, "cap", cap);
		g->req_nodes[cap] = (struct graph_req_node){ .op = NODE_CAPABILITY,
							     .capability = cap };
		g->provider_start[cap] = total;
		if (cap <= g->package_count) {
			g->providers[total++].package = cap;
			continue;
		}
		for (pkg_id p = 1; p <= g->package_count; p++)
			if (total - g->provider_start[cap] < 3 &&
			    random_below(seed, g->package_count) < 2)
				g->providers[total++].package = p;
	}
	g->provider_start[count + 1] = total;
}

static void add_requirements(struct graph *g, uint64_t *seed, uint32_t count)
{
	uint32_t made = 0;

	g->requirement_count = count;
	g->requirements = mem_calloc(count + 1u, sizeof(*g->requirements));
	g->requirement_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	for (pkg_id p = 1; p <= g->package_count; p++) {
		uint32_t here =
			count / g->package_count + (p <= count % g->package_count);

		g->requirement_start[p] = made;
		for (uint32_t i = 0; i < here; i++)
			g->requirements[made++] = (struct graph_requirement){
				.package = p,
				.strength = REQ_REQUIRES,
				.state = REQ_CHECKED,
				.node = 1 + random_below(seed, g->capability_count),
				.text = text(g, "cap", p),
			};
	}
	g->requirement_start[g->package_count + 1] = made;
}

struct graph *random_graph(uint64_t *seed, const struct random_shape *shape)
{
	struct graph *g = mem_calloc(1, sizeof(*g));

	strpool_init(&g->strings);
	g->image.complete = true;
	g->image.metadata_only = shape->metadata_only;
	add_packages(g, shape->packages);
	add_files(g, seed, shape->files);
	index_owned(g);
	add_edges(g, seed, shape->edges);
	add_capabilities(g, seed, shape->capabilities);
	add_requirements(g, seed, shape->requirements);
	return g;
}

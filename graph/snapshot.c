#include "graph/snapshot.h"

#include "base/array.h"
#include "base/macros.h"
#include "base/mem.h"
#include "graph/snapshot_elf.h"
#include "graph/snapshot_names.h"

#include <errno.h>
#include <string.h>

typedef int row_fn(struct graph *g, struct sql_stmt *q, struct error *err);

static int damaged(struct error *err, const char *what)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (%s): analyse the root again", what);
}

/* Run a query and hand every row on. */
static int each_row(struct store *st, struct graph *g, const char *query, row_fn *fn,
		    struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), query, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		r = fn(g, q, err);
		if (r < 0)
			return r;
	}
	return r;
}

static str_id text_column(struct graph *g, struct sql_stmt *q, int column)
{
	return sql_is_null(q, column) ? 0 : strpool_add(&g->strings, sql_text(q, column));
}

static const char SQL_COUNTS[] =
	"SELECT (SELECT count(*) FROM package), (SELECT count(*) FROM file),"
	" (SELECT count(*) FROM capability), (SELECT count(*) FROM requirement),"
	" (SELECT count(*) FROM requirement_node), (SELECT count(*) FROM edge),"
	" (SELECT count(*) FROM ownership), (SELECT count(*) FROM provider)";

static int read_counts(struct graph *g, struct sql_stmt *q, struct error *err)
{
	uint32_t owner_count = sql_id(q, 6), provider_count = sql_id(q, 7);

	(void)err;
	g->package_count = sql_id(q, 0);
	g->file_count = sql_id(q, 1);
	g->capability_count = sql_id(q, 2);
	g->requirement_count = sql_id(q, 3);
	g->req_node_count = sql_id(q, 4);
	g->edge_count = sql_id(q, 5);
	g->node_count = g->file_count + g->package_count;

	g->packages = mem_calloc(g->package_count + 1u, sizeof(*g->packages));
	g->files = mem_calloc(g->file_count + 1u, sizeof(*g->files));
	g->capabilities = mem_calloc(g->capability_count + 1u, sizeof(*g->capabilities));
	g->owner_start = mem_calloc(g->file_count + 2u, sizeof(uint32_t));
	g->owners = mem_calloc(owner_count + 1u, sizeof(*g->owners));
	g->owned_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	g->owned = mem_calloc(owner_count + 1u, sizeof(*g->owned));
	g->requirement_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	g->requirements = mem_calloc(g->requirement_count + 1u, sizeof(*g->requirements));
	g->req_nodes = mem_calloc(g->req_node_count + 1u, sizeof(*g->req_nodes));
	g->provider_start = mem_calloc(g->capability_count + 2u, sizeof(uint32_t));
	g->providers = mem_calloc(provider_count + 1u, sizeof(*g->providers));
	g->edge_start = mem_calloc(g->node_count + 2u, sizeof(uint32_t));
	g->edges = mem_calloc(g->edge_count + 1u, sizeof(*g->edges));
	g->edge_in_start = mem_calloc(g->node_count + 2u, sizeof(uint32_t));
	g->edge_in = mem_calloc(g->edge_count + 1u, sizeof(*g->edge_in));
	return 0;
}

static const char SQL_IMAGE[] =
	"SELECT root, os_id, os_version, os_variant, os_name, architecture,"
	" rpmdb_backend, rpmdb_path, tool_version, rpmdb_headers, rpmdb_unreadable, "
	"entries, disk_bytes,"
	" boundary_bytes, mode = 'metadata-only', complete, compressed_bytes FROM image";

static int read_image(struct graph *g, struct sql_stmt *q, struct error *err)
{
	(void)err;
	g->image = (struct graph_image){
		.root = text_column(g, q, 0),
		.os_id = text_column(g, q, 1),
		.os_version = text_column(g, q, 2),
		.os_variant = text_column(g, q, 3),
		.os_name = text_column(g, q, 4),
		.architecture = text_column(g, q, 5),
		.rpmdb_backend = text_column(g, q, 6),
		.rpmdb_path = text_column(g, q, 7),
		.tool_version = text_column(g, q, 8),
		.rpmdb_headers = (uint64_t)sql_int(q, 9),
		.rpmdb_unreadable = (uint64_t)sql_int(q, 10),
		.entries = (uint64_t)sql_int(q, 11),
		.disk_bytes = (uint64_t)sql_int(q, 12),
		.boundary_bytes = (uint64_t)sql_int(q, 13),
		.metadata_only = sql_int(q, 14) != 0,
		.complete = sql_int(q, 15) != 0,
		.has_compressed = !sql_is_null(q, 16),
		.compressed_bytes = (uint64_t)sql_int(q, 16),
	};
	return 0;
}

static const char SQL_PACKAGES[] =
	"SELECT id, name, version, release, arch, nevra, summary, license, vendor,"
	" source_rpm, epoch, install_time, declared_bytes, disk_bytes, signed, is_key,"
	" compressed_bytes, header_bytes FROM package /*scan*/";

static int read_package(struct graph *g, struct sql_stmt *q, struct error *err)
{
	pkg_id id = sql_id(q, 0);

	if (id == 0 || id > g->package_count)
		return damaged(err, "package ids have gaps");
	g->packages[id] = (struct graph_package){
		.name = text_column(g, q, 1),
		.version = text_column(g, q, 2),
		.release = text_column(g, q, 3),
		.arch = text_column(g, q, 4),
		.nevra = text_column(g, q, 5),
		.summary = text_column(g, q, 6),
		.license = text_column(g, q, 7),
		.vendor = text_column(g, q, 8),
		.source_rpm = text_column(g, q, 9),
		.epoch = sql_is_null(q, 10) ? -1 : sql_int(q, 10),
		.install_time = sql_int(q, 11),
		.declared_bytes = (uint64_t)sql_int(q, 12),
		.disk_bytes = (uint64_t)sql_int(q, 13),
		.is_signed = sql_int(q, 14) != 0,
		.is_key = sql_int(q, 15) != 0,
		.has_compressed = !sql_is_null(q, 16),
		.compressed_bytes = (uint64_t)sql_int(q, 16),
		.header_bytes = (uint64_t)sql_int(q, 17),
	};
	return 0;
}

static const char SQL_FILES[] =
	"SELECT id, path, target, owner_guess, size_bytes, disk_bytes, device, inode,"
	" mode, link_count, type, category, state, capabilities, compressed_bytes"
	" FROM file /*scan*/";

static int read_file(struct graph *g, struct sql_stmt *q, struct error *err)
{
	file_id id = sql_id(q, 0);
	int type = file_type_parse(sql_text(q, 10));
	int category = file_category_parse(sql_text(q, 11));
	int state = file_state_parse(sql_text(q, 12));

	if (id == 0 || id > g->file_count)
		return damaged(err, "file ids have gaps");
	if (type < 0 || category < 0 || state < 0)
		return damaged(err, "unknown type, category or state of a file");
	g->files[id] = (struct graph_file){
		.path = text_column(g, q, 1),
		.target = text_column(g, q, 2),
		.owner_guess = text_column(g, q, 3),
		.size_bytes = (uint64_t)sql_int(q, 4),
		.disk_bytes = (uint64_t)sql_int(q, 5),
		.device = (uint64_t)sql_int(q, 6),
		.inode = (uint64_t)sql_int(q, 7),
		.mode = sql_id(q, 8),
		.link_count = sql_id(q, 9),
		.type = (uint8_t)type,
		.category = (uint8_t)category,
		.state = (uint8_t)state,
		.capabilities = text_column(g, q, 13),
		.has_compressed = !sql_is_null(q, 14),
		.compressed_bytes = (uint64_t)sql_int(q, 14),
	};
	return 0;
}

static const char SQL_OWNERS[] =
	"SELECT file_id, package_id, flags, rpm_state FROM ownership"
	" ORDER BY file_id, package_id /*scan*/";

static int read_owner(struct graph *g, struct sql_stmt *q, struct error *err)
{
	file_id file = sql_id(q, 0);
	pkg_id package = sql_id(q, 1);

	if (file == 0 || file > g->file_count || package == 0 ||
	    package > g->package_count)
		return damaged(err, "an owner that is not there");
	g->owners[g->owner_start[g->file_count + 1]++] = (struct graph_owner){
		.package = package,
		.flags = sql_id(q, 2),
		.rpm_state = sql_id(q, 3),
	};
	if (file < g->file_count)
		g->owner_start[file + 1]++;
	g->owned_start[package]++;
	return 0;
}

static const char SQL_CAPABILITIES[] =
	"SELECT id, name || CASE sense WHEN '' THEN '' ELSE ' ' || sense || ' ' || evr"
	" END FROM capability /*scan*/";

static int read_capability(struct graph *g, struct sql_stmt *q, struct error *err)
{
	cap_id id = sql_id(q, 0);

	if (id == 0 || id > g->capability_count)
		return damaged(err, "capability ids have gaps");
	g->capabilities[id] = text_column(g, q, 1);
	return 0;
}

static const char SQL_REQUIREMENTS[] =
	"SELECT package_id, strength, phases, origin = 'manual', text, node_id, state"
	" FROM requirement ORDER BY package_id, id";

static int read_requirement(struct graph *g, struct sql_stmt *q, struct error *err)
{
	pkg_id package = sql_id(q, 0);
	int strength = req_strength_parse(sql_text(q, 1));
	int state = req_state_parse(sql_text(q, 6));
	node_id node = sql_id(q, 5);

	if (package == 0 || package > g->package_count || strength < 0 || state < 0 ||
	    node > g->req_node_count)
		return damaged(err, "a requirement that makes no sense");
	g->requirements[g->requirement_start[g->package_count + 1]++] =
		(struct graph_requirement){
			.package = package,
			.strength = (uint8_t)strength,
			.state = (uint8_t)state,
			.manual = sql_int(q, 3) != 0,
			.phases = sql_id(q, 2),
			.node = node,
			.text = text_column(g, q, 4),
		};
	if (package < g->package_count)
		g->requirement_start[package + 1]++;
	return 0;
}

static const char SQL_NODES[] =
	"SELECT id, operator, left_id, right_id, else_id, capability_id"
	" FROM requirement_node /*scan*/";

/* Children come before their parents, so no tree can be a cycle. */
static int read_node(struct graph *g, struct sql_stmt *q, struct error *err)
{
	node_id id = sql_id(q, 0);
	int op = node_operator_parse(sql_text(q, 1));
	struct graph_req_node node = {
		.op = (uint8_t)op,
		.left = sql_id(q, 2),
		.right = sql_id(q, 3),
		.otherwise = sql_id(q, 4),
		.capability = sql_id(q, 5),
	};

	if (id == 0 || id > g->req_node_count || op < 0)
		return damaged(err, "requirement nodes have gaps");
	if (node.left >= id || node.right >= id || node.otherwise >= id ||
	    node.capability > g->capability_count)
		return damaged(err, "a requirement node before its parts");
	if (op == NODE_CAPABILITY ? node.capability == 0
				  : node.left == 0 || node.right == 0)
		return damaged(err, "a requirement node without its parts");
	g->req_nodes[id] = node;
	return 0;
}

static const char SQL_PROVIDERS[] =
	"SELECT capability_id, package_id, file_id FROM provider"
	" ORDER BY capability_id, package_id /*scan*/";

static int read_provider(struct graph *g, struct sql_stmt *q, struct error *err)
{
	cap_id capability = sql_id(q, 0);
	struct graph_provider provider = { .package = sql_id(q, 1),
					   .file = sql_id(q, 2) };

	if (capability == 0 || capability > g->capability_count ||
	    provider.package == 0 || provider.package > g->package_count ||
	    provider.file > g->file_count)
		return damaged(err, "a provider that is not there");
	g->providers[g->provider_start[g->capability_count + 1]++] = provider;
	if (capability < g->capability_count)
		g->provider_start[capability + 1]++;
	return 0;
}

static const char SQL_EDGES[] =
	"SELECT from_file, from_package, to_file, to_package, kind, strength, cite_file,"
	" cite_line, cite_text FROM edge"
	" ORDER BY coalesce(from_file, 0), coalesce(from_package, 0),"
	" coalesce(to_file, 0), coalesce(to_package, 0), kind, id /*scan sort*/";

static int read_edge(struct graph *g, struct sql_stmt *q, struct error *err)
{
	uint32_t from_package = sql_id(q, 1), to_package = sql_id(q, 3);
	int kind = edge_kind_parse(sql_text(q, 4));
	int strength = edge_strength_parse(sql_text(q, 5));
	struct graph_edge edge = {
		.from = from_package ? g->file_count + from_package : sql_id(q, 0),
		.to = to_package ? g->file_count + to_package : sql_id(q, 2),
		.kind = (uint8_t)kind,
		.strength = (uint8_t)strength,
		.cite_file = sql_id(q, 6),
		.cite_line = sql_id(q, 7),
		.cite_text = text_column(g, q, 8),
	};

	if (edge.from == 0 || edge.from > g->node_count || edge.to == 0 ||
	    edge.to > g->node_count || kind < 0 || strength < 0 ||
	    edge.cite_file > g->file_count)
		return damaged(err, "an edge between nothing");
	g->edges[g->edge_start[g->node_count + 1]++] = edge;
	return 0;
}

/* Turn counts at [id + 1] into the places where each id's part begins. */
static void sum_up(uint32_t *start, uint32_t count)
{
	start[0] = start[1] = 0;
	for (uint32_t i = 2; i <= count; i++)
		start[i] += start[i - 1];
}

static void index_owned(struct graph *g)
{
	uint32_t total = 0;

	for (pkg_id p = 0; p <= g->package_count + 1; p++) {
		uint32_t n = g->owned_start[p];

		g->owned_start[p] = total;
		total += n;
	}
	for (file_id f = 1; f <= g->file_count; f++)
		for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
			g->owned[g->owned_start[g->owners[i].package]++] = f;
	for (pkg_id p = g->package_count + 1; p > 0; p--)
		g->owned_start[p] = g->owned_start[p - 1];
	g->owned_start[0] = 0;
}

/* Package nodes come behind files although the query has them first: sort by counting. */
static void index_edges(struct graph *g)
{
	uint32_t n = g->edge_start[g->node_count + 1];
	struct graph_edge *sorted = mem_calloc(n + 1u, sizeof(*sorted));
	uint32_t *out = g->edge_start, *in = g->edge_in_start;

	memset(out, 0, (g->node_count + 2u) * sizeof(*out));
	for (uint32_t i = 0; i < n; i++) {
		out[g->edges[i].from + 1]++;
		in[g->edges[i].to + 1]++;
	}
	for (uint32_t i = 1; i <= g->node_count + 1; i++) {
		out[i] += out[i - 1];
		in[i] += in[i - 1];
	}
	for (uint32_t i = 0; i < n; i++)
		sorted[out[g->edges[i].from]++] = g->edges[i];
	for (uint32_t i = g->node_count + 1; i > 0; i--)
		out[i] = out[i - 1];
	out[0] = 0;
	free(g->edges);
	g->edges = sorted;
	for (uint32_t i = 0; i < n; i++)
		g->edge_in[in[sorted[i].to]++] = i;
	for (uint32_t i = g->node_count + 1; i > 0; i--)
		in[i] = in[i - 1];
	in[0] = 0;
}

static const struct {
	const char *query;
	row_fn *read;
} TABLES[] = {
	{ SQL_IMAGE, read_image },
	{ SQL_PACKAGES, read_package },
	{ SQL_FILES, read_file },
	{ SQL_OWNERS, read_owner },
	{ SQL_CAPABILITIES, read_capability },
	{ SQL_REQUIREMENTS, read_requirement },
	{ SQL_NODES, read_node },
	{ SQL_PROVIDERS, read_provider },
	{ SQL_EDGES, read_edge },
};

/* The last id stands for the number of files: to count a million of them takes longer than
 * all the rest. */
static const char SQL_HEAD_COUNTS[] =
	"SELECT (SELECT count(*) FROM package), (SELECT ifnull(max(id), 0) FROM file)";

static int read_head_counts(struct graph *g, struct sql_stmt *q, struct error *err)
{
	(void)err;
	g->package_count = sql_id(q, 0);
	g->file_count = sql_id(q, 1);
	g->node_count = g->file_count + g->package_count;
	g->packages = mem_calloc(g->package_count + 1u, sizeof(*g->packages));
	g->owned_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	return 0;
}

int graph_load_packages(struct store *st, struct graph **ret, struct error *err)
{
	_cleanup_(graph_freep) struct graph *g = mem_calloc(1, sizeof(*g));
	int r;

	strpool_init(&g->strings);
	r = each_row(st, g, SQL_HEAD_COUNTS, read_head_counts, err);
	if (r == 0)
		r = each_row(st, g, SQL_IMAGE, read_image, err);
	if (r == 0)
		r = each_row(st, g, SQL_PACKAGES, read_package, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&g);
	return 0;
}

int graph_load(struct store *st, struct graph **ret, struct error *err)
{
	_cleanup_(graph_freep) struct graph *g = mem_calloc(1, sizeof(*g));
	int r;

	strpool_init(&g->strings);
	r = each_row(st, g, SQL_COUNTS, read_counts, err);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(TABLES); i++)
		r = each_row(st, g, TABLES[i].query, TABLES[i].read, err);
	if (r == 0)
		r = snapshot_load_names(st, g, err);
	if (r == 0)
		r = snapshot_load_elves(st, g, err);
	if (r < 0)
		return r;
	sum_up(g->owner_start, g->file_count);
	sum_up(g->requirement_start, g->package_count);
	sum_up(g->provider_start, g->capability_count);
	index_owned(g);
	index_edges(g);
	*ret = steal_ptr(&g);
	return 0;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	strpool_release(&g->strings);
	free(g->packages);
	free(g->files);
	free(g->capabilities);
	free(g->owner_start);
	free(g->owners);
	free(g->owned_start);
	free(g->owned);
	free(g->requirement_start);
	free(g->requirements);
	free(g->req_nodes);
	free(g->provider_start);
	free(g->providers);
	snapshot_free_names(g);
	snapshot_free_elves(g);
	free(g->edge_start);
	free(g->edges);
	free(g->edge_in_start);
	free(g->edge_in);
	free(g);
}

void graph_freep(struct graph **g)
{
	graph_free(*g);
}

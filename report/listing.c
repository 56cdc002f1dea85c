#include "report/listing.h"

#include "graph/store_read.h"
#include "report/listing_services.h"
#include "report/measure_surface.h"
#include "report/node.h"
#include "report/relations.h"
#include "rules/rule_parse.h"
#include "trimmer/retained.h"

#include <errno.h>
#include <string.h>

struct listing {
	const char *name;
	const struct table_column *columns;
	size_t column_count;
	int (*fill)(const struct listing_source *source, struct table *table,
		    struct error *err);
};

static const char *const REQUIRES[] = { "requires" };

static const struct table_column PACKAGE_COLUMNS[] = {
	{ "name", "Name", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "retained_bytes", "Retained", TABLE_BYTES, 0 },
	{ "required_by", "Needed by", TABLE_COUNT, 0 },
	{ "declared_bytes", "Declared", TABLE_BYTES, TABLE_HIDDEN },
	{ "files", "Files", TABLE_COUNT, 0 },
	{ "license", "Licence", TABLE_TEXT, TABLE_HIDDEN },
	{ "vendor", "Vendor", TABLE_TEXT, TABLE_HIDDEN },
	{ "source_rpm", "Source", TABLE_TEXT, TABLE_HIDDEN },
	{ "signed", "Signed", TABLE_BOOL, TABLE_HIDDEN },
	{ "summary", "Summary", TABLE_TEXT, 0 },
};

/* How many packages require each one: a hard requirement of theirs names it. */
static uint32_t *count_requirers(const struct graph *g)
{
	uint32_t *count = mem_calloc(g->package_count + 1u, sizeof(*count));
	struct relations_query query = { .depth = 1, .kinds = REQUIRES, .kind_count = 1 };

	for (pkg_id p = 1; p <= g->package_count; p++) {
		_cleanup_(relations_release) struct relations needs = { 0 };
		struct idset seen;

		idset_init(&seen, g->node_count + 1u);
		query.start = graph_package_node(g, p);
		relations_find(g, &query, &needs);
		array_each (&needs.list, i) {
			uint32_t to = needs.list.data[i].to;

			if (to && idset_add(&seen, to))
				count[graph_node_package(g, to)]++;
		}
		idset_release(&seen);
	}
	return count;
}

static int fill_packages(const struct listing_source *source, struct table *table,
			 struct error *err)
{
	const struct graph *g = source->graph;
	struct demand_options options = { 0 };
	_cleanup_(freep) uint64_t *bytes = mem_calloc(g->package_count + 1u, 8);
	_cleanup_(freep) uint32_t *requirers = count_requirers(g);
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;

	(void)err;
	options.caution = CAUTION_NORMAL;
	weigh_new(g, &weigh);
	retained_new(g, weigh, &options, NULL, 0, &retained);
	retained_all(retained, bytes);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		const struct graph_package *pkg = &g->packages[p];

		if (!measure_is_software(pkg))
			continue;
		table_text(table, graph_text(g, pkg->name));
		table_text(table, graph_text(g, pkg->nevra));
		table_number(table, pkg->disk_bytes);
		table_number(table, bytes[p]);
		table_number(table, requirers[p]);
		table_number(table, pkg->declared_bytes);
		table_number(table, g->owned_start[p + 1] - g->owned_start[p]);
		table_text(table, graph_text(g, pkg->license));
		table_text(table, graph_text(g, pkg->vendor));
		table_text(table, graph_text(g, pkg->source_rpm));
		table_number(table, pkg->is_signed);
		table_text(table, graph_text(g, pkg->summary));
	}
	return 0;
}

static const struct table_column FILE_COLUMNS[] = {
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "size_bytes", "Size", TABLE_BYTES, 0 },
	{ "type", "Type", TABLE_TEXT, TABLE_HIDDEN },
	{ "category", "Category", TABLE_TEXT, 0 },
	{ "state", "State", TABLE_TEXT, 0 },
	{ "mode", "Mode", TABLE_COUNT, TABLE_HIDDEN },
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "owner_guess", "Made by", TABLE_TEXT, TABLE_HIDDEN },
	{ "target", "Target", TABLE_TEXT, TABLE_HIDDEN },
	{ "path", "Path", TABLE_TEXT, TABLE_NAMES },
};

/* The package that has the file, by its NEVRA; NULL of an unowned one. */
static const char *owner_text(const struct graph *g, file_id f)
{
	pkg_id p = node_owner(g, f);

	return p ? graph_text(g, g->packages[p].nevra) : NULL;
}

/* A text that may be missing. */
static const char *text_or_null(const struct graph *g, str_id id)
{
	return id ? graph_text(g, id) : NULL;
}

static int fill_files(const struct listing_source *source, struct table *table,
		      struct error *err)
{
	const struct graph *g = source->graph;

	(void)err;
	for (file_id f = 1; f <= g->file_count; f++) {
		const struct graph_file *file = &g->files[f];

		table_number(table, file->disk_bytes);
		table_number(table, file->size_bytes);
		table_text(table, file_type_name(file->type));
		table_text(table, file_category_name(file->category));
		table_text(table, file_state_name(file->state));
		table_number(table, file->mode);
		table_text(table, owner_text(g, f));
		table_text(table, text_or_null(g, file->owner_guess));
		table_text(table, text_or_null(g, file->target));
		table_text(table, graph_text(g, file->path));
	}
	return 0;
}

static const struct table_column LIBRARY_COLUMNS[] = {
	{ "soname", "Library", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "users", "Users", TABLE_COUNT, 0 },
	{ "class", "Class", TABLE_COUNT, TABLE_HIDDEN },
	{ "machine", "Machine", TABLE_TEXT, TABLE_HIDDEN },
	{ "stripped", "Stripped", TABLE_BOOL, TABLE_HIDDEN },
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "path", "Path", TABLE_TEXT, TABLE_NAMES },
};

struct library_fill {
	const struct graph *g;
	struct table *table;
};

/* Files whose DT_NEEDED resolves to this one. */
static uint32_t count_users(const struct graph *g, file_id f)
{
	uint32_t users = 0;

	for (uint32_t i = g->edge_in_start[f]; i < g->edge_in_start[f + 1]; i++)
		users += g->edges[g->edge_in[i]].kind == EDGE_NEEDED;
	return users;
}

static int add_library(const struct elf_row *row, void *arg)
{
	const struct library_fill *fill = arg;
	const struct graph *g = fill->g;
	struct table *table = fill->table;

	if (row->type != ELF_SHARED || row->file > g->file_count)
		return 0;
	table_text(table, row->soname);
	table_number(table, g->files[row->file].disk_bytes);
	table_number(table, count_users(g, row->file));
	table_number(table, (uint64_t)row->class);
	table_text(table, row->machine);
	table_number(table, row->is_stripped);
	table_text(table, owner_text(g, row->file));
	table_text(table, graph_text(g, g->files[row->file].path));
	return 0;
}

static int fill_libraries(const struct listing_source *source, struct table *table,
			  struct error *err)
{
	struct library_fill fill = { source->graph, table };

	return store_each_elf(source->store, add_library, &fill, err);
}

static const struct table_column EDGE_COLUMNS[] = {
	{ "kind", "Kind", TABLE_TEXT, TABLE_NAMES },
	{ "strength", "Strength", TABLE_TEXT, 0 },
	{ "from", "From", TABLE_TEXT, TABLE_NAMES },
	{ "to", "To", TABLE_TEXT, TABLE_NAMES },
	{ "place", "Written in", TABLE_TEXT, 0 },
	{ "text", "Says", TABLE_TEXT, 0 },
};

static int fill_edges(const struct listing_source *source, struct table *table,
		      struct error *err)
{
	const struct graph *g = source->graph;
	_cleanup_(strbuf_release) struct strbuf place = { 0 };

	(void)err;
	for (uint32_t i = 0; i < g->edge_count; i++) {
		const struct graph_edge *edge = &g->edges[i];

		strbuf_clear(&place);
		node_edge_place(g, edge, &place);
		table_text(table, edge_kind_name(edge->kind));
		table_text(table, edge_strength_name(edge->strength));
		table_text(table, node_name(g, edge->from));
		table_text(table, node_name(g, edge->to));
		table_text(table, strbuf_text(&place));
		table_text(table, graph_text(g, edge->cite_text));
	}
	return 0;
}

static const struct table_column FINDING_COLUMNS[] = {
	{ "severity", "Severity", TABLE_TEXT, 0 },
	{ "rule", "Rule", TABLE_TEXT, TABLE_NAMES },
	{ "subject", "Subject", TABLE_TEXT, TABLE_NAMES },
	{ "text", "What", TABLE_TEXT, 0 },
	{ "remedy", "Remedy", TABLE_TEXT, TABLE_HIDDEN },
};

static int add_finding(const struct finding_row *row, void *arg)
{
	struct table *table = arg;

	table_text(table, severity_name(row->severity));
	table_text(table, row->rule);
	table_text(table, row->subject);
	table_text(table, row->text);
	table_text(table, row->remedy[0] ? row->remedy : NULL);
	return 0;
}

static int fill_findings(const struct listing_source *source, struct table *table,
			 struct error *err)
{
	return store_each_finding(source->store, add_finding, table, err);
}

static const struct table_column SURFACE_COLUMNS[] = {
	{ "measure", "Measure", TABLE_TEXT, TABLE_NAMES },
	{ "count", "Count", TABLE_COUNT, 0 },
	{ "group", "Group", TABLE_TEXT, 0 },
	{ "title", "What", TABLE_TEXT, 0 },
};

static int fill_surface(const struct listing_source *source, struct table *table,
			struct error *err)
{
	_cleanup_(surface_freep) struct surface *s = surface_new(source->graph);

	(void)err;
	for (int i = 0; i < SURFACE_COUNT; i++) {
		table_text(table, SURFACE_KINDS[i].name);
		if (surface_is_known(s, (enum surface_id)i))
			table_number(table, surface_count(s, (enum surface_id)i));
		else
			table_none(table);
		table_text(table, SURFACE_KINDS[i].group);
		table_text(table, SURFACE_KINDS[i].title);
	}
	return 0;
}

#define COLUMNS(list) (list), ARRAY_LEN(list)
static const struct listing LISTINGS[] = {
	{ "packages", COLUMNS(PACKAGE_COLUMNS), fill_packages },
	{ "files", COLUMNS(FILE_COLUMNS), fill_files },
	{ "libraries", COLUMNS(LIBRARY_COLUMNS), fill_libraries },
	{ "services", LISTING_SERVICE_COLUMNS, LISTING_SERVICE_COLUMN_COUNT,
	  listing_fill_services },
	{ "edges", COLUMNS(EDGE_COLUMNS), fill_edges },
	{ "findings", COLUMNS(FINDING_COLUMNS), fill_findings },
	{ "surface", COLUMNS(SURFACE_COLUMNS), fill_surface },
};

const struct listing *listing_find(const char *name, struct error *err)
{
	const char *known[ARRAY_LEN(LISTINGS)], *near;

	for (size_t i = 0; i < ARRAY_LEN(LISTINGS); i++) {
		if (strcmp(LISTINGS[i].name, name) == 0)
			return &LISTINGS[i];
		known[i] = LISTINGS[i].name;
	}
	near = rule_did_you_mean(name, known, ARRAY_LEN(LISTINGS));
	if (near)
		error_set(err, -EINVAL, "no list of '%s' (did you mean '%s'?)", name,
			  near);
	else
		error_set(err, -EINVAL,
			  "no list of '%s': packages, files, libraries, services, edges, "
			  "findings or surface",
			  name);
	return NULL;
}

static int find_column(const struct listing *listing, const char *key)
{
	for (size_t i = 0; i < listing->column_count; i++)
		if (strcmp(listing->columns[i].key, key) == 0)
			return (int)i;
	return -1;
}

int listing_check_sort(const struct listing *listing, const char *sort, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };

	if (!sort || find_column(listing, sort) >= 0)
		return 0;
	for (size_t i = 0; i < listing->column_count; i++)
		strbuf_printf(&known, "%s%s", i ? ", " : "", listing->columns[i].key);
	return error_set(err, -EINVAL, "%s have no column '%s': %s", listing->name, sort,
			 strbuf_text(&known));
}

int listing_make(const struct listing *listing, const struct listing_source *source,
		 const struct listing_filter *filter, struct table *table,
		 struct error *err)
{
	int column = filter->sort ? find_column(listing, filter->sort) : -1;
	int r;

	table_init(table, listing->columns, listing->column_count);
	r = listing_check_sort(listing, filter->sort, err);
	if (r == 0)
		r = listing->fill(source, table, err);
	if (r < 0)
		return r;
	if (filter->kind_count)
		table_keep(table, 0, filter->kinds, filter->kind_count);
	if (filter->glob_count)
		table_filter(table, filter->globs, filter->glob_count);
	if (column >= 0)
		table_sort(table, (size_t)column, filter->reverse);
	if (filter->top)
		table_truncate(table, filter->top);
	return 0;
}

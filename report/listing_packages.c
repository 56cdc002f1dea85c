#include "report/listing_packages.h"

#include "graph/usage.h"
#include "report/measure_surface.h"
#include "report/relations.h"
#include "trimmer/memory.h"
#include "trimmer/retained.h"

#include <string.h>

static const char *const REQUIRES[] = { "requires" };

const struct table_column LISTING_PACKAGE_COLUMNS[LISTING_PACKAGE_COLUMN_COUNT] = {
	{ "name", "Name", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "compressed_bytes", "Compressed", TABLE_BYTES, TABLE_HIDDEN },
	{ "retained_bytes", "Retained", TABLE_BYTES, 0 },
	{ "required_by", "Needed by", TABLE_COUNT, 0 },
	{ "declared_bytes", "Declared", TABLE_BYTES, TABLE_HIDDEN },
	{ "files", "Files", TABLE_COUNT, 0 },
	{ "license", "Licence", TABLE_TEXT, TABLE_HIDDEN },
	{ "vendor", "Vendor", TABLE_TEXT, TABLE_HIDDEN },
	{ "source_rpm", "Source", TABLE_TEXT, TABLE_HIDDEN },
	{ "signed", "Signed", TABLE_BOOL, TABLE_HIDDEN },
	{ "memory_bytes", "Memory", TABLE_BYTES, TABLE_HIDDEN },
	{ "flags", "Flags", TABLE_TEXT, TABLE_HIDDEN },
	{ "summary", "Summary", TABLE_TEXT, 0 },
};

const char *const LISTING_PACKAGE_FLAGS[] = { "unsigned", "foreign-vendor", NULL };

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

/* What costs more than reading it, each only where it is asked for. */
struct package_facts {
	uint64_t *retained; /* NULL: not asked for */
	uint32_t *requirers;
	struct memory *memory;
	struct surface *surface;
};

/* Words of options are compared as texts: rather once too often than not at all. */
static bool is_asked(const struct listing_source *source, const char *key)
{
	const struct listing_filter *asked = source->asked;

	if (!asked || !asked->columns || strcmp(asked->columns, "all") == 0)
		return true;
	return strstr(asked->columns, key) ||
	       (asked->words && strstr(asked->words, key)) ||
	       (asked->sort && strstr(asked->sort, key));
}

/* Measured where there is evidence, as everywhere else. */
static int find_memory(const struct listing_source *source, struct memory **ret,
		       struct error *err)
{
	_cleanup_(usage_freep) struct usage *usage = NULL;
	int r = usage_load(source->store, source->graph, &usage, err);

	if (r == 0)
		memory_new(source->graph, &(struct memory_options){ .usage = usage },
			   ret);
	return r;
}

static int find_facts(const struct listing_source *source, struct package_facts *ret,
		      struct error *err)
{
	const struct graph *g = source->graph;
	struct demand_options options = { .caution = CAUTION_NORMAL };
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;

	*ret = (struct package_facts){ .surface = surface_new(g) };
	if (is_asked(source, "retained")) {
		ret->retained = mem_calloc(g->package_count + 1u, sizeof(uint64_t));
		weigh_new(g, &weigh);
		retained_new(g, weigh, &options, NULL, 0, &retained);
		retained_all(retained, ret->retained);
	}
	if (is_asked(source, "required_by"))
		ret->requirers = count_requirers(g);
	if (is_asked(source, "memory") && !g->image.metadata_only)
		return find_memory(source, &ret->memory, err);
	return 0;
}

static void free_facts(struct package_facts *facts)
{
	free(facts->retained);
	free(facts->requirers);
	memory_free(facts->memory);
	surface_free(facts->surface);
}

static void put_number(struct table *table, bool is_known, uint64_t number)
{
	if (is_known)
		table_number(table, number);
	else
		table_none(table);
}

static void put_flags(const struct surface *surface, pkg_id p, struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf flags = { 0 };

	for (size_t i = 0; LISTING_PACKAGE_FLAGS[i]; i++)
		if (idset_has(surface_set(surface, (enum surface_id)surface_parse(
							   LISTING_PACKAGE_FLAGS[i])),
			      p))
			strbuf_printf(&flags, "%s%s", flags.len ? " " : "",
				      LISTING_PACKAGE_FLAGS[i]);
	table_text(table, flags.len ? strbuf_text(&flags) : NULL);
}

static void add_package(const struct graph *g, const struct package_facts *facts,
			pkg_id p, struct table *table)
{
	const struct graph_package *pkg = &g->packages[p];
	const struct memory *memory = facts->memory;

	table_text(table, graph_text(g, pkg->name));
	table_text(table, graph_text(g, pkg->nevra));
	table_number(table, pkg->disk_bytes);
	put_number(table, pkg->has_compressed, pkg->compressed_bytes);
	put_number(table, facts->retained, facts->retained ? facts->retained[p] : 0);
	put_number(table, facts->requirers, facts->requirers ? facts->requirers[p] : 0);
	table_number(table, pkg->declared_bytes);
	table_number(table, g->owned_start[p + 1] - g->owned_start[p]);
	table_text(table, graph_text(g, pkg->license));
	table_text(table, graph_text(g, pkg->vendor));
	table_text(table, graph_text(g, pkg->source_rpm));
	table_number(table, pkg->is_signed);
	put_number(table, memory, memory ? memory->package_bytes[p] : 0);
	put_flags(facts->surface, p, table);
	table_text(table, graph_text(g, pkg->summary));
}

int listing_fill_packages(const struct listing_source *source, struct table *table,
			  struct error *err)
{
	const struct graph *g = source->graph;
	struct package_facts facts;
	int r = find_facts(source, &facts, err);

	for (pkg_id p = 1; r == 0 && p <= g->package_count; p++)
		if (measure_is_software(&g->packages[p]))
			add_package(g, &facts, p, table);
	free_facts(&facts);
	return r;
}

#include "report/listing.h"

#include "graph/store_read.h"
#include "report/findings.h"
#include "report/listing_packages.h"
#include "report/listing_services.h"
#include "report/measure_surface.h"
#include "report/node.h"
#include "report/relations.h"
#include "report/table_choice.h"
#include "report/table_source.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <string.h>

struct listing {
	const char *name;
	const struct table_column *columns;
	size_t column_count;
	int (*fill)(const struct listing_source *source, struct table *table,
		    struct error *err);
	const char *const *flags; /* words of its column "flags"; NULL: it has none */
};

static const struct table_column FILE_COLUMNS[] = {
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "size_bytes", "Size", TABLE_BYTES, 0 },
	{ "compressed_bytes", "Compressed", TABLE_BYTES, TABLE_HIDDEN },
	{ "type", "Type", TABLE_TEXT, TABLE_HIDDEN },
	{ "category", "Category", TABLE_TEXT, 0 },
	{ "state", "State", TABLE_TEXT, 0 },
	{ "mode", "Mode", TABLE_COUNT, TABLE_HIDDEN },
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "owner_guess", "Made by", TABLE_TEXT, TABLE_HIDDEN },
	{ "target", "Target", TABLE_TEXT, TABLE_HIDDEN },
	{ "capabilities", "Capabilities", TABLE_TEXT, TABLE_HIDDEN },
	{ "flags", "Flags", TABLE_TEXT, TABLE_HIDDEN },
	{ "path", "Path", TABLE_TEXT, TABLE_NAMES },
};

/* What may stand in "flags": the measures of the attack surface, and "unowned". */
static const char *const FILE_FLAGS[] = { "changed-files",
					  "setuid",
					  "file-capabilities",
					  "world-writable",
					  "daemons",
					  "sockets",
					  "interpreters",
					  "compilers",
					  "debuggers",
					  "commands",
					  "no-relro",
					  "no-pie",
					  "no-stack-protector",
					  "executable-stack",
					  "unowned",
					  NULL };

static void file_flags(const struct surface *surface, const struct graph *g, file_id f,
		       struct strbuf *out)
{
	strbuf_clear(out);
	for (size_t i = 0; FILE_FLAGS[i]; i++) {
		int id = surface_parse(FILE_FLAGS[i]);
		bool has =
			id >= 0 ? idset_has(surface_set(surface, (enum surface_id)id), f)
				: graph_file_owner(g, f) == 0;

		if (has)
			strbuf_printf(out, "%s%s", out->len ? " " : "", FILE_FLAGS[i]);
	}
}

/* The package that has the file, by its NEVRA; NULL of an unowned one. */
static const char *owner_text(const struct graph *g, file_id f)
{
	pkg_id p = graph_file_owner(g, f);

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
	_cleanup_(surface_freep) struct surface *surface = surface_new(g);
	_cleanup_(strbuf_release) struct strbuf flags = { 0 };

	(void)err;
	for (file_id f = 1; f <= g->file_count; f++) {
		const struct graph_file *file = &g->files[f];

		table_number(table, file->disk_bytes);
		table_number(table, file->size_bytes);
		if (file->has_compressed)
			table_number(table, file->compressed_bytes);
		else
			table_none(table);
		table_text(table, file_type_name(file->type));
		table_text(table, file_category_name(file->category));
		table_text(table, file_state_name(file->state));
		table_number(table, file->mode);
		table_text(table, owner_text(g, f));
		table_text(table, text_or_null(g, file->owner_guess));
		table_text(table, text_or_null(g, file->target));
		table_text(table, text_or_null(g, file->capabilities));
		file_flags(surface, g, f, &flags);
		table_text(table, flags.len ? strbuf_text(&flags) : NULL);
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
	{ "saves_bytes", "Saves", TABLE_BYTES, 0 },
	{ "subject", "Subject", TABLE_TEXT, TABLE_NAMES },
	{ "text", "What", TABLE_TEXT, 0 },
	{ "remedy", "Remedy", TABLE_TEXT, TABLE_HIDDEN },
};

static int add_finding(const struct finding_row *row, void *arg)
{
	struct table *table = arg;

	table_text(table, severity_name(row->severity));
	table_text(table, row->rule);
	if (row->bytes)
		table_number(table, row->bytes);
	else
		table_none(table);
	table_text(table, row->subject);
	table_text(table, row->text);
	table_text(table, row->remedy[0] ? row->remedy : NULL);
	return 0;
}

static int fill_findings(const struct listing_source *source, struct table *table,
			 struct error *err)
{
	return findings_each(source->store, source->graph, add_finding, table, err);
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
	{ "packages", LISTING_PACKAGE_COLUMNS, LISTING_PACKAGE_COLUMN_COUNT,
	  listing_fill_packages, LISTING_PACKAGE_FLAGS },
	{ "files", COLUMNS(FILE_COLUMNS), fill_files, FILE_FLAGS },
	{ "libraries", COLUMNS(LIBRARY_COLUMNS), fill_libraries, NULL },
	{ "services", LISTING_SERVICE_COLUMNS, LISTING_SERVICE_COLUMN_COUNT,
	  listing_fill_services, NULL },
	{ "edges", COLUMNS(EDGE_COLUMNS), fill_edges, NULL },
	{ "findings", COLUMNS(FINDING_COLUMNS), fill_findings, NULL },
	{ "surface", COLUMNS(SURFACE_COLUMNS), fill_surface, NULL },
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

static int check_words(const struct listing *listing, const char *words,
		       struct error *err)
{
	_cleanup_(table_source_freep) struct table_source *source =
		table_source_new(listing->columns, listing->column_count, listing->flags);
	_cleanup_(filter_freep) struct filter *filter = NULL;

	return filter_compile(&filter, table_source_ops(source), words, err);
}

int listing_check(const struct listing *listing, const struct listing_filter *filter,
		  struct error *err)
{
	const struct table_column *columns = listing->columns;
	size_t count = listing->column_count;
	int r = 0;

	if (filter->sort && table_find_column(columns, count, filter->sort) < 0)
		r = table_choice_check(columns, count, filter->sort, err);
	if (r == 0 && filter->columns)
		r = table_choice_check(columns, count, filter->columns, err);
	if (r == 0 && filter->words)
		r = check_words(listing, filter->words, err);
	return r;
}

static int keep_words(const struct listing *listing, const char *words,
		      struct table *table, struct error *err)
{
	_cleanup_(table_source_freep) struct table_source *source =
		table_source_new(listing->columns, listing->column_count, listing->flags);
	_cleanup_(filter_freep) struct filter *filter = NULL;
	int r = filter_compile(&filter, table_source_ops(source), words, err);

	if (r == 0)
		table_source_filter(source, filter, table);
	return r;
}

int listing_make(const struct listing *listing, const struct listing_source *source,
		 const struct listing_filter *filter, struct table *table,
		 struct error *err)
{
	struct listing_source asked = *source;
	int r;

	table_init(table, listing->columns, listing->column_count);
	asked.asked = filter;
	r = listing_check(listing, filter, err);
	if (r == 0)
		r = listing->fill(&asked, table, err);
	if (r < 0)
		return r;
	if (filter->kind_count)
		table_keep(table, 0, filter->kinds, filter->kind_count);
	if (filter->glob_count)
		table_filter(table, filter->globs, filter->glob_count);
	if (filter->words)
		r = keep_words(listing, filter->words, table, err);
	if (filter->sort)
		table_sort(table,
			   (size_t)table_find_column(listing->columns,
						     listing->column_count, filter->sort),
			   filter->reverse);
	if (filter->top)
		table_truncate(table, filter->top);
	return r;
}

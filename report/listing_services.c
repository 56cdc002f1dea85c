#include "report/listing_services.h"

#include "graph/usage.h"
#include "report/node.h"
#include "trimmer/memory.h"

#include <string.h>

const struct table_column LISTING_SERVICE_COLUMNS[LISTING_SERVICE_COLUMN_COUNT] = {
	{ "unit", "Unit", TABLE_TEXT, TABLE_NAMES },
	{ "boot", "At boot", TABLE_TEXT, 0 },
	{ "memory_bytes", "Memory", TABLE_BYTES, 0 },
	{ "memory_source", "Known by", TABLE_TEXT, 0 },
	{ "started_by", "Started by", TABLE_TEXT, 0 },
	{ "wanted_by", "Wanted by", TABLE_TEXT, TABLE_HIDDEN },
	{ "runs", "Runs", TABLE_TEXT, 0 },
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "path", "Path", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
};

static const char *last_component(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void add_word(struct strbuf *words, const char *word)
{
	strbuf_printf(words, "%s%s", words->len ? ", " : "", word);
}

/* Units that start this one. */
static void put_wanters(const struct graph *g, file_id f, struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };

	for (uint32_t i = g->edge_in_start[f]; i < g->edge_in_start[f + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind == EDGE_UNIT)
			add_word(&words, last_component(node_name(g, edge->from)));
	}
	table_text(table, words.len ? strbuf_text(&words) : NULL);
}

/* Programs that this unit starts. */
static void put_programs(const struct graph *g, file_id f, struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };

	for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
		if (g->edges[i].kind == EDGE_UNIT_EXEC)
			add_word(&words, node_name(g, g->edges[i].to));
	table_text(table, words.len ? strbuf_text(&words) : NULL);
}

static const struct memory_daemon *daemon_of(const struct memory *m, file_id unit)
{
	array_each (&m->daemons, i)
		if (m->daemons.data[i].startup.unit == unit)
			return &m->daemons.data[i];
	return NULL;
}

static void put_memory(const struct memory *m, file_id f, struct table *table)
{
	const struct memory_daemon *daemon = daemon_of(m, f);

	table_text(table, daemon			      ? "daemon"
			  : idset_has(&m->startup.unmet, f)   ? "conditional"
			  : idset_has(&m->startup.started, f) ? "started"
							      : NULL);
	if (!daemon) {
		table_none(table);
		table_none(table);
		return;
	}
	table_number(table, daemon->bytes);
	table_text(table, memory_source_name(daemon->source));
}

/* The link or the line that starts it at boot. */
static void put_starter(const struct memory *m, file_id f, struct table *table)
{
	const struct graph *g = m->graph;
	uint32_t index = m->startup.edges[f];
	_cleanup_(strbuf_release) struct strbuf place = { 0 };

	if (index == STARTUP_NO_EDGE) {
		table_none(table);
		return;
	}
	if (g->files[g->edges[index].to].type == FILE_SYMLINK) {
		table_text(table, node_name(g, g->edges[index].to));
		return;
	}
	node_edge_place(g, &g->edges[index], &place);
	table_text(table, strbuf_text(&place));
}

static bool is_unit(const struct graph_file *file)
{
	return file->category == CATEGORY_UNIT && file->type == FILE_REGULAR &&
	       graph_file_on_disk(file);
}

int listing_fill_services(const struct listing_source *source, struct table *table,
			  struct error *err)
{
	const struct graph *g = source->graph;
	_cleanup_(usage_freep) struct usage *usage = NULL;
	_cleanup_(memory_freep) struct memory *m = NULL;
	int r = usage_load(source->store, g, &usage, err);

	if (r < 0)
		return r;
	memory_new(g, &(struct memory_options){ .usage = usage }, &m);
	for (file_id f = 1; f <= g->file_count; f++) {
		const char *path = graph_text(g, g->files[f].path);
		pkg_id owner = graph_file_owner(g, f);

		if (!is_unit(&g->files[f]))
			continue;
		table_text(table, last_component(path));
		put_memory(m, f, table);
		put_starter(m, f, table);
		put_wanters(g, f, table);
		put_programs(g, f, table);
		table_text(table, owner ? graph_text(g, g->packages[owner].nevra) : NULL);
		table_text(table, path);
	}
	return 0;
}

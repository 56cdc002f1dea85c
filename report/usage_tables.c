#include "report/usage_tables.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#define SECONDS_OF_A_DAY 86400

struct usage_table {
	const char *name;
	const struct table_column *columns;
	size_t column_count;
	int (*fill)(const struct usage_source *source, struct table *table,
		    struct error *err);
};

void usage_say_time(int64_t seconds, struct strbuf *out)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (seconds < 0 || !gmtime_r(&time, &parts)) {
		strbuf_puts(out, "not known");
		return;
	}
	strbuf_printf(out, "%04d-%02d-%02d %02d:%02d", parts.tm_year + 1900,
		      parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min);
}

void usage_say_evidence(const struct usage *usage, struct strbuf *out)
{
	uint32_t incomplete = 0;

	for (uint32_t i = 0; i < usage->evidence_count; i++)
		incomplete += !usage->evidence[i].complete;
	style_count(out, usage->evidence_count);
	strbuf_puts(out, usage->evidence_count == 1 ? " piece of evidence of "
						    : " pieces of evidence of ");
	style_counted(out, usage->node_count, "node");
	if (usage->begin >= 0 || usage->end >= 0) {
		strbuf_puts(out, ", ");
		usage_say_time(usage->begin, out);
		strbuf_puts(out, " to ");
		usage_say_time(usage->end, out);
	}
	if (incomplete)
		strbuf_printf(out, "; %" PRIu32 " incomplete", incomplete);
}

const char *usage_verdict(const struct usage_days *days)
{
	if (days->used)
		return "used";
	if (days->loaded)
		return "loaded";
	if (days->evidences)
		return "seen"; /* by evidence that has no window of time */
	return days->never && !days->unknown ? "never seen" : "cannot tell";
}

static void put_days(struct table *table, uint64_t seconds)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	strbuf_printf(&text, "%" PRIu64 ".%02" PRIu64, seconds / SECONDS_OF_A_DAY,
		      seconds % SECONDS_OF_A_DAY * 100 / SECONDS_OF_A_DAY);
	table_text(table, strbuf_text(&text));
	table_number(table, seconds);
}

#define DAYS(key, title)                                                                 \
	{ key "_days", title, TABLE_TEXT, TABLE_RIGHT },                                 \
	{                                                                                \
		key "_seconds", title, TABLE_COUNT, TABLE_HIDDEN                         \
	}

static const struct table_column PACKAGE_COLUMNS[] = {
	{ "name", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "nevra", "NEVRA", TABLE_TEXT, TABLE_HIDDEN },
	{ "verdict", "Verdict", TABLE_TEXT, 0 },
	DAYS("used", "Used"),
	DAYS("loaded", "Loaded"),
	DAYS("never", "Never seen"),
	DAYS("unknown", "Cannot tell"),
	{ "nodes", "Nodes", TABLE_COUNT, 0 },
	{ "evidences", "Evidence", TABLE_COUNT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
};

static int fill_packages(const struct usage_source *source, struct table *table,
			 struct error *err)
{
	const struct graph *g = source->graph;
	_cleanup_(freep) struct usage_days *days = NULL;
	int r = usage_days_load(source->store, g, source->usage, &days, err);

	for (pkg_id p = 1; r == 0 && p <= g->package_count; p++) {
		table_text(table, graph_text(g, g->packages[p].name));
		table_text(table, graph_text(g, g->packages[p].nevra));
		table_text(table, usage_verdict(&days[p]));
		put_days(table, days[p].used);
		put_days(table, days[p].loaded);
		put_days(table, days[p].never);
		put_days(table, days[p].unknown);
		table_number(table, days[p].nodes);
		table_number(table, days[p].evidences);
		table_number(table, g->packages[p].disk_bytes);
	}
	return r;
}

static const struct table_column FILE_COLUMNS[] = {
	{ "path", "File", TABLE_TEXT, TABLE_NAMES },
	{ "use", "Use", TABLE_TEXT, 0 },
	{ "scope", "By", TABLE_TEXT, 0 },
	{ "by", "Executable", TABLE_TEXT, 0 },
	{ "count", "Times", TABLE_COUNT, 0 },
	{ "evidences", "Evidence", TABLE_COUNT, 0 },
	{ "package", "Package", TABLE_TEXT, TABLE_NAMES },
};

static const char *path_or_null(const struct graph *g, file_id file)
{
	return file ? graph_text(g, g->files[file].path) : NULL;
}

static const char *owner_of(const struct graph *g, file_id file)
{
	uint32_t at = g->owner_start[file];

	return at < g->owner_start[file + 1]
		       ? graph_text(g, g->packages[g->owners[at].package].name)
		       : NULL;
}

static int fill_files(const struct usage_source *source, struct table *table,
		      struct error *err)
{
	const struct graph *g = source->graph;
	const struct usage *u = source->usage;

	(void)err;
	for (file_id f = 1; f <= g->file_count; f++) {
		for (uint32_t i = u->use_start[f]; i < u->use_start[f + 1]; i++) {
			const struct usage_use *use = &u->uses[i];

			table_text(table, graph_text(g, g->files[f].path));
			table_text(table,
				   file_use_kind_name((enum file_use_kind)use->use));
			table_text(table, use_scope_name((enum use_scope)use->scope));
			table_text(table, path_or_null(g, use->by));
			table_number(table, use->count);
			table_number(table, use->evidences);
			table_text(table, owner_of(g, f));
		}
	}
	return 0;
}

static const struct table_column MEMORY_COLUMNS[] = {
	{ "executable", "Executable", TABLE_TEXT, TABLE_NAMES },
	{ "scope", "Runs on", TABLE_TEXT, 0 },
	{ "file", "Mapped file", TABLE_TEXT, TABLE_NAMES },
	{ "pss_bytes", "PSS", TABLE_BYTES, 0 },
	{ "private_dirty_bytes", "Private dirty", TABLE_BYTES, 0 },
	{ "processes", "Processes", TABLE_COUNT, 0 },
	{ "evidences", "Evidence", TABLE_COUNT, 0 },
};

static int fill_memory(const struct usage_source *source, struct table *table,
		       struct error *err)
{
	const struct graph *g = source->graph;
	const struct usage *u = source->usage;

	(void)err;
	for (uint32_t i = 0; i < u->memory_count; i++) {
		const struct usage_memory *row = &u->memory[i];
		uint64_t n = MAX2(row->evidences, 1u);

		table_text(table, path_or_null(g, row->executable));
		table_text(table, use_scope_name((enum use_scope)row->scope));
		table_text(table, path_or_null(g, row->file));
		table_number(table, row->pss_bytes / n);
		table_number(table, row->private_dirty_bytes / n);
		table_number(table, row->processes / n);
		table_number(table, row->evidences);
	}
	return 0;
}

static const struct table_column EVIDENCE_COLUMNS[] = {
	{ "node", "Node", TABLE_TEXT, TABLE_NAMES },
	{ "source", "Source", TABLE_TEXT, TABLE_NAMES },
	{ "begin", "From (UTC)", TABLE_TEXT, 0 },
	{ "end", "To (UTC)", TABLE_TEXT, 0 },
	{ "complete", "Complete", TABLE_BOOL, 0 },
	{ "whole_node", "Whole node", TABLE_BOOL, 0 },
	{ "lost", "Lost", TABLE_COUNT, 0 },
	{ "unknown_paths", "Unknown paths", TABLE_COUNT, 0 },
	{ "digest", "Digest", TABLE_TEXT, TABLE_HIDDEN },
};

static void put_time(struct table *table, int64_t seconds)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	usage_say_time(seconds, &text);
	table_text(table, seconds < 0 ? NULL : strbuf_text(&text));
}

static int fill_evidence(const struct usage_source *source, struct table *table,
			 struct error *err)
{
	const struct usage *u = source->usage;

	(void)err;
	for (uint32_t i = 0; i < u->evidence_count; i++) {
		const struct usage_evidence *row = &u->evidence[i];

		table_text(table,
			   usage_text(u, row->node)[0] ? usage_text(u, row->node) : NULL);
		table_text(table, usage_text(u, row->source));
		put_time(table, row->begin);
		put_time(table, row->end);
		table_number(table, row->complete);
		table_number(table, row->whole_node);
		table_number(table, row->lost);
		table_number(table, row->unknown_paths);
		table_text(table, usage_text(u, row->digest));
	}
	return 0;
}

#define COLUMNS(columns) columns, ARRAY_LEN(columns)

static const struct usage_table TABLES[] = {
	{ "packages", COLUMNS(PACKAGE_COLUMNS), fill_packages },
	{ "files", COLUMNS(FILE_COLUMNS), fill_files },
	{ "memory", COLUMNS(MEMORY_COLUMNS), fill_memory },
	{ "evidence", COLUMNS(EVIDENCE_COLUMNS), fill_evidence },
};

const struct usage_table *usage_table_find(const char *name, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(TABLES); i++)
		if (strcmp(TABLES[i].name, name) == 0)
			return &TABLES[i];
	error_set(err, -EINVAL, "'%s' is none of: packages, files, memory, evidence",
		  name);
	return NULL;
}

int usage_table_make(const struct usage_table *kind, const struct usage_source *source,
		     struct table *table, struct error *err)
{
	table_init(table, kind->columns, kind->column_count);
	return kind->fill(source, table, err);
}

#include "report/plan_text_memory.h"

#include "base/text.h"

#include <string.h>

void plan_text_bytes(const struct style *style, uint64_t bytes, enum memory_source source,
		     struct strbuf *out)
{
	if (source == MEMORY_ESTIMATE)
		strbuf_putc(out, '~');
	style_size(out, style, bytes);
}

void plan_text_memory(const struct plan *plan, const struct style *style,
		      struct strbuf *out)
{
	enum memory_source source = plan->memory->source;

	if (plan->memory_bytes_before == 0)
		return;
	strbuf_puts(out, "Memory      ");
	plan_text_bytes(style, plan->memory_bytes_freed, source, out);
	strbuf_puts(out, " of ");
	plan_text_bytes(style, plan->memory_bytes_before, source, out);
	strbuf_printf(out, " that %s after booting (%s)\n",
		      plan->options.memory.root_in_memory ? "files and daemons take"
							  : "daemons take",
		      source == MEMORY_ESTIMATE ? "an estimate" : "measured");
}

void plan_text_compressed(const struct plan *plan, const struct style *style,
			  struct strbuf *out)
{
	if (!plan->graph->image.has_compressed)
		return;
	strbuf_puts(out, "Compressed  ");
	style_size(out, style, plan->compressed_bytes_freed);
	strbuf_puts(out, " of ");
	style_size(out, style, plan->compressed_bytes_before);
	strbuf_puts(out, " as an image layer (");
	style_percent(out, plan->compressed_bytes_freed, plan->compressed_bytes_before);
	strbuf_putc(out, ')');
	if (plan->files.len > 0) {
		strbuf_puts(out, ", trims ");
		style_size(out, style, plan->trim_compressed_bytes_freed);
		strbuf_puts(out, " more");
	}
	strbuf_putc(out, '\n');
}

void plan_text_database(const struct plan *plan, const struct style *style,
			struct strbuf *out)
{
	if (plan->database_bytes_freed == 0)
		return;
	strbuf_puts(out, "Database    ~");
	style_size(out, style, plan->database_bytes_freed);
	strbuf_puts(out, " more when apply compacts the RPM database (an estimate)\n");
}

static const struct table_column COLUMNS[] = {
	{ "unit", "Unit", TABLE_TEXT, 0 },
	{ "action", "Do", TABLE_TEXT, 0 },
	{ "memory", "Memory", TABLE_TEXT, TABLE_RIGHT },
	{ "risk", "Risk", TABLE_TEXT, 0 },
	{ "place", "Started by", TABLE_TEXT, 0 },
};

void plan_text_services(const struct plan *plan, const struct style *style,
			struct table *table)
{
	table_init(table, COLUMNS, ARRAY_LEN(COLUMNS));
	array_each (&plan->services, i) {
		const struct plan_service *item = &plan->services.data[i];
		const struct memory_daemon *daemon =
			&plan->memory->daemons.data[item->daemon];
		_cleanup_(strbuf_release) struct strbuf memory = { 0 };

		plan_text_bytes(style, daemon->bytes, daemon->source, &memory);
		table_text(table, item->unit);
		table_text(table, plan_switch_name(item->action));
		table_text(table, strbuf_text(&memory));
		table_text(table, plan_risk_name(item->risk));
		table_text(table,
			   item->citations.len ? item->citations.data[0].place : NULL);
	}
}

/* The daemon's unit or program, or those of the package. */
static bool is_of(const struct plan *plan, const struct startup_daemon *daemon,
		  uint32_t node)
{
	const struct graph *g = plan->graph;

	if (!graph_node_is_file(g, node))
		return daemon->package == graph_node_package(g, node);
	node = startup_follow(g, node);
	return node && (node == daemon->unit || node == daemon->program);
}

static const char *unit_name(const struct plan *plan, const struct startup_daemon *daemon)
{
	const struct graph *g = plan->graph;
	file_id file = daemon->unit ? daemon->unit : daemon->program;
	const char *path = graph_text(g, g->files[file].path);
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *switch_of(const struct plan *plan, size_t daemon)
{
	array_each (&plan->services, i)
		if (plan->services.data[i].daemon == daemon)
			return plan_switch_name(plan->services.data[i].action);
	return NULL;
}

void plan_text_starts(const struct plan *plan, uint32_t node, struct strbuf *out)
{
	array_each (&plan->memory->daemons, i) {
		const struct startup_daemon *daemon =
			&plan->memory->daemons.data[i].startup;
		const char *action = switch_of(plan, i);
		_cleanup_(freep) char *because = NULL;

		if (!is_of(plan, daemon, node))
			continue;
		because = plan_start_text(plan, i);
		strbuf_puts(out, "At boot     ");
		text_printable(out, unit_name(plan, daemon));
		strbuf_printf(out, " %s%s%s: %s\n",
			      plan->starts[i].kind == START_GOES ? "starts no more"
			      : action				 ? "need not start ("
								 : "starts",
			      action ? action : "", action ? ")" : "", because);
	}
}

json_t *plan_json_starts(const struct plan *plan, uint32_t node)
{
	json_t *list = json_array();

	array_each (&plan->memory->daemons, i) {
		const struct startup_daemon *daemon =
			&plan->memory->daemons.data[i].startup;
		const char *action = switch_of(plan, i);
		_cleanup_(freep) char *because = NULL;
		json_t *json;

		if (!is_of(plan, daemon, node))
			continue;
		because = plan_start_text(plan, i);
		json = json_object();
		json_put(json, "unit", json_bytes(unit_name(plan, daemon)));
		json_put(json, "starts",
			 json_boolean(!action && plan->starts[i].kind != START_GOES));
		json_put(json, "switch", action ? json_string(action) : json_null());
		json_put(json, "because", json_string(because));
		json_push(list, json);
	}
	return list;
}

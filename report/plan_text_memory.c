#include "report/plan_text_memory.h"

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

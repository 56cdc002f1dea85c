/*
 * The report as Markdown and CSV.
 */
#include "report/csv.h"
#include "report/markdown.h"
#include "report/summary.h"

#include <string.h>

static const char *text_or(const struct graph *g, str_id id, const char *otherwise)
{
	return id ? graph_text(g, id) : otherwise;
}

static void put_image(const struct summary *s, struct strbuf *out)
{
	const struct graph *g = s->graph;
	_cleanup_(strbuf_release) struct strbuf line = { 0 };

	strbuf_puts(out, "| | |\n| --- | --- |\n");
	strbuf_puts(out, "| Root | ");
	markdown_code(graph_text(g, g->image.root), out);
	strbuf_puts(out, " |\n");
	markdown_field("System", text_or(g, g->image.os_name, "not known"), out);
	markdown_field("Architecture", text_or(g, g->image.architecture, "not known"),
		       out);
	summary_say_completeness(g, &line);
	markdown_field("Analysis", strbuf_text(&line), out);
}

static void put_weight(const char *name, const struct measure_sum *sum, const char *noun,
		       const struct style *style, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	style_size(&text, style, sum->disk_bytes);
	strbuf_puts(&text, " in ");
	style_counted(&text, sum->count, noun);
	markdown_field(name, strbuf_text(&text), out);
}

static void put_plan(const struct summary *s, const struct style *style,
		     struct strbuf *out)
{
	const struct plan_doc *plan = s->plan;
	_cleanup_(strbuf_release) struct strbuf frees = { 0 };

	markdown_heading(2, "Plan", out);
	strbuf_puts(out, "| | |\n| --- | --- |\n| Profiles | ");
	array_each (&plan->profiles, i) {
		strbuf_puts(out, i ? ", " : "");
		markdown_code(plan->profiles.data[i], out);
	}
	strbuf_puts(out, " |\n");
	style_size(&frees, style, plan->disk_bytes_freed);
	strbuf_puts(&frees, " of ");
	style_size(&frees, style, plan->disk_bytes_before);
	strbuf_puts(&frees, " (");
	style_percent(&frees, plan->disk_bytes_freed, plan->disk_bytes_before);
	strbuf_puts(&frees, "), ");
	style_count(&frees, plan->packages_removed);
	strbuf_puts(&frees, " of ");
	style_counted(&frees, plan->packages_before, "package");
	markdown_field("Frees", strbuf_text(&frees), out);
	markdown_field("Smallest", plan->optimal ? "proven" : "not proven", out);
	markdown_field("Check by RPM", plan->rpm_check, out);
	markdown_field("Check by the graph", plan->graph_check, out);
}

static void put_table(const char *title, const struct table *table, uint64_t top,
		      const struct style *style, struct strbuf *out)
{
	if (table_rows(table) == 0)
		return;
	markdown_heading(2, title, out);
	markdown_table(table, top, style, out);
}

void summary_markdown(const struct summary *s, const struct style *style, uint64_t top,
		      struct strbuf *out)
{
	markdown_heading(1, "Weight of an image", out);
	put_image(s, out);
	put_weight("Everything", &s->total, "file", style, out);
	put_weight("Packages", &s->packages, "package", style, out);
	put_weight("Unowned", &s->unowned, "file", style, out);
	if (s->plan) {
		put_plan(s, style, out);
		put_table("Removed by the plan", &s->removal_rows, top, style, out);
	}
	put_table("Packages by size", &s->package_rows, top, style, out);
	put_table("Packages that no other requires, by what would go with them",
		  &s->leaf_rows, top, style, out);
	put_table("Files by category", &s->category_rows, 0, style, out);
	put_table("Unowned files", &s->unowned_rows, top, style, out);
	put_table("Supply chain and attack surface", &s->surface_rows, 0, style, out);
	put_table("Findings", &s->rule_rows, 0, style, out);
}

static const struct table_column PLAN_COLUMNS[] = {
	{ "action", "Action", TABLE_TEXT, 0 },
	{ "risk", "Risk", TABLE_TEXT, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

static void copy_cell(struct table *to, const struct table *from, size_t row,
		      size_t column)
{
	const struct table_cell *cell = table_cell(from, row, column);

	if (!cell->is_set)
		table_none(to);
	else if (from->columns[column].kind == TABLE_TEXT)
		table_text(to, strpool_text(&from->texts, cell->text));
	else
		table_number(to, cell->number);
}

void summary_csv(const struct summary *s, struct strbuf *out)
{
	const struct table *from = &s->package_rows;
	size_t own = from->column_count, count = own + ARRAY_LEN(PLAN_COLUMNS);
	_cleanup_(freep) struct table_column *columns =
		mem_calloc(count, sizeof(*columns));
	_cleanup_(table_release) struct table table;
	size_t nevra = 0;

	memcpy(columns, from->columns, own * sizeof(*columns));
	memcpy(columns + own, PLAN_COLUMNS, sizeof(PLAN_COLUMNS));
	while (strcmp(columns[nevra].key, "nevra") != 0)
		nevra++;
	table_init(&table, columns, count);
	for (size_t r = 0; r < table_rows(from); r++) {
		str_id name = table_cell(from, r, nevra)->text;
		const struct plan_doc_item *item =
			summary_find(s, strpool_text(&from->texts, name)).item;

		for (size_t c = 0; c < own; c++)
			copy_cell(&table, from, r, c);
		table_text(&table, !item ? NULL : item->remove ? "remove" : "keep");
		table_text(&table, item ? item->risk : NULL);
		table_text(&table, item ? item->reason : NULL);
	}
	csv_table(&table, out);
}

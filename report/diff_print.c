/*
 * The comparison as text, Markdown and JSON.
 */
#include "report/diff_internal.h"
#include "report/markdown.h"
#include "report/section.h"

static const struct table_column FIGURE_COLUMNS[] = {
	{ "figure", "", TABLE_TEXT, 0 },
	{ "old", "Before", TABLE_TEXT, TABLE_RIGHT },
	{ "new", "After", TABLE_TEXT, TABLE_RIGHT },
	{ "growth", "Growth", TABLE_TEXT, TABLE_RIGHT },
};

static int64_t growth(const struct diff_figure *figure)
{
	return (int64_t)figure->now - (int64_t)figure->old;
}

static void put_number(const struct diff_figure *figure, uint64_t number,
		       const struct style *style, struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (figure->kind == TABLE_BYTES)
		style_size(&text, style, number);
	else
		style_count(&text, number);
	table_text(table, strbuf_text(&text));
}

static void put_growth(const struct diff_figure *figure, const struct style *style,
		       struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (figure->kind == TABLE_BYTES)
		style_change(&text, style, growth(figure));
	else
		style_count_change(&text, growth(figure));
	table_text(table, strbuf_text(&text));
}

/* Sizes and counts below each other: texts, already in their units. */
void diff_figures_table(const struct diff_figure *figures, size_t count,
			const struct style *style, struct table *table)
{
	table_init(table, FIGURE_COLUMNS, ARRAY_LEN(FIGURE_COLUMNS));
	for (size_t i = 0; i < count; i++) {
		const struct diff_figure *figure = &figures[i];

		table_text(table, figure->title);
		put_number(figure, figure->old, style, table);
		put_number(figure, figure->now, style, table);
		put_growth(figure, style, table);
	}
}

static const char *system_name(const struct graph *g)
{
	return g->image.os_name ? graph_text(g, g->image.os_name) : "not known";
}

static const char *const NO_DIFFERENCE = "No package and no file differs.\n";

void diff_text(const struct diff_report *report, const struct style *style, uint64_t top,
	       struct strbuf *out)
{
	const struct graph_diff *d = report->diff;
	_cleanup_(table_release) struct table figures;
	_cleanup_(strbuf_release) struct strbuf caveats = { 0 };

	section_field(out, "Before", graph_text(d->old, d->old->image.root));
	section_field(out, "", system_name(d->old));
	section_field(out, "After", graph_text(d->now, d->now->image.root));
	section_field(out, "", system_name(d->now));
	diff_say_caveats(report, &caveats);
	if (caveats.len)
		section_field(out, "Careful", strbuf_text(&caveats));
	diff_figures_table(report->figures, report->figure_count, style, &figures);
	section_table(out, style, "Figures", &figures, 0);
	for (int i = 0; i < DIFF_SECTION_COUNT; i++)
		section_table(out, style, diff_section_title((enum diff_section)i),
			      &report->tables[i], top);
	if (!report->differs)
		strbuf_printf(out, "\n%s", NO_DIFFERENCE);
}

void diff_markdown(const struct diff_report *report, const struct style *style,
		   uint64_t top, struct strbuf *out)
{
	const struct graph_diff *d = report->diff;
	_cleanup_(table_release) struct table figures;
	_cleanup_(strbuf_release) struct strbuf caveats = { 0 };

	markdown_heading(1, "Comparison of two images", out);
	strbuf_puts(out, "Before: ");
	markdown_code(graph_text(d->old, d->old->image.root), out);
	strbuf_puts(out, " (");
	markdown_text(system_name(d->old), out);
	strbuf_puts(out, "), after: ");
	markdown_code(graph_text(d->now, d->now->image.root), out);
	strbuf_puts(out, " (");
	markdown_text(system_name(d->now), out);
	strbuf_puts(out, ").\n");
	diff_say_caveats(report, &caveats);
	if (caveats.len)
		strbuf_printf(out, "\nCareful: %s.\n", strbuf_text(&caveats));
	markdown_heading(2, "Figures", out);
	diff_figures_table(report->figures, report->figure_count, style, &figures);
	markdown_table(&figures, 0, style, out);
	for (int i = 0; i < DIFF_SECTION_COUNT; i++) {
		if (table_rows(&report->tables[i]) == 0)
			continue;
		markdown_heading(2, diff_section_title((enum diff_section)i), out);
		markdown_table(&report->tables[i], top, style, out);
	}
	if (!report->differs)
		strbuf_printf(out, "\n%s", NO_DIFFERENCE);
}

static json_t *side_json(const struct graph *g)
{
	const struct graph_image *image = &g->image;
	json_t *json = json_object();

	json_put(json, "root", json_bytes(graph_text(g, image->root)));
	json_put(json, "os_name",
		 image->os_name ? json_bytes(graph_text(g, image->os_name))
				: json_null());
	json_put(json, "basis", json_string(measure_basis(g)));
	json_put(json, "complete", json_boolean(image->complete));
	return json;
}

json_t *diff_figures_json(const struct diff_figure *figures, size_t count)
{
	json_t *json = json_object();

	for (size_t i = 0; i < count; i++) {
		const struct diff_figure *figure = &figures[i];
		json_t *row = json_object();

		json_put(row, "old", json_uint(figure->old));
		json_put(row, "new", json_uint(figure->now));
		json_put(row, "growth", json_integer(growth(figure)));
		json_put(json, figure->key, row);
	}
	return json;
}

json_t *diff_json(const struct diff_report *report)
{
	json_t *json = json_object();

	json_put(json, "schema", json_string(DIFF_SCHEMA));
	json_put(json, "old", side_json(report->diff->old));
	json_put(json, "new", side_json(report->diff->now));
	json_put(json, "differs", json_boolean(report->differs));
	json_put(json, "totals",
		 diff_figures_json(report->figures, report->figure_count));
	for (int i = 0; i < DIFF_SECTION_COUNT; i++)
		json_put(json, diff_section_key((enum diff_section)i),
			 table_json(&report->tables[i]));
	return json;
}

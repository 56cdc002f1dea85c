#include "report/html_data.h"

static void add_fact(json_t *facts, const char *label, const char *bytes)
{
	json_t *fact = json_array();

	json_push(fact, json_string(label));
	json_push(fact, html_string(bytes));
	json_push(facts, fact);
}

static const char *text_or(const struct graph *g, str_id id, const char *otherwise)
{
	return id ? graph_text(g, id) : otherwise;
}

static json_t *facts_json(const struct graph *g)
{
	const struct graph_image *image = &g->image;
	_cleanup_(strbuf_release) struct strbuf analysis = { 0 };
	json_t *facts = json_array();

	summary_say_completeness(g, &analysis);
	add_fact(facts, "System", text_or(g, image->os_name, "not known"));
	add_fact(facts, "Root", graph_text(g, image->root));
	add_fact(facts, "Architecture", text_or(g, image->architecture, "not known"));
	add_fact(facts, "RPM database", graph_text(g, image->rpmdb_path));
	add_fact(facts, "Analysis", strbuf_text(&analysis));
	add_fact(facts, "Made by tare", text_or(g, image->tool_version, "not known"));
	return facts;
}

static json_t *sum_json(const struct measure_sum *sum)
{
	json_t *json = json_object();

	json_put(json, "count", json_uint(sum->count));
	json_put(json, "bytes", json_uint(sum->disk_bytes));
	return json;
}

static json_t *totals_json(const struct summary *s)
{
	json_t *json = json_object();

	json_put(json, "all", sum_json(&s->total));
	json_put(json, "packages", sum_json(&s->packages));
	json_put(json, "unowned", sum_json(&s->unowned));
	json_put(json, "compressed",
		 s->graph->image.has_compressed
			 ? json_uint(s->graph->image.compressed_bytes)
			 : json_null());
	json_put(json, "boundaries", json_uint(s->graph->image.boundary_bytes));
	json_put(json, "basis", json_string(measure_basis(s->graph)));
	json_put(json, "complete", json_boolean(s->graph->image.complete));
	return json;
}

void html_report(const struct summary *s, const struct style *style, json_t *extra,
		 struct strbuf *out)
{
	_cleanup_(measure_freep) struct measure *m = measure_new(s->graph);
	struct html_packages packages;
	json_t *data = json_object(), *tables = json_object();

	html_packages_init(&packages, s->graph);
	json_put(data, "units", json_string(style->units == UNITS_SI ? "si" : "iec"));
	json_put(data, "facts", facts_json(s->graph));
	json_put(data, "totals", totals_json(s));
	json_put(data, "packages", html_packages_json(&packages));
	json_put(data, "files", html_files_json(&packages, m));
	json_put(data, "plan", html_plan_json(&packages, s));
	json_put(tables, "packages", html_table(&s->package_rows));
	json_put(tables, "categories", html_table(&s->category_rows));
	json_put(tables, "unowned", html_table(&s->unowned_rows));
	json_put(tables, "surface", html_table(&s->surface_rows));
	json_put(tables, "findings", html_table(&s->finding_rows));
	json_put(data, "tables", tables);
	if (extra)
		json_object_update(data, extra);
	html_page(&HTML_REPORT, "Weight of an image", data, out);
	json_decref(data);
	html_packages_release(&packages);
}

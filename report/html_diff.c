#include "report/html.h"

static json_t *side_json(const struct graph *g)
{
	json_t *json = json_object();

	json_put(json, "root", html_string(graph_text(g, g->image.root)));
	json_put(json, "system",
		 html_string(g->image.os_name ? graph_text(g, g->image.os_name)
					      : "not known"));
	return json;
}

static json_t *figures_json(const struct diff_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->figure_count; i++) {
		const struct diff_figure *figure = &report->figures[i];
		json_t *json = json_object();

		json_put(json, "title", json_string(figure->title));
		json_put(json, "kind",
			 json_string(figure->kind == TABLE_BYTES ? "bytes" : "count"));
		json_put(json, "old", json_uint(figure->old));
		json_put(json, "new", json_uint(figure->now));
		json_push(list, json);
	}
	return list;
}

void html_diff(const struct diff_report *report, const struct style *style,
	       struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf caveats = { 0 };
	json_t *data = json_object(), *sections = json_array();

	diff_say_caveats(report, &caveats);
	json_put(data, "units", json_string(style->units == UNITS_SI ? "si" : "iec"));
	json_put(data, "old", side_json(report->diff->old));
	json_put(data, "new", side_json(report->diff->now));
	json_put(data, "caveats", html_string(strbuf_text(&caveats)));
	json_put(data, "differs", json_boolean(report->differs));
	json_put(data, "figures", figures_json(report));
	for (int i = 0; i < DIFF_SECTION_COUNT; i++) {
		json_t *section = html_table(&report->tables[i]);

		json_put(section, "id",
			 json_string(diff_section_key((enum diff_section)i)));
		json_put(section, "title",
			 json_string(diff_section_title((enum diff_section)i)));
		json_push(sections, section);
	}
	json_put(data, "sections", sections);
	html_page(&HTML_DIFF, "Comparison of two images", data, out);
	json_decref(data);
}

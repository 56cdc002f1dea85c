#include "report/workload_text.h"

#include "base/text.h"
#include "report/table.h"
#include "rules/profile.h"
#include "workload/profile_text.h"

#include <string.h>

#define NAMES_SHOWN 6

static const struct table_column NEEDED[] = {
	{ "feature", "Feature", TABLE_TEXT, TABLE_NAMES },
	{ "fact", "Fact", TABLE_TEXT, 0 },
	{ "count", "Times", TABLE_COUNT, 0 },
	{ "cited", "Asked for by", TABLE_TEXT, 0 },
	{ "takes", "Takes", TABLE_TEXT, 0 },
};

static const struct table_column WARNED[] = {
	{ "warning", "What tare cannot know", TABLE_TEXT, 0 },
	{ "value", "About", TABLE_TEXT, TABLE_HIDDEN },
	{ "count", "Times", TABLE_COUNT, 0 },
	{ "cited", "Because of", TABLE_TEXT, 0 },
};

static const struct table_column UNUSED[] = {
	{ "feature", "Feature", TABLE_TEXT, TABLE_NAMES },
	{ "fact", "Fact", TABLE_TEXT, 0 },
	{ "takes", "Takes", TABLE_TEXT, 0 },
};

static const struct table_column UNUSED_IN_ROOT[] = {
	{ "feature", "Feature", TABLE_TEXT, TABLE_NAMES },
	{ "fact", "Fact", TABLE_TEXT, 0 },
	{ "packages", "Packages that it names", TABLE_TEXT, 0 },
	{ "takes", "Takes", TABLE_TEXT, 0 },
};

static void join(struct strbuf *out, const char *key, const char *text)
{
	strbuf_puts(out, out->len ? ", " : "");
	strbuf_printf(out, "%s%s%s", key, *key ? ": " : "", text);
}

/* Profiles and selectors of a row, and those that its objects brought along. */
static void say_takes(const struct workload *w, enum workload_row row, bool used,
		      struct strbuf *out)
{
	const struct row *info = row_info(row);

	for (size_t i = 0; i < ROW_PROFILES && info->profiles[i]; i++)
		join(out, "profile", info->profiles[i]);
	for (size_t i = 0; i < ROW_KEEPS && info->keep[i].key; i++)
		join(out, info->keep[i].key, info->keep[i].values);
	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];

		if (used && need->row == row && need->key[0] &&
		    strcmp(need->key, "warning") != 0)
			join(out, need->key, need->value);
	}
}

static void fill_needed(const struct workload *w, struct table *table)
{
	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];
		const struct row *row = row_info(need->row);
		_cleanup_(strbuf_release) struct strbuf takes = { 0 }, cited = { 0 };

		if (need->key[0] || !row->feature)
			continue;
		say_takes(w, need->row, true, &takes);
		need_cite(need, &cited);
		table_text(table, row->feature);
		table_text(table, row_fact(need->row));
		table_number(table, need->count);
		table_text(table, strbuf_text(&cited));
		table_text(table, takes.len ? strbuf_text(&takes) : NULL);
	}
}

static void fill_warned(const struct workload *w, struct table *table)
{
	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];
		bool own = strcmp(need->key, "warning") == 0;
		const char *text = own		  ? need->value
				   : need->key[0] ? NULL
						  : row_info(need->row)->warning;
		_cleanup_(strbuf_release) struct strbuf cited = { 0 };

		if (!text)
			continue;
		need_cite(need, &cited);
		table_text(table, text);
		table_text(table, row_fact(need->row));
		table_number(table, need->count);
		table_text(table, strbuf_text(&cited));
	}
}

static void add_entries(const profile_entries *entries, struct matcher *m,
			struct idset *nodes)
{
	array_each (entries, i)
		for (size_t k = 0; k < selector_count(entries->data[i].selector); k++)
			selector_match(selector_at(entries->data[i].selector, k), m,
				       nodes);
}

/* The nodes that a row names: of its profiles, and of its own selectors. */
static void add_row(const struct workload_view *view, enum workload_row row,
		    struct matcher *m, struct idset *nodes)
{
	const struct row *info = row_info(row);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(profile_freep) struct profile *own = NULL;
	_cleanup_(profile_list_release) struct profile_list list = { 0 };
	size_t count = 0;

	while (count < ROW_PROFILES && info->profiles[count])
		count++;
	if (count &&
	    profile_list_load(view->lookup, info->profiles, count, &list, NULL) == 0)
		array_each (&list.profiles, i)
			add_entries(&list.profiles.data[i]->keep, m, nodes);
	row_keep_text(row, &text);
	if (text.len && profile_parse("row", text.data, text.len, &own, NULL) == 0)
		add_entries(&own->keep, m, nodes);
}

static void add_packages(const struct graph *g, const struct idset *nodes,
			 struct idset *packages)
{
	idset_each (nodes, node) {
		uint32_t n = (uint32_t)node;

		if (!graph_node_is_file(g, n)) {
			idset_add(packages, graph_node_package(g, n));
			continue;
		}
		for (uint32_t i = g->owner_start[n]; i < g->owner_start[n + 1]; i++)
			idset_add(packages, g->owners[i].package);
	}
}

/* Packages that somebody else names, too, do not go with this row. */
static void say_packages(const struct graph *g, const struct idset *mine,
			 const struct idset *used, struct strbuf *out)
{
	size_t count = 0;

	idset_each (mine, pkg) {
		if (idset_has(used, pkg))
			continue;
		if (count++ < NAMES_SHOWN)
			join(out, "", graph_text(g, g->packages[pkg].name));
	}
	if (count > NAMES_SHOWN)
		strbuf_printf(out, " and %zu more", count - NAMES_SHOWN);
}

static void row_packages(const struct workload_view *view, enum workload_row row,
			 struct matcher *m, struct idset *packages)
{
	struct idset nodes;

	idset_init(&nodes, view->graph->node_count + 1);
	add_row(view, row, m, &nodes);
	add_packages(view->graph, &nodes, packages);
	idset_release(&nodes);
}

static bool is_used(const struct workload *w, int row)
{
	return needs_find(&w->needs, (enum workload_row)row);
}

/* With a graph only what the root has: the rest is no loss. */
static void fill_unused(const struct workload_view *view, struct table *table)
{
	const struct graph *g = view->graph;
	_cleanup_(matcher_freep) struct matcher *m = g ? matcher_new(g) : NULL;
	struct idset used, mine;

	idset_init(&used, g ? g->package_count + 1 : 1);
	idset_init(&mine, g ? g->package_count + 1 : 1);
	for (int row = 0; m && row < ROW_COUNT; row++)
		if (is_used(view->workload, row))
			row_packages(view, (enum workload_row)row, m, &used);
	for (int row = 0; row < ROW_COUNT; row++) {
		const struct row *info = row_info((enum workload_row)row);
		_cleanup_(strbuf_release) struct strbuf takes = { 0 }, packages = { 0 };

		if (!row_is_unused(view->workload, (enum workload_row)row))
			continue;
		idset_clear(&mine);
		if (m)
			row_packages(view, (enum workload_row)row, m, &mine);
		say_takes(view->workload, (enum workload_row)row, false, &takes);
		if (m)
			say_packages(g, &mine, &used, &packages);
		if (m && packages.len == 0)
			continue;
		table_text(table, info->feature);
		table_text(table, row_fact((enum workload_row)row));
		if (m)
			table_text(table, strbuf_text(&packages));
		table_text(table, takes.len ? strbuf_text(&takes) : NULL);
	}
	idset_release(&used);
	idset_release(&mine);
}

static void print_table(const struct table *table, const char *title,
			const struct style *style, struct strbuf *out)
{
	if (table_rows(table) == 0)
		return;
	strbuf_putc(out, '\n');
	style_puts(out, style, MARK_HEAD, title);
	strbuf_putc(out, '\n');
	table_print(table, style, out);
}

static void tables_init(const struct workload_view *view, struct table tables[3])
{
	table_init(&tables[0], NEEDED, ARRAY_LEN(NEEDED));
	table_init(&tables[1], WARNED, ARRAY_LEN(WARNED));
	if (view->graph)
		table_init(&tables[2], UNUSED_IN_ROOT, ARRAY_LEN(UNUSED_IN_ROOT));
	else
		table_init(&tables[2], UNUSED, ARRAY_LEN(UNUSED));
}

static void fill_tables(const struct workload_view *view, struct table tables[3])
{
	tables_init(view, tables);
	fill_needed(view->workload, &tables[0]);
	fill_warned(view->workload, &tables[1]);
	fill_unused(view, &tables[2]);
}

void workload_print(const struct workload_view *view, const struct style *style,
		    struct strbuf *out)
{
	struct table tables[3];

	fill_tables(view, tables);
	strbuf_puts(out, "Objects      ");
	workload_say_kinds(view->workload, true, out);
	strbuf_puts(out, "\nPassed over  ");
	workload_say_kinds(view->workload, false, out);
	if (workload_has_pods(view->workload)) {
		strbuf_puts(out, "\nThey are     ");
		workload_say_reach(view->workload, out);
	}
	strbuf_putc(out, '\n');
	print_table(&tables[0], "What the objects need", style, out);
	print_table(&tables[1], "Look at these yourself", style, out);
	print_table(&tables[2],
		    view->graph ? "No object uses these: they can go from this root, and "
				  "then they stop working"
				: "No object uses these: they can go, and then they stop "
				  "working",
		    style, out);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		table_release(&tables[i]);
}

static json_t *kinds_json(const struct workload *w)
{
	json_t *list = json_array();

	array_each (&w->kinds, i) {
		const struct workload_kind *kind = &w->kinds.data[i];
		json_t *map = json_object();

		json_put(map, "kind", json_bytes(kind->kind));
		json_put(map, "count", json_uint(kind->count));
		json_put(map, "elsewhere", json_uint(kind->elsewhere));
		json_put(map, "read", json_boolean(kind->read));
		json_push(list, map);
	}
	return list;
}

json_t *workload_json(const struct workload_view *view)
{
	static const char *const KEYS[] = { "needs", "warnings", "unused" };
	json_t *json = json_object();
	struct table tables[3];

	fill_tables(view, tables);
	json_put(json, "schema", json_string("tare-workload/1"));
	json_put(json, "objects", kinds_json(view->workload));
	json_put(json, "partial",
		 view->workload->partial ? json_string(view->workload->partial)
					 : json_null());
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		json_put(json, KEYS[i], table_json(&tables[i]));
		table_release(&tables[i]);
	}
	return json;
}

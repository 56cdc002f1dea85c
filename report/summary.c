#include "report/summary.h"

#include "graph/store_read.h"
#include "report/listing.h"
#include "report/measure_surface.h"

#include <string.h>

static const struct table_column CATEGORY_COLUMNS[] = {
	{ "category", "Category", TABLE_TEXT, TABLE_NAMES },
	{ "files", "Files", TABLE_COUNT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
};

static const struct table_column UNOWNED_COLUMNS[] = {
	{ "made_by", "Made by", TABLE_TEXT, TABLE_NAMES },
	{ "files", "Files", TABLE_COUNT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "example", "Example", TABLE_TEXT, 0 },
};

static const struct table_column LEAF_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "retained_bytes", "Retained", TABLE_BYTES, 0 },
	{ "summary", "Summary", TABLE_TEXT, 0 },
};

static const struct table_column RULE_COLUMNS[] = {
	{ "severity", "Severity", TABLE_TEXT, 0 },
	{ "rule", "Finding", TABLE_TEXT, TABLE_NAMES },
	{ "count", "Count", TABLE_COUNT, 0 },
	{ "example", "Example", TABLE_TEXT, 0 },
};

static const struct table_column REMOVAL_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "risk", "Risk", TABLE_TEXT, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

/* "after" is not set without a plan, both where the graph cannot say. */
static const struct table_column SURFACE_COLUMNS[] = {
	{ "measure", "Measure", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "group", "Group", TABLE_TEXT, TABLE_HIDDEN },
	{ "title", "Figure", TABLE_TEXT, 0 },
	{ "before", "Now", TABLE_COUNT, 0 },
	{ "after", "After the plan", TABLE_COUNT, 0 },
};

static int fill_listing(const char *name, const char *sort, struct store *store,
			const struct graph *g, struct table *table, struct error *err)
{
	struct listing_source source = { store, g, NULL };
	struct listing_filter filter = { .sort = sort };

	return listing_make(listing_find(name, err), &source, &filter, table, err);
}

/* Cells of the listing by their key, so that its columns may move. */
static const struct table_cell *package_cell(const struct summary *s, size_t row,
					     const char *key)
{
	const struct table *all = &s->package_rows;
	size_t column = 0;

	while (strcmp(all->columns[column].key, key) != 0)
		column++;
	return table_cell(all, row, column);
}

/* What nobody requires can go alone: there the retained size is an offer. */
static void fill_leaves(struct summary *s)
{
	const struct strpool *texts = &s->package_rows.texts;
	struct table *leaves = &s->leaf_rows;

	for (size_t r = 0; r < table_rows(&s->package_rows); r++) {
		if (package_cell(s, r, "required_by")->number > 0)
			continue;
		table_text(leaves,
			   strpool_text(texts, package_cell(s, r, "nevra")->text));
		table_number(leaves, package_cell(s, r, "disk_bytes")->number);
		table_number(leaves, package_cell(s, r, "retained_bytes")->number);
		table_text(leaves,
			   strpool_text(texts, package_cell(s, r, "summary")->text));
	}
	table_sort(leaves, 2, false);
}

static void fill_categories(struct summary *s, const struct measure *m)
{
	for (int i = 0; i < CATEGORY_COUNT; i++) {
		struct measure_sum sum = measure_category(m, (enum file_category)i);

		if (sum.count == 0)
			continue;
		table_text(&s->category_rows, file_category_name((enum file_category)i));
		table_number(&s->category_rows, sum.count);
		table_number(&s->category_rows, sum.disk_bytes);
	}
	table_sort(&s->category_rows, 2, false);
}

/* Unowned files that the same thing made. Few kinds, so the list is searched as it is. */
struct unowned_group {
	str_id made_by;
	struct idset files;
	file_id example;
};
typedef ARRAY_OF(struct unowned_group) unowned_groups;

static struct unowned_group *find_group(unowned_groups *groups, str_id made_by,
					size_t file_count)
{
	struct unowned_group *group;

	array_each (groups, i)
		if (groups->data[i].made_by == made_by)
			return &groups->data[i];
	group = array_extend(groups, 1);
	group->made_by = made_by;
	idset_init(&group->files, file_count + 1);
	return group;
}

/* The biggest file; a folder only where there is nothing else. */
static bool is_better_example(const struct graph *g, file_id a, file_id b)
{
	bool a_is_folder = g->files[a].type == FILE_DIRECTORY;
	bool b_is_folder = g->files[b].type == FILE_DIRECTORY;

	if (a_is_folder != b_is_folder)
		return b_is_folder;
	return g->files[a].disk_bytes > g->files[b].disk_bytes;
}

static void collect_unowned(const struct measure *m, unowned_groups *groups)
{
	const struct graph *g = measure_graph(m);
	struct idset unowned;

	idset_init(&unowned, g->file_count + 1u);
	measure_select_unowned(m, &unowned);
	idset_each (&unowned, f) {
		struct unowned_group *group =
			find_group(groups, g->files[f].owner_guess, g->file_count);

		idset_add(&group->files, f);
		if (!group->example || is_better_example(g, (file_id)f, group->example))
			group->example = (file_id)f;
	}
	idset_release(&unowned);
}

static void fill_unowned(struct summary *s, const struct measure *m)
{
	const struct graph *g = s->graph;
	unowned_groups groups = { 0 };

	collect_unowned(m, &groups);
	array_each (&groups, i) {
		struct unowned_group *group = &groups.data[i];
		struct measure_sum sum = measure_files(m, &group->files);

		table_text(&s->unowned_rows,
			   group->made_by ? graph_text(g, group->made_by) : "not known");
		table_number(&s->unowned_rows, sum.count);
		table_number(&s->unowned_rows, sum.disk_bytes);
		table_text(&s->unowned_rows,
			   graph_text(g, g->files[group->example].path));
		idset_release(&group->files);
	}
	array_release(&groups);
	table_sort(&s->unowned_rows, 2, false);
}

/* Findings come sorted by severity and rule: equal ones follow each other. */
static void fill_rules(struct summary *s)
{
	const struct table *all = &s->finding_rows;
	size_t rows = table_rows(all), begin = 0;

	for (size_t r = 1; r <= rows; r++) {
		const struct table_cell *first = table_cell(all, begin, 0);

		if (r < rows && table_cell(all, r, 0)->text == first[0].text &&
		    table_cell(all, r, 1)->text == first[1].text)
			continue;
		table_text(&s->rule_rows, strpool_text(&all->texts, first[0].text));
		table_text(&s->rule_rows, strpool_text(&all->texts, first[1].text));
		table_number(&s->rule_rows, r - begin);
		table_text(&s->rule_rows, strpool_text(&all->texts, first[3].text));
		begin = r;
	}
}

static void fill_removals(struct summary *s)
{
	for (size_t i = 0; s->plan && i < s->plan->packages.len; i++) {
		const struct plan_doc_item *item = &s->plan->packages.data[i];

		if (!item->remove)
			continue;
		table_text(&s->removal_rows, item->nevra);
		table_number(&s->removal_rows, item->disk_bytes);
		table_text(&s->removal_rows, item->risk);
		table_text(&s->removal_rows, item->reason);
	}
	table_sort(&s->removal_rows, 1, false);
}

static struct summary_name *add_name(struct summary *s, const char *nevra)
{
	str_id id = strpool_add(&s->nevras, nevra);

	if (id >= s->names.len)
		array_extend(&s->names, id + 1 - s->names.len);
	return &s->names.data[id];
}

/* Of two packages with one NEVRA the first counts. */
static void fill_names(struct summary *s)
{
	const struct graph *g = s->graph;

	strpool_init(&s->nevras);
	for (pkg_id p = g->package_count; p > 0; p--)
		add_name(s, graph_text(g, g->packages[p].nevra))->package = p;
	for (size_t i = s->plan ? s->plan->packages.len : 0; i > 0; i--)
		add_name(s, s->plan->packages.data[i - 1].nevra)->item =
			&s->plan->packages.data[i - 1];
}

struct summary_name summary_find(const struct summary *s, const char *nevra)
{
	str_id id = strpool_find(&s->nevras, nevra);

	return id ? s->names.data[id] : (struct summary_name){ 0 };
}

static void select_removed(const struct summary *s, struct idset *packages)
{
	array_each (&s->names, i) {
		const struct summary_name *name = &s->names.data[i];

		if (name->package && name->item && name->item->remove)
			idset_add(packages, name->package);
	}
}

static void fill_surface(struct summary *s)
{
	_cleanup_(surface_freep) struct surface *surface = surface_new(s->graph);
	struct table *table = &s->surface_rows;
	struct idset removed;

	idset_init(&removed, s->graph->package_count + 1u);
	select_removed(s, &removed);
	for (int i = 0; i < SURFACE_COUNT; i++) {
		enum surface_id id = (enum surface_id)i;
		bool known = surface_is_known(surface, id);

		table_text(table, SURFACE_KINDS[i].name);
		table_text(table, SURFACE_KINDS[i].group);
		table_text(table, SURFACE_KINDS[i].title);
		if (known)
			table_number(table, surface_count(surface, id));
		else
			table_none(table);
		if (known && s->plan)
			table_number(table,
				     surface_count_after(surface, id, &removed, NULL));
		else
			table_none(table);
	}
	idset_release(&removed);
}

int summary_make(struct store *store, const struct graph *g, const struct plan_doc *plan,
		 struct summary **ret, struct error *err)
{
	_cleanup_(summary_freep) struct summary *s = mem_calloc(1, sizeof(*s));
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	int r;

	s->graph = g;
	s->plan = plan;
	fill_names(s);
	s->total = measure_total(m);
	s->packages = measure_packages(m);
	s->unowned = measure_unowned(m);
	table_init(&s->category_rows, CATEGORY_COLUMNS, ARRAY_LEN(CATEGORY_COLUMNS));
	table_init(&s->unowned_rows, UNOWNED_COLUMNS, ARRAY_LEN(UNOWNED_COLUMNS));
	table_init(&s->rule_rows, RULE_COLUMNS, ARRAY_LEN(RULE_COLUMNS));
	table_init(&s->removal_rows, REMOVAL_COLUMNS, ARRAY_LEN(REMOVAL_COLUMNS));
	table_init(&s->surface_rows, SURFACE_COLUMNS, ARRAY_LEN(SURFACE_COLUMNS));
	table_init(&s->leaf_rows, LEAF_COLUMNS, ARRAY_LEN(LEAF_COLUMNS));
	r = fill_listing("packages", "disk_bytes", store, g, &s->package_rows, err);
	if (r == 0)
		r = fill_listing("findings", NULL, store, g, &s->finding_rows, err);
	if (r < 0)
		return r;
	fill_leaves(s);
	fill_categories(s, m);
	fill_unowned(s, m);
	fill_rules(s);
	fill_removals(s);
	fill_surface(s);
	*ret = steal_ptr(&s);
	return 0;
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	strpool_release(&s->nevras);
	array_release(&s->names);
	table_release(&s->package_rows);
	table_release(&s->leaf_rows);
	table_release(&s->category_rows);
	table_release(&s->unowned_rows);
	table_release(&s->finding_rows);
	table_release(&s->rule_rows);
	table_release(&s->removal_rows);
	table_release(&s->surface_rows);
	free(s);
}

void summary_freep(struct summary **s)
{
	summary_free(*s);
}

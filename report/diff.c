#include "report/diff.h"

#include "report/diff_internal.h"

static const struct table_column CAUSE_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "packages", "Packages", TABLE_COUNT, 0 },
	{ "disk_bytes", "Together", TABLE_BYTES, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
	{ "place", "Written in", TABLE_TEXT, TABLE_HIDDEN },
};

static const struct table_column PACKAGE_COLUMNS[] = {
	{ "change", "Change", TABLE_TEXT, 0 },
	{ "name", "Name", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "growth_bytes", "Growth", TABLE_CHANGE, 0 },
	{ "old_bytes", "Before", TABLE_BYTES, 0 },
	{ "new_bytes", "After", TABLE_BYTES, 0 },
	{ "old", "Package before", TABLE_TEXT, TABLE_NAMES },
	{ "new", "Package after", TABLE_TEXT, TABLE_NAMES },
};

static const struct table_column NEWCOMER_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "cause", "Cause", TABLE_TEXT, TABLE_HIDDEN },
	{ "reason", "Reason", TABLE_TEXT, 0 },
	{ "place", "Written in", TABLE_TEXT, TABLE_HIDDEN },
	{ "origin", "Came with", TABLE_TEXT, TABLE_HIDDEN },
};

static const struct table_column SURFACE_COLUMNS[] = {
	{ "measure", "Measure", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "title", "Figure", TABLE_TEXT, 0 },
	{ "growth", "Growth", TABLE_COUNT_CHANGE, 0 },
	{ "old", "Before", TABLE_COUNT, 0 },
	{ "new", "After", TABLE_COUNT, 0 },
};

static const struct table_column EXPOSED_COLUMNS[] = {
	{ "change", "Change", TABLE_TEXT, 0 },
	{ "measure", "Measure", TABLE_TEXT, TABLE_HIDDEN },
	{ "title", "What it is among", TABLE_TEXT, 0 },
	{ "package", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "path", "Path", TABLE_TEXT, TABLE_NAMES },
};

static const struct table_column CATEGORY_COLUMNS[] = {
	{ "category", "Category", TABLE_TEXT, TABLE_NAMES },
	{ "growth_bytes", "Growth", TABLE_CHANGE, 0 },
	{ "old_bytes", "Before", TABLE_BYTES, 0 },
	{ "new_bytes", "After", TABLE_BYTES, 0 },
};

static const struct table_column FOLDER_COLUMNS[] = {
	{ "folder", "Folder", TABLE_TEXT, TABLE_NAMES },
	{ "growth_bytes", "Growth", TABLE_CHANGE, 0 },
	{ "old_bytes", "Before", TABLE_BYTES, 0 },
	{ "new_bytes", "After", TABLE_BYTES, 0 },
};

static const struct table_column FILE_COLUMNS[] = {
	{ "change", "Change", TABLE_TEXT, 0 },
	{ "growth_bytes", "Growth", TABLE_CHANGE, 0 },
	{ "old_bytes", "Before", TABLE_BYTES, 0 },
	{ "new_bytes", "After", TABLE_BYTES, 0 },
	{ "category", "Category", TABLE_TEXT, TABLE_HIDDEN },
	{ "package", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "path", "Path", TABLE_TEXT, TABLE_NAMES },
};

#define COLUMNS(list) (list), ARRAY_LEN(list)
static const struct section {
	const char *key, *title;
	const struct table_column *columns;
	size_t column_count;
} SECTIONS[] = {
	[DIFF_CAUSES] = { "causes", "Why packages came, with what each brought along",
			  COLUMNS(CAUSE_COLUMNS) },
	[DIFF_PACKAGES] = { "packages", "Packages", COLUMNS(PACKAGE_COLUMNS) },
	[DIFF_NEWCOMERS] = { "newcomers", "Each new package", COLUMNS(NEWCOMER_COLUMNS) },
	[DIFF_SURFACE] = { "surface", "Supply chain and attack surface",
			   COLUMNS(SURFACE_COLUMNS) },
	[DIFF_EXPOSED] = { "exposed", "Services, rights and tools that came or went",
			   COLUMNS(EXPOSED_COLUMNS) },
	[DIFF_CATEGORIES] = { "categories", "Files by category",
			      COLUMNS(CATEGORY_COLUMNS) },
	[DIFF_FOLDERS] = { "folders", "Folders", COLUMNS(FOLDER_COLUMNS) },
	[DIFF_FILES] = { "files", "Files that changed inside packages, and unowned ones",
			 COLUMNS(FILE_COLUMNS) },
};

const char *diff_section_key(enum diff_section section)
{
	return SECTIONS[section].key;
}

const char *diff_section_title(enum diff_section section)
{
	return SECTIONS[section].title;
}

static void fill_figures(struct diff_report *report, const struct measure *old,
			 const struct measure *now)
{
	const struct graph_image *old_image = &measure_graph(old)->image;
	const struct graph_image *new_image = &measure_graph(now)->image;
	struct measure_sum a = measure_total(old), b = measure_total(now);
	struct measure_sum p = measure_packages(old), q = measure_packages(now);
	struct measure_sum u = measure_unowned(old), v = measure_unowned(now);
	struct diff_figure figures[DIFF_FIGURES] = {
		{ "disk_bytes", "Everything", TABLE_BYTES, a.disk_bytes, b.disk_bytes },
		{ "package_bytes", "In packages", TABLE_BYTES, p.disk_bytes,
		  q.disk_bytes },
		{ "unowned_bytes", "Unowned", TABLE_BYTES, u.disk_bytes, v.disk_bytes },
		{ "packages", "Packages", TABLE_COUNT, p.count, q.count },
		{ "files", "Files", TABLE_COUNT, a.count, b.count },
		{ "unowned_files", "Unowned files", TABLE_COUNT, u.count, v.count },
		{ "compressed_bytes", "As an image layer", TABLE_BYTES,
		  old_image->compressed_bytes, new_image->compressed_bytes },
	};

	memcpy(report->figures, figures, sizeof(figures));
	report->figure_count = DIFF_FIGURES;
	if (!old_image->has_compressed || !new_image->has_compressed)
		report->figure_count--;
}

void diff_report_new(const struct graph *old, const struct graph *now, uint32_t depth,
		     struct diff_report **ret)
{
	struct diff_report *report = mem_calloc(1, sizeof(*report));
	_cleanup_(measure_freep) struct measure *before = measure_new(old);
	_cleanup_(measure_freep) struct measure *after = measure_new(now);

	graph_diff_new(old, now, &report->diff);
	for (size_t i = 0; i < DIFF_SECTION_COUNT; i++)
		table_init(&report->tables[i], SECTIONS[i].columns,
			   SECTIONS[i].column_count);
	fill_figures(report, before, after);
	diff_fill_packages(report);
	diff_fill_surface(report);
	diff_fill_files(report, before, after, depth ? depth : DIFF_FOLDER_DEPTH);
	*ret = report;
}

void diff_report_free(struct diff_report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < DIFF_SECTION_COUNT; i++)
		table_release(&report->tables[i]);
	array_release(&report->newcomers);
	graph_diff_free(report->diff);
	free(report);
}

void diff_report_freep(struct diff_report **report)
{
	diff_report_free(*report);
}

static void add_caveat(struct strbuf *out, const char *text)
{
	strbuf_printf(out, "%s%s", out->len ? "; " : "", text);
}

void diff_say_caveats(const struct diff_report *report, struct strbuf *out)
{
	const struct graph_image *old = &report->diff->old->image;
	const struct graph_image *now = &report->diff->now->image;

	if (!old->complete)
		add_caveat(out, "the old analysis is incomplete");
	if (!now->complete)
		add_caveat(out, "the new analysis is incomplete");
	if (old->metadata_only != now->metadata_only)
		add_caveat(out, "one graph is from metadata alone: its sizes are "
				"declared, the other's are blocks on the disk");
	else if (now->metadata_only)
		add_caveat(out,
			   "both graphs are from metadata alone: sizes are declared");
}

#include "report/diff_internal.h"

#include "base/strpool.h"

#include <string.h>

struct sums {
	uint64_t old, now;
};

struct filling {
	struct diff_report *report;
	const struct measure *old, *now;
	uint32_t depth;
	struct strpool folders;
	ARRAY_OF(struct sums) folder_sums; /* by id in folders */
	struct sums categories[CATEGORY_COUNT];
};

static bool same_text(const struct graph *g, str_id a, const struct graph *h, str_id b)
{
	return strcmp(graph_text(g, a), graph_text(h, b)) == 0;
}

static const char *change_of(const struct graph_diff *d, const struct diff_file *pair)
{
	const struct graph_file *a = &d->old->files[pair->old];
	const struct graph_file *b = &d->now->files[pair->now];

	if (!pair->old)
		return "added";
	if (!pair->now)
		return "removed";
	if (a->type != b->type || !same_text(d->old, a->target, d->now, b->target))
		return "type";
	/* what a folder is long says how many names it once had */
	if (a->type != FILE_DIRECTORY &&
	    (a->size_bytes != b->size_bytes || a->disk_bytes != b->disk_bytes))
		return "size";
	if (a->mode != b->mode)
		return "mode";
	return a->category != b->category ? "category" : NULL;
}

/* "/usr/share" of "/usr/share/doc/x" at depth 2, "/" of what lies above. */
static str_id folder_of(struct filling *fill, const char *path)
{
	const char *end = path, *last = strrchr(path, '/');

	for (uint32_t i = 0; i < fill->depth && end < last; i++)
		end = strchr(end + 1, '/') ?: last;
	if (end == path)
		return strpool_add(&fill->folders, "/");
	return strpool_add_len(&fill->folders, path, (size_t)(end - path));
}

static void add_sums(struct filling *fill, const struct diff_file *pair)
{
	const struct graph_diff *d = fill->report->diff;
	uint64_t old = pair->old ? measure_file_bytes(fill->old, pair->old) : 0;
	uint64_t now = pair->now ? measure_file_bytes(fill->now, pair->now) : 0;
	const char *path = pair->now ? graph_text(d->now, d->now->files[pair->now].path)
				     : graph_text(d->old, d->old->files[pair->old].path);
	str_id folder = folder_of(fill, path);

	if (folder >= fill->folder_sums.len)
		array_extend(&fill->folder_sums, folder + 1 - fill->folder_sums.len);
	fill->folder_sums.data[folder].old += old;
	fill->folder_sums.data[folder].now += now;
	if (pair->old)
		fill->categories[d->old->files[pair->old].category].old += old;
	if (pair->now)
		fill->categories[d->now->files[pair->now].category].now += now;
}

static void put_bytes(struct table *table, const struct measure *m, file_id f)
{
	if (f)
		table_number(table, measure_file_bytes(m, f));
	else
		table_none(table);
}

/* A package that came or went says it for all its files. */
static bool is_of_whole_package(const struct graph_diff *d, const struct diff_file *pair)
{
	pkg_id p;

	if (pair->old && pair->now)
		return false;
	p = pair->now ? graph_file_owner(d->now, pair->now)
		      : graph_file_owner(d->old, pair->old);
	if (!p)
		return false;
	return pair->now ? !graph_diff_old_package(d, p)
			 : !d->packages.data[d->now_of[p]].now;
}

static void add_file(struct filling *fill, const struct diff_file *pair,
		     const char *change)
{
	const struct graph_diff *d = fill->report->diff;
	const struct graph *g = pair->now ? d->now : d->old;
	file_id f = pair->now ? pair->now : pair->old;
	pkg_id owner = graph_file_owner(g, f);
	uint64_t old = pair->old ? measure_file_bytes(fill->old, pair->old) : 0;
	uint64_t now = pair->now ? measure_file_bytes(fill->now, pair->now) : 0;
	struct table *table = &fill->report->tables[DIFF_FILES];

	table_text(table, change);
	table_change(table, (int64_t)now - (int64_t)old);
	put_bytes(table, fill->old, pair->old);
	put_bytes(table, fill->now, pair->now);
	table_text(table, file_category_name(g->files[f].category));
	table_text(table, owner ? graph_text(g, g->packages[owner].name) : NULL);
	table_text(table, graph_text(g, g->files[f].path));
}

static void add_sums_row(struct table *table, const char *name, const struct sums *sums)
{
	if (sums->old == sums->now)
		return;
	table_text(table, name);
	table_change(table, (int64_t)sums->now - (int64_t)sums->old);
	table_number(table, sums->old);
	table_number(table, sums->now);
}

static void finish(struct filling *fill)
{
	struct table *tables = fill->report->tables;

	for (size_t i = 0; i < CATEGORY_COUNT; i++)
		add_sums_row(&tables[DIFF_CATEGORIES],
			     file_category_name((enum file_category)i),
			     &fill->categories[i]);
	array_each (&fill->folder_sums, i)
		add_sums_row(&tables[DIFF_FOLDERS],
			     strpool_text(&fill->folders, (str_id)i),
			     &fill->folder_sums.data[i]);
	table_sort(&tables[DIFF_CATEGORIES], 1, false);
	table_sort(&tables[DIFF_FOLDERS], 1, false);
	table_sort(&tables[DIFF_FILES], 1, false);
}

void diff_fill_files(struct diff_report *report, const struct measure *old,
		     const struct measure *now, uint32_t depth)
{
	struct filling fill = {
		.report = report, .old = old, .now = now, .depth = depth
	};

	strpool_init(&fill.folders);
	array_each (&report->diff->files, i) {
		const struct diff_file *pair = &report->diff->files.data[i];
		const char *change = change_of(report->diff, pair);

		add_sums(&fill, pair);
		if (!change)
			continue;
		report->differs = true;
		if (!is_of_whole_package(report->diff, pair))
			add_file(&fill, pair, change);
	}
	finish(&fill);
	strpool_release(&fill.folders);
	array_release(&fill.folder_sums);
}

#include "report/diff_plan.h"

#include "base/io.h"
#include "report/diff_internal.h"
#include "report/markdown.h"
#include "report/section.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct table_column SETTING_COLUMNS[] = {
	{ "setting", "Setting", TABLE_TEXT, TABLE_NAMES },
	{ "old", "Before", TABLE_TEXT, 0 },
	{ "new", "After", TABLE_TEXT, 0 },
};

static const struct table_column PACKAGE_COLUMNS[] = {
	{ "name", "Name", TABLE_TEXT, TABLE_HIDDEN | TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "old_action", "Before", TABLE_TEXT, 0 },
	{ "new_action", "After", TABLE_TEXT, 0 },
	{ "old_risk", "Risk before", TABLE_TEXT, 0 },
	{ "new_risk", "Risk after", TABLE_TEXT, 0 },
	{ "nevra", "Package", TABLE_TEXT, TABLE_NAMES },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

static const struct table_column TRIM_COLUMNS[] = {
	{ "id", "Rule", TABLE_TEXT, TABLE_NAMES },
	{ "growth_bytes", "More or less", TABLE_CHANGE, 0 },
	{ "old_bytes", "Before", TABLE_BYTES, 0 },
	{ "new_bytes", "After", TABLE_BYTES, 0 },
	{ "old_files", "Files before", TABLE_COUNT, 0 },
	{ "new_files", "Files after", TABLE_COUNT, 0 },
};

static const struct table_column SERVICE_COLUMNS[] = {
	{ "unit", "Unit", TABLE_TEXT, TABLE_NAMES },
	{ "memory_bytes", "Memory", TABLE_BYTES, 0 },
	{ "old_action", "Before", TABLE_TEXT, 0 },
	{ "new_action", "After", TABLE_TEXT, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

#define COLUMNS(list) (list), ARRAY_LEN(list)
static const struct {
	const char *key, *title;
	const struct table_column *columns;
	size_t column_count;
	size_t sort; /* column; 0: as filled */
} SECTIONS[] = {
	[DIFF_PLAN_SETTINGS] = { "settings", "Asked in another way",
				 COLUMNS(SETTING_COLUMNS), 0 },
	[DIFF_PLAN_PACKAGES] = { "packages", "Packages", COLUMNS(PACKAGE_COLUMNS), 1 },
	[DIFF_PLAN_TRIMS] = { "trims", "Files of what stays, by rule",
			      COLUMNS(TRIM_COLUMNS), 1 },
	[DIFF_PLAN_SERVICES] = { "services", "Services", COLUMNS(SERVICE_COLUMNS), 0 },
};

int diff_plan_is_plan(const char *path, struct error *err)
{
	static const char GRAPH[] = "SQLite format 3";
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[64];
	ssize_t len;

	if (fd < 0)
		return error_set(err, -errno, "'%s': %s", path, strerror(errno));
	len = read(fd, head, sizeof(head) - 1);
	if (len < 0)
		return error_set(err, -errno, "'%s': %s", path, strerror(errno));
	head[len] = '\0';
	return memcmp(head, GRAPH, MIN2((size_t)len, sizeof(GRAPH) - 1)) != 0 &&
	       head[strspn(head, " \t\r\n")] == '{';
}

static void add_setting(struct diff_plan *d, const char *setting, const char *old,
			const char *now)
{
	struct table *table = &d->tables[DIFF_PLAN_SETTINGS];

	if (strcmp(old, now) == 0)
		return;
	table_text(table, setting);
	table_text(table, old);
	table_text(table, now);
}

static void join_profiles(const struct plan_doc *doc, struct strbuf *out)
{
	array_each (&doc->profiles, i)
		strbuf_printf(out, "%s%s", i ? ", " : "", doc->profiles.data[i]);
}

static const char *yes_no(bool is)
{
	return is ? "yes" : "no";
}

static void fill_settings(struct diff_plan *d)
{
	_cleanup_(strbuf_release) struct strbuf old = { 0 }, now = { 0 };

	join_profiles(d->old, &old);
	join_profiles(d->now, &now);
	add_setting(d, "image", d->old->image_root, d->now->image_root);
	add_setting(d, "system version", d->old->image_version, d->now->image_version);
	add_setting(d, "profiles", strbuf_text(&old), strbuf_text(&now));
	add_setting(d, "caution", d->old->caution, d->now->caution);
	add_setting(d, "weigh", d->old->weigh, d->now->weigh);
	add_setting(d, "weak dependencies", yes_no(d->old->weak), yes_no(d->now->weak));
	add_setting(d, "keep install time", yes_no(d->old->keep_install_time),
		    yes_no(d->now->keep_install_time));
}

static void fill_figures(struct diff_plan *d)
{
	const struct plan_doc *a = d->old, *b = d->now;
	struct diff_figure figures[DIFF_PLAN_FIGURES] = {
		{ "disk_bytes_before", "Packages hold", TABLE_BYTES, a->disk_bytes_before,
		  b->disk_bytes_before },
		{ "disk_bytes_freed", "Packages free", TABLE_BYTES, a->disk_bytes_freed,
		  b->disk_bytes_freed },
		{ "trim_bytes_freed", "Trims free", TABLE_BYTES, a->trim_bytes_freed,
		  b->trim_bytes_freed },
		{ "memory_bytes_freed", "Memory freed", TABLE_BYTES,
		  a->memory_bytes_freed, b->memory_bytes_freed },
		{ "packages_removed", "Packages that go", TABLE_COUNT,
		  a->packages_removed, b->packages_removed },
		{ "files_removed", "Files that go", TABLE_COUNT, a->files_removed,
		  b->files_removed },
		{ "compressed_bytes_freed", "Packages free of a layer", TABLE_BYTES,
		  a->compressed_bytes_freed, b->compressed_bytes_freed },
		{ "trim_compressed_bytes_freed", "Trims free of a layer", TABLE_BYTES,
		  a->trim_compressed_bytes_freed, b->trim_compressed_bytes_freed },
	};

	memcpy(d->figures, figures, sizeof(figures));
	d->figure_count = DIFF_PLAN_FIGURES;
	if (!a->has_compressed || !b->has_compressed)
		d->figure_count -= 2;
	for (size_t i = 0; i < d->figure_count; i++)
		d->differs |= figures[i].old != figures[i].now;
}

/* Items by a text of theirs, each taken once. */
struct names {
	struct strpool pool;
	ARRAY_OF(size_t) item; /* by id: index + 1; 0: taken, or none */
};

static void names_add(struct names *names, const char *text, size_t item)
{
	str_id id = strpool_add(&names->pool, text);

	if (id >= names->item.len)
		array_extend(&names->item, id + 1 - names->item.len);
	if (!names->item.data[id])
		names->item.data[id] = item + 1;
}

/* The index + 1 that this text has, or 0. */
static size_t names_take(struct names *names, const char *text)
{
	str_id id = strpool_find(&names->pool, text);
	size_t item = id && id < names->item.len ? names->item.data[id] : 0;

	if (item)
		names->item.data[id] = 0;
	return item;
}

static void names_release(struct names *names)
{
	strpool_release(&names->pool);
	array_release(&names->item);
}

static const char *action_of(const struct plan_doc_item *item)
{
	return !item ? NULL : item->remove ? "remove" : "keep";
}

static void add_package(struct diff_plan *d, const struct plan_doc_item *old,
			const struct plan_doc_item *now)
{
	const struct plan_doc_item *shown = now ? now : old;
	struct table *table = &d->tables[DIFF_PLAN_PACKAGES];

	if (old && now && old->remove == now->remove &&
	    (!now->remove || strcmp(old->risk, now->risk) == 0))
		return;
	table_text(table, shown->name);
	table_number(table, shown->disk_bytes);
	table_text(table, action_of(old));
	table_text(table, action_of(now));
	table_text(table, old && old->remove ? old->risk : NULL);
	table_text(table, now && now->remove ? now->risk : NULL);
	table_text(table, shown->nevra);
	table_text(table, shown->reason);
}

/* By NEVRA first; what is left over by name: another version of the same. */
static void fill_packages(struct diff_plan *d)
{
	size_t count = d->now->packages.len;
	_cleanup_(freep) size_t *old_of = mem_calloc(count + 1, sizeof(*old_of));
	_cleanup_(freep) bool *taken = mem_calloc(d->old->packages.len + 1, sizeof(bool));

	for (int by_name = 0; by_name < 2; by_name++) {
		struct names names = { 0 };

		strpool_init(&names.pool);
		array_each (&d->old->packages, i)
			if (!taken[i])
				names_add(&names,
					  by_name ? d->old->packages.data[i].name
						  : d->old->packages.data[i].nevra,
					  i);
		for (size_t i = 0; i < count; i++) {
			const struct plan_doc_item *item = &d->now->packages.data[i];

			if (!old_of[i])
				old_of[i] = names_take(&names, by_name ? item->name
								       : item->nevra);
			if (old_of[i])
				taken[old_of[i] - 1] = true;
		}
		names_release(&names);
	}
	for (size_t i = 0; i < count; i++)
		add_package(d, old_of[i] ? &d->old->packages.data[old_of[i] - 1] : NULL,
			    &d->now->packages.data[i]);
	array_each (&d->old->packages, i)
		if (!taken[i])
			add_package(d, &d->old->packages.data[i], NULL);
}

static void add_trim(struct diff_plan *d, const struct plan_doc_trim *old,
		     const struct plan_doc_trim *now)
{
	uint64_t before = old ? old->disk_bytes : 0, after = now ? now->disk_bytes : 0;
	uint64_t few = old ? old->files : 0, many = now ? now->files : 0;
	struct table *table = &d->tables[DIFF_PLAN_TRIMS];

	if (before == after && few == many)
		return;
	table_text(table, now ? now->id : old->id);
	table_change(table, (int64_t)after - (int64_t)before);
	table_number(table, before);
	table_number(table, after);
	table_number(table, few);
	table_number(table, many);
}

/* Both lists are in the order of their ids. */
static void fill_trims(struct diff_plan *d)
{
	size_t i = 0, k = 0;

	while (i < d->old->trims.len || k < d->now->trims.len) {
		const struct plan_doc_trim *old = &d->old->trims.data[i];
		const struct plan_doc_trim *now = &d->now->trims.data[k];
		int order = i == d->old->trims.len   ? 1
			    : k == d->now->trims.len ? -1
						     : strcmp(old->id, now->id);

		add_trim(d, order <= 0 ? old : NULL, order >= 0 ? now : NULL);
		i += order <= 0;
		k += order >= 0;
	}
}

static void add_service(struct diff_plan *d, const struct plan_doc_service *old,
			const struct plan_doc_service *now)
{
	const struct plan_doc_service *shown = now ? now : old;
	struct table *table = &d->tables[DIFF_PLAN_SERVICES];

	if (old && now && strcmp(old->action, now->action) == 0)
		return;
	table_text(table, shown->unit);
	table_number(table, shown->memory_bytes);
	table_text(table, old ? old->action : NULL);
	table_text(table, now ? now->action : NULL);
	table_text(table, shown->reason);
}

static void fill_services(struct diff_plan *d)
{
	struct names names = { 0 };

	strpool_init(&names.pool);
	array_each (&d->old->services, i)
		names_add(&names, d->old->services.data[i].unit, i);
	array_each (&d->now->services, i) {
		const struct plan_doc_service *now = &d->now->services.data[i];
		size_t old = names_take(&names, now->unit);

		add_service(d, old ? &d->old->services.data[old - 1] : NULL, now);
	}
	array_each (&d->old->services, i)
		if (names_take(&names, d->old->services.data[i].unit))
			add_service(d, &d->old->services.data[i], NULL);
	names_release(&names);
}

void diff_plan_new(const struct plan_doc *old, const struct plan_doc *now,
		   struct diff_plan **ret)
{
	struct diff_plan *d = mem_calloc(1, sizeof(*d));

	d->old = old;
	d->now = now;
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++)
		table_init(&d->tables[i], SECTIONS[i].columns, SECTIONS[i].column_count);
	fill_figures(d);
	fill_settings(d);
	fill_packages(d);
	fill_trims(d);
	fill_services(d);
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++) {
		if (SECTIONS[i].sort)
			table_sort(&d->tables[i], SECTIONS[i].sort, false);
		d->differs |= table_rows(&d->tables[i]) > 0;
	}
	*ret = d;
}

void diff_plan_free(struct diff_plan *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++)
		table_release(&d->tables[i]);
	free(d);
}

void diff_plan_freep(struct diff_plan **d)
{
	diff_plan_free(*d);
}

static const char *const NO_DIFFERENCE = "The two plans say the same.\n";

void diff_plan_text(const struct diff_plan *d, const struct style *style, uint64_t top,
		    struct strbuf *out)
{
	_cleanup_(table_release) struct table figures;

	section_field(out, "Before", d->old->image_root);
	section_field(out, "After", d->now->image_root);
	diff_figures_table(d->figures, d->figure_count, style, &figures);
	section_table(out, style, "Figures", &figures, 0);
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++)
		section_table(out, style, SECTIONS[i].title, &d->tables[i], top);
	if (!d->differs)
		strbuf_printf(out, "\n%s", NO_DIFFERENCE);
}

void diff_plan_markdown(const struct diff_plan *d, const struct style *style,
			uint64_t top, struct strbuf *out)
{
	_cleanup_(table_release) struct table figures;

	markdown_heading(1, "Comparison of two plans", out);
	diff_figures_table(d->figures, d->figure_count, style, &figures);
	markdown_table(&figures, 0, style, out);
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++) {
		if (table_rows(&d->tables[i]) == 0)
			continue;
		markdown_heading(2, SECTIONS[i].title, out);
		markdown_table(&d->tables[i], top, style, out);
	}
	if (!d->differs)
		strbuf_printf(out, "\n%s", NO_DIFFERENCE);
}

json_t *diff_plan_json(const struct diff_plan *d)
{
	json_t *json = json_object();

	json_put(json, "schema", json_string(DIFF_PLAN_SCHEMA));
	json_put(json, "differs", json_boolean(d->differs));
	json_put(json, "totals", diff_figures_json(d->figures, d->figure_count));
	for (size_t i = 0; i < DIFF_PLAN_SECTION_COUNT; i++)
		json_put(json, SECTIONS[i].key, table_json(&d->tables[i]));
	return json;
}

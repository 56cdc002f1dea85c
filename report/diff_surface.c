#include "report/diff_internal.h"

#include "report/measure_surface.h"

/* What is worth a line of its own: the other kinds have too many members to read. */
static const enum surface_id NAMED[] = {
	SURFACE_SETUID,	 SURFACE_CAPABILITIES, SURFACE_WRITABLE,  SURFACE_DAEMONS,
	SURFACE_SOCKETS, SURFACE_INTERPRETERS, SURFACE_COMPILERS, SURFACE_DEBUGGERS,
};

static void add_figure(struct table *table, enum surface_id id, const struct surface *old,
		       const struct surface *now)
{
	uint64_t before, after;

	if (!surface_is_known(old, id) || !surface_is_known(now, id))
		return;
	before = surface_count(old, id);
	after = surface_count(now, id);
	if (before == after)
		return;
	table_text(table, SURFACE_KINDS[id].name);
	table_text(table, SURFACE_KINDS[id].title);
	table_change(table, (int64_t)after - (int64_t)before);
	table_number(table, before);
	table_number(table, after);
}

static void add_member(struct table *table, enum surface_id id, const struct graph *g,
		       file_id f, const char *change)
{
	pkg_id owner = graph_file_owner(g, f);

	table_text(table, change);
	table_text(table, SURFACE_KINDS[id].name);
	table_text(table, SURFACE_KINDS[id].title);
	table_text(table, owner ? graph_text(g, g->packages[owner].name) : NULL);
	table_text(table, graph_text(g, g->files[f].path));
}

static void add_members(struct diff_report *report, enum surface_id id,
			const struct surface *old, const struct surface *now)
{
	const struct graph_diff *d = report->diff;
	struct table *table = &report->tables[DIFF_EXPOSED];

	if (!surface_is_known(old, id) || !surface_is_known(now, id))
		return;
	array_each (&d->files, i) {
		const struct diff_file *pair = &d->files.data[i];
		bool was = pair->old && idset_has(surface_set(old, id), pair->old);
		bool is = pair->now && idset_has(surface_set(now, id), pair->now);

		if (is && !was)
			add_member(table, id, d->now, pair->now, "came");
		else if (was && !is)
			add_member(table, id, d->old, pair->old, "went");
	}
}

void diff_fill_surface(struct diff_report *report)
{
	_cleanup_(surface_freep) struct surface *old = surface_new(report->diff->old);
	_cleanup_(surface_freep) struct surface *now = surface_new(report->diff->now);

	for (int id = 0; id < SURFACE_COUNT; id++)
		add_figure(&report->tables[DIFF_SURFACE], (enum surface_id)id, old, now);
	for (size_t i = 0; i < ARRAY_LEN(NAMED); i++)
		add_members(report, NAMED[i], old, now);
}

#include "report/diff_internal.h"

#include "base/strbuf.h"

static const char *nevra_or_null(const struct graph *g, pkg_id p)
{
	return p ? graph_text(g, g->packages[p].nevra) : NULL;
}

static void bytes_or_none(struct table *table, const struct graph *g, pkg_id p)
{
	if (p)
		table_number(table, g->packages[p].disk_bytes);
	else
		table_none(table);
}

static bool is_software(const struct graph_diff *d, const struct diff_package *pair)
{
	return pair->now ? measure_is_software(&d->now->packages[pair->now])
			 : measure_is_software(&d->old->packages[pair->old]);
}

static void fill_packages(struct diff_report *report)
{
	const struct graph_diff *d = report->diff;
	struct table *table = &report->tables[DIFF_PACKAGES];

	array_each (&d->packages, i) {
		const struct diff_package *pair = &d->packages.data[i];

		if (pair->change == CHANGE_NONE)
			continue;
		report->differs = true;
		if (!is_software(d, pair))
			continue;
		table_text(table, graph_change_name(pair->change));
		table_text(
			table,
			pair->now ? graph_text(d->now, d->now->packages[pair->now].name)
				  : graph_text(d->old, d->old->packages[pair->old].name));
		table_change(table, pair->growth);
		bytes_or_none(table, d->old, pair->old);
		bytes_or_none(table, d->now, pair->now);
		table_text(table, nevra_or_null(d->old, pair->old));
		table_text(table, nevra_or_null(d->now, pair->now));
	}
	table_sort(table, 2, false);
}

static void put_words(const struct diff_report *report, const struct newcomer *n,
		      struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };

	newcomer_say(report->diff, n, &words);
	table_text(table, strbuf_text(&words));
}

static void put_place(const struct diff_report *report, const struct newcomer *n,
		      struct table *table)
{
	_cleanup_(strbuf_release) struct strbuf place = { 0 };

	newcomer_place(report->diff, n, &place);
	table_text(table, place.len ? strbuf_text(&place) : NULL);
}

static void fill_newcomers(struct diff_report *report)
{
	const struct graph *g = report->diff->now;
	struct table *table = &report->tables[DIFF_NEWCOMERS];

	array_each (&report->newcomers, i) {
		const struct newcomer *n = &report->newcomers.data[i];

		table_text(table, graph_text(g, g->packages[n->package].nevra));
		table_number(table, g->packages[n->package].disk_bytes);
		table_text(table, newcomer_cause_name(n->cause));
		put_words(report, n, table);
		put_place(report, n, table);
		table_text(table, graph_text(g, g->packages[n->origin].nevra));
	}
	table_sort(table, 1, false);
}

/* Each beginning of a chain, with all that came along. */
static void fill_causes(struct diff_report *report)
{
	const struct graph *g = report->diff->now;
	struct table *table = &report->tables[DIFF_CAUSES];
	_cleanup_(freep) uint64_t *bytes = mem_calloc(g->package_count + 1u, 8);
	_cleanup_(freep) uint64_t *count = mem_calloc(g->package_count + 1u, 8);

	array_each (&report->newcomers, i) {
		const struct newcomer *n = &report->newcomers.data[i];

		count[n->origin]++;
		bytes[n->origin] += g->packages[n->package].disk_bytes;
	}
	array_each (&report->newcomers, i) {
		const struct newcomer *n = &report->newcomers.data[i];

		if (n->origin != n->package)
			continue;
		table_text(table, graph_text(g, g->packages[n->package].nevra));
		table_number(table, count[n->package]);
		table_number(table, bytes[n->package]);
		put_words(report, n, table);
		put_place(report, n, table);
	}
	table_sort(table, 2, false);
}

void diff_fill_packages(struct diff_report *report)
{
	newcomers_find(report->diff, &report->newcomers);
	fill_packages(report);
	fill_newcomers(report);
	fill_causes(report);
}

#include "report/plan_text.h"
#include "report/plan_advice.h"

#include "base/text.h"
#include "report/node.h"
#include "report/plan_text_memory.h"
#include "report/summary.h"
#include "report/table.h"

#include <string.h>

struct view {
	const struct planning *planning;
	const struct plan *plan;
	const struct graph *g;
	const struct plan_text_options *options;
	const struct style *style;
	struct strbuf *out;
};

static void heading(const struct view *v, const char *text, size_t rows)
{
	_cleanup_(strbuf_release) struct strbuf line = { 0 };

	strbuf_puts(&line, text);
	if (v->options->top && rows > v->options->top)
		strbuf_printf(&line, " (%zu of %zu, --all shows them)",
			      (size_t)v->options->top, rows);
	strbuf_putc(v->out, '\n');
	style_puts(v->out, v->style, MARK_HEAD, strbuf_text(&line));
	strbuf_putc(v->out, '\n');
}

static void print_table(const struct view *v, struct table *table, const char *title)
{
	if (table_rows(table) == 0)
		return;
	heading(v, title, table_rows(table));
	if (v->options->top)
		table_truncate(table, v->options->top);
	table_print(table, v->style, v->out);
}

static const char *nevra(const struct view *v, pkg_id p)
{
	return graph_text(v->g, v->g->packages[p].nevra);
}

static void put_head(const struct view *v)
{
	const struct graph_image *image = &v->g->image;
	struct strbuf *out = v->out;

	strbuf_puts(out, "Root        ");
	text_printable(out, graph_text(v->g, image->root));
	if (image->os_name) {
		strbuf_puts(out, " (");
		text_printable(out, graph_text(v->g, image->os_name));
		strbuf_puts(out, ")");
	}
	if (image->metadata_only) {
		strbuf_puts(out, "\nAnalysis    ");
		summary_say_completeness(v->g, out);
	}
	strbuf_puts(out, "\nProfiles    ");
	planning_say_profiles(v->planning, out);
	planning_say_left_out(v->planning, out);
	planning_say_usage(v->planning, out);
	strbuf_printf(
		out, "\nCaution     %s%s%s\n", caution_name(v->plan->options.caution),
		v->plan->options.weak ? ", recommended packages stay" : "",
		v->plan->options.keep_install_time ? ", what only installing needs stays"
						   : "");
}

static void put_totals(const struct view *v)
{
	const struct plan *plan = v->plan;
	struct strbuf *out = v->out;

	strbuf_puts(out, "Frees       ");
	style_size(out, v->style, plan->disk_bytes_freed);
	strbuf_puts(out, " of ");
	style_size(out, v->style, plan->disk_bytes_before);
	strbuf_puts(out,
		    v->g->image.metadata_only ? " of declared sizes (" : " on disk (");
	style_percent(out, plan->disk_bytes_freed, plan->disk_bytes_before);
	strbuf_puts(out, ")\n");
	plan_text_compressed(v->plan, v->style, out);
	plan_text_memory(v->plan, v->style, out);
	strbuf_puts(out, "Packages    ");
	style_count(out, plan->packages_removed);
	strbuf_puts(out, " of ");
	style_count(out, plan->packages_before);
	strbuf_puts(out, " go, ");
	style_count(out, plan->packages_before - plan->packages_removed);
	strbuf_puts(out, " stay\n");
	if (plan->files.len == 0)
		return;
	strbuf_puts(out, "Trims       ");
	style_size(out, v->style, plan->trim_bytes_freed);
	strbuf_puts(out, " more: ");
	style_count(out, plan->files.len);
	strbuf_puts(out, " files of what stays\n");
}

static void put_check(const struct view *v, const char *name,
		      const struct verify_check *check, const char *not_run)
{
	static const enum style_mark MARKS[] = {
		[VERIFY_NOT_RUN] = MARK_DIM,
		[VERIFY_NOT_POSSIBLE] = MARK_WARN,
		[VERIFY_PASSED] = MARK_GOOD,
		[VERIFY_FAILED] = MARK_BAD,
	};
	enum verify_result result = check ? check->result : VERIFY_NOT_RUN;

	strbuf_puts(v->out, name);
	style_puts(v->out, v->style, MARKS[result], verify_result_name(result));
	if (result == VERIFY_NOT_RUN)
		strbuf_puts(v->out, not_run);
	if (result == VERIFY_NOT_POSSIBLE) {
		strbuf_puts(v->out, ": ");
		text_printable(v->out, check->text);
	}
	strbuf_putc(v->out, '\n');
	for (size_t i = 0; check && i < check->problems.len; i++) {
		strbuf_puts(v->out, "            ");
		text_printable(v->out, check->problems.data[i].text);
		strbuf_putc(v->out, '\n');
	}
}

static void put_proof(const struct view *v, const struct verify_report *proof)
{
	const struct plan *plan = v->plan;
	struct strbuf *out = v->out;

	strbuf_puts(out, "Smallest    ");
	if (plan->optimal) {
		style_puts(out, v->style, MARK_GOOD, "proven");
		strbuf_puts(out, ": no smaller set satisfies all that must stay\n");
	} else {
		style_puts(out, v->style, MARK_WARN, "not proven");
		strbuf_puts(out, ": at most ");
		style_size(out, v->style, plan->kept_bytes - plan->bound_bytes);
		strbuf_puts(out, " more could go\n");
	}
	put_check(v, "Graph       ", proof ? &proof->graph : NULL, "");
	put_check(v, "RPM         ", proof ? &proof->rpm : NULL,
		  " (plan --root ROOT, or tare verify PLAN.json --root ROOT)");
}

static const struct table_column REMOVED_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "risk", "Risk", TABLE_TEXT, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

static void add_removed(const struct view *v, pkg_id p, struct table *table)
{
	const struct plan_package *item = &v->plan->packages[p];

	table_text(table, nevra(v, p));
	table_number(table, item->disk_bytes);
	table_text(table, plan_risk_name(item->risk));
	table_text(table, item->risk_reason[0] ? item->risk_reason : item->reason);
}

static void put_removed(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, REMOVED_COLUMNS, ARRAY_LEN(REMOVED_COLUMNS));
	idset_each (&v->plan->removed, p)
		add_removed(v, (pkg_id)p, &table);
	table_sort(&table, 1, false);
	print_table(v, &table, "Goes, biggest first");
}

/* What of a target was reached, and at which risk. */
static void put_target(const struct view *v)
{
	const struct planning *p = v->planning;

	if (p->target_bytes == 0)
		return;
	strbuf_puts(v->out, "Target      ");
	style_size(v->out, v->style, p->target_bytes);
	strbuf_puts(v->out, p->freed_bytes >= p->target_bytes ? ", reached with "
							      : ", not reached: ");
	style_size(v->out, v->style, p->freed_bytes);
	strbuf_printf(v->out, "; allowed risk: %s\n", plan_risk_name(p->max_risk));
}

/* What a person should look at, however small it is. */
static void put_risky(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, REMOVED_COLUMNS, ARRAY_LEN(REMOVED_COLUMNS));
	for (int risk = RISK_HIGH; risk >= RISK_MEDIUM; risk--)
		idset_each (&v->plan->removed, p)
			if ((int)v->plan->packages[p].risk == risk)
				add_removed(v, (pkg_id)p, &table);
	print_table(v, &table, "Goes, but look at it: high and medium risk");
}

static void put_risks(const struct view *v)
{
	uint64_t counts[RISK_HIGH + 1] = { 0 };

	idset_each (&v->plan->removed, p)
		counts[v->plan->packages[p].risk]++;
	strbuf_puts(v->out, "Risk        ");
	for (int risk = RISK_HIGH; risk >= RISK_NONE; risk--) {
		style_count(v->out, counts[risk]);
		strbuf_printf(v->out, " %s%s", plan_risk_name((enum plan_risk)risk),
			      risk == RISK_NONE ? "\n" : ", ");
	}
}

static void put_services(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	plan_text_services(v->plan, v->style, &table);
	print_table(v, &table,
		    "Daemons that start by default although nothing that stays needs "
		    "them");
}

static const struct table_column KEPT_COLUMNS[] = {
	{ "nevra", "Package", TABLE_TEXT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "held_bytes", "Holds", TABLE_BYTES, 0 },
	{ "reason", "Reason", TABLE_TEXT, 0 },
};

static void put_kept(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, KEPT_COLUMNS, ARRAY_LEN(KEPT_COLUMNS));
	idset_each (&v->plan->kept, p) {
		const struct plan_package *item = &v->plan->packages[p];

		table_text(&table, nevra(v, (pkg_id)p));
		table_number(&table, item->disk_bytes);
		table_number(&table, item->held_bytes);
		table_text(&table, item->reason);
	}
	table_sort(&table, 1, false);
	print_table(v, &table, "Stays, biggest first");
}

static const struct table_column TRIM_COLUMNS[] = {
	{ "trim", "Trim", TABLE_TEXT, 0 },    { "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "files", "Files", TABLE_COUNT, 0 }, { "risk", "Risk", TABLE_TEXT, 0 },
	{ "title", "What", TABLE_TEXT, 0 },
};

static void put_trims(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, TRIM_COLUMNS, ARRAY_LEN(TRIM_COLUMNS));
	array_each (&v->plan->trims, i) {
		const struct plan_trim *trim = &v->plan->trims.data[i];

		table_text(&table, trim->id);
		table_number(&table, trim->disk_bytes);
		table_number(&table, trim->files);
		table_text(&table, plan_risk_name(trim->risk));
		table_text(&table, trim->title);
	}
	table_sort(&table, 1, false);
	print_table(v, &table, "Files that go although their packages stay");
}

static const struct table_column LOST_COLUMNS[] = {
	{ "feature", "Feature", TABLE_TEXT, 0 },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "packages", "Packages that it would need", TABLE_TEXT, 0 },
};

struct lost_feature {
	const char *name; /* borrowed from the intent */
	uint64_t disk_bytes;
	struct strbuf packages;
};
typedef ARRAY_OF(struct lost_feature) lost_features;

static void add_lost(lost_features *lost, const char *name, const char *package,
		     uint64_t bytes)
{
	struct lost_feature *feature = NULL;

	array_each (lost, i)
		if (strcmp(lost->data[i].name, name) == 0)
			feature = &lost->data[i];
	if (!feature) {
		feature = array_extend(lost, 1);
		feature->name = name;
	}
	feature->disk_bytes += bytes;
	strbuf_printf(&feature->packages, "%s%s", feature->packages.len ? ", " : "",
		      package);
}

static void put_lost(const struct view *v)
{
	_cleanup_(table_release) struct table table;
	lost_features lost = { 0 };

	idset_each (&v->plan->removed, p) {
		const struct plan_package *item = &v->plan->packages[p];

		array_each (&item->features_lost, i)
			add_lost(&lost, item->features_lost.data[i],
				 graph_text(v->g, v->g->packages[p].name),
				 item->disk_bytes);
	}
	table_init(&table, LOST_COLUMNS, ARRAY_LEN(LOST_COLUMNS));
	array_each (&lost, i) {
		table_text(&table, lost.data[i].name);
		table_number(&table, lost.data[i].disk_bytes);
		table_text(&table, strbuf_text(&lost.data[i].packages));
		strbuf_release(&lost.data[i].packages);
	}
	array_release(&lost);
	table_sort(&table, 0, false);
	print_table(v, &table, "Features that are lost");
}

static const struct table_column DROPPED_COLUMNS[] = {
	{ "package", "Stays", TABLE_TEXT, 0 },
	{ "requirement", "Required for installing", TABLE_TEXT, 0 },
	{ "provider", "Goes", TABLE_TEXT, 0 },
};

static void put_dropped(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, DROPPED_COLUMNS, ARRAY_LEN(DROPPED_COLUMNS));
	array_each (&v->plan->dropped, i) {
		const struct plan_dropped *dropped = &v->plan->dropped.data[i];
		const struct graph_requirement *req =
			&v->g->requirements[dropped->requirement];

		table_text(&table, nevra(v, dropped->package));
		table_text(&table, graph_text(v->g, req->text));
		table_text(&table, nevra(v, dropped->provider));
	}
	print_table(v, &table,
		    "Not honoured: required for installing alone, a reinstall would pull "
		    "it in");
}

static const struct table_column UNEXPLAINED_COLUMNS[] = {
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "requirement", "Requires", TABLE_TEXT, 0 },
	{ "provider", "Keeps", TABLE_TEXT, 0 },
	{ "held_bytes", "Holds", TABLE_BYTES, 0 },
};

static void put_unexplained(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, UNEXPLAINED_COLUMNS, ARRAY_LEN(UNEXPLAINED_COLUMNS));
	array_each (&v->plan->unexplained, i) {
		const struct plan_unexplained *item = &v->plan->unexplained.data[i];
		const struct graph_requirement *req =
			&v->g->requirements[item->requirement];

		if (item->held_bytes == 0)
			continue;
		table_text(&table, nevra(v, item->package));
		table_text(&table, graph_text(v->g, req->text));
		table_text(&table, nevra(v, item->provider));
		table_number(&table, item->held_bytes);
	}
	table_sort(&table, 3, false);
	print_table(
		v, &table,
		"Stays for a requirement that no file explains: possibly over-declared");
}

static const struct table_column HIDDEN_COLUMNS[] = {
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "provider", "Uses", TABLE_TEXT, 0 },
	{ "from", "Where", TABLE_TEXT, 0 },
	{ "text", "How", TABLE_TEXT, 0 },
};

/* The strongest citation speaks for all edges between two packages. */
static void put_hidden(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, HIDDEN_COLUMNS, ARRAY_LEN(HIDDEN_COLUMNS));
	array_each (&v->plan->hidden, i) {
		const struct hidden *hidden = &v->plan->hidden.data[i];
		const struct graph_edge *edge = &v->g->edges[hidden->edge];

		table_text(&table, graph_text(v->g, v->g->packages[hidden->user].name));
		table_text(&table,
			   graph_text(v->g, v->g->packages[hidden->provider].name));
		table_text(&table, graph_text(v->g, v->g->files[edge->from].path));
		table_text(&table, graph_text(v->g, edge->cite_text));
	}
	print_table(
		v, &table,
		"Hidden dependencies: used by what stays, required by no package of it");
}

static const struct table_column CONFLICT_COLUMNS[] = {
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "rule", "Not wanted by", TABLE_TEXT, 0 },
	{ "why", "Because", TABLE_TEXT, 0 },
	{ "stays", "Stays because", TABLE_TEXT, 0 },
};

static void put_conflicts(const struct view *v)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, CONFLICT_COLUMNS, ARRAY_LEN(CONFLICT_COLUMNS));
	array_each (&v->plan->conflicts, i) {
		const struct plan_conflict *conflict = &v->plan->conflicts.data[i];
		const struct intent_root *rule =
			&v->plan->intent->unwanted.data[conflict->unwanted];

		table_text(&table, nevra(v, conflict->package));
		table_text(&table, rule->place);
		table_text(&table, rule->why);
		table_text(&table, v->plan->packages[conflict->package].reason);
	}
	print_table(v, &table, "Unwanted, but something that must stay needs it");
}

static const struct table_column MISS_COLUMNS[] = {
	{ "selector", "Rule", TABLE_TEXT, 0 },
	{ "why", "Would keep, because", TABLE_TEXT, 0 },
	{ "place", "Written in", TABLE_TEXT, 0 },
};

/* Entries that found nothing: a feature may be missing in this root already. */
static void put_misses(const struct view *v)
{
	const struct intent *intent = v->plan->intent;
	_cleanup_(table_release) struct table table;

	table_init(&table, MISS_COLUMNS, ARRAY_LEN(MISS_COLUMNS));
	array_each (&intent->misses, i) {
		table_text(&table, intent->misses.data[i].selector);
		table_text(&table, intent->misses.data[i].why);
		table_text(&table, intent->misses.data[i].place);
	}
	print_table(v, &table, "Optional rules that select nothing here");
}

void plan_text(const struct planning *planning, const struct verify_report *proof,
	       const struct plan_text_options *options, const struct style *style,
	       struct strbuf *out)
{
	struct view v = {
		.planning = planning,
		.plan = planning->plan,
		.g = planning->plan->graph,
		.options = options,
		.style = style,
		.out = out,
	};

	put_head(&v);
	put_totals(&v);
	plan_text_database(v.plan, style, out);
	put_target(&v);
	put_risks(&v);
	put_proof(&v, proof);
	put_risky(&v);
	put_removed(&v);
	put_trims(&v);
	put_services(&v);
	put_lost(&v);
	put_dropped(&v);
	put_unexplained(&v);
	put_hidden(&v);
	put_conflicts(&v);
	plan_advice_text(v.plan, options->top, style, out);
	if (options->kept)
		put_kept(&v);
	if (options->top == 0)
		put_misses(&v);
}

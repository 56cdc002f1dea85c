/*
 * report – what an image is, weighs, and what a plan would change.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/budget.h"
#include "report/html_data.h"
#include "report/usage_tables.h"

#include <errno.h>

struct report_options {
	struct common_options common;
	const char *plan;
	text_array budgets;
	uint64_t top;
	bool all;
};

enum { FORMAT_MARKDOWN = FORMAT_JSON + 1, FORMAT_CSV, FORMAT_HTML };
static const char *const FORMATS[] = { "text", "json", "markdown", "csv", "html", NULL };

#define MEMBER(name) offsetof(struct report_options, name)
#define DEFAULT_TOP  20

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "plan", "PLAN.json", MEMBER(plan),
	  .help = "report on this plan, too" },
	{ 'b', OPTION_LIST, "budget", "FILE", MEMBER(budgets),
	  .help = "html: also measure the limits of this budget (repeat it)" },
	FORMAT_ROW(FORMATS, "text (default), json, markdown, csv (the packages) or html"),
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "rows of each long table of text and Markdown (default: 20)" },
	{ 'a', OPTION_FLAG, "all", NULL, MEMBER(all), .help = "all rows" },
};

static const struct option_group GROUP = { "Report options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

/* The limits as tare check without a baseline measures them; waivers never run out here. */
static int add_budget(const struct report_options *options, const struct graph *g,
		      json_t *extra, struct error *err)
{
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	struct budget_ask ask = { .measure = m };
	json_t *json;
	int r;

	if (options->budgets.len == 0)
		return 0;
	r = budget_read_files(options->budgets.data, options->budgets.len, &budget, err);
	ask.budget = budget;
	if (r == 0)
		r = budget_measure(&ask, &verdict, err);
	if (r < 0)
		return r;
	json = budget_json(&verdict);
	json_put(extra, "budget", html_objects(json_object_get(json, "results"), 0));
	json_decref(json);
	return 0;
}

static int add_evidence(struct store *store, const struct graph *g, json_t *extra,
			struct error *err)
{
	_cleanup_(usage_freep) struct usage *usage = NULL;
	_cleanup_(table_release) struct table table = { 0 };
	struct usage_source source = { .store = store, .graph = g };
	int r = usage_load(store, g, &usage, err);

	source.usage = usage;
	if (r < 0 || usage->evidence_count == 0)
		return r;
	r = usage_table_make(usage_table_find("evidence", err), &source, &table, err);
	if (r == 0)
		json_put(extra, "evidence", html_table(&table));
	return r;
}

static enum exit_status print_page(const struct invocation *inv, struct store *store,
				   const struct summary *summary, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *extra = json_object();
	enum exit_status status = EXIT_OK;

	if (add_budget(inv->options, summary->graph, extra, err) < 0)
		status = EXIT_USAGE;
	else if (add_evidence(store, summary->graph, extra, err) < 0)
		status = EXIT_INPUT;
	if (status == EXIT_OK) {
		html_report(summary, &inv->style, extra, &text);
		status = output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT
									  : EXIT_OK;
	}
	json_decref(extra);
	return status;
}

static int print(const struct invocation *inv, const struct summary *summary,
		 struct error *err)
{
	const struct report_options *options = inv->options;
	uint64_t top = options->all ? 0 : options->top ? options->top : DEFAULT_TOP;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = summary_json(summary);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	if (inv->common->format == FORMAT_MARKDOWN)
		summary_markdown(summary, &inv->style, top, &text);
	else if (inv->common->format == FORMAT_CSV)
		summary_csv(summary, &text);
	else
		summary_text(summary, &inv->style, top, &text);
	return output_text(inv->common->output, &text, err);
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct report_options *options = inv->options;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *plan = NULL;
	_cleanup_(summary_freep) struct summary *summary = NULL;
	int r;

	if (options->budgets.len && inv->common->format != FORMAT_HTML) {
		error_set(err, -EINVAL,
			  "--budget is for -f html: 'tare check' prints "
			  "limits in other forms");
		return EXIT_USAGE;
	}
	r = command_load_graph(inv, &store, &g, err);
	if (r == 0 && options->plan)
		r = plan_json_read_file(options->plan, &plan, err);
	if (r == 0)
		r = summary_make(store, g, plan, &summary, err);
	if (r == 0 && inv->common->format == FORMAT_HTML)
		return print_page(inv, store, summary, err);
	if (r == 0)
		r = print(inv, summary, err);
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_REPORT = {
	.name = "report",
	.arguments = "",
	.summary = "Report what an image weighs and what a plan would change",
	.groups = GROUPS,
	.options_size = sizeof(struct report_options),
	.run = run,
};

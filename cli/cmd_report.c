/*
 * report – what an image is, weighs, and what a plan would change.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/html.h"

struct report_options {
	struct common_options common;
	const char *plan;
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
	FORMAT_ROW(FORMATS, "text (default), json, markdown, csv (the packages) or html"),
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "rows of each long table of text and Markdown (default: 20)" },
	{ 'a', OPTION_FLAG, "all", NULL, MEMBER(all), .help = "all rows" },
};

static const struct option_group GROUP = { "Report options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

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
	else if (inv->common->format == FORMAT_HTML)
		html_report(summary, &inv->style, NULL, &text);
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

	r = command_load_graph(inv, &store, &g, err);
	if (r == 0 && options->plan)
		r = plan_json_read_file(options->plan, &plan, err);
	if (r == 0)
		r = summary_make(store, g, plan, &summary, err);
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

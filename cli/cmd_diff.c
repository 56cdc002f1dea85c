/*
 * diff – what changed between two graphs, or two plans.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/diff_plan.h"
#include "report/html.h"

#include <errno.h>

struct diff_options {
	struct common_options common;
	uint64_t top, depth;
	bool all;
};

enum { FORMAT_MARKDOWN = FORMAT_JSON + 1, FORMAT_HTML };
static const char *const FORMATS[] = { "text", "json", "markdown", "html", NULL };

#define MEMBER(name) offsetof(struct diff_options, name)
#define DEFAULT_TOP  20

static const struct option_row ROWS[] = {
	FORMAT_ROW(FORMATS, "text (default), json, markdown or html"),
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "rows of each table of text and Markdown (default: 20)" },
	{ 'a', OPTION_FLAG, "all", NULL, MEMBER(all), .help = "all rows" },
	{ 0, OPTION_NUMBER, "depth", "COUNT", MEMBER(depth),
	  .help = "how deep folders are told apart (default: 3, /usr/share/doc)" },
};

static const struct option_group GROUP = { "Diff options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_OUTPUT, &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static uint64_t top_of(const struct invocation *inv)
{
	const struct diff_options *options = inv->options;

	if (options->all)
		return 0;
	return options->top ? options->top : DEFAULT_TOP;
}

static int print(const struct invocation *inv, const struct diff_report *report,
		 struct error *err)
{
	uint64_t top = top_of(inv);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = diff_json(report);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	if (inv->common->format == FORMAT_MARKDOWN)
		diff_markdown(report, &inv->style, top, &text);
	else if (inv->common->format == FORMAT_HTML)
		html_diff(report, &inv->style, &text);
	else
		diff_text(report, &inv->style, top, &text);
	return output_text(inv->common->output, &text, err);
}

/* Half an image can hide a difference. */
static enum exit_status conclude(const struct diff_report *report, struct error *err)
{
	if (!report->diff->old->image.complete || !report->diff->now->image.complete) {
		error_set(err, -EIO,
			  "an analysis is incomplete, so nothing is proven ('tare list "
			  "findings' says what could not be read)");
		return EXIT_INPUT;
	}
	return report->differs ? EXIT_VIOLATED : EXIT_OK;
}

static int load(const char *path, struct graph **ret, struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open(path, &store, err);

	if (r == 0)
		r = graph_load(store, ret, err);
	return r;
}

static int print_plans(const struct invocation *inv, const struct diff_plan *d,
		       struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = diff_plan_json(d);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	if (inv->common->format == FORMAT_MARKDOWN)
		diff_plan_markdown(d, &inv->style, top_of(inv), &text);
	else
		diff_plan_text(d, &inv->style, top_of(inv), &text);
	return output_text(inv->common->output, &text, err);
}

static enum exit_status compare_plans(const struct invocation *inv, struct error *err)
{
	_cleanup_(plan_doc_freep) struct plan_doc *old = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *now = NULL;
	_cleanup_(diff_plan_freep) struct diff_plan *d = NULL;

	if (inv->common->format == FORMAT_HTML) {
		error_set(err, -EINVAL,
			  "plans can be compared as text, json or markdown");
		return EXIT_USAGE;
	}
	if (plan_json_read_file(inv->args.data[0], &old, err) < 0 ||
	    plan_json_read_file(inv->args.data[1], &now, err) < 0)
		return EXIT_INPUT;
	diff_plan_new(old, now, &d);
	if (print_plans(inv, d, err) < 0)
		return EXIT_INPUT;
	return d->differs ? EXIT_VIOLATED : EXIT_OK;
}

static enum exit_status compare_graphs(const struct invocation *inv, struct error *err)
{
	const struct diff_options *options = inv->options;
	_cleanup_(graph_freep) struct graph *old = NULL;
	_cleanup_(graph_freep) struct graph *now = NULL;
	_cleanup_(diff_report_freep) struct diff_report *report = NULL;

	if (load(inv->args.data[0], &old, err) < 0 ||
	    load(inv->args.data[1], &now, err) < 0)
		return EXIT_INPUT;
	diff_report_new(old, now, (uint32_t)MIN2(options->depth, (uint64_t)1000),
			&report);
	if (print(inv, report, err) < 0)
		return EXIT_INPUT;
	return conclude(report, err);
}

/* What the files are decides what is compared. */
static enum exit_status run(const struct invocation *inv, struct error *err)
{
	int is_plan[2];

	for (size_t i = 0; i < 2; i++) {
		is_plan[i] = diff_plan_is_plan(inv->args.data[i], err);
		if (is_plan[i] < 0)
			return EXIT_INPUT;
	}
	if (is_plan[0] != is_plan[1]) {
		error_set(err, -EINVAL, "'%s' is a plan and '%s' is none",
			  inv->args.data[!is_plan[0]], inv->args.data[is_plan[0]]);
		return EXIT_INPUT;
	}
	return is_plan[0] ? compare_plans(inv, err) : compare_graphs(inv, err);
}

const struct command CMD_DIFF = {
	.name = "diff",
	.arguments = "OLD NEW",
	.summary = "Show what changed between two graphs, or two plans",
	.details = "Two graphs (of tare analyze): what came and why, what went, what "
		   "grew. Two\n"
		   "plans (JSON of tare plan): what goes or stays now, bytes, risk.\n"
		   "\n"
		   "Exit status: 0 nothing differs; 1 something does; 3 an input is "
		   "unreadable or\n"
		   "an analysis incomplete.",
	.groups = GROUPS,
	.options_size = sizeof(struct diff_options),
	.min_args = 2,
	.max_args = 2,
	.run = run,
};

/*
 * verify – prove a plan again, against its graph, a newer one, and RPM itself.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/verdict.h"

#include <errno.h>

struct verify_options {
	struct common_options common;
	const char *root;
};

static const char *const FORMATS[] = { "text", "json", NULL };

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "root", "ROOT", offsetof(struct verify_options, root),
	  .help = "the root of the graph: ask RPM, too, whether it would erase the "
		  "packages" },
	FORMAT_ROW(FORMATS, "text (default) or json"),
};

static const struct option_group GROUP = { "Verify options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static int print(const struct invocation *inv, const struct verify_report *report,
		 struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = verdict_json(report);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	verdict_text(report, inv->common->verbose, &inv->style, &text);
	return output_text(inv->common->output, &text, err);
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct verify_options *options = inv->options;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;
	int r;

	r = plan_json_read_file(inv->args.data[0], &doc, err);
	if (r == 0)
		r = command_load_graph(inv, NULL, &g, err);
	if (r == 0 && !g->image.complete)
		r = error_set(err, -EIO,
			      "the analysis is incomplete, so nothing can be proven "
			      "('tare list findings' says what could not be read)");
	if (r == 0 && options->root)
		r = rootfs_new(options->root, &root, err);
	if (r == 0)
		r = verify_plan(g, doc, root, &report, err);
	if (r == 0)
		r = print(inv, report, err);
	if (r < 0 || !report)
		return EXIT_INPUT;
	return report->passed ? EXIT_OK : EXIT_VIOLATED;
}

const struct command CMD_VERIFY = {
	.name = "verify",
	.arguments = "PLAN.json",
	.summary = "Prove a plan again",
	.details = "Each removal is still valid, now a no-op (the package is gone), or "
		   "unsafe\n"
		   "(something that stays needs it). Exit status 1 when the plan is "
		   "refuted.",
	.groups = GROUPS,
	.options_size = sizeof(struct verify_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

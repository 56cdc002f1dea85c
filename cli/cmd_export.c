/*
 * export – a plan in the words of other tools.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/export.h"

#include <errno.h>

struct export_options {
	struct common_options common;
	int format;
};

static const struct option_row ROWS[] = {
	{ 'f', OPTION_CHOICE, "format", "FORMAT", offsetof(struct export_options, format),
	  EXPORT_FORMATS,
	  .help = "list (default: one NEVRA a line), rpm, dnf, tdnf, script (files and "
		  "units alone), image-customizer, kiwi, mkosi, rpm-ostree, osbuild, "
		  "containerfile, kickstart; of what stays: cyclonedx, spdx" },
};

static const struct option_group GROUP = { "Export options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_GRAPH, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct export_options *options = inv->options;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	bool needs_graph = export_needs_graph(options->format);
	int r = 0;

	if (inv->args.len == 0 && !needs_graph) {
		error_set(err, -EINVAL,
			  "export -f %s needs a plan: tare export -f %s PLAN.json",
			  EXPORT_FORMATS[options->format],
			  EXPORT_FORMATS[options->format]);
		return EXIT_USAGE;
	}
	if (inv->args.len > 0)
		r = plan_json_read_file(inv->args.data[0], &doc, err);
	if (r == 0 && needs_graph)
		r = command_load_graph(inv, &store, &g, err);
	if (r == 0)
		r = export_plan(options->format,
				&(struct export_input){ .plan = doc, .graph = g }, &text,
				err);
	if (r == 0)
		r = output_text(inv->common->output, &text, err);
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_EXPORT = {
	.name = "export",
	.arguments = "[PLAN.json]",
	.summary = "Write a plan in the words of other tools",
	.groups = GROUPS,
	.options_size = sizeof(struct export_options),
	.max_args = 1,
	.run = run,
};

/*
 * export – a plan in the words of other tools.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/export.h"

struct export_options {
	struct common_options common;
	int format;
};

static const struct option_row ROWS[] = {
	{ 'f', OPTION_CHOICE, "format", "FORMAT", offsetof(struct export_options, format),
	  EXPORT_FORMATS,
	  .help = "list (default: one NEVRA a line) or rpm (a script around rpm -e)" },
};

static const struct option_group GROUP = { "Export options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct export_options *options = inv->options;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	int r;

	r = plan_json_read_file(inv->args.data[0], &doc, err);
	if (r == 0)
		r = export_plan(options->format, doc, &text, err);
	if (r == 0)
		r = output_text(inv->common->output, &text, err);
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_EXPORT = {
	.name = "export",
	.arguments = "PLAN.json",
	.summary = "Write a plan in the words of other tools",
	.groups = GROUPS,
	.options_size = sizeof(struct export_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

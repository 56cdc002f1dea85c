/*
 * why – why is this package or file in the image?
 */
#include "cli/command.h"
#include "cli/output.h"
#include "cli/planning_options.h"
#include "report/node.h"
#include "report/why.h"

static const char *const FORMATS[] = { "text", "json", NULL };

struct why_options {
	struct planning_options planning; /* first */
	bool all;
};

static const struct option_row ROWS[] = {
	FORMAT_ROW(FORMATS, "text (default) or json"),
	{ 'a', OPTION_FLAG, "all", NULL, offsetof(struct why_options, all),
	  .help = "everything that stays and needs it, each with its chain" },
};

static const struct option_group GROUP = { "Why options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP_PLANNING, &GROUP,
						     &GROUP_GRAPH,    &GROUP_OUTPUT,
						     &GROUP_GENERAL,  NULL };

static int print(const struct invocation *inv, const struct why *why, struct error *err)
{
	const struct why_options *options = (const struct why_options *)inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = why_json(why);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	why_print(why, &inv->style, options->all, &text);
	return output_text(inv->common->output, &text, err);
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(planning_freep) struct planning *planning = NULL;
	_cleanup_(why_release) struct why why = { 0 };
	enum exit_status status;
	uint32_t node = 0;

	if (command_load_graph(inv, &store, &g, err) < 0)
		return EXIT_INPUT;
	if (node_find(g, inv->args.data[0], &node, err) < 0)
		return EXIT_USAGE;
	status = planning_options_make(inv->options, store, g, &planning, err);
	if (status != EXIT_OK)
		return status;
	why_make(planning, node, &why);
	return print(inv, &why, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_WHY = {
	.name = "why",
	.arguments = "NAME|PATH",
	.summary = "Show why a package or file must stay, with citations",
	.details = "Prints the shortest chain from it to something that a profile or "
		   "keep file\n"
		   "names. Use the options that the plan was made with.",
	.groups = GROUPS,
	.options_size = sizeof(struct why_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

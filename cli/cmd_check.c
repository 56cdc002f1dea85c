/*
 * check – measure an image against its budget.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/budget.h"

#include <errno.h>

struct check_options {
	struct common_options common;
	const char *budget;
};

static const char *const FORMATS[] = { "text", "json", NULL };

static const struct option_row ROWS[] = {
	{ 'b', OPTION_TEXT, "budget", "FILE", offsetof(struct check_options, budget),
	  .help = "the limits (default: tare.yaml in the current folder)" },
	FORMAT_ROW(FORMATS, "text (default) or json"),
};

static const struct option_group GROUP = { "Check options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static int print(const struct invocation *inv, const struct budget_verdict *verdict,
		 const struct measure *m, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = budget_json(verdict, m);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	budget_text(verdict, m, &inv->style, &text);
	return output_text(inv->common->output, &text, err);
}

/* Figures of half an image prove nothing, whatever they are. */
static enum exit_status conclude(const struct graph *g,
				 const struct budget_verdict *verdict, struct error *err)
{
	if (!g->image.complete) {
		error_set(err, -EIO,
			  "the analysis is incomplete, so nothing is proven ('tare list "
			  "findings' says what could not be read)");
		return EXIT_INPUT;
	}
	return verdict->failed ? EXIT_VIOLATED : EXIT_OK;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct check_options *options = inv->options;
	const char *path = options->budget ? options->budget : BUDGET_DEFAULT_PATH;
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(measure_freep) struct measure *m = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };

	if (budget_read(path, &budget, err) < 0)
		return EXIT_USAGE;
	if (command_load_graph(inv, NULL, &g, err) < 0)
		return EXIT_INPUT;
	m = measure_new(g);
	if (budget_measure(budget, m, &verdict, err) < 0)
		return EXIT_USAGE;
	if (print(inv, &verdict, m, err) < 0)
		return EXIT_INPUT;
	return conclude(g, &verdict, err);
}

const struct command CMD_CHECK = {
	.name = "check",
	.arguments = "",
	.summary = "Check an image against its budget",
	.details = "Exit status: 0 all limits are kept; 1 at least one is broken; 2 the "
		   "budget\n"
		   "is missing or wrong; 3 the graph is unreadable or its analysis "
		   "incomplete.",
	.groups = GROUPS,
	.options_size = sizeof(struct check_options),
	.run = run,
};

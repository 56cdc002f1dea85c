/*
 * check – measure an image against its budget.
 */
#include "cli/check_outputs.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/planning_options.h"
#include "report/budget_baseline.h"

#include <errno.h>
#include <time.h>

struct check_options {
	struct planning_options planning; /* first */
	text_array budgets, formats;
	const char *baseline, *write_baseline, *today;
	int ci; /* enum check_ci_choice */
	bool exit_zero, strict, rules;
};

#define MEMBER(name) offsetof(struct check_options, name)

static const char *const CI_CHOICES[] = { "auto", "none", "github", "azure", NULL };

static const struct option_row ROWS[] = {
	{ 'b', OPTION_LIST, "budget", "FILE", MEMBER(budgets),
	  .help = "the limits (default: tare.yaml in the current folder; repeat it)" },
	{ 'B', OPTION_TEXT, "baseline", "FILE", MEMBER(baseline),
	  .help = "what growth counts from: an older graph, or a file of the next "
		  "option" },
	{ 0, OPTION_TEXT, "write-baseline", "FILE", MEMBER(write_baseline),
	  .help = "write the lowest figures of now and of the baseline" },
	{ 'f', OPTION_LIST, "format", "FORMAT[=FILE]", MEMBER(formats),
	  .help = "text (default), json, junit, sarif, markdown, gitlab, github or "
		  "azure (repeat it)" },
	{ 0, OPTION_CHOICE, "ci", "WHICH", MEMBER(ci), CI_CHOICES,
	  .help = "annotate the log: auto (default), none, github or azure" },
	{ 0, OPTION_TEXT, "today", "YYYY-MM-DD", MEMBER(today),
	  .help = "the day that waivers are judged by (default: the clock's, in UTC)" },
	{ 0, OPTION_FLAG, "strict", NULL, MEMBER(strict), .help = "warnings fail, too" },
	{ 0, OPTION_FLAG, "exit-zero", NULL, MEMBER(exit_zero),
	  .help = "exit status 0 where it would be 1" },
	{ 0, OPTION_FLAG, "show-rules", NULL, MEMBER(rules),
	  .help = "print the limits as they were read, with their places, and end" },
};

static const struct option_group GROUP = { "Check options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	   &GROUP_PLANNING,
						     &GROUP_GRAPH, &GROUP_OUTPUT,
						     &GROUP_UNITS, &GROUP_GENERAL,
						     NULL };

/* The chains of unwanted packages need a plan, which most checks do without. */
struct lazy_planning {
	const struct planning_options *options;
	const struct graph *g;
	struct planning *planning;
	bool is_tried;
	enum exit_status status;
	struct error *err;
};

/* Where nobody says what must stay and no profile fits by itself, there is no plan. */
static const struct planning *make_planning(void *arg)
{
	struct lazy_planning *lazy = arg;
	const struct planning_options *options = lazy->options;
	bool is_asked = options->profiles.len || options->keep_files.len;
	struct error why = { 0 };

	if (lazy->planning || lazy->is_tried)
		return lazy->planning;
	lazy->is_tried = true;
	lazy->status =
		planning_options_make(options, NULL, lazy->g, &lazy->planning, &why);
	if (lazy->status != EXIT_OK && is_asked)
		*lazy->err = why;
	else
		lazy->status = EXIT_OK;
	return lazy->planning;
}

static int find_today(const char *text, budget_day *ret, struct error *err)
{
	time_t now = time(NULL);
	struct tm day;

	if (text)
		return budget_day_parse(text, ret, err);
	if (now == (time_t)-1 || !gmtime_r(&now, &day))
		return error_set(err, -EINVAL, "the clock is not set: use --today");
	*ret = (budget_day)((day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 +
			    day.tm_mday);
	return 0;
}

static int read_budget(const struct check_options *options, struct budget **ret,
		       struct error *err)
{
	if (options->budgets.len == 0)
		return budget_read(BUDGET_DEFAULT_PATH, ret, err);
	return budget_read_files(options->budgets.data, options->budgets.len, ret, err);
}

/* A baseline of half an image would make growth of the other half. */
static enum exit_status read_baseline(const char *path, struct budget_baseline **ret,
				      struct error *err)
{
	const struct graph *g;
	int r;

	if (!path)
		return EXIT_OK;
	r = budget_baseline_read(path, ret, err);
	if (r < 0)
		return r == -ENOENT || r == -EINVAL ? EXIT_USAGE : EXIT_INPUT;
	g = budget_baseline_graph(*ret);
	if (g && !g->image.complete) {
		error_set(err, -EIO, "the analysis of the baseline '%s' is incomplete",
			  path);
		return EXIT_INPUT;
	}
	return EXIT_OK;
}

/* Figures of half an image prove nothing, whatever they are. */
static enum exit_status conclude(const struct invocation *inv,
				 const struct budget_verdict *verdict, struct error *err)
{
	const struct check_options *options = inv->options;

	if (!measure_graph(verdict->measure)->image.complete) {
		error_set(err, -EIO, "%s", CHECK_INCOMPLETE);
		return EXIT_INPUT;
	}
	if (budget_verdict_is_good(verdict, options->strict) || options->exit_zero)
		return EXIT_OK;
	return EXIT_VIOLATED;
}

static int write_baseline(const char *path, const struct budget_verdict *verdict,
			  struct error *err)
{
	json_t *json;
	int r;

	/* the best figure of half an image could never be reached again */
	if (!path || !measure_graph(verdict->measure)->image.complete)
		return 0;
	json = budget_baseline_json(verdict);
	r = output_json(path, json, err);
	json_decref(json);
	return r;
}

static int write_all(const struct invocation *inv, const struct check_outputs *outputs,
		     const struct budget_verdict *verdict, struct error *err)
{
	const struct check_options *options = inv->options;
	struct check_report report = {
		.verdict = verdict,
		.style = &inv->style,
		.text = { inv->common->quiet, inv->common->verbose },
		.strict = options->strict,
	};
	int r = check_outputs_write(outputs, &report, err);

	if (r == 0)
		r = check_ci_write(check_ci_find((enum check_ci_choice)options->ci),
				   outputs, &report, err);
	if (r == 0)
		r = write_baseline(options->write_baseline, verdict, err);
	return r;
}

static enum exit_status measure(const struct invocation *inv, struct budget_ask *ask,
				const struct check_outputs *outputs, struct error *err)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(measure_freep) struct measure *m = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	struct lazy_planning lazy = { .options = inv->options, .err = err };
	enum exit_status status = EXIT_OK;

	if (command_load_graph(inv, NULL, &g, err) < 0)
		return EXIT_INPUT;
	m = measure_new(g);
	ask->measure = m;
	ask->planning = make_planning;
	ask->planning_arg = &lazy;
	lazy.g = g;
	if (budget_measure(ask, &verdict, err) < 0)
		status = EXIT_USAGE;
	else if (lazy.status != EXIT_OK)
		status = lazy.status;
	else if (write_all(inv, outputs, &verdict, err) < 0)
		status = EXIT_INPUT;
	else
		status = conclude(inv, &verdict, err);
	planning_free(lazy.planning);
	return status;
}

static enum exit_status show_rules(const struct invocation *inv,
				   const struct budget *budget, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	budget_rules_text(budget, &inv->style, &text);
	return output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct check_options *options = inv->options;
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(budget_baseline_freep) struct budget_baseline *baseline = NULL;
	_cleanup_(check_outputs_release) struct check_outputs outputs = { 0 };
	struct budget_ask ask = { 0 };
	enum exit_status status;

	if (check_outputs_parse(&options->formats, inv->common->output, &outputs, err) <
		    0 ||
	    find_today(options->today, &ask.today, err) < 0 ||
	    read_budget(options, &budget, err) < 0)
		return EXIT_USAGE;
	if (options->rules)
		return show_rules(inv, budget, err);
	status = read_baseline(options->baseline, &baseline, err);
	if (status != EXIT_OK)
		return status;
	ask.budget = budget;
	ask.baseline = baseline;
	return measure(inv, &ask, &outputs, err);
}

const struct command CMD_CHECK = {
	.name = "check",
	.arguments = "",
	.summary = "Check an image against its budget",
	.details = "Exit status: 0 all limits are kept; 1 at least one is broken; 2 the "
		   "budget\n"
		   "is missing or wrong, or a waiver ran out; 3 the graph is unreadable "
		   "or its\n"
		   "analysis incomplete.",
	.groups = GROUPS,
	.options_size = sizeof(struct check_options),
	.run = run,
};

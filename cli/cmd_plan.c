/*
 * plan – propose what can go.
 */
#include "base/units.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/planning_options.h"
#include "report/budget.h"
#include "report/explain.h"
#include "report/node.h"
#include "report/plan_text.h"
#include "trimmer/swap.h"

#include <errno.h>
#include <string.h>

struct plan_command_options {
	struct planning_options planning; /* first */
	const char *root, *target, *budget;
	text_array repositories, explain;
	uint64_t top;
	bool all, kept;
};

enum { FORMAT_AUTO, FORMAT_PLAN_JSON, FORMAT_PLAN_TEXT };
static const char *const FORMATS[] = { "auto", "json", "text", NULL };

#define MEMBER(name) offsetof(struct plan_command_options, name)
#define DEFAULT_TOP  20

static const char *const WEIGH_CHOICES[] = { "disk", "memory", "both", NULL };

static const struct option_row ROWS[] = {
	{ 0, OPTION_CHOICE, "weigh", "WHAT", MEMBER(planning.weigh), WEIGH_CHOICES,
	  .help = "what stays is the smallest in: disk (default), memory or both" },
	{ 0, OPTION_FLAG, "memory-root", NULL, MEMBER(planning.memory_root),
	  .help = "the root lives in memory (initramfs, tmpfs): its files cost memory" },
	{ 0, OPTION_TEXT, "target", "SIZE", MEMBER(target),
	  .help = "free as much, at the least risk that does: 500MiB" },
	{ 0, OPTION_TEXT, "budget", "FILE", MEMBER(budget),
	  .help = "free what the limits 'total' of this budget ask for" },
	{ 0, OPTION_TEXT, "root", "ROOT", MEMBER(root),
	  .help = "the root of the graph: ask RPM, too, whether it would erase the "
		  "packages" },
	{ 0, OPTION_LIST, "repo", "DIR|URL", MEMBER(repositories),
	  .help = "look in this repository (repodata, or a folder of packages) for "
		  "smaller substitutes" },
	FORMAT_ROW(FORMATS, "json: the plan itself; text; auto (default): text, but json "
			    "with -o FILE"),
	{ 0, OPTION_FLAG, "keep-services", NULL,
	  offsetof(struct planning_options, keep_services),
	  .help = "propose no daemons to be switched off" },
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "rows of each table of the text (default: 20)" },
	{ 'a', OPTION_FLAG, "all", NULL, MEMBER(all), .help = "all rows, all tables" },
	{ 0, OPTION_LIST, "explain", "NAME", MEMBER(explain),
	  .help = "all that the plan says of this package or path (repeat it)" },
	{ 0, OPTION_FLAG, "kept", NULL, MEMBER(kept),
	  .help = "also the packages that stay, each with its reason" },
};

static const struct option_group GROUP = { "Plan options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP_PLANNING, &GROUP_CHOICE,
						     &GROUP,	      &GROUP_GRAPH,
						     &GROUP_OUTPUT,   &GROUP_UNITS,
						     &GROUP_GENERAL,  NULL };

static int prove(const struct plan_command_options *options, const struct planning *p,
		 struct verify_report **ret, struct error *err)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	int r = 0;

	if (options->root)
		r = rootfs_new(options->root, &root, err);
	if (r == 0)
		r = verify_removal(p->plan->graph, &p->plan->removed, root, ret, err);
	return r;
}

/* With -o FILE the plan is written; what it says is told in one line. */
static void say_totals(const struct invocation *inv, const struct planning *p)
{
	_cleanup_(strbuf_release) struct strbuf line = { 0 };

	if (inv->common->quiet)
		return;
	style_count(&line, p->plan->packages_removed);
	strbuf_puts(&line, " of ");
	style_counted(&line, p->plan->packages_before, "package");
	strbuf_puts(&line, " can go and free ");
	style_size(&line, &inv->style, p->plan->disk_bytes_freed);
	strbuf_puts(&line, "; profiles: ");
	planning_say_profiles(p, &line);
	output_note("%s", strbuf_text(&line));
}

static bool wants_json(const struct common_options *common)
{
	if (common->format == FORMAT_AUTO)
		return common->output && strcmp(common->output, "-") != 0;
	return common->format == FORMAT_PLAN_JSON;
}

static int print(const struct invocation *inv, const struct planning *p,
		 const struct verify_report *proof, struct error *err)
{
	const struct plan_command_options *options = inv->options;
	const char *output = inv->common->output;
	struct plan_text_options look = {
		.top = options->all   ? 0
		       : options->top ? options->top
				      : DEFAULT_TOP,
		.kept = options->kept || options->all,
	};
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(freep) char *json = NULL;
	int r;

	if (wants_json(inv->common)) {
		json = plan_json_write(p->plan, proof);
		strbuf_puts(&text, json);
	} else {
		plan_text(p, proof, &look, &inv->style, &text);
	}
	r = output_text(output, &text, err);
	if (r == 0 && output && strcmp(output, "-") != 0)
		say_totals(inv, p);
	return r;
}

static enum exit_status conclude(const struct planning *p,
				 const struct verify_report *proof, struct error *err)
{
	char missing[UNITS_TEXT_MAX];

	if (proof->passed && p->freed_bytes >= p->target_bytes)
		return EXIT_OK;
	if (proof->passed) {
		error_set(err, -ERANGE, "the target cannot be reached: %s are missing",
			  units_format(missing, p->target_bytes - p->freed_bytes,
				       UNITS_IEC));
		return EXIT_VIOLATED;
	}
	error_set(err, -EINVAL, "the plan is refuted: %s",
		  proof->graph.result == VERIFY_FAILED ? "the graph's check failed"
						       : "RPM's check failed");
	return EXIT_VIOLATED;
}

/* By how much the image is above the limits of the whole. */
static int budget_target(const char *path, const struct graph *g, uint64_t *ret,
			 struct error *err)
{
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(measure_freep) struct measure *m = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	bool found = false;
	int r = budget_read(path, &budget, err);

	if (r < 0)
		return r;
	m = measure_new(g);
	r = budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			   &verdict, err);
	for (size_t i = 0; r == 0 && i < verdict.results.len; i++) {
		const struct budget_result *result = &verdict.results.data[i];

		if (strcmp(result->limit->what, "total") != 0)
			continue;
		found = found || result->limit->has_max;
		if (result->limit->has_max && result->measured > result->limit->max)
			*ret = MAX2(*ret, result->measured - result->limit->max);
	}
	if (r == 0 && !found)
		return error_set(err, -EINVAL, "'%s' has no limit of 'total'", path);
	if (r == 0 && *ret == 0)
		return error_set(err, -EINVAL,
				 "the limits of 'total' in '%s' are kept already", path);
	return r;
}

static int find_target(const struct plan_command_options *options, const struct graph *g,
		       uint64_t *ret, struct error *err)
{
	int r = 0;

	if (options->target && options->budget)
		return error_set(err, -EINVAL, "--target and --budget both say a target");
	if (options->target) {
		r = units_parse(options->target, ret, err);
		if (r == 0 && *ret == 0)
			r = error_set(err, -EINVAL, "a target of nothing is none");
		if (r < 0)
			return error_prefix(err, r, "--target");
	}
	if (options->budget)
		r = budget_target(options->budget, g, ret, err);
	return r;
}

/* Without a choice of trims, and before one that only takes away, stands "safe". */
static enum exit_status make_plan(const struct plan_command_options *options,
				  struct store *store, const struct graph *g,
				  struct planning **ret, struct error *err)
{
	struct planning_options planning = options->planning;
	text_array trims = { 0 };
	enum exit_status status;

	if (find_target(options, g, &planning.target_bytes, err) < 0)
		return EXIT_USAGE;
	if (planning.trims.len == 0 || planning.trims.data[0][0] == '-')
		array_push(&trims, "safe");
	array_each (&planning.trims, i)
		array_push(&trims, planning.trims.data[i]);
	planning.trims = trims;
	status = planning_options_make(&planning, store, g, ret, err);
	array_release(&trims);
	return status;
}

/* Substitutes from the repositories that were named. */
static int find_swaps(const struct plan_command_options *options, struct plan *plan,
		      struct error *err)
{
	text_array folders = { 0 };
	int r = 0;

	array_each (&options->repositories, i)
		array_push(&folders, options->repositories.data[i]);
	array_push(&folders, NULL);
	if (options->repositories.len > 0)
		r = swap_find(plan, folders.data, &plan->swaps, err);
	array_release(&folders);
	return r;
}

static enum exit_status explain(const struct invocation *inv, const struct planning *p,
				struct error *err)
{
	const struct plan_command_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	array_each (&options->explain, i) {
		uint32_t node = 0;

		if (node_find(p->plan->graph, options->explain.data[i], &node, err) < 0)
			return EXIT_USAGE;
		if (i > 0)
			strbuf_putc(&text, '\n');
		explain_print(p, node, &inv->style, &text);
	}
	return output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct plan_command_options *options = inv->options;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(planning_freep) struct planning *planning = NULL;
	_cleanup_(verify_report_freep) struct verify_report *proof = NULL;
	enum exit_status status;

	if (command_load_graph(inv, &store, &g, err) < 0)
		return EXIT_INPUT;
	status = make_plan(options, store, g, &planning, err);
	if (status != EXIT_OK)
		return status;
	if (options->explain.len > 0)
		return explain(inv, planning, err);
	if (find_swaps(options, planning->plan, err) < 0)
		return EXIT_USAGE;
	if (prove(options, planning, &proof, err) < 0 || !proof ||
	    print(inv, planning, proof, err) < 0)
		return EXIT_INPUT;
	return conclude(planning, proof, err);
}

const struct command CMD_PLAN = {
	.name = "plan",
	.arguments = "",
	.summary = "Propose what can go",
	.details =
		"Finds the smallest set of packages that holds everything the profiles "
		"and\n"
		"keep files name and everything that this needs; what is not in it can "
		"go.\n"
		"With -o FILE the plan is written there as JSON, for verify, export, "
		"report\n"
		"and explore. Nothing is removed.",
	.groups = GROUPS,
	.options_size = sizeof(struct plan_command_options),
	.run = run,
};

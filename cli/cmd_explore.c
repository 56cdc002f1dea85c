/*
 * explore – look at a graph on the screen.
 */
#include "cli/command.h"
#include "cli/planning_options.h"
#include "tui/explore.h"

#include <errno.h>

struct explore_options {
	struct planning_options planning; /* first */
	const char *plan, *compare, *budget, *keys;
	bool plain, no_mouse;
};

#define MEMBER(name) offsetof(struct explore_options, name)

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "plan", "PLAN.json", MEMBER(plan),
	  .help = "mark what this plan removes" },
	{ 0, OPTION_TEXT, "compare", "FILE", MEMBER(compare),
	  .help = "another graph, to show what changed" },
	{ 'b', OPTION_TEXT, "budget", "FILE", MEMBER(budget),
	  .help = "limits to show, as for tare check" },
	{ 0, OPTION_TEXT, "keys", "FILE", MEMBER(keys),
	  .help = "key bindings (default: ~/.config/tare/keys where it exists)" },
	{ 0, OPTION_FLAG, "plain", NULL, MEMBER(plain),
	  .help = "plain ASCII without colours: for screen readers and old terminals" },
	{ 0, OPTION_FLAG, "no-mouse", NULL, MEMBER(no_mouse),
	  .help = "leave the mouse to the terminal" },
};

static const struct option_group GROUP = { "Explore options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP_PLANNING, &GROUP,
						     &GROUP_GRAPH,    &GROUP_UNITS,
						     &GROUP_GENERAL,  NULL };

static const enum term_colour COLOURS[] = {
	[COLOR_AUTO] = TERM_COLOUR_AUTO,
	[COLOR_ALWAYS] = TERM_COLOUR_ALWAYS,
	[COLOR_NEVER] = TERM_COLOUR_NEVER,
};

static enum exit_status explore(const struct invocation *inv,
				const struct planning_request *planning,
				struct error *err)
{
	const struct explore_options *options = inv->options;
	struct tui_options request = {
		.graph_path = command_graph_path(inv),
		.planning = *planning,
		.plan_path = options->plan,
		.compare_path = options->compare,
		.budget_path = options->budget,
		.keys_path = options->keys,
		.term = { .colour = COLOURS[inv->common->color],
			  .plain = options->plain,
			  .no_mouse = options->no_mouse },
		.units = inv->style.units,
	};
	int r = tui_explore(&request, err);

	if (r == 0)
		return EXIT_OK;
	return planning_is_users_mistake(r) || r == -ENOTTY ? EXIT_USAGE : EXIT_INPUT;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct explore_options *options = inv->options;
	struct planning_request request;
	text_array folders = { 0 };
	enum exit_status status;

	if (!inv->may_show_screens) {
		error_set(
			err, -ENOTTY,
			"explore needs a terminal (and no CI=true): use 'tare report' or "
			"'tare list' here");
		return EXIT_USAGE;
	}
	planning_options_request(&options->planning, &folders, &request);
	status = explore(inv, &request, err);
	array_release(&folders);
	return status;
}

const struct command CMD_EXPLORE = {
	.name = "explore",
	.arguments = "",
	.summary = "Look at a graph on the screen",
	.details = "Packages, files, sizes and reasons; '?' shows the keys, 'q' quits. "
		   "The root\n"
		   "and the graph stay as they are.",
	.groups = GROUPS,
	.options_size = sizeof(struct explore_options),
	.run = run,
};

/*
 * command – what one command is, and what it gets to run: its parsed options, its
 * arguments and the look of its output.
 *
 * Each file cli/cmd_NAME.c defines one `const struct command CMD_NAME`; cli/main.c has the
 * table of them. A command returns an exit status; where *err has a text, main() prints
 * it once as "tare: <text>".
 */
#pragma once

#include "cli/options.h"
#include "graph/snapshot.h"
#include "report/style.h"
#include "rules/lookup.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_VIOLATED = 1, /* a budget is broken, a plan refuted, a difference found */
	EXIT_USAGE = 2,	   /* wrong options or configuration */
	EXIT_INPUT = 3,	   /* input unreadable, output unwritable, analysis incomplete */
	EXIT_INTERNAL = 4,
};

struct invocation {
	const struct command *command;
	const void *options; /* of the command's own type */
	const struct common_options *common;
	text_array args;
	struct style style;    /* for what goes to common->output or standard output */
	bool may_show_screens; /* a terminal on both ends and no CI */
	bool may_show_progress;
};

struct command {
	const char *name;
	const char *arguments; /* of the usage line: "PLAN.json", "[NAME]..." */
	const char *summary;   /* one line for the list of commands */
	const char *details;   /* paragraphs of the help text; may be NULL */
	const struct option_group *const *groups; /* ends with NULL */
	size_t options_size;			  /* of the command's struct */
	size_t min_args, max_args;
	enum exit_status (*run)(const struct invocation *inv, struct error *err);
};

#define ANY_NUMBER SIZE_MAX

/** All commands, in the order of the help text; ends with NULL. */
extern const struct command *const COMMANDS[];

/** The command called @p name; NULL with "did you mean" in *err when there is none. */
const struct command *command_find(const char *name, struct error *err);
/** The text of `tare COMMAND --help`. */
void command_help(const struct command *command, struct strbuf *out);
/** The text of `tare --help`. */
void command_overview(struct strbuf *out);

/** The path that -g, $TARE_GRAPH or the default name. */
const char *command_graph_path(const struct invocation *inv);
/** Load that graph. @return 0; -errno with a text that says how to make one */
int command_load_graph(const struct invocation *inv, struct store **ret_store,
		       struct graph **ret, struct error *err);
/** The look-up of rule files with the folders of --rules first; release it. */
int command_lookup(const text_array *rule_folders, struct lookup *ret, struct error *err);

extern const struct command CMD_ANALYZE, CMD_PLAN, CMD_VERIFY, CMD_APPLY, CMD_UNDO,
	CMD_EXPORT, CMD_WHY, CMD_NEEDS, CMD_LIST, CMD_CHECK, CMD_DIFF, CMD_REPORT,
	CMD_EXPLORE, CMD_RULES, CMD_WORKLOAD, CMD_USAGE, CMD_OBSERVE, CMD_VERSION,
	CMD_HELP;

/*
 * help, version – what tare says of itself.
 */
#include "cli/command.h"
#include "cli/output.h"

struct help_options {
	struct common_options common;
	bool table;
};

static const struct option_row ROWS[] = {
	{ 0, OPTION_FLAG, "table", NULL, offsetof(struct help_options, table),
	  .help = "all commands and options as lines of words with tabs between" },
};

static const struct option_group GROUP = { "Help options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const HELP_GROUPS[] = { &GROUP, &GROUP_GENERAL, NULL };
static const struct option_group *const VERSION_GROUPS[] = { &GROUP_GENERAL, NULL };

static enum exit_status run_version(const struct invocation *inv, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	(void)inv;
	strbuf_puts(&text, "tare " TARE_VERSION "\n");
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static void put_table(struct strbuf *out)
{
	for (size_t i = 0; COMMANDS[i]; i++) {
		strbuf_printf(out, "command\t%s\t%s\t%s\n", COMMANDS[i]->name,
			      COMMANDS[i]->arguments[0] ? COMMANDS[i]->arguments : "-",
			      COMMANDS[i]->summary);
		options_table(COMMANDS[i]->groups, COMMANDS[i]->name, out);
	}
}

static enum exit_status run_help(const struct invocation *inv, struct error *err)
{
	const struct help_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	const struct command *command;

	if (options->table) {
		put_table(&text);
	} else if (inv->args.len == 0) {
		command_overview(&text);
	} else {
		command = command_find(inv->args.data[0], err);
		if (!command)
			return EXIT_USAGE;
		command_help(command, &text);
	}
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_VERSION = {
	.name = "version",
	.arguments = "",
	.summary = "Print the version",
	.groups = VERSION_GROUPS,
	.options_size = sizeof(struct common_options),
	.run = run_version,
};

const struct command CMD_HELP = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "Print the help text of a command",
	.details = "--table is for programs: a line is \"command NAME ARGUMENTS "
		   "SUMMARY\" or\n"
		   "\"option COMMAND LETTER NAME VALUE CHOICES HELP\", \"-\" for what "
		   "there\n"
		   "is not. Completions and manual pages are checked against it.",
	.groups = HELP_GROUPS,
	.options_size = sizeof(struct help_options),
	.max_args = 1,
	.run = run_help,
};

/*
 * help, version – what tare says of itself.
 */
#include "cli/command.h"
#include "cli/output.h"

static const struct option_group *const GROUPS[] = { &GROUP_GENERAL, NULL };

static enum exit_status run_version(const struct invocation *inv, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	(void)inv;
	strbuf_puts(&text, "tare " TARE_VERSION "\n");
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run_help(const struct invocation *inv, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	const struct command *command;

	if (inv->args.len == 0) {
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
	.groups = GROUPS,
	.options_size = sizeof(struct common_options),
	.run = run_version,
};

const struct command CMD_HELP = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "Print the help text of a command",
	.groups = GROUPS,
	.options_size = sizeof(struct common_options),
	.max_args = 1,
	.run = run_help,
};

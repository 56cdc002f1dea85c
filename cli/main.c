/*
 * main – finds the command in the table, has its options parsed, runs it, prints its one
 * error and gives its exit status.
 */
#include "cli/command.h"
#include "cli/output.h"

#include "base/mem.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct command *const COMMANDS[] = {
	&CMD_ANALYZE, &CMD_PLAN,     &CMD_VERIFY,  &CMD_APPLY,	 &CMD_UNDO,
	&CMD_EXPORT,  &CMD_WHY,	     &CMD_NEEDS,   &CMD_LIST,	 &CMD_CHECK,
	&CMD_DIFF,    &CMD_REPORT,   &CMD_EXPLORE, &CMD_OBSERVE, &CMD_USAGE,
	&CMD_RULES,   &CMD_WORKLOAD, &CMD_HELP,	   &CMD_VERSION, NULL
};

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && value[0];
}

static bool is_ci(void)
{
	const char *value = getenv("CI");

	return value && value[0] && strcmp(value, "false") != 0 &&
	       strcmp(value, "0") != 0;
}

static bool is_dumb_terminal(void)
{
	const char *term = getenv("TERM");

	return !term || strcmp(term, "dumb") == 0;
}

static bool goes_to_terminal(const struct common_options *common)
{
	return (!common->output || strcmp(common->output, "-") == 0) &&
	       isatty(STDOUT_FILENO);
}

static void set_look(struct invocation *inv)
{
	const struct common_options *common = inv->common;

	inv->style.units = (enum units_style)common->units;
	inv->style.color = common->color == COLOR_ALWAYS;
	if (common->color == COLOR_AUTO)
		inv->style.color = goes_to_terminal(common) && !is_set("NO_COLOR") &&
				   !is_ci() && !is_dumb_terminal();
	inv->may_show_screens = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !is_ci();
	inv->may_show_progress = isatty(STDERR_FILENO) && !common->quiet && !is_ci() &&
				 !is_dumb_terminal();
}

static enum exit_status print_help(const struct command *command, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	command_help(command, &text);
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static void point_to_help(const struct command *command, struct error *err)
{
	_cleanup_(freep) char *text = mem_strdup(err->text);

	error_set(err, -EINVAL, "%s (see 'tare %s --help')", text, command->name);
}

static int check_arguments(const struct invocation *inv, struct error *err)
{
	const struct command *command = inv->command;

	if (inv->args.len < command->min_args)
		return error_set(err, -EINVAL, "an argument is missing: tare %s %s",
				 command->name, command->arguments);
	if (inv->args.len > command->max_args)
		return error_set(err, -EINVAL, "'%s' is one argument too many",
				 inv->args.data[command->max_args]);
	return 0;
}

static enum exit_status run_parsed(struct invocation *inv, struct error *err)
{
	if (inv->common->help)
		return print_help(inv->command, err);
	if (inv->common->version)
		return CMD_VERSION.run(inv, err);
	if (check_arguments(inv, err) < 0) {
		point_to_help(inv->command, err);
		return EXIT_USAGE;
	}
	set_look(inv);
	return inv->command->run(inv, err);
}

static enum exit_status run_command(const struct command *command, char **argv,
				    struct error *err)
{
	_cleanup_(freep) void *options = mem_calloc(1, command->options_size);
	struct invocation inv = { .command = command,
				  .options = options,
				  .common = options };
	enum exit_status status = EXIT_USAGE;
	int r;

	r = options_parse(command->groups, argv, options, &inv.args, err);
	if (r == 0)
		status = run_parsed(&inv, err);
	else
		point_to_help(command, err);
	array_release(&inv.args);
	options_release(command->groups, options);
	return status;
}

/* What stands before the command, or instead of it. */
static enum exit_status run_without_command(const char *word, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (word && (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0))
		return CMD_VERSION.run(NULL, err);
	if (word && strcmp(word, "-h") != 0 && strcmp(word, "--help") != 0) {
		error_set(err, -EINVAL, "'%s' is no command: see 'tare --help'", word);
		return EXIT_USAGE;
	}
	if (!word) {
		error_set(err, -EINVAL, "no command: see 'tare --help'");
		return EXIT_USAGE;
	}
	command_overview(&text);
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run(char **argv, struct error *err)
{
	const struct command *command;

	if (!argv[0] || !argv[1] || argv[1][0] == '-')
		return run_without_command(argv[0] ? argv[1] : NULL, err);
	command = command_find(argv[1], err);
	return command ? run_command(command, argv + 1, err) : EXIT_USAGE;
}

/* A bug or no memory: the documented status instead of a signal. */
static void on_abort(int signal_number)
{
	static const char TEXT[] = "tare: internal error, please report it\n";
	ssize_t ignored = write(STDERR_FILENO, TEXT, sizeof(TEXT) - 1);

	(void)signal_number;
	(void)ignored;
	_exit(EXIT_INTERNAL);
}

/* Sanitizers have their own handlers for some of these: theirs stay. */
static void catch_crashes(void)
{
	static const int SIGNALS[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction mine = { .sa_handler = on_abort }, old;

	for (size_t i = 0; i < ARRAY_LEN(SIGNALS); i++)
		if (sigaction(SIGNALS[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(SIGNALS[i], &mine, NULL);
}

/* Widths of characters need a UTF-8 locale, whatever the environment says. */
static void set_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	enum exit_status status;

	(void)argc;
	catch_crashes();
	signal(SIGPIPE, SIG_IGN);
	set_locale();
	status = run(argv, &err);
	if (status != EXIT_OK && err.text[0])
		output_error(&err);
	return status;
}

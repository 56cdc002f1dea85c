/*
 * undo – take an apply back, finished or interrupted.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "trimmer/apply.h"

#include <errno.h>

struct undo_options {
	struct common_options common;
};

static const struct option_group *const GROUPS[] = { &GROUP_GENERAL, NULL };

static const char *const WORDS[] = {
	[UNDONE_REMOVED] = "the copy is gone",
	[UNDONE_RESTORED] = "everything is as it was before",
	[UNDONE_NOTHING] = "nothing had been changed yet",
};

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	int r = apply_undo(inv->args.data[0], err);

	if (r == -EINTR || r == -ENOENT)
		return r == -ENOENT ? EXIT_USAGE : EXIT_INPUT;
	if (r < 0)
		return EXIT_INPUT;
	if (inv->common->quiet)
		return EXIT_OK;
	strbuf_printf(&text, "%s\n", WORDS[r]);
	return output_text(NULL, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_UNDO = {
	.name = "undo",
	.arguments = "FOLDER",
	.summary = "Take an apply back",
	.details =
		"FOLDER is what 'tare apply' was told to make, or its state folder. What "
		"was\n"
		"half done is taken back; what was finished with --keep or --live is "
		"brought back.",
	.groups = GROUPS,
	.options_size = sizeof(struct undo_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

#include "cli/command.h"

#include "base/mem.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct command *command_find(const char *name, struct error *err)
{
	ARRAY_OF(const char *) known = { 0 };
	const char *near;

	for (size_t i = 0; COMMANDS[i]; i++) {
		if (strcmp(COMMANDS[i]->name, name) == 0) {
			array_release(&known);
			return COMMANDS[i];
		}
		array_push(&known, COMMANDS[i]->name);
	}
	near = rule_did_you_mean(name, known.data, known.len);
	array_release(&known);
	if (near)
		error_set(err, -EINVAL,
			  "'%s' is no command (did you mean '%s'?): see 'tare --help'",
			  name, near);
	else
		error_set(err, -EINVAL, "'%s' is no command: see 'tare --help'", name);
	return NULL;
}

void command_help(const struct command *command, struct strbuf *out)
{
	strbuf_printf(out, "Usage: tare %s [OPTION]...%s%s\n\n%s.\n", command->name,
		      command->arguments[0] ? " " : "", command->arguments,
		      command->summary);
	if (command->details)
		strbuf_printf(out, "\n%s\n", command->details);
	options_help(command->groups, out);
	strbuf_printf(out, "\nThe manual page tare-%s(1) says more.\n", command->name);
}

void command_overview(struct strbuf *out)
{
	strbuf_puts(out, "Usage: tare COMMAND [OPTION]... [ARGUMENT]...\n\n"
			 "Weighs an installed RPM root and proposes what can go.\n\n"
			 "Commands:\n");
	for (size_t i = 0; COMMANDS[i]; i++)
		strbuf_printf(out, "  %-10s %s\n", COMMANDS[i]->name,
			      COMMANDS[i]->summary);
	strbuf_puts(
		out,
		"\n"
		"Options:\n"
		"  -h, --help                  this help; 'tare COMMAND --help' for a "
		"command\n"
		"  -V, --version               print the version\n"
		"\n"
		"Exit status: 0 pass; 1 a budget or rule is violated, a plan refuted, a\n"
		"difference found; 2 wrong usage or configuration; 3 input unreadable "
		"or\n"
		"analysis incomplete; 4 internal error.\n");
}

const char *command_graph_path(const struct invocation *inv)
{
	const char *from_environment = getenv("TARE_GRAPH");

	if (inv->common->graph)
		return inv->common->graph;
	return from_environment && from_environment[0] ? from_environment
						       : STORE_DEFAULT_PATH;
}

int command_load_graph(const struct invocation *inv, struct store **ret_store,
		       struct graph **ret, struct error *err)
{
	const char *path = command_graph_path(inv);
	_cleanup_(store_closep) struct store *st = NULL;
	int r = store_open(path, &st, err);

	if (r == -ENOENT)
		return error_set(err, r,
				 "there is no graph '%s': make one with 'tare analyze "
				 "ROOT', or name one with -g",
				 path);
	if (r == 0)
		r = graph_load(st, ret, err);
	if (r < 0)
		return r;
	if (ret_store)
		*ret_store = steal_ptr(&st);
	return 0;
}

int command_lookup(const text_array *rule_folders, struct lookup *ret, struct error *err)
{
	text_array folders = { 0 };
	int r;

	array_each (rule_folders, i)
		array_push(&folders, rule_folders->data[i]);
	array_push(&folders, NULL);
	r = lookup_init(ret, folders.data, err);
	array_release(&folders);
	return r;
}

/*
 * rules – the rule files that are found: list, show, check.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/table.h"
#include "rules/rule_check.h"

#include <errno.h>
#include <string.h>

struct rules_options {
	struct common_options common;
	text_array folders;
	bool with_graph;
};

static const char *const FORMATS[] = { "text", "json", NULL };

#define MEMBER(name) offsetof(struct rules_options, name)

static const struct option_row ROWS[] = {
	{ 0, OPTION_LIST, "rules", "DIR", MEMBER(folders),
	  .help = "search rule files there first (repeat it)" },
	{ 0, OPTION_FLAG, "with-graph", NULL, MEMBER(with_graph),
	  .help = "check: also that the named rules select something in the graph" },
	FORMAT_ROW(FORMATS, "list: text (default) or json"),
};

static const struct option_group GROUP = { "Rules options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_GRAPH, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

static const struct table_column COLUMNS[] = {
	{ "kind", "Kind", TABLE_TEXT, 0 },
	{ "name", "Name", TABLE_TEXT, TABLE_NAMES },
	{ "keep", "Keeps", TABLE_COUNT, 0 },
	{ "hidden", "Hidden", TABLE_BOOL, TABLE_HIDDEN },
	{ "problem", "Problem", TABLE_TEXT, TABLE_HIDDEN },
	{ "summary", "Summary", TABLE_TEXT, 0 },
	{ "path", "File", TABLE_TEXT, TABLE_HIDDEN },
};

static int add_summary(const struct rule_summary *summary, void *arg)
{
	struct table *table = arg;
	_cleanup_(freep) char *text =
		mem_printf("%s%s", summary->hidden ? "(hidden) " : "",
			   summary->problem ? summary->problem : summary->summary);

	table_text(table, summary->kind);
	table_text(table, summary->name);
	table_number(table, summary->keep_count);
	table_number(table, summary->hidden);
	table_text(table, summary->problem);
	table_text(table, text);
	table_text(table, summary->path);
	return 0;
}

static enum exit_status run_list(const struct invocation *inv,
				 const struct lookup *lookup, struct error *err)
{
	_cleanup_(table_release) struct table table = { 0 };
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
	r = rules_list(lookup, add_summary, &table, err);
	if (r < 0)
		return EXIT_USAGE;
	if (inv->common->format == FORMAT_JSON) {
		json = table_json(&table);
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r < 0 ? EXIT_INPUT : EXIT_OK;
	}
	table_print(&table, &inv->style, &text);
	return output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run_show(const struct invocation *inv,
				 const struct lookup *lookup, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (inv->args.len < 2) {
		error_set(err, -EINVAL, "an argument is missing: tare rules show NAME");
		return EXIT_USAGE;
	}
	for (size_t i = 1; i < inv->args.len; i++)
		if (rules_show(lookup, inv->args.data[i], &text, err) < 0)
			return EXIT_USAGE;
	return output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static void add_problem(const char *problem, void *arg)
{
	struct strbuf *out = arg;

	strbuf_puts(out, problem);
	strbuf_putc(out, '\n');
}

/* Wrong rules are wrong configuration: exit status 2. */
static enum exit_status run_check(const struct invocation *inv,
				  const struct lookup *lookup, struct error *err)
{
	const struct rules_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(graph_freep) struct graph *g = NULL;
	struct rules_to_check what = { .names = inv->args.data + 1,
				       .name_count = inv->args.len - 1 };
	int problems;

	if (options->with_graph && command_load_graph(inv, NULL, &g, err) < 0)
		return EXIT_INPUT;
	what.graph = g;
	problems = rules_check(lookup, &what, add_problem, &text, err);
	if (problems < 0)
		return EXIT_USAGE;
	if (problems == 0 && !inv->common->quiet)
		strbuf_puts(&text, "all rules are fine\n");
	if (output_text(inv->common->output, &text, err) < 0)
		return EXIT_INPUT;
	return problems ? EXIT_USAGE : EXIT_OK;
}

static const struct {
	const char *name;
	enum exit_status (*run)(const struct invocation *inv, const struct lookup *lookup,
				struct error *err);
} ACTIONS[] = {
	{ "list", run_list },
	{ "show", run_show },
	{ "check", run_check },
};

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct rules_options *options = inv->options;
	struct lookup lookup = { 0 };
	enum exit_status status = EXIT_USAGE;

	for (size_t i = 0; i < ARRAY_LEN(ACTIONS); i++) {
		if (strcmp(ACTIONS[i].name, inv->args.data[0]) != 0)
			continue;
		if (command_lookup(&options->folders, &lookup, err) < 0)
			return EXIT_USAGE;
		status = ACTIONS[i].run(inv, &lookup, err);
		lookup_release(&lookup);
		return status;
	}
	error_set(err, -EINVAL, "'%s' is none of: list, show, check", inv->args.data[0]);
	return status;
}

const struct command CMD_RULES = {
	.name = "rules",
	.arguments = "list|show|check [NAME|FILE]...",
	.summary = "List, show or check the rule files",
	.details = "check without names checks all rule files that are found; exit "
		   "status 2\n"
		   "when one of them is wrong.",
	.groups = GROUPS,
	.options_size = sizeof(struct rules_options),
	.min_args = 1,
	.max_args = ANY_NUMBER,
	.run = run,
};

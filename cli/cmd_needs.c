/*
 * needs – what a package or file needs, or who needs it: requirements and edges with
 * their citations.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/node.h"
#include "report/relations.h"

#include <errno.h>

struct needs_options {
	struct common_options common;
	text_array kinds;
	uint64_t depth;
	bool all, reverse;
};

static const char *const FORMATS[] = { "text", "json", NULL };

#define MEMBER(name) offsetof(struct needs_options, name)

static const struct option_row ROWS[] = {
	{ 'k', OPTION_LIST, "kind", "KIND", MEMBER(kinds),
	  .help = "only these: requires, recommends, needed, dlopen, exec ... (repeat "
		  "it)" },
	{ 'a', OPTION_FLAG, "all", NULL, MEMBER(all),
	  .help = "also what those need, and so on" },
	{ 'd', OPTION_NUMBER, "depth", "COUNT", MEMBER(depth),
	  .help = "as many steps (default: 1)" },
	{ 'r', OPTION_FLAG, "reverse", NULL, MEMBER(reverse), .help = "who needs it" },
	FORMAT_ROW(FORMATS, "text (default) or json"),
};

static const struct option_group GROUP = { "Needs options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_GRAPH, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

static int check_options(const struct needs_options *options, struct error *err)
{
	int r = 0;

	if (options->all && options->depth)
		return error_set(err, -EINVAL, "use --all or --depth, not both");
	for (size_t i = 0; r == 0 && i < options->kinds.len; i++)
		r = relations_check_kind(options->kinds.data[i], err);
	return r;
}

static void say_nothing_found(const struct graph *g, uint32_t node, bool reverse,
			      const struct style *style, struct strbuf *out)
{
	style_bytes(out, style, MARK_PLAIN, node_name(g, node));
	strbuf_puts(out, reverse ? ": nothing in this root needs it\n"
				 : ": needs nothing in this root\n");
}

static int print(const struct invocation *inv, const struct graph *g, uint32_t node,
		 const struct table *table, struct error *err)
{
	const struct needs_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = json_object();
		json_put(json, "schema", json_string("tare-needs/1"));
		json_put(json, "subject", json_bytes(node_name(g, node)));
		json_put(json, "reverse", json_boolean(options->reverse));
		json_put(json, "needs", table_json(table));
		r = output_json(inv->common->output, json, err);
		json_decref(json);
		return r;
	}
	if (table_rows(table) == 0)
		say_nothing_found(g, node, options->reverse, &inv->style, &text);
	table_print(table, &inv->style, &text);
	return output_text(inv->common->output, &text, err);
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct needs_options *options = inv->options;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(relations_release) struct relations relations = { 0 };
	_cleanup_(table_release) struct table table = { 0 };
	struct relations_query query = {
		.reverse = options->reverse,
		.depth = options->all ? 0 : MAX2((uint32_t)options->depth, 1u),
		.kinds = options->kinds.data,
		.kind_count = options->kinds.len,
	};

	if (check_options(options, err) < 0)
		return EXIT_USAGE;
	if (command_load_graph(inv, NULL, &g, err) < 0)
		return EXIT_INPUT;
	if (node_find(g, inv->args.data[0], &query.start, err) < 0)
		return EXIT_USAGE;
	relations_find(g, &query, &relations);
	relations_table(g, &relations, inv->common->format == FORMAT_TEXT, &table);
	return print(inv, g, query.start, &table, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_NEEDS = {
	.name = "needs",
	.arguments = "NAME|PATH",
	.summary = "Show what a package or file needs, with citations",
	.details = "A package needs what it requires, and what its files need in other\n"
		   "packages; a file needs the targets of its edges.",
	.groups = GROUPS,
	.options_size = sizeof(struct needs_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

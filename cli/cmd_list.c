/*
 * list – packages, files, libraries, services, edges, findings, surface of a graph as a table.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/listing.h"

#include <errno.h>
#include <string.h>

struct list_options {
	struct common_options common;
	const char *sort;
	text_array kinds;
	uint64_t top;
	bool reverse;
};

static const char *const FORMATS[] = { "text", "json", NULL };

#define MEMBER(name) offsetof(struct list_options, name)

static const struct option_row ROWS[] = {
	FORMAT_ROW(FORMATS, "text (default) or json"),
	{ 0, OPTION_SET, "json", NULL, offsetof(struct common_options, format),
	  .number = FORMAT_JSON, .help = "the same as --format=json" },
	{ 'k', OPTION_LIST, "kind", "KIND", MEMBER(kinds),
	  .help = "of edges only these: needed, exec, unit ... (repeat it)" },
	{ 's', OPTION_TEXT, "sort", "COLUMN", MEMBER(sort),
	  .help = "order by a column's name in JSON: numbers fall, texts rise" },
	{ 'r', OPTION_FLAG, "reverse", NULL, MEMBER(reverse),
	  .help = "the other way round" },
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "only the first rows" },
};

static const struct option_group GROUP = { "List options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static int print(const struct invocation *inv, const struct graph *g,
		 const struct table *table, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *rows;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		rows = table_json(table);
		r = output_json(inv->common->output, rows, err);
		json_decref(rows);
		return r;
	}
	table_print(table, &inv->style, &text);
	if (g->image.metadata_only && !inv->common->quiet)
		output_note("from metadata alone: files and sizes are declared, nobody "
			    "looked at the disk");
	return output_text(inv->common->output, &text, err);
}

/* --kind goes with edges, and each kind is one. */
static int check_kinds(const struct list_options *options, const char *what,
		       struct error *err)
{
	if (options->kinds.len > 0 && strcmp(what, "edges") != 0)
		return error_set(err, -EINVAL,
				 "--kind goes with 'edges': tare list edges "
				 "--kind=exec");
	array_each (&options->kinds, i) {
		const char *kind = options->kinds.data[i];

		if (edge_kind_parse(kind) < 0)
			return error_set(
				err, -EINVAL,
				"'%s' is no kind of edge: needed, exec, unit ... "
				"(tare list edges shows them)",
				kind);
	}
	return 0;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct list_options *options = inv->options;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(table_release) struct table table = { 0 };
	struct listing_filter filter = {
		.globs = inv->args.data + 1,
		.glob_count = inv->args.len - 1,
		.kinds = (const char *const *)options->kinds.data,
		.kind_count = options->kinds.len,
		.sort = options->sort,
		.reverse = options->reverse,
		.top = options->top,
	};
	const struct listing *kind = listing_find(inv->args.data[0], err);
	int r;

	if (!kind || listing_check_sort(kind, options->sort, err) < 0 ||
	    check_kinds(options, inv->args.data[0], err) < 0)
		return EXIT_USAGE;
	r = command_load_graph(inv, &store, &g, err);
	if (r == 0)
		r = listing_make(kind, &(struct listing_source){ store, g }, &filter,
				 &table, err);
	if (r == 0)
		r = print(inv, g, &table, err);
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_LIST = {
	.name = "list",
	.arguments = "packages|files|libraries|services|edges|findings|surface [GLOB]...",
	.summary = "List what is in a graph",
	.details = "Without a GLOB everything is listed; with some, the rows whose name, "
		   "path\n"
		   "or kind matches one of them ('*' stops at '/', '**' does not).",
	.groups = GROUPS,
	.options_size = sizeof(struct list_options),
	.min_args = 1,
	.max_args = ANY_NUMBER,
	.run = run,
};

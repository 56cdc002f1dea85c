/*
 * list – packages, files, libraries, services, edges, findings, surface of a graph as a table.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/csv.h"
#include "report/listing.h"
#include "report/markdown.h"
#include "report/table_choice.h"

#include <errno.h>
#include <string.h>

struct list_options {
	struct common_options common;
	const char *sort, *columns, *words;
	text_array kinds;
	uint64_t top;
	bool reverse, no_header;
};

enum { LIST_CSV = FORMAT_JSON + 1, LIST_MARKDOWN };

static const char *const FORMATS[] = { "text", "json", "csv", "markdown", NULL };

#define MEMBER(name) offsetof(struct list_options, name)

static const struct option_row ROWS[] = {
	{ 'c', OPTION_TEXT, "columns", "LIST", MEMBER(columns),
	  .help = "these columns, with commas between, or 'all'" },
	{ 'F', OPTION_TEXT, "filter", "WORDS", MEMBER(words),
	  .help = "only rows that match: 'disk>1M !kernel ~unsigned'" },
	FORMAT_ROW(FORMATS, "text (default), json, csv or markdown"),
	{ 0, OPTION_SET, "json", NULL, offsetof(struct common_options, format),
	  .number = FORMAT_JSON, .help = "the same as --format=json" },
	{ 0, OPTION_SET, "csv", NULL, offsetof(struct common_options, format),
	  .number = LIST_CSV, .help = "the same as --format=csv" },
	{ 'H', OPTION_FLAG, "no-header", NULL, MEMBER(no_header),
	  .help = "no line with the columns' names (text and csv)" },
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

/* The whole text but its first line. */
static void drop_header(struct strbuf *text)
{
	const char *all = strbuf_text(text);
	const char *end = strchr(all, '\n');
	struct strbuf rest = { 0 };

	strbuf_puts(&rest, end ? end + 1 : "");
	strbuf_release(text);
	*text = rest;
}

static int print_rows(const struct invocation *inv, const struct table *table,
		      struct error *err)
{
	const struct list_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *rows;
	int r;

	switch (inv->common->format) {
	case FORMAT_JSON:
		rows = table_json(table);
		r = output_json(inv->common->output, rows, err);
		json_decref(rows);
		return r;
	case LIST_CSV:
		csv_table(table, &text);
		break;
	case LIST_MARKDOWN:
		markdown_table(table, 0, &inv->style, &text);
		return output_text(inv->common->output, &text, err);
	default:
		table_print(table, &inv->style, &text);
	}
	if (options->no_header)
		drop_header(&text);
	return output_text(inv->common->output, &text, err);
}

static int print(const struct invocation *inv, const struct graph *g,
		 const struct table *table, struct error *err)
{
	const struct list_options *options = inv->options;
	_cleanup_(table_choice_release) struct table_choice choice = { 0 };
	int r = 0;

	if (inv->common->format == FORMAT_TEXT && g->image.metadata_only &&
	    !inv->common->quiet)
		output_note("from metadata alone: files and sizes are declared, nobody "
			    "looked at the disk");
	if (options->columns)
		r = table_choice_make(table, options->columns, &choice, err);
	if (r < 0)
		return r;
	return print_rows(inv, options->columns ? &choice.table : table, err);
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
		.words = options->words,
		.columns = options->columns,
		.sort = options->sort,
		.reverse = options->reverse,
		.top = options->top,
	};
	const struct listing *kind = listing_find(inv->args.data[0], err);
	int r;

	if (!kind || listing_check(kind, &filter, err) < 0 ||
	    check_kinds(options, inv->args.data[0], err) < 0)
		return EXIT_USAGE;
	r = command_load_graph(inv, &store, &g, err);
	if (r == 0)
		r = listing_make(kind, &(struct listing_source){ store, g, NULL },
				 &filter, &table, err);
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

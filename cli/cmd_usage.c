/*
 * usage – usage evidence: import it, merge that of many nodes, show it.
 */
#include "analyzer/evidence_format.h"
#include "analyzer/usage_import.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/usage_files.h"
#include "report/csv.h"
#include "report/usage_tables.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { FORMAT_CSV = FORMAT_JSON + 1, FORMAT_COUNT };
static const char *const FORMATS[] = { "text", "json", "csv" };

#define MEMBER(name) offsetof(struct usage_options, name)

static const char *const COVERAGES[] = { "file", "node", "part", NULL };

static const struct option_row ROWS[] = {
	{ 'f', OPTION_TEXT, "format", "FORMAT", MEMBER(format),
	  .help = "import: what the files are in (default: found out; see 'tare usage "
		  "formats'); show: text (default), json or csv" },
	{ 0, OPTION_TEXT, "node", "NAME", MEMBER(node),
	  .help = "import: the node that the evidence is of" },
	{ 0, OPTION_TEXT, "begin", "TIME", MEMBER(begin),
	  .help = "import: when watching began, as 2026-01-31T13:05:00Z or in seconds "
		  "since 1970" },
	{ 0, OPTION_TEXT, "end", "TIME", MEMBER(end),
	  .help = "import: when watching ended" },
	{ 0, OPTION_CHOICE, "coverage", "COVERAGE", MEMBER(coverage), COVERAGES,
	  .help = "import: file (default: what the file says, else part), node (every "
		  "use "
		  "on the node would have been seen) or part" },
	{ 's', OPTION_TEXT, "sort", "COLUMN", MEMBER(sort),
	  .help = "show: order by a column's name in JSON: numbers fall, texts rise" },
	{ 'n', OPTION_NUMBER, "top", "COUNT", MEMBER(top),
	  .help = "show: only the first rows" },
};

static const struct option_group GROUP = { "Usage options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP,	     &GROUP_GRAPH,
						     &GROUP_OUTPUT,  &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static void say_examples(const struct usage_report *report)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	for (size_t i = 0; i < report->example_count; i++) {
		strbuf_puts(&text, i ? ", " : "");
		text_printable(&text, report->examples[i]);
	}
	if (report->example_count)
		output_note("paths that the graph does not have: %" PRIu64 " (%s%s)",
			    report->unknown, strbuf_text(&text),
			    report->unknown > report->example_count ? " ..." : "");
}

static void say_report(const struct invocation *inv, const struct usage_report *report)
{
	if (inv->common->quiet)
		return;
	output_note("%" PRIu64 " piece%s of evidence added, %" PRIu64
		    " there already; %" PRIu64 " uses",
		    report->added, report->added == 1 ? "" : "s", report->known,
		    report->uses);
	say_examples(report);
	if (report->outside)
		output_note("below /proc, /sys, /dev and /run, which are no part of a "
			    "root: %" PRIu64,
			    report->outside);
	if (report->elsewhere)
		output_note("in containers, deleted, or relative to an unknown folder: "
			    "%" PRIu64,
			    report->elsewhere);
	if (report->skipped)
		output_note("lines that are not understood: %" PRIu64, report->skipped);
	if (report->lost)
		output_note("events that were lost, says the evidence: %" PRIu64,
			    report->lost);
}

/* All inputs in one transaction: an error leaves the graph as it was. */
static int add_inputs(const struct invocation *inv, struct store *store,
		      const struct graph *g, const text_array *inputs,
		      struct usage_report *report, struct error *err)
{
	_cleanup_(usage_importer_freep) struct usage_importer *importer =
		usage_importer_new(g);
	_cleanup_(usage_writer_freep) struct usage_writer *writer = NULL;
	struct usage_files files = { inv->options, importer, writer, report, false };
	int r = usage_writer_new(store, &writer, err);

	files.writer = writer;
	files.graphs = strcmp(inv->args.data[0], "merge") == 0;
	for (size_t i = 0; r == 0 && i < inputs->len; i++)
		r = usage_files_add(&files, inputs->data[i], err);
	if (r == 0)
		r = usage_writer_commit(writer, err);
	return r;
}

static enum exit_status add(const struct invocation *inv, const char *target,
			    const text_array *inputs, struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(usage_report_release) struct usage_report report = { 0 };
	int r;

	if (usage_files_check(inv->options, err) < 0)
		return EXIT_USAGE;
	r = store_open_write(target, &store, err);
	if (r == 0)
		r = graph_load(store, &g, err);
	if (r == 0)
		r = add_inputs(inv, store, g, inputs, &report, err);
	if (r < 0)
		return EXIT_INPUT;
	say_report(inv, &report);
	return EXIT_OK;
}

static enum exit_status missing(const char *what, struct error *err)
{
	error_set(err, -EINVAL, "%s (see 'tare usage --help')", what);
	return EXIT_USAGE;
}

static enum exit_status run_import(const struct invocation *inv, struct error *err)
{
	text_array inputs = { inv->args.data + 1, inv->args.len - 1, 0 };

	if (inputs.len == 0)
		return missing("name the files to import: tare usage import FILE...",
			       err);
	return add(inv, command_graph_path(inv), &inputs, err);
}

/* The first argument is the graph, unless -g names it. */
static enum exit_status run_merge(const struct invocation *inv, struct error *err)
{
	size_t skip = inv->common->graph ? 1 : 2;
	text_array inputs = { inv->args.data + skip, inv->args.len - skip, 0 };

	if (inv->args.len <= skip)
		return missing("name the graph and what to merge into it: tare usage "
			       "merge GRAPH FILE...",
			       err);
	return add(inv, inv->common->graph ? inv->common->graph : inv->args.data[1],
		   &inputs, err);
}

/* --format of show. */
static int find_format(const struct usage_options *options, struct error *err)
{
	for (int i = 0; options->format && i < FORMAT_COUNT; i++)
		if (strcmp(FORMATS[i], options->format) == 0)
			return i;
	return options->format
		       ? error_set(err, -EINVAL, "'%s' is none of text, json, csv",
				   options->format)
		       : FORMAT_TEXT;
}

static int print(const struct invocation *inv, const struct usage *usage,
		 const struct table *table, struct error *err)
{
	int format = find_format(inv->options, err);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *rows;
	int r;

	if (format == FORMAT_JSON) {
		rows = table_json(table);
		r = output_json(inv->common->output, rows, err);
		json_decref(rows);
		return r;
	}
	if (format == FORMAT_CSV) {
		csv_table(table, &text);
	} else {
		usage_say_evidence(usage, &text);
		strbuf_puts(&text, "\n");
		table_print(table, &inv->style, &text);
	}
	return output_text(inv->common->output, &text, err);
}

static int sort_table(const struct usage_options *options, struct table *table,
		      struct error *err)
{
	for (size_t i = 0; options->sort && i < table->column_count; i++) {
		if (strcmp(table->columns[i].key, options->sort) != 0)
			continue;
		table_sort(table, i, false);
		return 0;
	}
	return options->sort
		       ? error_set(err, -EINVAL, "there is no column '%s'", options->sort)
		       : 0;
}

static enum exit_status show(const struct invocation *inv, const struct usage_table *kind,
			     const text_array *globs, struct error *err)
{
	const struct usage_options *options = inv->options;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(usage_freep) struct usage *usage = NULL;
	_cleanup_(table_release) struct table table = { 0 };

	if (command_load_graph(inv, &store, &g, err) < 0 ||
	    usage_load(store, g, &usage, err) < 0 ||
	    usage_table_make(kind, &(struct usage_source){ store, g, usage }, &table,
			     err) < 0)
		return EXIT_INPUT;
	if (globs->len)
		table_filter(&table, globs->data, globs->len);
	if (sort_table(options, &table, err) < 0)
		return EXIT_USAGE;
	if (options->top)
		table_truncate(&table, options->top);
	return print(inv, usage, &table, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status run_show(const struct invocation *inv, struct error *err)
{
	const char *name = inv->args.len > 1 ? inv->args.data[1] : "packages";
	const struct usage_table *kind = usage_table_find(name, err);
	size_t skip = MIN2(inv->args.len, (size_t)2);
	text_array globs = { inv->args.data + skip, inv->args.len - skip, 0 };

	if (!kind || find_format(inv->options, err) < 0)
		return EXIT_USAGE;
	return show(inv, kind, &globs, err);
}

static enum exit_status run_formats(const struct invocation *inv, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	for (size_t i = 0; EVIDENCE_FORMATS[i]; i++)
		strbuf_printf(&text, "%-10s %s\n", EVIDENCE_FORMATS[i]->name,
			      EVIDENCE_FORMATS[i]->summary);
	return output_text(inv->common->output, &text, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

static const struct {
	const char *name;
	enum exit_status (*run)(const struct invocation *inv, struct error *err);
} ACTIONS[] = {
	{ "import", run_import },
	{ "merge", run_merge },
	{ "show", run_show },
	{ "formats", run_formats },
};

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(ACTIONS); i++)
		if (strcmp(ACTIONS[i].name, inv->args.data[0]) == 0)
			return ACTIONS[i].run(inv, err);
	error_set(err, -EINVAL, "'%s' is none of: import, merge, show, formats",
		  inv->args.data[0]);
	return EXIT_USAGE;
}

const struct command CMD_USAGE = {
	.name = "usage",
	.arguments = "import|merge|show|formats [ARGUMENT]...",
	.summary = "Import, merge or show evidence of what is used",
	.details =
		"import FILE...             evidence into the graph, in a format of "
		"'tare "
		"usage formats'\n"
		"merge GRAPH FILE|DIR...    evidence files of tare and other graphs into "
		"GRAPH (or -g)\n"
		"show [packages|files|memory|evidence] [GLOB]...   what the graph knows\n"
		"What was seen in use stays in every plan. Importing twice changes "
		"nothing.",
	.groups = GROUPS,
	.options_size = sizeof(struct usage_options),
	.min_args = 1,
	.max_args = ANY_NUMBER,
	.run = run,
};

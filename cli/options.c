#include "cli/options.h"

#include "base/units.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define LONG_BASE 256 /* above every letter */

static const char *const COLOR_CHOICES[] = { "auto", "always", "never", NULL };

#define COMMON(member) offsetof(struct common_options, member)
#define COUNTED(rows)  (rows), ARRAY_LEN(rows)

static const struct option_row GENERAL_ROWS[] = {
	{ 'q', OPTION_FLAG, "quiet", NULL, COMMON(quiet),
	  .help = "no progress, no summary: only results and errors" },
	{ 'v', OPTION_FLAG, "verbose", NULL, COMMON(verbose),
	  .help = "more detail, where the command has some" },
	{ 0, OPTION_CHOICE, "color", "WHEN", COMMON(color), COLOR_CHOICES,
	  .help = "auto (a terminal, no NO_COLOR, no CI), always or never" },
	{ 'h', OPTION_FLAG, "help", NULL, COMMON(help), .help = "this help" },
	{ 'V', OPTION_FLAG, "version", NULL, COMMON(version),
	  .help = "print the version" },
};

static const struct option_row GRAPH_ROWS[] = {
	{ 'g', OPTION_TEXT, "graph", "FILE", COMMON(graph),
	  .help = "the graph to read (default: $TARE_GRAPH, else tare.db)" },
};

static const struct option_row OUTPUT_ROWS[] = {
	{ 'o', OPTION_TEXT, "output", "FILE", COMMON(output),
	  .help = "write there; '-' is standard output" },
};

static const struct option_row UNITS_ROWS[] = {
	{ 0, OPTION_SET, "iec", NULL, COMMON(units), .number = UNITS_IEC,
	  .help = "sizes in KiB, MiB, GiB (default)" },
	{ 0, OPTION_SET, "si", NULL, COMMON(units), .number = UNITS_SI,
	  .help = "sizes in kB, MB, GB" },
};

const struct option_group GROUP_GENERAL = { "General options", COUNTED(GENERAL_ROWS) };
const struct option_group GROUP_GRAPH = { "Input", COUNTED(GRAPH_ROWS) };
const struct option_group GROUP_OUTPUT = { "Output", COUNTED(OUTPUT_ROWS) };
const struct option_group GROUP_UNITS = { "Units", COUNTED(UNITS_ROWS) };

/* The tables as getopt_long() wants them. */
struct getopt_tables {
	ARRAY_OF(struct option) longs;		  /* ends with a zeroed one */
	ARRAY_OF(const struct option_row *) rows; /* row of longs[i] */
	struct strbuf letters;
};

static void tables_release(struct getopt_tables *tables)
{
	array_release(&tables->longs);
	array_release(&tables->rows);
	strbuf_release(&tables->letters);
}

static void tables_add(struct getopt_tables *tables, const struct option_row *row)
{
	int has_value = row->value ? required_argument : no_argument;

	array_push(&tables->longs, (struct option){ row->name, has_value, NULL,
						    LONG_BASE + (int)tables->rows.len });
	array_push(&tables->rows, row);
	if (row->letter)
		strbuf_printf(&tables->letters, "%c%s", row->letter,
			      row->value ? ":" : "");
}

static void tables_init(struct getopt_tables *tables,
			const struct option_group *const *groups)
{
	strbuf_puts(&tables->letters,
		    ":"); /* tell a missing value from an unknown option */
	for (; *groups; groups++)
		for (size_t i = 0; i < (*groups)->count; i++)
			tables_add(tables, &(*groups)->rows[i]);
	array_push(&tables->longs, (struct option){ 0 });
}

static const struct option_row *find_row(const struct getopt_tables *tables, int code)
{
	if (code >= LONG_BASE)
		return tables->rows.data[code - LONG_BASE];
	array_each (&tables->rows, i)
		if (tables->rows.data[i]->letter == code)
			return tables->rows.data[i];
	return NULL;
}

/* A long option that getopt_long() did not take: nobody has it, or several begin so. */
static int unknown_long(const struct getopt_tables *tables, const char *name,
			struct error *err)
{
	ARRAY_OF(const char *) known = { 0 };
	const char *near;
	size_t matches = 0;

	array_each (&tables->rows, i) {
		array_push(&known, tables->rows.data[i]->name);
		matches += strncmp(tables->rows.data[i]->name, name, strlen(name)) == 0;
	}
	near = rule_did_you_mean(name, known.data, known.len);
	array_release(&known);
	if (matches > 1)
		return error_set(err, -EINVAL,
				 "option '--%s' could be several: write more "
				 "of it",
				 name);
	if (near)
		return error_set(err, -EINVAL,
				 "unknown option '--%s' (did you mean "
				 "'--%s'?)",
				 name, near);
	return error_set(err, -EINVAL, "unknown option '--%s'", name);
}

static int unknown_option(const struct getopt_tables *tables, const char *word,
			  struct error *err)
{
	_cleanup_(freep) char *name = NULL;

	if (optopt >= LONG_BASE)
		return error_set(err, -EINVAL, "option '--%s' takes no value",
				 find_row(tables, optopt)->name);
	if (optopt)
		return error_set(err, -EINVAL, "unknown option '-%c'", optopt);
	name = mem_strndup(word + 2, strcspn(word + 2, "="));
	return unknown_long(tables, name, err);
}

static int store_number(const struct option_row *row, const char *text, uint64_t *ret,
			struct error *err)
{
	char *end = NULL;

	errno = 0;
	*ret = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno)
		return error_set(err, -EINVAL,
				 "option '--%s': '%s' is not a whole number", row->name,
				 text);
	return 0;
}

static int store_choice(const struct option_row *row, const char *text, int *ret,
			struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };

	for (int i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*ret = i;
			return 0;
		}
		strbuf_printf(&words, "%s%s", i ? ", " : "", row->choices[i]);
	}
	return error_set(err, -EINVAL, "option '--%s': '%s' is none of: %s", row->name,
			 text, strbuf_text(&words));
}

static int store_value(const struct option_row *row, const char *text, void *into,
		       struct error *err)
{
	void *member = (char *)into + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_SET:
		*(int *)member = row->number;
		return 0;
	case OPTION_TEXT:
		*(const char **)member = text;
		return 0;
	case OPTION_LIST:
		array_push((text_array *)member, text);
		return 0;
	case OPTION_NUMBER:
		return store_number(row, text, member, err);
	case OPTION_CHOICE:
		return store_choice(row, text, member, err);
	}
	return 0;
}

/* One step of getopt_long(); *ret_done when there are no more options. */
static int parse_next(const struct getopt_tables *tables, int argc, char **argv,
		      void *into, bool *ret_done, struct error *err)
{
	int code = getopt_long(argc, argv, strbuf_text(&tables->letters),
			       tables->longs.data, NULL);
	const struct option_row *row;

	*ret_done = code < 0;
	if (code < 0)
		return 0;
	if (code == '?')
		return unknown_option(tables, argv[optind - 1], err);
	if (code == ':') {
		row = find_row(tables, optopt);
		return error_set(err, -EINVAL, "option '--%s' needs a value: --%s=%s",
				 row->name, row->name, row->value);
	}
	return store_value(find_row(tables, code), optarg, into, err);
}

int options_parse(const struct option_group *const *groups, char **argv, void *into,
		  text_array *ret_args, struct error *err)
{
	_cleanup_(tables_release) struct getopt_tables tables = { 0 };
	bool done = false;
	int argc = 0, r;

	while (argv[argc])
		argc++;
	tables_init(&tables, groups);
	optind = 0; /* begin anew, also inside glibc */
	opterr = 0;
	while (!done) {
		r = parse_next(&tables, argc, argv, into, &done, err);
		if (r < 0)
			return r;
	}
	for (; optind < argc; optind++)
		array_push(ret_args, argv[optind]);
	return 0;
}

void options_release(const struct option_group *const *groups, void *into)
{
	for (; *groups; groups++) {
		for (size_t i = 0; i < (*groups)->count; i++) {
			const struct option_row *row = &(*groups)->rows[i];

			if (row->kind == OPTION_LIST)
				array_release((text_array *)((char *)into + row->offset));
		}
	}
}

#define HELP_INDENT 28 /* column where the sentences begin */
#define HELP_WIDTH  80

static void put_blanks(struct strbuf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		strbuf_putc(out, ' ');
}

/* Words of @p text from column HELP_INDENT on, broken into lines. */
static void put_sentence(struct strbuf *out, const char *text)
{
	size_t column = HELP_INDENT;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > HELP_INDENT && column + 1 + len > HELP_WIDTH) {
			strbuf_putc(out, '\n');
			put_blanks(out, HELP_INDENT);
			column = HELP_INDENT;
		} else if (column > HELP_INDENT) {
			strbuf_putc(out, ' ');
			column++;
		}
		strbuf_add(out, text, len);
		column += len;
		text += len + strspn(text + len, " ");
	}
	strbuf_putc(out, '\n');
}

static void help_row(const struct option_row *row, struct strbuf *out)
{
	size_t start = out->len;

	if (row->letter)
		strbuf_printf(out, "  -%c, --%s", row->letter, row->name);
	else
		strbuf_printf(out, "      --%s", row->name);
	if (row->value)
		strbuf_printf(out, "=%s", row->value);
	if (out->len - start > HELP_INDENT - 2) {
		strbuf_putc(out, '\n');
		start = out->len;
	}
	put_blanks(out, HELP_INDENT - (out->len - start));
	put_sentence(out, row->help);
}

void options_help(const struct option_group *const *groups, struct strbuf *out)
{
	for (; *groups; groups++) {
		strbuf_printf(out, "\n%s:\n", (*groups)->title);
		for (size_t i = 0; i < (*groups)->count; i++)
			help_row(&(*groups)->rows[i], out);
	}
}

static void put_choices(const struct option_row *row, struct strbuf *out)
{
	if (row->kind != OPTION_CHOICE)
		strbuf_putc(out, '-');
	else
		for (size_t i = 0; row->choices[i]; i++)
			strbuf_printf(out, "%s%s", i ? "|" : "", row->choices[i]);
}

void options_table(const struct option_group *const *groups, const char *command,
		   struct strbuf *out)
{
	for (; *groups; groups++) {
		for (size_t i = 0; i < (*groups)->count; i++) {
			const struct option_row *row = &(*groups)->rows[i];

			strbuf_printf(out, "option\t%s\t%c\t%s\t%s\t", command,
				      row->letter ? row->letter : '-', row->name,
				      row->value ? row->value : "-");
			put_choices(row, out);
			strbuf_printf(out, "\t%s\n", row->help);
		}
	}
}

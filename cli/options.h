/*
 * options – the command line as tables: what a command understands is data, and parsing,
 * help, completions and the check of the manual pages all come from it.
 *
 *	struct list_options {
 *		struct common_options common;		always the first member
 *		const char *sort;
 *	};
 *	static const struct option_row LIST_ROWS[] = {
 *		{ 's', OPTION_TEXT, "sort", "COLUMN", offsetof(struct list_options, sort),
 *		  .help = "order by this column" },
 *	};
 *
 * Parsing is getopt_long()'s: options and arguments in any order, "--" ends the options,
 * long names may be shortened while they stay unique.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
	OPTION_FLAG,   /* bool: becomes true */
	OPTION_NUMBER, /* uint64_t: a decimal number */
	OPTION_TEXT,   /* const char *: the last one wins */
	OPTION_LIST,   /* text_array: all of them, in order */
	OPTION_CHOICE, /* int: the index of the word among row->choices */
	OPTION_SET,    /* int: becomes row->number */
};

typedef ARRAY_OF(const char *) text_array; /* the texts are borrowed from argv */

struct option_row {
	char letter; /* 0: only the long name */
	enum option_kind kind;
	const char *name;	    /* without the dashes */
	const char *value;	    /* as help shows it; NULL when there is none */
	size_t offset;		    /* of the member in the command's options */
	const char *const *choices; /* of OPTION_CHOICE, ends with NULL */
	int number;		    /* of OPTION_SET */
	const char *help;	    /* one sentence without a full stop */
};

/** Rows under one heading of the help text. */
struct option_group {
	const char *title;
	const struct option_row *rows;
	size_t count;
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The choices of -f of most commands begin with these two. */
enum { FORMAT_TEXT, FORMAT_JSON };

/** What all commands share; the first member of each command's options. */
struct common_options {
	const char *graph;  /* -g; NULL: not given */
	const char *output; /* -o; NULL: not given */
	int format;	    /* -f: index into the command's choices */
	int units;	    /* enum units_style */
	int color;	    /* enum color_when */
	bool quiet, verbose, help, version;
};

/* Groups that several commands have. GENERAL stands in every command. */
extern const struct option_group GROUP_GENERAL, GROUP_GRAPH, GROUP_OUTPUT, GROUP_UNITS;

/** -f with the words of @p names, for a command's own rows. */
#define FORMAT_ROW(names, text)                                                          \
	{                                                                                \
		.letter = 'f', .name = "format", .value = "FORMAT",                      \
		.kind = OPTION_CHOICE,                                                   \
		.offset = offsetof(struct common_options, format), .choices = (names),   \
		.help = (text)                                                           \
	}

/**
 * Read @p argv (argv[0] is skipped) into @p into.
 *
 * @param groups    ends with NULL
 * @param into      the command's options, zeroed, common_options first
 * @param ret_args  the words that are no options, borrowed; released with array_release()
 * @return 0; -EINVAL with one line that says what is wrong
 */
int options_parse(const struct option_group *const *groups, char **argv, void *into,
		  text_array *ret_args, struct error *err);
/** Free what OPTION_LIST rows hold. */
void options_release(const struct option_group *const *groups, void *into);
/** The rows as help prints them, group by group. */
void options_help(const struct option_group *const *groups, struct strbuf *out);
/** One line for each row, for programs: "option COMMAND LETTER NAME VALUE CHOICES HELP"
 * with tabs between, '|' between choices, "-" for what there is not. */
void options_table(const struct option_group *const *groups, const char *command,
		   struct strbuf *out);

/*
 * diff – what changed between two images, in the words of packages: what came and why, what
 * went, what grew and inside of what, by category and by folder. Collected once, then written
 * as text, Markdown or JSON (schema "tare-diff/1", described by report/diff.schema.json).
 *
 *	r = diff_report_new(old, now, &options, &report);
 *	diff_text(report, &style, 20, &out);
 *	found = report->differs;
 *
 * Every table has its changes only; what is the same on both sides is in none. Times are not
 * compared: a file is the same when type, mode, size, blocks, target and category are.
 */
#pragma once

#include "graph/diff.h"
#include "report/measure.h"
#include "report/newcomers.h"
#include "report/style.h"
#include "report/table.h"

#define DIFF_SCHEMA	  "tare-diff/1"
#define DIFF_FOLDER_DEPTH 3

/* The tables of the report, in the order in which they are shown. */
enum diff_section {
	DIFF_CAUSES, /* what was asked for or newly required, with all that it brought */
	DIFF_PACKAGES,	 /* added, removed, other version or size */
	DIFF_NEWCOMERS,	 /* each added package with its reason */
	DIFF_SURFACE,	 /* figures of measure_surface.h that changed */
	DIFF_EXPOSED,	 /* services, setuid files, interpreters ... that came or went */
	DIFF_CATEGORIES, /* of files */
	DIFF_FOLDERS,
	DIFF_FILES, /* without those of packages that came or went as a whole */
	DIFF_SECTION_COUNT
};

struct diff_figure {
	const char *key, *title;
	enum table_kind kind; /* TABLE_BYTES or TABLE_COUNT */
	uint64_t old, now;
};

#define DIFF_FIGURES 7 /* at most: the last only where both graphs know it */

struct diff_report {
	struct graph_diff *diff; /* borrows both graphs */
	newcomer_list newcomers;
	struct diff_figure figures[DIFF_FIGURES];
	size_t figure_count;
	struct table tables[DIFF_SECTION_COUNT];
	bool differs; /* a package or file is not the same */
};

/** What a section is called: in JSON, and above its table. */
const char *diff_section_key(enum diff_section section);
const char *diff_section_title(enum diff_section section);

/**
 * Compare.
 * @param depth  of the folders that bytes are summed up for: 2 is "/usr/share"; 0:
 *               DIFF_FOLDER_DEPTH
 */
void diff_report_new(const struct graph *old, const struct graph *now, uint32_t depth,
		     struct diff_report **ret);
void diff_report_free(struct diff_report *report);
void diff_report_freep(struct diff_report **report);

/** @param top  rows of each table; 0: all */
void diff_text(const struct diff_report *report, const struct style *style, uint64_t top,
	       struct strbuf *out);
void diff_markdown(const struct diff_report *report, const struct style *style,
		   uint64_t top, struct strbuf *out);
/** A new reference. */
json_t *diff_json(const struct diff_report *report);

/** What makes the two sides hard to compare ("the old graph is from metadata alone"), one
 * line, or nothing. */
void diff_say_caveats(const struct diff_report *report, struct strbuf *out);

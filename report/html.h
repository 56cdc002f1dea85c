/*
 * html – reports as one HTML file that needs nothing else: style, scripts and data stand inside,
 * and its Content-Security-Policy lets a browser run only these scripts (by their SHA-256) and
 * load nothing from anywhere.
 *
 * The page comes from three sides. report/html/\*.html is the fixed body, report/html/\*.css and
 * \*.js are put in as they are, and the figures are one JSON block that the scripts turn into
 * tables and drawings. Scripts build elements and texts only, never markup from data; the data
 * is printable (base/text.h) and has no '<', so that nothing in it ends the block.
 *
 *	json_t *data = ...;
 *	html_page(&HTML_REPORT, "Weight of an image", data, &out);
 */
#pragma once

#include "report/diff.h"
#include "report/summary.h"

struct html_asset {
	const char *text;
	const size_t *len;
	const char *sha256; /* in hexadecimal */
};

/* A sort of page: its body and its scripts, in order, up to one without text. */
struct html_kind {
	const char *body;
	struct html_asset scripts[8];
};

extern const struct html_kind HTML_REPORT, HTML_DIFF;

/** Append bytes of a root as printable text between tags or inside an attribute. */
void html_text(const char *bytes, struct strbuf *out);
/** A string of the data block: printable; a new reference. */
json_t *html_string(const char *bytes);
/** A table with what a script needs to show it: {"columns": [...], "rows": [[...]]}. */
json_t *html_table(const struct table *table);
/** The whole file. @p title is the program's own. */
void html_page(const struct html_kind *kind, const char *title, const json_t *data,
	       struct strbuf *out);

/** What tare report writes. @param extra  more members of the data block, may be NULL */
void html_report(const struct summary *s, const struct style *style, json_t *extra,
		 struct strbuf *out);
void html_diff(const struct diff_report *report, const struct style *style,
	       struct strbuf *out);

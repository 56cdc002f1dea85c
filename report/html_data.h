/*
 * html_data – parts of the data block of a report page, one file each.
 */
#pragma once

#include "report/html.h"

/* Packages of the page: those that are software, in the order of the graph, and behind them
 * one that stands for the files that no package owns. */
struct html_packages {
	const struct graph *g;
	uint32_t count; /* without the last one */
	uint32_t *
		index_of; /* [package_count + 1]: UINT32_MAX for those that are left out */
	pkg_id *packages; /* [count] */
};

void html_packages_init(struct html_packages *p, const struct graph *g);
void html_packages_release(struct html_packages *p);

/** html_packages.c: names, sizes, what each needs, what goes with it. */
json_t *html_packages_json(const struct html_packages *p);
/** html_files.c: bytes by category of each package, with the names of the biggest files;
 * {"folders": [...], "parts": [...]}. */
json_t *html_files_json(const struct html_packages *p, const struct measure *m);
/** html_plan.c: the plan with its packages in the order of @p p; null without a plan. */
json_t *html_plan_json(const struct html_packages *p, const struct summary *s);
/** A list of objects of one shape as html_table() would give it: columns are the members of the
 * first one. @param limit  rows, the biggest "disk_bytes" first; 0: all, in their order */
json_t *html_objects(const json_t *list, size_t limit);

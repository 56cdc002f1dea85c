/*
 * diff_plan – what changed between two plans: settings, figures, packages with another action or
 * risk, trims of files, services. As text, Markdown or JSON (schema "tare-plan-diff/1", described
 * by report/plan-diff.schema.json).
 *
 *	diff_plan_new(old, now, &d);
 *	diff_plan_text(d, &style, 20, &out);
 *	found = d->differs;
 *
 * Packages are the same when their NEVRA is, else when their name is. Every table has its
 * differences only.
 */
#pragma once

#include "report/diff.h"
#include "trimmer/plan_json.h"

#define DIFF_PLAN_SCHEMA "tare-plan-diff/1"

enum diff_plan_section {
	DIFF_PLAN_SETTINGS, /* image, profiles, caution ... */
	DIFF_PLAN_PACKAGES,
	DIFF_PLAN_TRIMS,
	DIFF_PLAN_SERVICES,
	DIFF_PLAN_SECTION_COUNT
};

#define DIFF_PLAN_FIGURES 8 /* at most: the last two only where both plans know them */

struct diff_plan {
	const struct plan_doc *old, *now; /* borrowed */
	struct diff_figure figures[DIFF_PLAN_FIGURES];
	size_t figure_count;
	struct table tables[DIFF_PLAN_SECTION_COUNT];
	bool differs; /* some table has a row, or a figure is another */
};

/** Is this file of the host a plan? 1; 0 when it is none (a graph perhaps); -errno when it
 * cannot be read. It is looked at, not checked. */
int diff_plan_is_plan(const char *path, struct error *err);

void diff_plan_new(const struct plan_doc *old, const struct plan_doc *now,
		   struct diff_plan **ret);
void diff_plan_free(struct diff_plan *d);
void diff_plan_freep(struct diff_plan **d);
/** @param top  rows of each table; 0: all */
void diff_plan_text(const struct diff_plan *d, const struct style *style, uint64_t top,
		    struct strbuf *out);
void diff_plan_markdown(const struct diff_plan *d, const struct style *style,
			uint64_t top, struct strbuf *out);
/** A new reference. */
json_t *diff_plan_json(const struct diff_plan *d);

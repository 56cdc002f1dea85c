/*
 * diff_internal – the parts of diff.h, one file each: tables of packages, tables of files.
 */
#pragma once

#include "report/diff.h"

/** diff_packages.c: packages, newcomers, causes. */
void diff_fill_packages(struct diff_report *report);
/** diff_files.c: categories, folders, files; sets differs. */
void diff_fill_files(struct diff_report *report, const struct measure *old,
		     const struct measure *now, uint32_t depth);
/** diff_surface.c: figures and members of the attack surface. */
void diff_fill_surface(struct diff_report *report);

/** diff_print.c: figures below each other, in their units; initialises @p table. */
void diff_figures_table(const struct diff_figure *figures, size_t count,
			const struct style *style, struct table *table);
/** The same as an object by key; a new reference. */
json_t *diff_figures_json(const struct diff_figure *figures, size_t count);

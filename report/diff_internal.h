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

/*
 * plan_advice – what would need another build: packages worth splitting, and smaller
 * packages of a repository that could stand in for others. Sections of plan_text().
 */
#pragma once

#include "report/style.h"
#include "trimmer/plan.h"

/** @param top  rows of each table; 0: all */
void plan_advice_text(const struct plan *plan, uint64_t top, const struct style *style,
		      struct strbuf *out);

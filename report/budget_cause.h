/*
 * budget_cause – why a figure is what it is: which packages it grew by, and what holds an
 * unwanted package. For the files of report/budget only.
 */
#pragma once

#include "report/budget.h"

/**
 * The packages that added most since the baseline, newcomers with what brought them.
 * @param now, old  parts as budget_limit_parts() of the two graphs of verdict->diff
 */
void budget_cause_find(const struct budget_verdict *verdict, const uint64_t *now,
		       const uint64_t *old, struct budget_result *result);
/** Fill result->chain for the unwanted packages. */
void budget_cause_chain(const struct budget_ask *ask, const struct idset *packages,
			struct budget_result *result);

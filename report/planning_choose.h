/*
 * planning_choose – a plan within limits: only some packages, no risk above a level, as
 * little as reaches a size. For planning.c.
 *
 * - A package that is too risky to remove becomes a root, and the plan is made again until
 *   none is. What stays only grows, and with it the risks: every plan within the limit
 *   keeps these packages, but where providers can be chosen another choice may be better.
 * - A target takes the lowest limit of risk that reaches it: no plan does with less. Then
 *   packages are given back, the riskiest and of those the smallest first, as many as the
 *   target allows. That is not always the least number of removals.
 */
#pragma once

#include "report/planning.h"

/** Fill p->plan, p->max_risk and p->freed_bytes. As planning_make(). */
int planning_choose(const struct graph *g, const struct planning_request *request,
		    struct planning *p, struct error *err);

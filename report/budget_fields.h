/*
 * budget_fields – the values of a limit that need reading: amounts, shares, days. For
 * report/budget.c.
 */
#pragma once

#include "report/budget.h"

/* Each: 0, or -EINVAL with file:line:column. The limit's kind and `what` are set before. */
int budget_field_max(const struct rule_node *value, struct budget_limit *limit,
		     struct error *err);
/** An amount, a share ("2%"), or a list of both. */
int budget_field_growth(const struct rule_node *value, struct budget_limit *limit,
			struct error *err);
/** An amount, or a share of max. */
int budget_field_warn_at(const struct rule_node *value, struct budget_limit *limit,
			 struct error *err);
/** { until: 2031-01-31, reason: ... }, both required. */
int budget_field_waive(const struct rule_node *map, struct budget_limit *limit,
		       struct error *err);

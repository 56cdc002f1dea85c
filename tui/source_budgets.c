#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "report/budget.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

/* The limits of a budget file, and how much is left of each. */
struct budgets {
	struct source base;
	struct session *s;
	const struct budget *budget; /* NULL: none */
	struct measure *measure;
	struct budget_verdict verdict;
	struct error err; /* why it could not be measured */
};

enum { BUDG_STATUS, BUDG_NAME, BUDG_MEASURED, BUDG_MAX, BUDG_LEFT, BUDG_AFTER, BUDG_WHY };

static const struct column COLUMNS[] = {
	[BUDG_STATUS] = { "status", "Status", "fail, warn, pass or skip", VALUE_TEXT, 7,
			  0, COLUMN_FIXED },
	[BUDG_NAME] = { "name", "Budget", "its name", VALUE_TEXT, 0, 0, COLUMN_FIXED },
	[BUDG_MEASURED] = { "measured", "Measured", "now", VALUE_TEXT, 11, 0,
			    COLUMN_FALLING },
	[BUDG_MAX] = { "max", "Limit", "what is allowed", VALUE_TEXT, 11, 0,
		       COLUMN_FALLING },
	[BUDG_LEFT] = { "left", "Left", "what is left of it", VALUE_TEXT, 11, 0, 0 },
	[BUDG_AFTER] = { "after", "After marks",
			 "what is left when all that is marked went", VALUE_TEXT, 11, 80,
			 0 },
	[BUDG_WHY] = { "why", "Why", "the budget's reason", VALUE_TEXT, 0, 100,
		       COLUMN_BY_TEXT },
};

static const struct budgets *of(const struct source *source)
{
	return container_of(source, const struct budgets, base);
}

static uint32_t budgets_count(const struct source *source)
{
	return (uint32_t)of(source)->verdict.results.len;
}

static bool is_count(const struct budget_limit *limit)
{
	return budget_limit_noun(limit) != NULL;
}

/* A number of bytes or things that may be below zero. */
static void amount_value(const struct budget_limit *limit, int64_t amount,
			 struct value *ret)
{
	uint64_t size = amount < 0 ? (uint64_t)-amount : (uint64_t)amount;
	char text[UNITS_TEXT_MAX];

	ret->number = (uint64_t)amount + ((uint64_t)1 << 62);
	if (is_count(limit))
		snprintf(ret->own, sizeof(ret->own), "%lld", (long long)amount);
	else
		snprintf(ret->own, sizeof(ret->own), "%s%s", amount < 0 ? "-" : "",
			 units_format(text, size, UNITS_IEC));
	ret->text = ret->own;
}

/* What the marks free is known for whole images only. */
static void after_value(const struct session *s, const struct budget_result *result,
			struct value *ret)
{
	const struct budget_limit *limit = result->limit;
	int64_t left = (int64_t)limit->max - (int64_t)result->measured;

	if (!s->cascade)
		amount_value(limit, left, ret);
	else if (strcmp(limit->what, "total") == 0)
		amount_value(limit, left + (int64_t)s->cascade->freed_bytes, ret);
	else if (strcmp(limit->what, "packages") == 0)
		amount_value(limit, left + (int64_t)idset_count(&s->cascade->removed),
			     ret);
	else
		ret->missing = true;
}

static void budgets_value(const struct source *source, uint32_t row, size_t column,
			  struct value *ret)
{
	static const char *const NAMES[] = { [BUDGET_FAIL] = "FAIL",
					     [BUDGET_WARN] = "warn",
					     [BUDGET_PASS] = "pass",
					     [BUDGET_SKIP] = "skip" };
	const struct budget_result *result = &of(source)->verdict.results.data[row];
	const struct budget_limit *limit = result->limit;

	switch (column) {
	case BUDG_STATUS:
		ret->text = NAMES[result->status];
		ret->number = result->status;
		break;
	case BUDG_NAME:
		ret->text = limit->name;
		ret->number = row;
		break;
	case BUDG_MEASURED:
		amount_value(limit, (int64_t)result->measured, ret);
		break;
	case BUDG_MAX:
		amount_value(limit, (int64_t)limit->max, ret);
		break;
	case BUDG_LEFT:
		amount_value(limit, (int64_t)limit->max - (int64_t)result->measured, ret);
		break;
	case BUDG_AFTER:
		after_value(of(source)->s, result, ret);
		break;
	default:
		ret->text = limit->why;
	}
	if (column < BUDG_MEASURED || column > BUDG_AFTER)
		return;
	if (result->found & (BUDGET_NO_MATCH | BUDGET_NOT_KNOWN) ||
	    (column > BUDG_MEASURED && !limit->has_max))
		ret->missing = true;
}

static uint32_t budgets_node(const struct source *source, uint32_t row)
{
	const struct budgets *view = of(source);
	pkg_id biggest = view->verdict.results.data[row].parts[0].package;

	return biggest ? graph_package_node(view->s->g, biggest) : 0;
}

static unsigned int budgets_style(const struct source *source, uint32_t row)
{
	switch (of(source)->verdict.results.data[row].status) {
	case BUDGET_FAIL:
		return PAINT_REMOVE;
	case BUDGET_WARN:
		return PAINT_WARNING;
	case BUDGET_SKIP:
		return PAINT_DIM;
	default:
		return PAINT_TEXT;
	}
}

static void budgets_summary(const struct source *source, char *buf, size_t len)
{
	const struct budgets *view = of(source);

	if (view->err.code)
		snprintf(buf, len, "%s", view->err.text);
	else if (view->budget)
		snprintf(buf, len, "%zu fail, %zu pass, %zu skipped, %zu warn",
			 view->verdict.count[BUDGET_FAIL],
			 view->verdict.count[BUDGET_PASS],
			 view->verdict.count[BUDGET_SKIP],
			 view->verdict.count[BUDGET_WARN]);
}

static void budgets_free(struct source *source)
{
	struct budgets *view = container_of(source, struct budgets, base);

	budget_verdict_release(&view->verdict);
	measure_free(view->measure);
	free(view);
}

static const struct source_ops BUDGETS_OPS = {
	.name = "budgets",
	.title = "Budgets",
	.empty = "no budget was named: tare explore --budget tare.yaml",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.name_column = BUDG_NAME,
	.sort_column = BUDG_STATUS,
	.count = budgets_count,
	.value = budgets_value,
	.node = budgets_node,
	.style = budgets_style,
	.summary = budgets_summary,
	.free = budgets_free,
};

struct source *budgets_source_new(struct session *s, const struct budget *budget)
{
	struct budgets *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &BUDGETS_OPS;
	view->s = s;
	view->budget = budget;
	if (budget) {
		view->measure = measure_new(s->g);
		budget_measure(&(struct budget_ask){ .budget = budget,
						     .measure = view->measure },
			       &view->verdict, &view->err);
	}
	return &view->base;
}

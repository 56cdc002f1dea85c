/*
 * What a budget's limits measure on a graph, and the verdict.
 */
#include "report/budget_baseline.h"
#include "report/budget_cause.h"
#include "report/budget_kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct measuring {
	const struct budget_ask *ask;
	const struct graph *g;
	struct budget_meter meter;
	struct budget_verdict *verdict;
};

static int by_amount(const void *a, const void *b)
{
	const struct budget_part *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

/* Which packages make up the figure, each by its first owner, biggest first. */
static void biggest_parts(const struct graph *g, const uint64_t *amounts,
			  struct budget_result *result)
{
	size_t len = g->package_count + 1u;
	_cleanup_(freep) struct budget_part *parts = mem_calloc(len, sizeof(*parts));

	for (pkg_id p = 0; p < len; p++)
		parts[p] = (struct budget_part){ p, amounts[p] };
	qsort(parts, len, sizeof(*parts), by_amount);
	memcpy(result->parts, parts, MIN2(len, (size_t)BUDGET_PARTS) * sizeof(*parts));
}

static void find_parts(struct measuring *m, const struct budget_limit *limit,
		       struct budget_selection *selection, struct budget_result *result)
{
	_cleanup_(freep) uint64_t *now = budget_limit_parts(limit, m->g, selection);
	_cleanup_(freep) uint64_t *old = NULL;

	if (!now)
		return;
	biggest_parts(m->g, now, result);
	if (!m->verdict->diff)
		return;
	old = budget_baseline_parts(m->ask->baseline, m->ask->budget, limit);
	if (old)
		budget_cause_find(m->verdict, now, old, result);
}

static bool is_share_over(const struct budget_limit *limit, uint64_t old, uint64_t now)
{
	return (unsigned __int128)(now - old) * 1000 >
	       (unsigned __int128)old * limit->growth_milli;
}

static unsigned int judge_growth(const struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;

	if (!limit->has_growth && !limit->has_growth_milli)
		return 0;
	if (!result->has_baseline)
		return BUDGET_NO_BASELINE;
	if (result->measured <= result->baseline)
		return 0;
	if ((limit->has_growth && result->measured - result->baseline > limit->growth) ||
	    (limit->has_growth_milli &&
	     is_share_over(limit, result->baseline, result->measured)))
		return BUDGET_OVER_GROWTH;
	return 0;
}

static void judge(struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;

	result->found = judge_growth(result);
	if (limit->has_max && result->measured > limit->max)
		result->found |= BUDGET_OVER_MAX;
	else if (limit->has_warn_at && result->measured >= limit->warn_at)
		result->found |= BUDGET_NEAR_MAX;
	if (result->found & (BUDGET_OVER_MAX | BUDGET_OVER_GROWTH)) {
		result->status = BUDGET_FAIL;
		if (limit->waived_until) {
			result->found |= BUDGET_WAIVED;
			result->status = BUDGET_SKIP;
		}
	} else {
		result->status = result->found ? BUDGET_WARN : BUDGET_PASS;
	}
}

static int no_answer(const struct budget_limit *limit, struct budget_result *result,
		     unsigned int found, struct error *err)
{
	result->status = BUDGET_SKIP;
	result->found = found;
	if (limit->optional)
		return 0;
	rule_error(limit->at, err,
		   limit->kind && limit->kind->flags & KIND_NEEDS_LAYER
			   ? "'%s' was not measured in this graph: analyse with "
			     "--compressed, or say 'optional: true'"
		   : found == BUDGET_NO_MATCH
			   ? "'%s' matches nothing in this graph: mend it, or say "
			     "'optional: true'"
			   : "'%s' is not known in a graph from metadata alone: analyse "
			     "the whole root, or say 'optional: true'",
		   limit->what);
	return -ESRCH;
}

static int check_waiver(const struct budget_ask *ask, const struct budget_limit *limit,
			struct error *err)
{
	budget_day until = limit->waived_until;

	if (!until || !ask->today || ask->today <= until)
		return 0;
	rule_error(limit->at, err,
		   "the waiver of '%s' ran out on %04u-%02u-%02u: keep the limit again, "
		   "or decide anew",
		   limit->name, until / 10000, until / 100 % 100, until % 100);
	return -ETIME;
}

static int measure_limit(struct measuring *m, const struct budget_limit *limit,
			 struct budget_result *ret, struct error *err)
{
	struct budget_selection selection;
	int r = check_waiver(m->ask, limit, err);

	*ret = (struct budget_result){ .limit = limit };
	if (r < 0)
		return r;
	if (!budget_limit_is_known(limit, m->g))
		return no_answer(limit, ret, BUDGET_NOT_KNOWN, err);
	budget_selection_init(&selection, m->g);
	ret->measured =
		budget_limit_measure(m->ask->budget, limit, &m->meter, &selection);
	if (selection.matches == 0 && !(limit->kind->flags & KIND_MAY_BE_EMPTY) &&
	    limit->surface < 0) {
		r = no_answer(limit, ret, BUDGET_NO_MATCH, err);
	} else {
		if (m->ask->baseline)
			ret->has_baseline = budget_baseline_find(
				m->ask->baseline, m->ask->budget, limit, &ret->baseline);
		judge(ret);
		find_parts(m, limit, &selection, ret);
		if (limit->kind == &BUDGET_KIND_UNWANTED && ret->measured > 0)
			budget_cause_chain(m->ask, &selection.packages, ret);
	}
	budget_selection_release(&selection);
	return r;
}

static double excess(const struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;
	uint64_t allowed = limit->has_max ? limit->max : result->baseline;

	return (double)result->measured / (double)MAX2(allowed, (uint64_t)1);
}

/* Offenders first, the worst one at the top; then as in the file. */
static int by_severity(const void *a, const void *b)
{
	const struct budget_result *x = a, *y = b;

	if (x->status != y->status)
		return x->status < y->status ? -1 : 1;
	if (x->status == BUDGET_FAIL && excess(x) != excess(y))
		return excess(x) > excess(y) ? -1 : 1;
	return x->limit < y->limit ? -1 : x->limit > y->limit;
}

static void compare(struct budget_verdict *verdict,
		    const struct budget_baseline *baseline, const struct graph *g)
{
	if (!baseline || !budget_baseline_graph(baseline))
		return;
	graph_diff_new(budget_baseline_graph(baseline), g, &verdict->diff);
	newcomers_find(verdict->diff, &verdict->newcomers);
}

int budget_measure(const struct budget_ask *ask, struct budget_verdict *ret,
		   struct error *err)
{
	struct measuring m = { .ask = ask, .g = measure_graph(ask->measure) };
	int r = 0;

	*ret = (struct budget_verdict){ .measure = ask->measure };
	m.verdict = ret;
	budget_meter_init(&m.meter, ask->measure);
	compare(ret, ask->baseline, m.g);
	array_each (&ask->budget->limits, i) {
		struct budget_result result;

		r = measure_limit(&m, &ask->budget->limits.data[i], &result, err);
		if (r < 0)
			break;
		array_push(&ret->results, result);
		ret->count[result.status]++;
	}
	budget_meter_release(&m.meter);
	if (r < 0) {
		budget_verdict_release(ret);
		return r;
	}
	array_sort(&ret->results, by_severity);
	return 0;
}

void budget_verdict_release(struct budget_verdict *verdict)
{
	array_each (&verdict->results, i)
		free(verdict->results.data[i].chain);
	array_release(&verdict->results);
	array_release(&verdict->newcomers);
	graph_diff_free(verdict->diff);
	*verdict = (struct budget_verdict){ 0 };
}

bool budget_verdict_is_good(const struct budget_verdict *verdict, bool strict)
{
	return verdict->count[BUDGET_FAIL] == 0 &&
	       (!strict || verdict->count[BUDGET_WARN] == 0);
}

/*
 * budget_baseline – what growth is measured from: an older graph, or a small JSON file that
 * an earlier check wrote (schema "tare-baseline/1", report/baseline.schema.json).
 *
 * The file keeps for each limit the lowest figure of all checks that wrote it: `best`.
 * Growth counts from there. So ten steps that are each below max-growth fail as soon as
 * together they are above it, although each check rewrites the file; and what became
 * smaller may not creep back. To accept a growth, write the file without reading the old
 * one, and let somebody review the change.
 *
 *	r = budget_baseline_read("baseline.json", &baseline, err);
 *	if (budget_baseline_find(baseline, budget, limit, &value))
 *		...
 */
#pragma once

#include "base/json.h"
#include "report/budget.h"

struct budget_baseline;

/**
 * A graph or JSON, told apart by their first bytes.
 * @return 0; -ENOENT, -EINVAL: the user's to mend; another -errno when it is unreadable
 */
int budget_baseline_read(const char *path, struct budget_baseline **ret,
			 struct error *err);
void budget_baseline_free(struct budget_baseline *baseline);
void budget_baseline_freep(struct budget_baseline **baseline);
/** The graph, NULL where the baseline is JSON; it must be complete to compare with. */
const struct graph *budget_baseline_graph(const struct budget_baseline *baseline);
/** A graph as baseline, for who has one; borrowed. */
struct budget_baseline *budget_baseline_of(const struct graph *g);

/** The figure to compare with; false when the baseline has none for this limit. */
bool budget_baseline_find(struct budget_baseline *baseline, const struct budget *budget,
			  const struct budget_limit *limit, uint64_t *ret);
/** What each package added to it then, as budget_limit_parts(); NULL where not known. */
uint64_t *budget_baseline_parts(struct budget_baseline *baseline,
				const struct budget *budget,
				const struct budget_limit *limit);
/**
 * The file to write after a check: figures of now, and the lowest of now and of the
 * baseline that the verdict was made with (of limits that are known by the same name and
 * the same `what`). A new reference.
 */
json_t *budget_baseline_json(const struct budget_verdict *verdict);

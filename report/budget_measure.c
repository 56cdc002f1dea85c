/*
 * What a budget's limits measure on a graph, and the verdict.
 */
#include "report/budget_kind.h"
#include "report/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t select_total(const struct measure *m, const struct budget_limit *limit,
			     struct idset *files)
{
	(void)limit;
	measure_select_total(m, files);
	return idset_count(files);
}

static uint64_t select_unowned(const struct measure *m, const struct budget_limit *limit,
			       struct idset *files)
{
	(void)limit;
	measure_select_unowned(m, files);
	return idset_count(files);
}

static uint64_t select_path(const struct measure *m, const struct budget_limit *limit,
			    struct idset *files)
{
	measure_select_paths(m, limit->pattern, files);
	return idset_count(files);
}

static uint64_t select_package(const struct measure *m, const struct budget_limit *limit,
			       struct idset *files)
{
	return measure_select_packages(m, limit->pattern, files);
}

static uint64_t select_packages(const struct measure *m, const struct budget_limit *limit,
				struct idset *files)
{
	(void)limit;
	return measure_select_packages(m, "*", files);
}

static uint64_t select_category(const struct measure *m, const struct budget_limit *limit,
				struct idset *files)
{
	int category = file_category_parse(limit->pattern);

	measure_select_category(m, (enum file_category)category, files);
	return idset_count(files);
}

static uint64_t bytes_of(const struct measure *m, const struct idset *files)
{
	return measure_files(m, files).disk_bytes;
}

static uint64_t files_of(const struct measure *m, const struct idset *files)
{
	return measure_files(m, files).count;
}

static uint64_t packages_of(const struct measure *m, const struct idset *files)
{
	(void)files;
	return measure_packages(m).count;
}

const struct budget_kind BUDGET_KINDS[BUDGET_KIND_COUNT] = {
	{ "total", NULL, NULL, false, false, select_total, bytes_of },
	{ "unowned", NULL, NULL, true, false, select_unowned, bytes_of },
	{ "packages", NULL, "package", false, true, select_packages, packages_of },
	{ "files", NULL, "file", false, false, select_total, files_of },
	{ "path:GLOB", "path:", NULL, false, false, select_path, bytes_of },
	{ "package:GLOB", "package:", NULL, false, false, select_package, bytes_of },
	{ "category:NAME", "category:", NULL, false, false, select_category, bytes_of },
};

const char *budget_kind_check(const struct budget_kind *kind, const char *pattern)
{
	if (kind->prefix && !pattern[0])
		return "something must stand behind the colon";
	if (kind->select == select_path && pattern[0] != '/')
		return "a path glob begins with '/'";
	if (kind->select == select_category && file_category_parse(pattern) < 0)
		return "no category has this name ('tare report' shows them)";
	return NULL;
}

static int by_amount(const void *a, const void *b)
{
	const struct budget_part *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

/* Which packages make up the figure, each by its first owner, biggest first. */
static void find_parts(const struct measure *m, const struct idset *files,
		       struct budget_result *result)
{
	const struct graph *g = measure_graph(m);
	size_t len = g->package_count + 1u;
	_cleanup_(freep) struct budget_part *parts = mem_calloc(len, sizeof(*parts));
	bool is_count = budget_kind_counts(result->limit->kind);

	if (result->limit->kind->has_no_parts)
		return;
	for (pkg_id p = 0; p < len; p++)
		parts[p].package = p;
	idset_each (files, f) {
		const struct graph_file *file = &g->files[f];

		parts[node_owner(g, (file_id)f)].amount +=
			is_count ? 1 : file->disk_bytes;
	}
	qsort(parts, len, sizeof(*parts), by_amount);
	memcpy(result->parts, parts, MIN2(len, (size_t)BUDGET_PARTS) * sizeof(*parts));
}

static int measure_limit(const struct budget_limit *limit, const struct measure *m,
			 struct budget_result *ret, struct error *err)
{
	struct idset files;
	uint64_t matches;
	int r = 0;

	*ret = (struct budget_result){ .limit = limit };
	idset_init(&files, measure_graph(m)->file_count + 1u);
	matches = limit->kind->select(m, limit, &files);
	if (matches == 0 && !limit->kind->may_be_empty) {
		ret->status = BUDGET_SKIP;
		if (!limit->optional)
			r = rule_error(limit->at, err,
				       "'%s' matches nothing in this graph: mend it, or "
				       "say 'optional: true'",
				       limit->what) < 0
				    ? -ESRCH
				    : 0;
	} else {
		ret->measured = limit->kind->measured(m, &files);
		ret->status = ret->measured > limit->max ? BUDGET_FAIL : BUDGET_PASS;
		find_parts(m, &files, ret);
	}
	idset_release(&files);
	return r;
}

static double excess(const struct budget_result *result)
{
	return (double)result->measured / (double)MAX2(result->limit->max, (uint64_t)1);
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

int budget_measure(const struct budget *budget, const struct measure *m,
		   struct budget_verdict *ret, struct error *err)
{
	*ret = (struct budget_verdict){ 0 };
	array_each (&budget->limits, i) {
		struct budget_result result;
		int r = measure_limit(&budget->limits.data[i], m, &result, err);

		if (r < 0) {
			budget_verdict_release(ret);
			return r;
		}
		array_push(&ret->results, result);
		ret->passed += result.status == BUDGET_PASS;
		ret->failed += result.status == BUDGET_FAIL;
		ret->skipped += result.status == BUDGET_SKIP;
	}
	array_sort(&ret->results, by_severity);
	return 0;
}

void budget_verdict_release(struct budget_verdict *verdict)
{
	array_release(&verdict->results);
}

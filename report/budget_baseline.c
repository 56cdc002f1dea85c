#include "report/budget_baseline.h"

#include "base/io.h"
#include "report/budget_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BASELINE_SCHEMA	   "tare-baseline/1"
#define BASELINE_MAX_BYTES (4u << 20)

struct budget_baseline {
	struct graph *owned;   /* NULL: borrowed, or JSON */
	const struct graph *g; /* NULL: JSON */
	struct measure *measure;
	struct budget_meter meter;
	json_t *json;
};

struct budget_baseline *budget_baseline_of(const struct graph *g)
{
	struct budget_baseline *baseline = mem_calloc(1, sizeof(*baseline));

	baseline->g = g;
	baseline->measure = measure_new(g);
	budget_meter_init(&baseline->meter, baseline->measure);
	return baseline;
}

void budget_baseline_free(struct budget_baseline *baseline)
{
	if (!baseline)
		return;
	if (baseline->g)
		budget_meter_release(&baseline->meter);
	measure_free(baseline->measure);
	graph_free(baseline->owned);
	json_decref(baseline->json);
	free(baseline);
}

void budget_baseline_freep(struct budget_baseline **baseline)
{
	budget_baseline_free(*baseline);
}

const struct graph *budget_baseline_graph(const struct budget_baseline *baseline)
{
	return baseline->g;
}

/* "best" and "now" are whole numbers, "what" is a text, and there is nothing else. */
static int check_figure(const char *path, const char *name, const json_t *figure,
			struct error *err)
{
	const json_t *best = json_object_get(figure, "best");
	const json_t *now = json_object_get(figure, "now");

	if (json_object_size(figure) != 3 ||
	    !json_is_string(json_object_get(figure, "what")) || !json_is_integer(best) ||
	    !json_is_integer(now) || json_integer_value(best) < 0 ||
	    json_integer_value(now) < json_integer_value(best))
		return error_set(err, -EINVAL,
				 "%s: limits.%s has not 'what', 'best' and 'now' as "
				 "whole numbers with best <= now",
				 path, name);
	return 0;
}

static int check_json(const char *path, json_t *json, struct error *err)
{
	json_t *limits = json_object_get(json, "limits"), *figure;
	const char *schema = json_string_value(json_object_get(json, "schema"));
	const char *name;
	int r;

	if (!schema || strcmp(schema, BASELINE_SCHEMA) != 0)
		return error_set(err, -EINVAL,
				 "'%s' is neither a graph nor a baseline (schema '%s')",
				 path, BASELINE_SCHEMA);
	if (!json_is_object(limits) || json_object_size(json) != 2)
		return error_set(err, -EINVAL,
				 "%s: a baseline has 'schema' and 'limits' and nothing "
				 "else",
				 path);
	json_object_foreach(limits, name, figure)
	{
		r = check_figure(path, name, figure, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int is_database(const char *path, struct error *err)
{
	static const char MAGIC[] = "SQLite format 3";
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[sizeof(MAGIC)] = "";

	if (fd < 0)
		return error_set(err, -errno, "cannot open the baseline '%s': %s", path,
				 strerror(errno));
	return io_pread(fd, head, sizeof(MAGIC), 0) == (ssize_t)sizeof(MAGIC) &&
	       memcmp(head, MAGIC, sizeof(MAGIC)) == 0;
}

static int read_graph(const char *path, struct budget_baseline **ret, struct error *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	struct graph *g = NULL;
	int r = store_open(path, &st, err);

	if (r == 0)
		r = graph_load(st, &g, err);
	if (r < 0)
		return r;
	*ret = budget_baseline_of(g);
	(*ret)->owned = g;
	return 0;
}

int budget_baseline_read(const char *path, struct budget_baseline **ret,
			 struct error *err)
{
	_cleanup_(budget_baseline_freep) struct budget_baseline *baseline = NULL;
	int r = is_database(path, err);

	if (r < 0)
		return r;
	if (r > 0)
		return read_graph(path, ret, err);
	baseline = mem_calloc(1, sizeof(*baseline));
	r = json_read_file(path, BASELINE_MAX_BYTES, &baseline->json, err);
	if (r == 0)
		r = check_json(path, baseline->json, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&baseline);
	return 0;
}

bool budget_baseline_find(struct budget_baseline *baseline, const struct budget *budget,
			  const struct budget_limit *limit, uint64_t *ret)
{
	struct budget_selection selection;
	const json_t *figure;
	const char *what;

	if (baseline->g) {
		if (!budget_limit_is_known(limit, baseline->g))
			return false;
		budget_selection_init(&selection, baseline->g);
		*ret = budget_limit_measure(budget, limit, &baseline->meter, &selection);
		budget_selection_release(&selection);
		return true;
	}
	figure = json_object_get(json_object_get(baseline->json, "limits"), limit->name);
	what = json_string_value(json_object_get(figure, "what"));
	if (!what || strcmp(what, limit->what) != 0)
		return false;
	*ret = (uint64_t)json_integer_value(json_object_get(figure, "best"));
	return true;
}

uint64_t *budget_baseline_parts(struct budget_baseline *baseline,
				const struct budget *budget,
				const struct budget_limit *limit)
{
	struct budget_selection selection;
	uint64_t *parts;

	if (!baseline->g || !budget_limit_is_known(limit, baseline->g))
		return NULL;
	budget_selection_init(&selection, baseline->g);
	budget_limit_measure(budget, limit, &baseline->meter, &selection);
	parts = budget_limit_parts(limit, baseline->g, &selection);
	budget_selection_release(&selection);
	return parts;
}

static int by_place(const void *a, const void *b)
{
	const struct budget_result *const *x = a, *const *y = b;

	return ((*x)->limit > (*y)->limit) - ((*x)->limit < (*y)->limit);
}

static json_t *figure_json(const struct budget_result *result)
{
	json_t *figure = json_object();
	uint64_t best = result->measured;

	if (result->has_baseline)
		best = MIN2(best, result->baseline);
	json_put(figure, "what", json_bytes(result->limit->what));
	json_put(figure, "best", json_uint(best));
	json_put(figure, "now", json_uint(result->measured));
	return figure;
}

/* In the order of the budget: what failed must not move the lines of a file in git. */
json_t *budget_baseline_json(const struct budget_verdict *verdict)
{
	ARRAY_OF(const struct budget_result *) results = { 0 };
	json_t *json = json_object(), *limits = json_object();

	array_each (&verdict->results, i)
		if (!(verdict->results.data[i].found &
		      (BUDGET_NO_MATCH | BUDGET_NOT_KNOWN)))
			array_push(&results, &verdict->results.data[i]);
	array_sort(&results, by_place);
	array_each (&results, i)
		json_put(limits, results.data[i]->limit->name,
			 figure_json(results.data[i]));
	array_release(&results);
	json_put(json, "schema", json_string(BASELINE_SCHEMA));
	json_put(json, "limits", limits);
	return json;
}

/*
 * A budget's verdict as JSON: report/check.schema.json.
 */
#include "base/text.h"
#include "report/budget_kind.h"

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? json_bytes(text) : json_null();
}

static json_t *uint_or_null(bool has, uint64_t value)
{
	return has ? json_uint(value) : json_null();
}

static json_t *package_or_null(const struct graph *g, pkg_id package)
{
	return package ? json_bytes(graph_text(g, g->packages[package].nevra))
		       : json_null();
}

static json_t *parts_json(const struct budget_result *result, const struct graph *g)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < BUDGET_PARTS && result->parts[i].amount; i++) {
		json_t *part = json_object();

		json_put(part, "package", package_or_null(g, result->parts[i].package));
		json_put(part, "amount", json_uint(result->parts[i].amount));
		json_push(parts, part);
	}
	return parts;
}

static json_t *cause_json(const struct budget_verdict *verdict,
			  const struct budget_cause *cause)
{
	const struct graph *g = measure_graph(verdict->measure);
	const struct newcomer *newcomer = cause->newcomer;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json = json_object();

	if (newcomer)
		newcomer_say(verdict->diff, newcomer, &text);
	json_put(json, "package", package_or_null(g, cause->package));
	json_put(json, "growth", json_uint((uint64_t)cause->growth));
	json_put(json, "new", json_boolean(newcomer != NULL));
	json_put(json, "cause",
		 newcomer ? json_string(newcomer_cause_name(newcomer->cause))
			  : json_null());
	json_put(json, "text", text_or_null(strbuf_text(&text)));
	json_put(json, "origin",
		 newcomer ? package_or_null(g, newcomer->origin) : json_null());
	return json;
}

static json_t *causes_json(const struct budget_verdict *verdict,
			   const struct budget_result *result)
{
	json_t *causes = json_array();

	for (size_t i = 0; i < BUDGET_PARTS && result->causes[i].growth; i++)
		json_push(causes, cause_json(verdict, &result->causes[i]));
	return causes;
}

static json_t *found_json(const struct budget_result *result)
{
	static const char *const NAMES[] = { "over-max",    "over-growth", "near-max",
					     "no-baseline", "waived",	   "no-match",
					     "not-known" };
	json_t *found = json_array();

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		if (result->found & 1u << i)
			json_push(found, json_string(NAMES[i]));
	return found;
}

static json_t *waiver_json(const struct budget_limit *limit)
{
	budget_day until = limit->waived_until;
	_cleanup_(freep) char *day = mem_printf("%04u-%02u-%02u", until / 10000,
						until / 100 % 100, until % 100);
	json_t *json;

	if (!until)
		return json_null();
	json = json_object();
	json_put(json, "until", json_string(day));
	json_put(json, "reason", json_bytes(limit->waive_reason));
	return json;
}

static json_t *result_json(const struct budget_verdict *verdict,
			   const struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;
	const char *noun = budget_limit_noun(limit);
	json_t *json = json_object();

	json_put(json, "name", json_bytes(limit->name));
	json_put(json, "what", json_bytes(limit->what));
	json_put(json, "status", json_string(budget_status_name(result->status)));
	json_put(json, "found", found_json(result));
	json_put(json, "unit", json_string(noun ? "count" : "bytes"));
	json_put(json, "noun", text_or_null(noun));
	json_put(json, "measured", json_uint(result->measured));
	json_put(json, "max", uint_or_null(limit->has_max, limit->max));
	json_put(json, "warn_at", uint_or_null(limit->has_warn_at, limit->warn_at));
	json_put(json, "max_growth", uint_or_null(limit->has_growth, limit->growth));
	json_put(json, "max_growth_permille",
		 uint_or_null(limit->has_growth_milli, limit->growth_milli));
	json_put(json, "baseline", uint_or_null(result->has_baseline, result->baseline));
	json_put(json, "why", json_bytes(limit->why));
	json_put(json, "owner", text_or_null(limit->owner));
	json_put(json, "waived", waiver_json(limit));
	json_put(json, "file", json_bytes(rule_doc_name(limit->at->doc)));
	json_put(json, "line", json_uint(limit->at->line));
	json_put(json, "parts", parts_json(result, measure_graph(verdict->measure)));
	json_put(json, "causes", causes_json(verdict, result));
	json_put(json, "chain", text_or_null(result->chain));
	return json;
}

json_t *budget_json(const struct budget_verdict *verdict)
{
	const struct graph *g = measure_graph(verdict->measure);
	json_t *json = json_object(), *results = json_array();

	array_each (&verdict->results, i)
		json_push(results, result_json(verdict, &verdict->results.data[i]));
	json_put(json, "schema", json_string("tare-check/1"));
	json_put(json, "basis", json_string(measure_basis(g)));
	json_put(json, "complete", json_boolean(g->image.complete));
	json_put(json, "passed", json_uint(verdict->count[BUDGET_PASS]));
	json_put(json, "failed", json_uint(verdict->count[BUDGET_FAIL]));
	json_put(json, "warned", json_uint(verdict->count[BUDGET_WARN]));
	json_put(json, "skipped", json_uint(verdict->count[BUDGET_SKIP]));
	json_put(json, "results", results);
	return json;
}

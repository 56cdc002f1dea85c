/*
 * SARIF 2.1.0: each limit is a rule, each limit that is broken or near its end a result
 * at its line of the budget; a waiver is a suppression.
 */
#include "base/text.h"
#include "report/check_format.h"

#include <ctype.h>
#include <string.h>

/* The name of a schema, not a place that anything is read from. */
#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static json_t *message(const char *text)
{
	json_t *json = json_object();

	json_put(json, "text", json_bytes(text));
	return json;
}

/* A path as a relative or file URI reference (RFC 3986). */
static json_t *uri_json(const char *path)
{
	_cleanup_(strbuf_release) struct strbuf uri = { 0 };

	if (path[0] == '/')
		strbuf_puts(&uri, "file://");
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (isalnum(c) || strchr("/-._~", c))
			strbuf_putc(&uri, (char)c);
		else
			strbuf_printf(&uri, "%%%02X", c);
	}
	return json_string(strbuf_text(&uri));
}

static json_t *rule_json(const struct budget_limit *limit)
{
	_cleanup_(freep) char *what = text_printable_dup(limit->what);
	_cleanup_(freep) char *why = text_printable_dup(limit->why);
	json_t *json = json_object();

	json_put(json, "id", json_bytes(limit->name));
	json_put(json, "shortDescription", message(what));
	if (limit->why[0])
		json_put(json, "help", message(why));
	return json;
}

static json_t *location_json(const struct budget_limit *limit)
{
	json_t *json = json_object(), *physical = json_object();
	json_t *artifact = json_object(), *region = json_object();

	json_put(artifact, "uri", uri_json(rule_doc_name(limit->at->doc)));
	json_put(region, "startLine", json_uint(limit->at->line));
	json_put(region, "startColumn", json_uint(limit->at->column));
	json_put(physical, "artifactLocation", artifact);
	json_put(physical, "region", region);
	json_put(json, "physicalLocation", physical);
	return json;
}

static json_t *alone(json_t *item)
{
	json_t *array = json_array();

	json_push(array, item);
	return array;
}

static json_t *suppression_json(const struct budget_limit *limit)
{
	json_t *json = json_object();

	json_put(json, "kind", json_string("external"));
	json_put(json, "justification", json_bytes(limit->waive_reason));
	return json;
}

static json_t *result_json(const struct check_report *report,
			   const struct budget_result *result, size_t rule)
{
	bool is_error = check_is_failure(report, result) || result->found & BUDGET_WAIVED;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json = json_object(), *prints = json_object();

	check_headline(report, result, &text);
	strbuf_putc(&text, '\n');
	check_details(report, result, "\n", &text);
	json_put(json, "ruleId", json_bytes(result->limit->name));
	json_put(json, "ruleIndex", json_uint(rule));
	json_put(json, "level", json_string(is_error ? "error" : "warning"));
	json_put(json, "message", message(strbuf_text(&text)));
	json_put(json, "locations", alone(location_json(result->limit)));
	json_put(prints, "tareLimit/v1", json_bytes(result->limit->name));
	json_put(json, "partialFingerprints", prints);
	if (result->found & BUDGET_WAIVED)
		json_put(json, "suppressions", alone(suppression_json(result->limit)));
	return json;
}

static json_t *invocation_json(const struct check_report *report)
{
	json_t *json = json_object(), *notification = json_object();
	bool incomplete = check_is_incomplete(report);

	json_put(json, "executionSuccessful", json_boolean(!incomplete));
	if (incomplete) {
		json_put(notification, "level", json_string("error"));
		json_put(notification, "message", message(CHECK_INCOMPLETE));
		json_put(json, "toolExecutionNotifications",
			 alone(json_incref(notification)));
	}
	json_decref(notification);
	return json;
}

static json_t *tool_json(json_t *rules)
{
	json_t *tool = json_object(), *driver = json_object();

	json_put(driver, "name", json_string("tare"));
	json_put(driver, "version", json_string(TARE_VERSION));
	json_put(driver, "rules", rules);
	json_put(tool, "driver", driver);
	return tool;
}

void check_sarif(const struct check_report *report, struct strbuf *out)
{
	const struct budget_verdict *verdict = report->verdict;
	json_t *json = json_object(), *run = json_object();
	json_t *rules = json_array(), *results = json_array();
	_cleanup_(freep) char *text = NULL;

	array_each (&verdict->results, i) {
		const struct budget_result *result = &verdict->results.data[i];

		json_push(rules, rule_json(result->limit));
		if (result->status <= BUDGET_WARN || result->found & BUDGET_WAIVED)
			json_push(results, result_json(report, result, i));
	}
	json_put(run, "tool", tool_json(rules));
	json_put(run, "invocations", alone(invocation_json(report)));
	json_put(run, "results", results);
	json_put(json, "$schema", json_string(SARIF_SCHEMA));
	json_put(json, "version", json_string("2.1.0"));
	json_put(json, "runs", alone(run));
	text = json_text(json);
	strbuf_puts(out, text);
	json_decref(json);
}

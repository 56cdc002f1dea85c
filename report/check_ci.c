/*
 * What build servers read from a log or a file: workflow commands of GitHub, logging
 * commands of Azure Pipelines, the Code Quality report of GitLab.
 */
#include "base/text.h"
#include "report/check_format.h"

#include <stdio.h>
#include <string.h>

/* Characters that mean something in a command, and what stands for them. */
struct escape {
	char from;
	const char *to;
};

static void put_escaped(struct strbuf *out, const char *text,
			const struct escape *escapes)
{
	for (; *text; text++) {
		const struct escape *e = escapes;

		while (e->from && e->from != *text)
			e++;
		if (e->from)
			strbuf_puts(out, e->to);
		else
			strbuf_putc(out, *text);
	}
}

/* actions/toolkit, packages/core/src/command.ts: escapeData(), escapeProperty() */
static const struct escape GITHUB_DATA[] = {
	{ '%', "%25" }, { '\r', "%0D" }, { '\n', "%0A" }, { 0 }
};
static const struct escape GITHUB_PROPERTY[] = { { '%', "%25" },  { '\r', "%0D" },
						 { '\n', "%0A" }, { ':', "%3A" },
						 { ',', "%2C" },  { 0 } };
/* Azure Pipelines, "Logging commands", section "Formatting commands" */
static const struct escape AZURE_DATA[] = {
	{ '%', "%AZP25" }, { '\r', "%0D" }, { '\n', "%0A" }, { 0 }
};
static const struct escape AZURE_PROPERTY[] = { { '%', "%AZP25" }, { '\r', "%0D" },
						{ '\n', "%0A" },   { ';', "%3B" },
						{ ']', "%5D" },	   { 0 } };

static bool is_told(const struct budget_result *result)
{
	return result->status <= BUDGET_WARN;
}

void check_github(const struct check_report *report, struct strbuf *out)
{
	if (check_is_incomplete(report))
		strbuf_puts(out, "::error title=tare::" CHECK_INCOMPLETE "\n");
	array_each (&report->verdict->results, i) {
		const struct budget_result *result = &report->verdict->results.data[i];
		const struct budget_limit *limit = result->limit;
		_cleanup_(strbuf_release) struct strbuf text = { 0 };
		_cleanup_(freep) char *file =
			text_printable_dup(rule_doc_name(limit->at->doc));
		_cleanup_(freep) char *name = text_printable_dup(limit->name);

		if (!is_told(result))
			continue;
		check_headline(report, result, &text);
		strbuf_putc(&text, '\n');
		check_details(report, result, "\n", &text);
		strbuf_printf(out, "::%s file=",
			      check_is_failure(report, result) ? "error" : "warning");
		put_escaped(out, file, GITHUB_PROPERTY);
		strbuf_printf(out, ",line=%u,title=", limit->at->line);
		put_escaped(out, name, GITHUB_PROPERTY);
		strbuf_puts(out, "::");
		strbuf_truncate(&text, text.len - 1);
		put_escaped(out, strbuf_text(&text), GITHUB_DATA);
		strbuf_putc(out, '\n');
	}
}

void check_azure(const struct check_report *report, struct strbuf *out)
{
	if (check_is_incomplete(report))
		strbuf_puts(out, "##vso[task.logissue type=error]" CHECK_INCOMPLETE "\n");
	array_each (&report->verdict->results, i) {
		const struct budget_result *result = &report->verdict->results.data[i];
		const struct budget_limit *limit = result->limit;
		_cleanup_(strbuf_release) struct strbuf text = { 0 };
		_cleanup_(freep) char *file =
			text_printable_dup(rule_doc_name(limit->at->doc));

		if (!is_told(result))
			continue;
		check_headline(report, result, &text);
		strbuf_puts(&text, "; ");
		check_details(report, result, "; ", &text);
		strbuf_truncate(&text, text.len - 2);
		strbuf_printf(out, "##vso[task.logissue type=%s;sourcepath=",
			      check_is_failure(report, result) ? "error" : "warning");
		put_escaped(out, file, AZURE_PROPERTY);
		strbuf_printf(out, ";linenumber=%u;code=", limit->at->line);
		put_escaped(out, budget_status_name(result->status), AZURE_PROPERTY);
		strbuf_puts(out, ";]");
		put_escaped(out, strbuf_text(&text), AZURE_DATA);
		strbuf_putc(out, '\n');
	}
}

static json_t *issue_json(const char *name, const char *text, const char *severity,
			  const char *file, uint32_t line)
{
	_cleanup_(freep) char *print = mem_printf("tare-budget:%s", name);
	json_t *json = json_object(), *location = json_object(), *lines = json_object();

	json_put(lines, "begin", json_uint(line));
	json_put(location, "path", json_bytes(file));
	json_put(location, "lines", lines);
	json_put(json, "description", json_bytes(text));
	json_put(json, "check_name", json_bytes(name));
	json_put(json, "fingerprint", json_bytes(print));
	json_put(json, "severity", json_string(severity));
	json_put(json, "location", location);
	return json;
}

static json_t *limit_issue(const struct check_report *report,
			   const struct budget_result *result)
{
	const struct rule_node *at = result->limit->at;
	const char *severity = check_is_failure(report, result) ? "major" : "minor";
	const char *file = rule_doc_name(at->doc);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	check_headline(report, result, &text);
	strbuf_puts(&text, "; ");
	check_details(report, result, "; ", &text);
	strbuf_truncate(&text, text.len - 2);
	/* GitLab wants paths as the repository has them */
	return issue_json(result->limit->name, strbuf_text(&text), severity,
			  text_starts(file, "./") ? file + 2 : file, at->line);
}

void check_gitlab(const struct check_report *report, struct strbuf *out)
{
	const struct budget_verdict *verdict = report->verdict;
	json_t *json = json_array();
	_cleanup_(freep) char *text = NULL;

	if (check_is_incomplete(report))
		json_push(json, issue_json("analysis", CHECK_INCOMPLETE, "critical",
					   "tare", 1));
	array_each (&verdict->results, i)
		if (is_told(&verdict->results.data[i]))
			json_push(json, limit_issue(report, &verdict->results.data[i]));
	text = json_text(json);
	strbuf_puts(out, text);
	json_decref(json);
}

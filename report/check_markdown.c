/*
 * Markdown for step summaries and comments: one line that says it all, a table of the
 * limits, details of those that are broken.
 */
#include "report/check_format.h"
#include "report/markdown.h"

#include <stdio.h>
#include <string.h>

static const struct table_column COLUMNS[] = {
	{ "status", "Status", TABLE_TEXT, 0 },
	{ "limit", "Limit", TABLE_TEXT, TABLE_NAMES },
	{ "result", "Result", TABLE_TEXT, 0 },
};

static void put_rows(const struct check_report *report, struct strbuf *out)
{
	static const char *const NAMES[] = { [BUDGET_FAIL] = "FAIL",
					     [BUDGET_WARN] = "WARN",
					     [BUDGET_PASS] = "pass",
					     [BUDGET_SKIP] = "skip" };
	_cleanup_(table_release) struct table table;

	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
	array_each (&report->verdict->results, i) {
		const struct budget_result *result = &report->verdict->results.data[i];
		_cleanup_(strbuf_release) struct strbuf text = { 0 };

		budget_say(result, report->style, &text);
		table_text(&table, NAMES[result->status]);
		table_text(&table, result->limit->name);
		table_text(&table, strbuf_text(&text));
	}
	markdown_table(&table, 0, report->style, out);
}

static void put_bullet(const char *line, void *arg)
{
	strbuf_puts(arg, "- ");
	markdown_text(line, arg);
	strbuf_putc(arg, '\n');
}

static void put_details(const struct check_report *report, struct strbuf *out)
{
	array_each (&report->verdict->results, i) {
		const struct budget_result *result = &report->verdict->results.data[i];

		if (result->status > BUDGET_WARN && !(result->found & BUDGET_WAIVED))
			continue;
		strbuf_puts(out, "\n### ");
		markdown_code(result->limit->name, out);
		strbuf_puts(out, "\n\n");
		budget_each_detail(report->verdict, result, report->style, put_bullet,
				   out);
	}
}

void check_markdown(const struct check_report *report, struct strbuf *out)
{
	const struct budget_verdict *verdict = report->verdict;
	bool good = budget_verdict_is_good(verdict, report->strict);

	markdown_heading(2, "Footprint budget", out);
	if (check_is_incomplete(report))
		strbuf_puts(out, "**INCOMPLETE**: " CHECK_INCOMPLETE ".\n\n");
	strbuf_printf(
		out, "**%s**: %zu kept, %zu broken, %zu with a warning, %zu skipped.\n\n",
		good ? "PASS" : "FAIL", verdict->count[BUDGET_PASS],
		verdict->count[BUDGET_FAIL], verdict->count[BUDGET_WARN],
		verdict->count[BUDGET_SKIP]);
	put_rows(report, out);
	put_details(report, out);
}

void check_summary_cut(struct strbuf *markdown, size_t before)
{
	static const char NOTE[] = "\n\n_Cut here: a step summary holds 1 MiB._\n";
	size_t room = before < CHECK_SUMMARY_MAX ? CHECK_SUMMARY_MAX - before : 0;
	size_t keep;

	if (markdown->len <= room)
		return;
	if (room < sizeof(NOTE)) {
		strbuf_truncate(markdown, 0);
		return;
	}
	keep = room - sizeof(NOTE);
	while (keep > 0 && markdown->data[keep - 1] != '\n')
		keep--;
	strbuf_truncate(markdown, keep);
	strbuf_puts(markdown, NOTE);
}

/*
 * JUnit XML: each limit is a test case, the budget is a suite. The elements are those of
 * the schema that Jenkins publishes (jenkins-junit.xsd). Without times and host: nobody
 * ran anything, and the same graph gives the same file.
 */
#include "base/text.h"
#include "report/check_format.h"

#include <string.h>

#define SUITE "tare check"

/* Printable text into XML; also fit for attributes. */
static void put_xml(struct strbuf *out, const char *text)
{
	static const char SPECIAL[] = "&<>\"'";
	static const char *const NAMES[] = { "&amp;", "&lt;", "&gt;", "&quot;",
					     "&apos;" };

	for (; *text; text++) {
		const char *special = strchr(SPECIAL, *text);

		if (special)
			strbuf_puts(out, NAMES[special - SPECIAL]);
		else
			strbuf_putc(out, *text);
	}
}

static void put_attribute(struct strbuf *out, const char *name, const char *text)
{
	strbuf_printf(out, " %s=\"", name);
	put_xml(out, text);
	strbuf_putc(out, '"');
}

static void begin_case(struct strbuf *out, const char *name, const char *file)
{
	_cleanup_(freep) char *printable = text_printable_dup(name);
	_cleanup_(freep) char *place = text_printable_dup(file);

	strbuf_puts(out, "    <testcase");
	put_attribute(out, "name", printable);
	put_attribute(out, "classname", place);
}

/* <failure>, <error>: a message, and perhaps more lines. */
static void put_outcome(struct strbuf *out, const char *element, const char *message,
			const char *details)
{
	strbuf_printf(out, "      <%s", element);
	put_attribute(out, "type", "budget");
	put_attribute(out, "message", message);
	if (details[0]) {
		strbuf_putc(out, '>');
		put_xml(out, details);
		strbuf_printf(out, "</%s>\n", element);
	} else {
		strbuf_puts(out, "/>\n");
	}
}

static void put_case(const struct check_report *report,
		     const struct budget_result *result, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf head = { 0 }, details = { 0 };
	bool is_failure = check_is_failure(report, result);

	begin_case(out, result->limit->name, rule_doc_name(result->limit->at->doc));
	check_headline(report, result, &head);
	strbuf_puts(out, ">\n");
	if (is_failure || result->status == BUDGET_WARN)
		check_details(report, result, "\n", &details);
	if (is_failure)
		put_outcome(out, "failure", strbuf_text(&head), strbuf_text(&details));
	if (result->status == BUDGET_SKIP) {
		strbuf_puts(out, "      <skipped>");
		put_xml(out, strbuf_text(&head));
		strbuf_puts(out, "</skipped>\n");
	}
	strbuf_puts(out, "      <system-out>");
	put_xml(out, strbuf_text(&head));
	if (result->status == BUDGET_WARN && !is_failure) {
		strbuf_puts(out, "\nwarning\n");
		put_xml(out, strbuf_text(&details));
	}
	strbuf_puts(out, "</system-out>\n    </testcase>\n");
}

static void put_numbers(const struct check_report *report, struct strbuf *out)
{
	const struct budget_verdict *verdict = report->verdict;
	bool incomplete = check_is_incomplete(report);
	size_t failures = verdict->count[BUDGET_FAIL] +
			  (report->strict ? verdict->count[BUDGET_WARN] : 0);

	strbuf_printf(out,
		      " name=\"" SUITE "\" tests=\"%zu\" failures=\"%zu\" "
		      "errors=\"%d\"",
		      verdict->results.len + incomplete, failures, incomplete);
}

void check_junit(const struct check_report *report, struct strbuf *out)
{
	const struct budget_verdict *verdict = report->verdict;

	strbuf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	put_numbers(report, out);
	strbuf_puts(out, ">\n  <testsuite");
	put_numbers(report, out);
	strbuf_printf(out, " skipped=\"%zu\">\n", verdict->count[BUDGET_SKIP]);
	if (check_is_incomplete(report)) {
		begin_case(out, "analysis", "tare");
		strbuf_puts(out, ">\n");
		put_outcome(out, "error", CHECK_INCOMPLETE, "");
		strbuf_puts(out, "    </testcase>\n");
	}
	array_each (&verdict->results, i)
		put_case(report, &verdict->results.data[i], out);
	strbuf_puts(out, "  </testsuite>\n</testsuites>\n");
}

#include "report/verdict.h"

#include "base/text.h"

static const enum style_mark RESULT_MARKS[] = {
	[VERIFY_NOT_RUN] = MARK_DIM,
	[VERIFY_NOT_POSSIBLE] = MARK_WARN,
	[VERIFY_PASSED] = MARK_GOOD,
	[VERIFY_FAILED] = MARK_BAD,
};

static const enum style_mark STATUS_MARKS[] = {
	[VERIFY_VALID] = MARK_GOOD,
	[VERIFY_NOOP] = MARK_DIM,
	[VERIFY_UNSAFE] = MARK_BAD,
};

static void put_problem(const struct verify_problem *problem, const char *word,
			struct strbuf *out)
{
	strbuf_printf(out, "  %s: ", word);
	text_printable(out, problem->subject);
	strbuf_puts(out, ": ");
	text_printable(out, problem->text);
	strbuf_putc(out, '\n');
}

static void put_check(const char *name, const struct verify_check *check,
		      const struct style *style, struct strbuf *out)
{
	strbuf_puts(out, name);
	style_puts(out, style, RESULT_MARKS[check->result],
		   verify_result_name(check->result));
	if (check->result == VERIFY_NOT_RUN)
		strbuf_puts(out, " (give the root with --root)");
	if (check->result == VERIFY_NOT_POSSIBLE) {
		strbuf_puts(out, ": ");
		text_printable(out, check->text);
	}
	strbuf_putc(out, '\n');
	array_each (&check->problems, i)
		put_problem(&check->problems.data[i], "problem", out);
	array_each (&check->notes, i)
		put_problem(&check->notes.data[i], "note", out);
}

static void put_item(const struct verify_item *item, const struct style *style,
		     struct strbuf *out)
{
	style_puts(out, style, STATUS_MARKS[item->status],
		   verify_status_name(item->status));
	strbuf_puts(out, "  ");
	text_printable(out, item->name);
	if (item->reason[0]) {
		strbuf_puts(out, ": ");
		text_printable(out, item->reason);
	}
	strbuf_putc(out, '\n');
}

static void put_counts(const uint32_t *count, struct strbuf *out)
{
	strbuf_printf(out, " [valid:%u no-op:%u unsafe:%u]", count[VERIFY_VALID],
		      count[VERIFY_NOOP], count[VERIFY_UNSAFE]);
}

static void put_items(const struct verify_report *report, enum verify_kind kind,
		      const char *head, struct strbuf *out)
{
	const uint32_t *count = report->count[kind];

	if (count[VERIFY_VALID] + count[VERIFY_NOOP] + count[VERIFY_UNSAFE] == 0)
		return;
	strbuf_puts(out, head);
	put_counts(count, out);
	strbuf_putc(out, '\n');
}

void verdict_text(const struct verify_report *report, bool all, const struct style *style,
		  struct strbuf *out)
{
	array_each (&report->items, i)
		if (all || report->items.data[i].status != VERIFY_VALID)
			put_item(&report->items.data[i], style, out);
	put_items(report, VERIFY_FILE, "Files   ", out);
	put_items(report, VERIFY_SERVICE, "Services", out);
	put_check("Graph  ", &report->graph, style, out);
	put_check("RPM    ", &report->rpm, style, out);
	style_puts(out, style, report->passed ? MARK_GOOD : MARK_BAD,
		   report->passed ? "PASS" : "FAIL");
	put_counts(report->count[VERIFY_PACKAGE], out);
	strbuf_puts(out, ", frees ");
	style_size(out, style, report->disk_bytes_freed);
	strbuf_putc(out, '\n');
}

static json_t *problems_json(const struct verify_problem *problems, size_t len)
{
	json_t *list = json_array();

	for (size_t i = 0; i < len; i++) {
		json_t *json = json_object();

		json_put(json, "subject", json_bytes(problems[i].subject));
		json_put(json, "text", json_bytes(problems[i].text));
		json_push(list, json);
	}
	return list;
}

static json_t *check_json(const struct verify_check *check)
{
	json_t *json = json_object();

	json_put(json, "result", json_string(verify_result_name(check->result)));
	json_put(json, "text", json_bytes(check->text ? check->text : ""));
	json_put(json, "problems",
		 problems_json(check->problems.data, check->problems.len));
	json_put(json, "notes", problems_json(check->notes.data, check->notes.len));
	return json;
}

static json_t *counts_json(const uint32_t *count)
{
	json_t *json = json_object();

	json_put(json, "valid", json_uint(count[VERIFY_VALID]));
	json_put(json, "no_op", json_uint(count[VERIFY_NOOP]));
	json_put(json, "unsafe", json_uint(count[VERIFY_UNSAFE]));
	return json;
}

json_t *verdict_json(const struct verify_report *report)
{
	json_t *json = json_object(), *items = json_array();

	array_each (&report->items, i) {
		const struct verify_item *item = &report->items.data[i];
		json_t *row = json_object();

		json_put(row, "kind", json_string(verify_kind_name(item->kind)));
		json_put(row, "name", json_bytes(item->name));
		json_put(row, "status", json_string(verify_status_name(item->status)));
		json_put(row, "reason", json_bytes(item->reason));
		json_push(items, row);
	}
	json_put(json, "schema", json_string("tare-verify/1"));
	json_put(json, "passed", json_boolean(report->passed));
	json_put(json, "valid", json_uint(report->count[VERIFY_PACKAGE][VERIFY_VALID]));
	json_put(json, "no_op", json_uint(report->count[VERIFY_PACKAGE][VERIFY_NOOP]));
	json_put(json, "unsafe", json_uint(report->count[VERIFY_PACKAGE][VERIFY_UNSAFE]));
	json_put(json, "files", counts_json(report->count[VERIFY_FILE]));
	json_put(json, "services", counts_json(report->count[VERIFY_SERVICE]));
	json_put(json, "disk_bytes_freed", json_uint(report->disk_bytes_freed));
	json_put(json, "graph", check_json(&report->graph));
	json_put(json, "rpm", check_json(&report->rpm));
	json_put(json, "items", items);
	return json;
}

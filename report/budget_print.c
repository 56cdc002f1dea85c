/*
 * A budget's verdict as text and as JSON.
 */
#include "report/budget_kind.h"

static const struct {
	const char *name, *key;
	enum style_mark mark;
} STATUS[] = {
	[BUDGET_FAIL] = { "FAIL", "fail", MARK_BAD },
	[BUDGET_PASS] = { "PASS", "pass", MARK_GOOD },
	[BUDGET_SKIP] = { "SKIP", "skip", MARK_WARN },
};

#define TEXT_PARTS 3

static void put_amount(struct strbuf *out, const struct style *style, bool is_count,
		       uint64_t amount)
{
	if (is_count)
		style_count(out, amount);
	else
		style_size(out, style, amount);
}

static const char *part_name(const struct graph *g, const struct budget_part *part)
{
	return part->package ? graph_text(g, g->packages[part->package].nevra)
			     : "(files of no package)";
}

static void put_parts(const struct budget_result *result, const struct graph *g,
		      const struct style *style, struct strbuf *out)
{
	if (result->parts[0].amount == 0)
		return;
	strbuf_puts(out, "      most of it: ");
	for (size_t i = 0; i < TEXT_PARTS && result->parts[i].amount; i++) {
		strbuf_puts(out, i ? ", " : "");
		style_bytes(out, style, MARK_PLAIN, part_name(g, &result->parts[i]));
		strbuf_putc(out, ' ');
		put_amount(out, style, budget_kind_counts(result->limit->kind),
			   result->parts[i].amount);
	}
	strbuf_putc(out, '\n');
}

static void put_place(const struct budget_limit *limit, const struct style *style,
		      struct strbuf *out)
{
	_cleanup_(freep) char *place =
		mem_printf("%s:%u", rule_doc_name(limit->at->doc), limit->at->line);

	strbuf_puts(out, "      limit: ");
	style_bytes(out, style, MARK_PLAIN, place);
	if (limit->why[0]) {
		strbuf_puts(out, ", because: ");
		style_bytes(out, style, MARK_PLAIN, limit->why);
	}
	strbuf_putc(out, '\n');
}

static void put_result(const struct budget_result *result, const struct graph *g,
		       const struct style *style, struct strbuf *out)
{
	const struct budget_limit *limit = result->limit;
	bool is_count = budget_kind_counts(limit->kind);

	style_puts(out, style, STATUS[result->status].mark, STATUS[result->status].name);
	strbuf_puts(out, "  ");
	style_bytes(out, style, MARK_PLAIN, limit->name);
	if (result->status == BUDGET_SKIP) {
		strbuf_puts(out, ": matches nothing (optional)\n");
		return;
	}
	strbuf_puts(out, ": ");
	put_amount(out, style, is_count, result->measured);
	strbuf_puts(out, " of ");
	put_amount(out, style, is_count, limit->max);
	if (result->status == BUDGET_FAIL) {
		strbuf_puts(out, ", ");
		put_amount(out, style, is_count, result->measured - limit->max);
		strbuf_puts(out, " too much");
	}
	strbuf_putc(out, '\n');
	if (result->status == BUDGET_FAIL) {
		put_place(limit, style, out);
		put_parts(result, g, style, out);
	}
}

void budget_text(const struct budget_verdict *verdict, const struct measure *m,
		 const struct style *style, struct strbuf *out)
{
	const struct graph *g = measure_graph(m);
	enum budget_status all = verdict->failed ? BUDGET_FAIL : BUDGET_PASS;

	array_each (&verdict->results, i)
		put_result(&verdict->results.data[i], g, style, out);
	if (g->image.metadata_only)
		strbuf_puts(out, "Sizes are declared ones: the graph is from metadata "
				 "alone.\n");
	style_puts(out, style, STATUS[all].mark, STATUS[all].name);
	strbuf_printf(out, " [pass:%zu fail:%zu skip:%zu]\n", verdict->passed,
		      verdict->failed, verdict->skipped);
}

static json_t *parts_json(const struct budget_result *result, const struct graph *g)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < BUDGET_PARTS && result->parts[i].amount; i++) {
		json_t *part = json_object();

		json_put(part, "package",
			 result->parts[i].package
				 ? json_bytes(part_name(g, &result->parts[i]))
				 : json_null());
		json_put(part, "amount", json_uint(result->parts[i].amount));
		json_push(parts, part);
	}
	return parts;
}

static json_t *result_json(const struct budget_result *result, const struct graph *g)
{
	const struct budget_limit *limit = result->limit;
	json_t *json = json_object();

	json_put(json, "name", json_bytes(limit->name));
	json_put(json, "what", json_bytes(limit->what));
	json_put(json, "status", json_string(STATUS[result->status].key));
	json_put(json, "unit",
		 json_string(budget_kind_counts(limit->kind) ? "count" : "bytes"));
	json_put(json, "measured", json_uint(result->measured));
	json_put(json, "max", json_uint(limit->max));
	json_put(json, "why", json_bytes(limit->why));
	json_put(json, "file", json_bytes(rule_doc_name(limit->at->doc)));
	json_put(json, "line", json_uint(limit->at->line));
	json_put(json, "parts", parts_json(result, g));
	return json;
}

json_t *budget_json(const struct budget_verdict *verdict, const struct measure *m)
{
	const struct graph *g = measure_graph(m);
	json_t *json = json_object(), *results = json_array();

	array_each (&verdict->results, i)
		json_push(results, result_json(&verdict->results.data[i], g));
	json_put(json, "schema", json_string("tare-check/1"));
	json_put(json, "basis", json_string(measure_basis(g)));
	json_put(json, "complete", json_boolean(g->image.complete));
	json_put(json, "passed", json_uint(verdict->passed));
	json_put(json, "failed", json_uint(verdict->failed));
	json_put(json, "skipped", json_uint(verdict->skipped));
	json_put(json, "results", results);
	return json;
}

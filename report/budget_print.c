/*
 * A budget's verdict as text, and the limits as they were read.
 */
#include "base/text.h"
#include "report/budget_kind.h"

static const struct {
	const char *name;
	enum style_mark mark;
} STATUS[] = {
	[BUDGET_FAIL] = { "FAIL", MARK_BAD },
	[BUDGET_WARN] = { "WARN", MARK_WARN },
	[BUDGET_PASS] = { "PASS", MARK_GOOD },
	[BUDGET_SKIP] = { "SKIP", MARK_WARN },
};

static void put_detail(const char *line, void *arg)
{
	strbuf_printf(arg, "      %s\n", line);
}

static void put_result(const struct budget_verdict *verdict,
		       const struct budget_result *result, const struct style *style,
		       bool details, struct strbuf *out)
{
	style_puts(out, style, STATUS[result->status].mark, STATUS[result->status].name);
	strbuf_puts(out, "  ");
	style_bytes(out, style, MARK_PLAIN, result->limit->name);
	strbuf_puts(out, ": ");
	budget_say(result, style, out);
	strbuf_putc(out, '\n');
	if (details)
		budget_each_detail(verdict, result, style, put_detail, out);
}

static enum budget_status worst(const struct budget_verdict *verdict)
{
	if (verdict->count[BUDGET_FAIL])
		return BUDGET_FAIL;
	return verdict->count[BUDGET_WARN] ? BUDGET_WARN : BUDGET_PASS;
}

void budget_text(const struct budget_verdict *verdict, const struct style *style,
		 const struct budget_text_options *options, struct strbuf *out)
{
	const struct graph *g = measure_graph(verdict->measure);
	enum budget_status all = worst(verdict);

	array_each (&verdict->results, i) {
		const struct budget_result *result = &verdict->results.data[i];
		bool is_bad =
			result->status <= BUDGET_WARN || result->found & BUDGET_WAIVED;

		if (is_bad || !options->quiet)
			put_result(verdict, result, style, is_bad || options->verbose,
				   out);
	}
	if (g->image.metadata_only)
		strbuf_puts(out, "Sizes are declared ones: the graph is from metadata "
				 "alone.\n");
	if (!g->image.complete)
		strbuf_puts(out, "The analysis is incomplete: nothing is proven.\n");
	style_puts(out, style, STATUS[all].mark, STATUS[all].name);
	strbuf_printf(out, " [pass:%zu fail:%zu warn:%zu skip:%zu]\n",
		      verdict->count[BUDGET_PASS], verdict->count[BUDGET_FAIL],
		      verdict->count[BUDGET_WARN], verdict->count[BUDGET_SKIP]);
}

static const struct table_column RULE_COLUMNS[] = {
	{ "source", "Source", TABLE_TEXT, 0 },
	{ "name", "Name", TABLE_TEXT, TABLE_NAMES },
	{ "max", "Max", TABLE_TEXT, 0 },
	{ "warn_at", "Warn at", TABLE_TEXT, 0 },
	{ "growth", "Growth", TABLE_TEXT, 0 },
	{ "waived", "Waived until", TABLE_TEXT, 0 },
	{ "owner", "Owner", TABLE_TEXT, 0 },
	{ "what", "What", TABLE_TEXT, 0 },
};

struct rule_texts {
	const struct budget_limit *limit;
	const struct style *style;
	struct table *table;
};

static void add_amount(const struct rule_texts *r, bool has, uint64_t amount)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (budget_limit_noun(r->limit))
		style_count(&text, amount);
	else
		style_size(&text, r->style, amount);
	table_text(r->table, has ? strbuf_text(&text) : NULL);
}

static void add_growth(const struct rule_texts *r)
{
	const struct budget_limit *limit = r->limit;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (limit->has_growth && budget_limit_noun(limit))
		style_count(&text, limit->growth);
	else if (limit->has_growth)
		style_size(&text, r->style, limit->growth);
	if (limit->has_growth_milli)
		strbuf_printf(&text, "%s%llu.%llu %%", text.len ? ", " : "",
			      (unsigned long long)(limit->growth_milli / 10),
			      (unsigned long long)(limit->growth_milli % 10));
	table_text(r->table, text.len ? strbuf_text(&text) : NULL);
}

static void add_rule(const struct rule_texts *r)
{
	const struct budget_limit *limit = r->limit;
	_cleanup_(freep) char *place =
		mem_printf("%s:%u", rule_doc_name(limit->at->doc), limit->at->line);
	_cleanup_(freep) char *until =
		mem_printf("%04u-%02u-%02u", limit->waived_until / 10000,
			   limit->waived_until / 100 % 100, limit->waived_until % 100);

	table_text(r->table, place);
	table_text(r->table, limit->name);
	add_amount(r, limit->has_max, limit->max);
	add_amount(r, limit->has_warn_at, limit->warn_at);
	add_growth(r);
	table_text(r->table, limit->waived_until ? until : NULL);
	table_text(r->table, limit->owner[0] ? limit->owner : NULL);
	table_text(r->table, limit->what);
}

void budget_rules_text(const struct budget *budget, const struct style *style,
		       struct strbuf *out)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, RULE_COLUMNS, ARRAY_LEN(RULE_COLUMNS));
	array_each (&budget->limits, i)
		add_rule(&(struct rule_texts){ &budget->limits.data[i], style, &table });
	table_print(&table, style, out);
}

/*
 * What is said about a budget's results: the same words in every format.
 */
#include "base/text.h"
#include "report/budget_kind.h"

#include <string.h>

#define PARTS_SAID  3
#define CAUSES_SAID 5

const char *budget_status_name(enum budget_status status)
{
	static const char *const NAMES[] = { [BUDGET_FAIL] = "fail",
					     [BUDGET_WARN] = "warn",
					     [BUDGET_PASS] = "pass",
					     [BUDGET_SKIP] = "skip" };

	return NAMES[status];
}

static void put_amount(struct strbuf *out, const struct style *style,
		       const struct budget_limit *limit, uint64_t amount)
{
	if (budget_limit_noun(limit))
		style_count(out, amount);
	else
		style_size(out, style, amount);
}

static void put_milli(struct strbuf *out, uint64_t milli)
{
	strbuf_printf(out, "%llu.%llu %%", (unsigned long long)(milli / 10),
		      (unsigned long long)(milli % 10));
}

static void put_allowed_growth(struct strbuf *out, const struct style *style,
			       const struct budget_limit *limit)
{
	if (limit->has_growth)
		put_amount(out, style, limit, limit->growth);
	if (limit->has_growth && limit->has_growth_milli)
		strbuf_puts(out, " and ");
	if (limit->has_growth_milli)
		put_milli(out, limit->growth_milli);
}

static void put_growth(struct strbuf *out, const struct style *style,
		       const struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;
	bool grew = result->measured > result->baseline;
	uint64_t by = grew ? result->measured - result->baseline
			   : result->baseline - result->measured;

	if (result->found & BUDGET_NO_BASELINE) {
		strbuf_puts(out, "; growth is not judged: no baseline has it");
		return;
	}
	if (!result->has_baseline)
		return;
	strbuf_puts(out, grew ? "; grew by " : by ? "; shrank by " : "; did not grow");
	if (by)
		put_amount(out, style, limit, by);
	if (grew && result->baseline) {
		strbuf_puts(out, " (");
		style_percent(out, by, result->baseline);
		strbuf_putc(out, ')');
	}
	if (limit->has_growth || limit->has_growth_milli) {
		strbuf_puts(out, ", allowed ");
		put_allowed_growth(out, style, limit);
	}
}

static void put_waiver(struct strbuf *out, const struct budget_limit *limit)
{
	budget_day until = limit->waived_until;

	strbuf_printf(out, "; waived until %04u-%02u-%02u: ", until / 10000,
		      until / 100 % 100, until % 100);
	text_printable(out, limit->waive_reason);
}

static void put_max(struct strbuf *out, const struct style *style,
		    const struct budget_result *result)
{
	const struct budget_limit *limit = result->limit;

	if (!limit->has_max)
		return;
	strbuf_puts(out, " of ");
	put_amount(out, style, limit, limit->max);
	if (result->found & BUDGET_OVER_MAX) {
		strbuf_puts(out, ", ");
		put_amount(out, style, limit, result->measured - limit->max);
		strbuf_puts(out, " too much");
	} else if (result->found & BUDGET_NEAR_MAX) {
		strbuf_puts(out, ", little is left: ");
		put_amount(out, style, limit, limit->max - result->measured);
	}
}

void budget_say(const struct budget_result *result, const struct style *style,
		struct strbuf *out)
{
	const struct budget_limit *limit = result->limit;

	if (result->found & BUDGET_NO_MATCH) {
		strbuf_puts(out, "matches nothing (optional)");
		return;
	}
	if (result->found & BUDGET_NOT_KNOWN) {
		strbuf_puts(out, limit->kind->flags & KIND_NEEDS_LAYER
					 ? "was not measured (optional)"
					 : "not known from metadata alone (optional)");
		return;
	}
	if (limit->kind == &BUDGET_KIND_UNWANTED) {
		if (result->measured) {
			style_counted(out, result->measured, "package");
			strbuf_puts(out, " installed that nobody wants");
		} else {
			strbuf_puts(out, "not installed");
		}
	} else {
		put_amount(out, style, limit, result->measured);
		put_max(out, style, result);
		put_growth(out, style, result);
	}
	if (result->found & BUDGET_WAIVED)
		put_waiver(out, limit);
}

struct details {
	const struct budget_verdict *verdict;
	const struct budget_result *result;
	const struct style *style;
	budget_line_fn *fn;
	void *arg;
	struct strbuf line;
};

static void end_line(struct details *d)
{
	d->fn(strbuf_text(&d->line), d->arg);
	strbuf_clear(&d->line);
}

static void put_package(struct details *d, pkg_id package)
{
	const struct graph *g = measure_graph(d->verdict->measure);

	if (package)
		text_printable(&d->line, graph_text(g, g->packages[package].nevra));
	else
		strbuf_puts(&d->line, "(files of no package)");
}

static void say_place(struct details *d)
{
	const struct budget_limit *limit = d->result->limit;

	strbuf_puts(&d->line, "limit: ");
	text_printable(&d->line, rule_doc_name(limit->at->doc));
	strbuf_printf(&d->line, ":%u", limit->at->line);
	if (limit->why[0]) {
		strbuf_puts(&d->line, ", because: ");
		text_printable(&d->line, limit->why);
	}
	end_line(d);
	if (!limit->owner[0])
		return;
	strbuf_puts(&d->line, "owner: ");
	text_printable(&d->line, limit->owner);
	end_line(d);
}

static void say_parts(struct details *d)
{
	const struct budget_result *result = d->result;
	bool is_count = budget_limit_noun(result->limit) != NULL;
	bool is_one_each = is_count && result->parts[0].amount == 1;

	if (result->parts[0].amount == 0)
		return;
	strbuf_puts(&d->line, is_one_each ? "among them: " : "most of it: ");
	for (size_t i = 0; i < PARTS_SAID && result->parts[i].amount; i++) {
		strbuf_puts(&d->line, i ? ", " : "");
		put_package(d, result->parts[i].package);
		if (is_one_each)
			continue;
		strbuf_putc(&d->line, ' ');
		put_amount(&d->line, d->style, result->limit, result->parts[i].amount);
	}
	end_line(d);
}

static void say_cause(struct details *d, const struct budget_cause *cause)
{
	strbuf_puts(&d->line, cause->newcomer ? "new: " : "grew: ");
	put_package(d, cause->package);
	strbuf_puts(&d->line, " +");
	put_amount(&d->line, d->style, d->result->limit, (uint64_t)cause->growth);
	if (cause->newcomer) {
		strbuf_puts(&d->line, ": ");
		newcomer_say(d->verdict->diff, cause->newcomer, &d->line);
	}
	end_line(d);
}

static const struct newcomer *newcomer_of(const struct budget_verdict *verdict, pkg_id p)
{
	array_each (&verdict->newcomers, i)
		if (verdict->newcomers.data[i].package == p)
			return &verdict->newcomers.data[i];
	return NULL;
}

/* The newcomer that brought companions in, where it is not among the causes itself. */
static void say_origin(struct details *d, const struct budget_cause *cause)
{
	const struct newcomer *origin;

	if (!cause->newcomer || cause->newcomer->origin == cause->package)
		return;
	for (size_t i = 0; i < CAUSES_SAID && d->result->causes[i].growth; i++)
		if (d->result->causes[i].package == cause->newcomer->origin)
			return;
	origin = newcomer_of(d->verdict, cause->newcomer->origin);
	if (!origin)
		return;
	strbuf_puts(&d->line, "brought by: ");
	put_package(d, origin->package);
	strbuf_puts(&d->line, ": ");
	newcomer_say(d->verdict->diff, origin, &d->line);
	end_line(d);
}

static void say_chain(struct details *d)
{
	const char *at = d->result->chain ? d->result->chain : "";

	while (*at) {
		size_t len = strcspn(at, "\n");

		strbuf_add(&d->line, at, len);
		end_line(d);
		at += len + (at[len] == '\n');
	}
}

void budget_each_detail(const struct budget_verdict *verdict,
			const struct budget_result *result, const struct style *style,
			budget_line_fn *fn, void *arg)
{
	struct details d = { verdict, result, style, fn, arg, { 0 } };

	say_place(&d);
	say_parts(&d);
	for (size_t i = 0; i < CAUSES_SAID && result->causes[i].growth; i++) {
		say_cause(&d, &result->causes[i]);
		say_origin(&d, &result->causes[i]);
	}
	say_chain(&d);
	strbuf_release(&d.line);
}

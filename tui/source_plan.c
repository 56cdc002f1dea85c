#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

/* The packages that the marks touch: what goes, what is kept, and conflicts. */
struct plan_rows {
	struct source base;
	struct session *s;
	ARRAY_OF(pkg_id) rows;
	pkg_id *takes_over; /* [package_count + 1]: who provides instead, 0: nobody */
};

enum { PLAN_SIGN, PLAN_NAME, PLAN_SIZE, PLAN_FATE, PLAN_TAKES, PLAN_RISK, PLAN_LOST };

static const struct column COLUMNS[] = {
	[PLAN_SIGN] = { "mark", " ",
			"d marked, g goes with it, f free then, k kept, ! conflict",
			VALUE_MARK, 2, 0, COLUMN_FIXED },
	[PLAN_NAME] = { "name", "Package", "name", VALUE_TEXT, 0, 0, COLUMN_FIXED },
	[PLAN_SIZE] = { "size", "Size", "bytes that only this package holds", VALUE_BYTES,
			10, 0, COLUMN_BAR | COLUMN_FALLING },
	[PLAN_FATE] = { "fate", "What becomes of it", "in words", VALUE_TEXT, 26, 0, 0 },
	[PLAN_TAKES] = { "takes-over", "Takes over",
			 "provides instead what others need of it", VALUE_TEXT, 18, 80,
			 COLUMN_BY_TEXT },
	[PLAN_RISK] = { "risk", "Risk", "of removing it", VALUE_TEXT, 7, 90, 0 },
	[PLAN_LOST] = { "lost", "Lost", "features that go with it", VALUE_TEXT, 0, 110,
			COLUMN_BY_TEXT },
};

static const struct plan_rows *of(const struct source *source)
{
	return container_of(source, const struct plan_rows, base);
}

static uint32_t plan_count(const struct source *source)
{
	return (uint32_t)of(source)->rows.len;
}

static void risk_value(const struct session *s, pkg_id p, size_t column,
		       struct value *ret)
{
	const struct plan *plan = s->prepared ? trim_plan(s->trim) : NULL;

	ret->missing = !plan;
	if (!plan)
		return;
	if (column == PLAN_RISK) {
		ret->text = plan_risk_name(plan->packages[p].risk);
		ret->number = plan->packages[p].risk;
		return;
	}
	ret->missing = plan->packages[p].features_lost.len == 0;
	if (!ret->missing)
		ret->text = plan->packages[p].features_lost.data[0];
}

static void plan_value(const struct source *source, uint32_t row, size_t column,
		       struct value *ret)
{
	const struct plan_rows *view = of(source);
	const struct graph *g = view->s->g;
	pkg_id p = view->rows.data[row];
	pkg_id takes = view->takes_over[p];

	switch (column) {
	case PLAN_SIGN:
		ret->text = fate_sign(view->s, p);
		ret->number = (uint64_t)session_fate(view->s, p);
		break;
	case PLAN_NAME:
		ret->text = graph_text(g, g->packages[p].name);
		ret->number = p;
		break;
	case PLAN_SIZE:
		ret->missing = !session_package_bytes(view->s, p, &ret->number);
		break;
	case PLAN_FATE:
		ret->text = session_conflict(view->s, p) ? "conflict: w tells why"
							 : fate_words(view->s, p);
		ret->number = session_conflict(view->s, p)
				      ? 0
				      : 1 + (uint64_t)session_fate(view->s, p);
		break;
	case PLAN_TAKES:
		ret->missing = takes == 0;
		ret->text = takes ? graph_text(g, g->packages[takes].name) : NULL;
		break;
	default:
		risk_value(view->s, p, column, ret);
	}
}

static uint32_t plan_node(const struct source *source, uint32_t row)
{
	return graph_package_node(of(source)->s->g, of(source)->rows.data[row]);
}

static unsigned int plan_style(const struct source *source, uint32_t row)
{
	return fate_paint(of(source)->s, of(source)->rows.data[row]);
}

static void find_takeovers(struct plan_rows *view)
{
	takeover_list list = { 0 };

	memset(view->takes_over, 0,
	       (view->s->g->package_count + 1u) * sizeof(*view->takes_over));
	if (!view->s->cascade)
		return;
	cascade_takeovers(view->s->g, &view->s->cascade->removed, &list);
	array_each (&list, i)
		if (!view->takes_over[list.data[i].goes])
			view->takes_over[list.data[i].goes] = list.data[i].takes;
	array_release(&list);
}

static void plan_refresh(struct source *source)
{
	struct plan_rows *view = container_of(source, struct plan_rows, base);

	view->rows.len = 0;
	for (pkg_id p = 1; p <= view->s->g->package_count; p++)
		if (session_fate(view->s, p) != FATE_STAYS ||
		    session_conflict(view->s, p))
			array_push(&view->rows, p);
	find_takeovers(view);
}

static const char *plan_title(const struct source *source, size_t column)
{
	return column == PLAN_SIZE ? size_title(of(source)->s, "Declared")
				   : COLUMNS[column].title;
}

static void plan_summary(const struct source *source, char *buf, size_t len)
{
	const struct session *s = of(source)->s;
	const struct plan *best = s->prepared ? trim_plan(s->trim) : NULL;
	char mine[UNITS_TEXT_MAX], most[UNITS_TEXT_MAX];

	if (!best)
		return;
	snprintf(buf, len, "frees %s; the best plan %s%s",
		 units_format(mine, s->cascade ? s->cascade->freed_bytes : 0, UNITS_IEC),
		 units_format(most, best->disk_bytes_freed, UNITS_IEC),
		 best->optimal ? "" : " (not proven)");
}

static void plan_rows_free(struct source *source)
{
	struct plan_rows *view = container_of(source, struct plan_rows, base);

	array_release(&view->rows);
	free(view->takes_over);
	free(view);
}

static const struct source_ops PLAN_OPS = {
	.name = "plan",
	.title = "Plan",
	.empty = "nothing is marked: d marks, P proposes the best plan",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.name_column = PLAN_NAME,
	.sort_column = PLAN_SIZE,
	.count = plan_count,
	.value = plan_value,
	.node = plan_node,
	.style = plan_style,
	.refresh = plan_refresh,
	.title_of = plan_title,
	.summary = plan_summary,
	.free = plan_rows_free,
};

struct source *plan_source_new(struct session *s)
{
	struct plan_rows *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &PLAN_OPS;
	view->s = s;
	view->takes_over = mem_calloc(s->g->package_count + 1u, sizeof(pkg_id));
	plan_refresh(&view->base);
	return &view->base;
}

#include "tui/sources.h"

#include "base/macros.h"
#include "graph/diff.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

struct compare {
	struct source base;
	struct session *s;
	struct graph_diff *diff; /* from the other graph to this one; NULL: no other */
	int64_t growth;		 /* bytes */
	size_t changed;
};

enum {
	COMP_CHANGE,
	COMP_NAME,
	COMP_SIZE,
	COMP_OLD_SIZE,
	COMP_GROWTH,
	COMP_NEW,
	COMP_OLD
};

static const struct column COLUMNS[] = {
	[COMP_CHANGE] = { "change", "Change", "added, removed, version, size or same",
			  VALUE_TEXT, 8, 0, COLUMN_FIXED },
	[COMP_NAME] = { "name", "Package", "name", VALUE_TEXT, 0, 0, COLUMN_FIXED },
	[COMP_SIZE] = { "size", "Size", "bytes in this graph", VALUE_BYTES, 10, 0,
			COLUMN_BAR | COLUMN_FALLING },
	[COMP_OLD_SIZE] = { "old-size", "Old size", "bytes in the other graph",
			    VALUE_BYTES, 10, 0, COLUMN_FALLING },
	[COMP_GROWTH] = { "growth", "Growth", "what came or went (sorted by how much)",
			  VALUE_TEXT, 11, 0, COLUMN_FALLING },
	[COMP_NEW] = { "version", "Version", "in this graph", VALUE_TEXT, 0, 90,
		       COLUMN_BY_TEXT },
	[COMP_OLD] = { "old-version", "Old version", "in the other graph", VALUE_TEXT, 0,
		       90, COLUMN_BY_TEXT },
};

static const struct compare *of(const struct source *source)
{
	return container_of(source, const struct compare, base);
}

static const struct diff_package *row_of(const struct compare *view, uint32_t row)
{
	return &view->diff->packages.data[row];
}

static uint32_t compare_count(const struct source *source)
{
	const struct compare *view = of(source);

	return view->diff ? (uint32_t)view->diff->packages.len : 0;
}

static const struct graph_package *old_package(const struct compare *view,
					       const struct diff_package *pair)
{
	return pair->old ? &view->diff->old->packages[pair->old] : NULL;
}

static const struct graph_package *new_package(const struct compare *view,
					       const struct diff_package *pair)
{
	return pair->now ? &view->diff->now->packages[pair->now] : NULL;
}

static void growth_value(int64_t growth, struct value *ret)
{
	uint64_t size = growth < 0 ? (uint64_t)-growth : (uint64_t)growth;
	char text[UNITS_TEXT_MAX];

	ret->number = size;
	snprintf(ret->own, sizeof(ret->own), "%s%s",
		 growth < 0   ? "-"
		 : growth > 0 ? "+"
			      : "",
		 units_format(text, size, UNITS_IEC));
	ret->text = ret->own;
}

static void bytes_value(const struct graph_package *package, struct value *ret)
{
	ret->missing = !package;
	ret->number = package ? package->disk_bytes : 0;
}

static void compare_value(const struct source *source, uint32_t row, size_t column,
			  struct value *ret)
{
	const struct compare *view = of(source);
	const struct diff_package *pair = row_of(view, row);
	const struct graph_package *now = new_package(view, pair);
	const struct graph_package *old = old_package(view, pair);

	switch (column) {
	case COMP_CHANGE:
		ret->number = pair->change;
		ret->text = graph_change_name(pair->change);
		break;
	case COMP_NAME:
		ret->text = now ? graph_text(view->s->g, now->name)
				: graph_text(view->diff->old, old->name);
		ret->number = row;
		break;
	case COMP_SIZE:
		bytes_value(now, ret);
		break;
	case COMP_OLD_SIZE:
		bytes_value(old, ret);
		break;
	case COMP_GROWTH:
		growth_value(pair->growth, ret);
		break;
	case COMP_NEW:
		ret->missing = !now;
		ret->text = now ? graph_text(view->s->g, now->nevra) : NULL;
		break;
	default:
		ret->missing = !old;
		ret->text = old ? graph_text(view->diff->old, old->nevra) : NULL;
	}
}

static uint32_t compare_node(const struct source *source, uint32_t row)
{
	const struct compare *view = of(source);
	pkg_id here = row_of(view, row)->now;

	return here ? graph_package_node(view->s->g, here) : 0;
}

static unsigned int compare_style(const struct source *source, uint32_t row)
{
	static const enum paint PAINTS[] = { PAINT_WARNING, PAINT_FREE, PAINT_KEEP,
					     PAINT_TEXT, PAINT_DIM };

	return PAINTS[row_of(of(source), row)->change];
}

static void compare_summary(const struct source *source, char *buf, size_t len)
{
	const struct compare *view = of(source);
	char text[UNITS_TEXT_MAX];

	if (view->diff)
		snprintf(buf, len, "%zu differ; %s%s", view->changed,
			 view->growth < 0 ? "-" : "+",
			 units_format(text,
				      (uint64_t)(view->growth < 0 ? -view->growth
								  : view->growth),
				      UNITS_IEC));
}

static void compare_free(struct source *source)
{
	struct compare *view = container_of(source, struct compare, base);

	graph_diff_free(view->diff);
	free(view);
}

static const struct source_ops COMPARE_OPS = {
	.name = "comparison",
	.title = "Compare",
	.empty = "no other graph was named: tare explore --compare OLD.db",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.name_column = COMP_NAME,
	.sort_column = COMP_GROWTH,
	.count = compare_count,
	.value = compare_value,
	.node = compare_node,
	.style = compare_style,
	.summary = compare_summary,
	.free = compare_free,
};

static void count_changes(struct compare *view)
{
	array_each (&view->diff->packages, i) {
		const struct diff_package *pair = &view->diff->packages.data[i];

		view->growth += pair->growth;
		view->changed += pair->change != CHANGE_NONE;
	}
}

struct source *compare_source_new(struct session *s, const struct graph *other)
{
	struct compare *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &COMPARE_OPS;
	view->s = s;
	if (!other)
		return &view->base;
	graph_diff_new(other, s->g, &view->diff);
	count_changes(view);
	return &view->base;
}

#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

/* One name and architecture that one of the two graphs or both have. */
struct pair {
	pkg_id here, there; /* 0: not there */
};

enum change { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_VERSION, CHANGE_SIZE, CHANGE_NONE };

struct compare {
	struct source base;
	struct session *s;
	const struct graph *other;
	ARRAY_OF(struct pair) rows;
	int64_t growth; /* bytes */
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

static uint32_t compare_count(const struct source *source)
{
	return (uint32_t)of(source)->rows.len;
}

static const struct graph_package *old_package(const struct compare *view,
					       const struct pair *pair)
{
	return pair->there ? &view->other->packages[pair->there] : NULL;
}

static const struct graph_package *new_package(const struct compare *view,
					       const struct pair *pair)
{
	return pair->here ? &view->s->g->packages[pair->here] : NULL;
}

static int64_t growth_of(const struct compare *view, const struct pair *pair)
{
	const struct graph_package *now = new_package(view, pair);
	const struct graph_package *old = old_package(view, pair);

	return (int64_t)(now ? now->disk_bytes : 0) -
	       (int64_t)(old ? old->disk_bytes : 0);
}

/* Names and versions have a pool in each graph: texts are compared. */
static enum change change_of(const struct compare *view, const struct pair *pair)
{
	const struct graph_package *now = new_package(view, pair);
	const struct graph_package *old = old_package(view, pair);

	if (!old)
		return CHANGE_ADDED;
	if (!now)
		return CHANGE_REMOVED;
	if (strcmp(graph_text(view->s->g, now->nevra),
		   graph_text(view->other, old->nevra)))
		return CHANGE_VERSION;
	return now->disk_bytes != old->disk_bytes ? CHANGE_SIZE : CHANGE_NONE;
}

static void growth_value(const struct compare *view, const struct pair *pair,
			 struct value *ret)
{
	int64_t growth = growth_of(view, pair);
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
	static const char *const CHANGES[] = { "added", "removed", "version", "size",
					       "same" };
	const struct compare *view = of(source);
	const struct pair *pair = &view->rows.data[row];
	const struct graph_package *now = new_package(view, pair);
	const struct graph_package *old = old_package(view, pair);

	switch (column) {
	case COMP_CHANGE:
		ret->number = change_of(view, pair);
		ret->text = CHANGES[ret->number];
		break;
	case COMP_NAME:
		ret->text = now ? graph_text(view->s->g, now->name)
				: graph_text(view->other, old->name);
		ret->number = row;
		break;
	case COMP_SIZE:
		bytes_value(now, ret);
		break;
	case COMP_OLD_SIZE:
		bytes_value(old, ret);
		break;
	case COMP_GROWTH:
		growth_value(view, pair, ret);
		break;
	case COMP_NEW:
		ret->missing = !now;
		ret->text = now ? graph_text(view->s->g, now->nevra) : NULL;
		break;
	default:
		ret->missing = !old;
		ret->text = old ? graph_text(view->other, old->nevra) : NULL;
	}
}

static uint32_t compare_node(const struct source *source, uint32_t row)
{
	const struct compare *view = of(source);
	pkg_id here = view->rows.data[row].here;

	return here ? graph_package_node(view->s->g, here) : 0;
}

static unsigned int compare_style(const struct source *source, uint32_t row)
{
	static const enum paint PAINTS[] = { PAINT_WARNING, PAINT_FREE, PAINT_KEEP,
					     PAINT_TEXT, PAINT_DIM };

	return PAINTS[change_of(of(source), &of(source)->rows.data[row])];
}

static int order_of(const struct graph *g, const struct graph_package *a,
		    const struct graph *h, const struct graph_package *b)
{
	int order = strcmp(graph_text(g, a->name), graph_text(h, b->name));

	return order ? order : strcmp(graph_text(g, a->arch), graph_text(h, b->arch));
}

static int by_name(const void *a, const void *b, void *arg)
{
	const struct graph *g = arg;
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;
	int order = order_of(g, &g->packages[x], g, &g->packages[y]);

	return order ? order : (x > y) - (x < y);
}

static pkg_id *sorted(const struct graph *g)
{
	pkg_id *list = mem_calloc(g->package_count + 1u, sizeof(*list));

	for (pkg_id p = 1; p <= g->package_count; p++)
		list[p - 1] = p;
	qsort_r(list, g->package_count, sizeof(*list), by_name, (void *)g);
	return list;
}

/* Both in the order of names, side by side. */
static void match(struct compare *view)
{
	const struct graph *g = view->s->g, *h = view->other;
	_cleanup_(freep) pkg_id *now = sorted(g), *old = sorted(h);
	uint32_t i = 0, k = 0;

	while (i < g->package_count || k < h->package_count) {
		struct pair pair = { 0 };
		int order = i == g->package_count   ? 1
			    : k == h->package_count ? -1
						    : order_of(g, &g->packages[now[i]], h,
							       &h->packages[old[k]]);

		if (order <= 0)
			pair.here = now[i++];
		if (order >= 0)
			pair.there = old[k++];
		array_push(&view->rows, pair);
		view->growth += growth_of(view, &pair);
		view->changed += change_of(view, &pair) != CHANGE_NONE;
	}
}

static void compare_summary(const struct source *source, char *buf, size_t len)
{
	const struct compare *view = of(source);
	char text[UNITS_TEXT_MAX];

	if (view->other)
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

	array_release(&view->rows);
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

struct source *compare_source_new(struct session *s, const struct graph *other)
{
	struct compare *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &COMPARE_OPS;
	view->s = s;
	view->other = other;
	if (other)
		match(view);
	return &view->base;
}

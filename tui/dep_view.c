#include "tui/dep_view.h"

#include "base/macros.h"
#include "tui/sources.h"

#include <stdio.h>
#include <string.h>

struct dep_line {
	struct dep dep; /* link to the line above; index and cap 0 at the top */
	uint16_t depth;
	bool open, loop;
};

struct dep_view {
	struct view base;
	const struct session *s;
	const struct deps *deps;
	bool reverse;
	ARRAY_OF(struct dep_line) lines;
	size_t top, cursor;
};

static const struct view_ops DEP_OPS;

static struct dep_view *self(struct view *v)
{
	return container_of(v, struct dep_view, base);
}

static void settle(struct dep_view *dv)
{
	size_t page = (size_t)MAX2(dv->base.height, 1);

	if (dv->cursor >= dv->lines.len)
		dv->cursor = dv->lines.len - 1;
	if (dv->cursor < dv->top)
		dv->top = dv->cursor;
	if (dv->cursor >= dv->top + page)
		dv->top = dv->cursor - page + 1;
}

static void draw_line(const struct dep_view *dv, struct canvas *out,
		      const struct area *area, size_t at)
{
	const struct dep_line *line = &dv->lines.data[at];
	const struct graph *g = dv->s->g;
	pkg_id p = line->dep.package;
	int y = area->y + (int)(at - dv->top), end = area->x + area->width;
	int bytes_x = end - 10;
	int x = area->x + 2 * MIN2((int)line->depth, area->width / 4);
	unsigned int paint = fate_paint(dv->s, p);
	uint64_t bytes;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	canvas_glyph(out, y, x, PAINT_FRAME,
		     line->loop	  ? GLYPH_ARROW
		     : line->open ? GLYPH_OPEN
				  : GLYPH_CLOSED);
	x = canvas_printf(out, y, x + 2, bytes_x - 1, paint, "%s",
			  graph_text(g, g->packages[p].name));
	if (line->depth > 0)
		deps_text(g, &line->dep, &text);
	x = canvas_printf(out, y, x + 1, bytes_x - 1, PAINT_DIM, "%s%s%s%s",
			  session_reached(dv->s, graph_package_node(g, p)) ? "* " : "",
			  strbuf_text(&text), line->dep.choice ? " (or another)" : "",
			  line->loop ? " (a loop)" : "");
	if (bytes_x > area->x + 20 && session_package_bytes(dv->s, p, &bytes))
		canvas_bytes(out, y, bytes_x, 10, paint, bytes);
	if (at != dv->cursor)
		return;
	for (int i = area->x; i < end; i++) {
		const struct canvas_cell *cell = canvas_at(out, y, i);

		if (cell)
			canvas_restyle(out, y, i, 1, cell->style | PAINT_CURSOR);
	}
	canvas_cursor(out, y, area->x);
}

static void dep_draw(const struct view *v, struct canvas *out, const struct area *area)
{
	const struct dep_view *dv = container_of(v, const struct dep_view, base);

	canvas_fill(out, area->y, area->x, area->height, area->width, PAINT_TEXT);
	for (size_t i = dv->top; i < dv->lines.len && i < dv->top + (size_t)area->height;
	     i++)
		draw_line(dv, out, area, i);
}

/* Does the package stand above this line already? */
static bool is_above(const struct dep_view *dv, size_t at, pkg_id package)
{
	uint16_t depth = dv->lines.data[at].depth;

	for (size_t i = at + 1; i > 0; i--) {
		const struct dep_line *line = &dv->lines.data[i - 1];

		if (line->depth > depth || (line->depth == depth && i - 1 != at))
			continue;
		if (line->dep.package == package)
			return true;
		if (depth-- == 0)
			break;
	}
	return false;
}

static unsigned int open_line(struct dep_view *dv)
{
	size_t at = dv->cursor;
	uint16_t depth = (uint16_t)(dv->lines.data[at].depth + 1);
	dep_list list = { 0 };

	if (dv->lines.data[at].open || dv->lines.data[at].loop)
		return REACT_NONE;
	deps_of(dv->deps, dv->lines.data[at].dep.package, dv->reverse, &list);
	array_reserve(&dv->lines, list.len);
	memmove(dv->lines.data + at + 1 + list.len, dv->lines.data + at + 1,
		(dv->lines.len - at - 1) * sizeof(*dv->lines.data));
	dv->lines.len += list.len;
	dv->lines.data[at].open = true;
	array_each (&list, i)
		dv->lines.data[at + 1 + i] = (struct dep_line){
			.dep = list.data[i],
			.depth = depth,
			.loop = is_above(dv, at, list.data[i].package),
		};
	array_release(&list);
	return REACT_REDRAW;
}

static unsigned int close_line(struct dep_view *dv)
{
	size_t at = dv->cursor, end = at + 1;
	struct dep_line *line = &dv->lines.data[at];

	if (!line->open) {
		if (line->depth == 0)
			return REACT_CLOSE;
		while (dv->lines.data[at].depth >= line->depth)
			at--;
		dv->cursor = at;
		settle(dv);
		return REACT_REDRAW;
	}
	while (end < dv->lines.len && dv->lines.data[end].depth > line->depth)
		end++;
	memmove(dv->lines.data + at + 1, dv->lines.data + end,
		(dv->lines.len - end) * sizeof(*dv->lines.data));
	dv->lines.len -= end - at - 1;
	line->open = false;
	settle(dv);
	return REACT_REDRAW;
}

static unsigned int move(struct dep_view *dv, long by)
{
	if (by < 0)
		dv->cursor -= MIN2(dv->cursor, (size_t)-by);
	else
		dv->cursor += (size_t)by;
	settle(dv);
	return REACT_REDRAW;
}

static unsigned int dep_request(struct view *v, enum request request)
{
	struct dep_view *dv = self(v);
	long page = MAX2(v->height, 1), all = (long)dv->lines.len;

	switch (request) {
	case DO_UP:
		return move(dv, -1);
	case DO_DOWN:
		return move(dv, 1);
	case DO_PAGE_UP:
		return move(dv, -page);
	case DO_PAGE_DOWN:
		return move(dv, page);
	case DO_FIRST:
		return move(dv, -all);
	case DO_LAST:
		return move(dv, all);
	case DO_ENTER:
		return open_line(dv);
	case DO_LEAVE:
		return close_line(dv);
	case DO_NEEDS:
	case DO_NEEDED_BY:
		if ((request == DO_NEEDED_BY) != dv->reverse)
			return REACT_IGNORED;
		return dv->lines.data[dv->cursor].open ? close_line(dv) : open_line(dv);
	default:
		return REACT_IGNORED;
	}
}

static unsigned int dep_click(struct view *v, int y, int x, bool twice)
{
	struct dep_view *dv = self(v);

	(void)x;
	dv->cursor = dv->top + (size_t)MAX2(y, 0);
	settle(dv);
	if (!twice)
		return REACT_REDRAW;
	return dv->lines.data[dv->cursor].open ? close_line(dv) : open_line(dv);
}

static uint32_t dep_subject(const struct view *v)
{
	const struct dep_view *dv = container_of(v, const struct dep_view, base);

	return graph_package_node(dv->s->g, dv->lines.data[dv->cursor].dep.package);
}

static bool dep_search(struct view *v, const struct pattern *pattern, int step)
{
	struct dep_view *dv = self(v);
	const struct graph *g = dv->s->g;
	size_t len = dv->lines.len, at = dv->cursor, found;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 || step != 0)
			at = step < 0 ? (at + len - 1) % len : (at + 1) % len;
		if (pattern_find(
			    pattern,
			    graph_text(g,
				       g->packages[dv->lines.data[at].dep.package].name),
			    &found) < 0)
			continue;
		dv->cursor = at;
		settle(dv);
		return true;
	}
	return false;
}

static void dep_status(const struct view *v, char *buf, size_t len)
{
	const struct dep_view *dv = container_of(v, const struct dep_view, base);

	const struct dep_line *line = &dv->lines.data[dv->cursor];
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (line->depth > 0)
		deps_text(dv->s->g, &line->dep, &text);
	snprintf(buf, len, "%zu/%zu  %s", dv->cursor + 1, dv->lines.len,
		 line->depth > 0 ? strbuf_text(&text) : "* what must stay needs it");
}

static void dep_free(struct view *v)
{
	struct dep_view *dv = self(v);

	array_release(&dv->lines);
	free(dv->base.title);
	free(dv);
}

static const struct view_ops DEP_OPS = {
	.draw = dep_draw,
	.request = dep_request,
	.click = dep_click,
	.subject = dep_subject,
	.search = dep_search,
	.status = dep_status,
	.free = dep_free,
};

struct view *dep_view_new(const struct session *s, const struct deps *deps,
			  pkg_id package, bool reverse)
{
	struct dep_view *dv = mem_calloc(1, sizeof(*dv));

	dv->base.ops = &DEP_OPS;
	dv->base.title = mem_printf(reverse ? "What needs %s" : "What %s needs",
				    graph_text(s->g, s->g->packages[package].name));
	dv->s = s;
	dv->deps = deps;
	dv->reverse = reverse;
	array_push(&dv->lines, (struct dep_line){ .dep = { .package = package } });
	open_line(dv);
	return &dv->base;
}

bool dep_view_link(const struct view *v, pkg_id *ret_from, pkg_id *ret_to)
{
	const struct dep_view *dv;
	size_t at, above;

	if (v->ops != &DEP_OPS)
		return false;
	dv = container_of(v, const struct dep_view, base);
	at = above = dv->cursor;
	if (dv->lines.data[at].depth == 0)
		return false;
	while (dv->lines.data[above].depth >= dv->lines.data[at].depth)
		above--;
	*ret_from = dv->lines.data[dv->reverse ? at : above].dep.package;
	*ret_to = dv->lines.data[dv->reverse ? above : at].dep.package;
	return true;
}

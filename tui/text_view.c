#include "tui/text_view.h"

#include "base/array.h"
#include "base/macros.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text_line {
	char *text;
	enum paint paint;
	uint32_t node;
	int indent;
};

struct text_view {
	struct view base;
	ARRAY_OF(struct text_line) lines;
	size_t top, cursor;
};

static struct text_view *self(struct view *v)
{
	return container_of(v, struct text_view, base);
}

static size_t page_of(const struct text_view *tv)
{
	return (size_t)MAX2(tv->base.height, 1);
}

static void settle(struct text_view *tv)
{
	size_t page = page_of(tv), len = tv->lines.len;

	if (tv->cursor >= len)
		tv->cursor = len ? len - 1 : 0;
	if (tv->cursor < tv->top)
		tv->top = tv->cursor;
	if (tv->cursor >= tv->top + page)
		tv->top = tv->cursor - page + 1;
}

/* The beginning of the text that fits; all of it but what cannot be shown at all. */
static size_t fitting(struct canvas *out, const char *text, int width)
{
	size_t fits = 0, len = strlen(text);

	for (size_t end = 1; end <= len; end++) {
		_cleanup_(freep) char *part = NULL;

		if (((unsigned char)text[end] & 0xc0) == 0x80)
			continue; /* in the middle of a character */
		part = mem_strndup(text, end);
		if (fits > 0 && canvas_columns(out, part) > width)
			break;
		fits = end;
	}
	return fits;
}

static void draw_cursor(struct canvas *out, const struct area *area, int y)
{
	for (int i = 0; i < area->width; i++) {
		const struct canvas_cell *cell = canvas_at(out, y, area->x + i);

		if (cell)
			canvas_restyle(out, y, area->x + i, 1,
				       cell->style | PAINT_CURSOR);
	}
}

/* The line under the cursor unfolds: all of it can be read. Draws up to @p rows. */
static int draw_unfolded(const struct text_line *line, struct canvas *out,
			 const struct area *area, int y, int rows)
{
	int indent = MIN2(line->indent, area->width / 2), used = 0;
	const char *text = line->text;

	do {
		int x = area->x + indent + (used ? 2 : 0),
		    width = area->x + area->width - x;
		size_t len = fitting(out, text, width);
		_cleanup_(freep) char *part = mem_strndup(text, len);

		canvas_text(out, y + used, x, width, line->paint, part);
		draw_cursor(out, area, y + used);
		text += len;
	} while (++used < rows && *text);
	canvas_cursor(out, y, area->x);
	return used;
}

static int rows_unfolded(const struct text_line *line, struct canvas *out,
			 const struct area *area)
{
	int width = MAX2(area->width - MIN2(line->indent, area->width / 2) - 2, 1);

	return canvas_columns(out, line->text) / width + 1;
}

static void text_draw(const struct view *v, struct canvas *out, const struct area *area)
{
	const struct text_view *tv = container_of(v, const struct text_view, base);
	int y = area->y, end = area->y + area->height;
	size_t first = tv->top;

	canvas_fill(out, area->y, area->x, area->height, area->width, PAINT_TEXT);
	/* at the lower end those above make room for it */
	if (tv->cursor < tv->lines.len) {
		int rows = rows_unfolded(&tv->lines.data[tv->cursor], out, area);
		int below = area->height - (int)(tv->cursor - tv->top);

		first += rows > below ? MIN2((size_t)(rows - below), tv->cursor - first)
				      : 0;
	}
	for (size_t i = first; i < tv->lines.len && y < end; i++) {
		const struct text_line *line = &tv->lines.data[i];
		int x = area->x + MIN2(line->indent, area->width);

		if (i == tv->cursor) {
			y += draw_unfolded(line, out, area, y, end - y);
			continue;
		}
		canvas_text(out, y++, x, area->x + area->width - x, line->paint,
			    line->text);
	}
}

static void move(struct text_view *tv, long by)
{
	if (by < 0)
		tv->cursor -= MIN2(tv->cursor, (size_t)-by);
	else
		tv->cursor += (size_t)by;
	settle(tv);
}

static unsigned int text_request(struct view *v, enum request request)
{
	struct text_view *tv = self(v);
	long page = (long)page_of(tv);

	switch (request) {
	case DO_UP:
		move(tv, -1);
		return REACT_REDRAW;
	case DO_DOWN:
		move(tv, 1);
		return REACT_REDRAW;
	case DO_PAGE_UP:
		move(tv, -page);
		return REACT_REDRAW;
	case DO_PAGE_DOWN:
		move(tv, page);
		return REACT_REDRAW;
	case DO_FIRST:
		move(tv, -(long)tv->lines.len);
		return REACT_REDRAW;
	case DO_LAST:
		move(tv, (long)tv->lines.len);
		return REACT_REDRAW;
	case DO_LEAVE:
		return REACT_CLOSE;
	case DO_ENTER:
		v->jump =
			tv->cursor < tv->lines.len ? tv->lines.data[tv->cursor].node : 0;
		return v->jump ? REACT_JUMP : REACT_NONE;
	default:
		return REACT_IGNORED;
	}
}

static unsigned int text_click(struct view *v, int y, int x, bool twice)
{
	struct text_view *tv = self(v);

	(void)x;
	tv->cursor = tv->top + (size_t)MAX2(y, 0);
	settle(tv);
	return twice ? text_request(v, DO_ENTER) : REACT_REDRAW;
}

static uint32_t text_subject(const struct view *v)
{
	const struct text_view *tv = container_of(v, const struct text_view, base);

	return tv->cursor < tv->lines.len ? tv->lines.data[tv->cursor].node : 0;
}

static bool text_search(struct view *v, const struct pattern *pattern, int step)
{
	struct text_view *tv = self(v);
	size_t len = tv->lines.len, at = tv->cursor, found;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 || step != 0)
			at = step < 0 ? (at + len - 1) % len : (at + 1) % len;
		if (pattern_find(pattern, tv->lines.data[at].text, &found) < 0)
			continue;
		tv->cursor = at;
		settle(tv);
		return true;
	}
	return false;
}

static void text_status(const struct view *v, char *buf, size_t len)
{
	const struct text_view *tv = container_of(v, const struct text_view, base);

	snprintf(buf, len, "%zu/%zu", tv->lines.len ? tv->cursor + 1 : 0, tv->lines.len);
}

static void text_free(struct view *v)
{
	struct text_view *tv = self(v);

	array_each (&tv->lines, i)
		free(tv->lines.data[i].text);
	array_release(&tv->lines);
	free(tv->base.title);
	free(tv);
}

static const struct view_ops TEXT_OPS = {
	.draw = text_draw,
	.request = text_request,
	.click = text_click,
	.subject = text_subject,
	.search = text_search,
	.status = text_status,
	.free = text_free,
};

struct view *text_view_new(const char *title)
{
	struct text_view *tv = mem_calloc(1, sizeof(*tv));

	tv->base.ops = &TEXT_OPS;
	tv->base.title = mem_strdup(title);
	return &tv->base;
}

void text_view_add(struct view *v, enum paint paint, uint32_t node, int indent,
		   const char *text)
{
	array_push(&self(v)->lines,
		   (struct text_line){ mem_strdup(text), paint, node, indent });
}

void text_view_printf(struct view *v, enum paint paint, uint32_t node, int indent,
		      const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len >= 0) {
		char *buf = mem_alloc((size_t)len + 1);

		vsnprintf(buf, (size_t)len + 1, fmt, again);
		text_view_add(v, paint, node, indent, buf);
		free(buf);
	}
	va_end(again);
}

#include "tui/list_draw.h"

#include <stdio.h>
#include <string.h>

#define BAR_WIDTH 10
#define REST_MIN  14 /* columns of the screen for those that take what is left */
static const struct column *columns_of(const struct list_view *lv)
{
	return lv->source->ops->columns;
}

/* Columns from the left; the last ones go first where the screen is too small. */
static void choose_columns(const struct list_view *lv, int width, struct list_layout *ret)
{
	int used = 0, rest = 0;

	for (size_t i = 0; i < lv->source->ops->column_count; i++) {
		const struct column *c = &columns_of(lv)[i];

		if (!list_view_shows(lv, i, width) || ret->len == LIST_MAX_PLACES)
			continue;
		ret->place[ret->len++] =
			(struct list_place){ .column = i, .width = c->width };
		used += (c->width ? c->width : REST_MIN) + 1;
		rest += c->width == 0;
	}
	while (ret->len > 1 && used > width + 1) {
		const struct column *c = &columns_of(lv)[ret->place[ret->len - 1].column];

		if (c->width == 0 && rest == 1)
			break;
		used -= (c->width ? c->width : REST_MIN) + 1;
		rest -= c->width == 0;
		ret->len--;
	}
}

/* The column whose sizes the bars show: the one sorted by, else the first that can. */
static int bar_place(const struct list_view *lv, const struct list_layout *layout)
{
	int first = -1;

	for (size_t i = 0; i < layout->len; i++) {
		size_t column = layout->place[i].column;

		if (!(columns_of(lv)[column].flags & COLUMN_BAR))
			continue;
		if (column == lv->rows.sort_column)
			return (int)i;
		if (first < 0)
			first = (int)i;
	}
	return first;
}

/* Columns without a width share what is left; the name gets twice as much. */
static int weight_of(const struct list_view *lv, const struct list_place *place)
{
	if (place->width != 0)
		return 0;
	return place->column == lv->source->ops->name_column ? 2 : 1;
}

void list_layout_make(const struct list_view *lv, int width, struct list_layout *ret)
{
	int fixed = 0, weights = 0, x = 0, bar;

	*ret = (struct list_layout){ .bar_x = -1 };
	choose_columns(lv, width, ret);
	bar = lv->bars && !lv->base.plain && width >= 100 ? bar_place(lv, ret) : -1;
	for (size_t i = 0; i < ret->len; i++) {
		fixed += ret->place[i].width + 1;
		weights += weight_of(lv, &ret->place[i]);
	}
	fixed += (bar >= 0 ? BAR_WIDTH + 1 : 0) - 1;
	for (size_t i = 0; i < ret->len; i++) {
		struct list_place *p = &ret->place[i];
		int weight = weight_of(lv, p);

		if (weight) {
			p->width = MAX2((width - fixed) * weight / weights, 1);
			fixed += p->width;
			weights -= weight;
		}
		p->x = x;
		x += p->width + 1;
		if ((int)i == bar) {
			ret->bar_x = x;
			ret->bar_column = p->column;
			x += BAR_WIDTH + 1;
		}
	}
}

static bool is_right(enum value_kind kind)
{
	return kind == VALUE_BYTES || kind == VALUE_NUMBER;
}

static void draw_heading(const struct list_view *lv, struct canvas *out,
			 const struct area *area, const struct list_layout *layout)
{
	const struct source_ops *ops = lv->source->ops;

	canvas_fill(out, area->y, area->x, 1, area->width, PAINT_HEADING);
	for (size_t i = 0; i < layout->len; i++) {
		const struct list_place *p = &layout->place[i];
		const struct column *c = &columns_of(lv)[p->column];
		char title[64];

		snprintf(title, sizeof(title), "%s%s",
			 ops->title_of ? ops->title_of(lv->source, p->column) : c->title,
			 p->column != lv->rows.sort_column
				 ? ""
				 : canvas_glyph_text(out, lv->rows.falling ? GLYPH_DOWN
									   : GLYPH_UP));
		if (is_right(c->kind))
			canvas_right(out, area->y, area->x + p->x, p->width,
				     PAINT_HEADING, title);
		else
			canvas_text(out, area->y, area->x + p->x, p->width, PAINT_HEADING,
				    title);
	}
}

/* "|  |- name": where the row hangs in the tree. */
static int draw_indent(const struct list_view *lv, struct canvas *out, int y,
		       const struct list_place *p, const struct rows_line *row)
{
	uint32_t children = 0;
	int x = p->x + 2 * MIN2((int)row->depth, p->width / 4);

	if (!rows_is_tree(&lv->rows))
		return p->x;
	lv->source->ops->children(lv->source, row->row, &children);
	if (children)
		canvas_glyph(out, y, x, PAINT_FRAME,
			     rows_is_open(&lv->rows, row->row) ? GLYPH_OPEN
							       : GLYPH_CLOSED);
	return x + 2;
}

static void draw_flags(const struct list_view *lv, struct canvas *out, int y,
		       const struct list_place *p, unsigned int style, uint64_t flags)
{
	char text[65];
	size_t len = 0;

	for (size_t i = 0; i < lv->source->ops->flag_count && len < 64; i++)
		if (flags >> i & 1)
			text[len++] = lv->source->ops->flags[i].letter;
	text[len] = '\0';
	canvas_text(out, y, p->x, p->width, style, text);
}

/* In a tree the folders above say the rest of a path. */
static const char *last_part(const struct list_view *lv, const struct column *c,
			     const char *text)
{
	const char *slash = strrchr(text, '/');

	if (!rows_is_tree(&lv->rows) || c->kind != VALUE_PATH || !slash || !slash[1])
		return text;
	return slash + 1;
}

static void draw_words(const struct list_view *lv, struct canvas *out, int y,
		       const struct list_place *p, const struct rows_line *row,
		       const struct value *value, unsigned int style)
{
	const struct column *c = &columns_of(lv)[p->column];
	const char *text = value->text ? value->text : "";
	int x = p->x, width = p->width;
	size_t at;

	if (c->flags & COLUMN_TREE) {
		x = draw_indent(lv, out, y, p, row);
		width -= x - p->x;
		text = last_part(lv, c, text);
	}
	if (p->column == lv->source->ops->name_column && lv->pattern &&
	    pattern_find(lv->pattern, text, &at) >= 0)
		style = PAINT_MATCH;
	if (style == PAINT_MATCH)
		width = MIN2(width, canvas_columns(out, text));
	if (c->kind == VALUE_PATH)
		canvas_tail(out, y, x, width, style, text);
	else
		canvas_text(out, y, x, width, style, text);
}

static void draw_cell(const struct list_view *lv, struct canvas *out, int y,
		      const struct list_place *p, const struct rows_line *row,
		      unsigned int style)
{
	const struct column *c = &columns_of(lv)[p->column];
	struct value value = { 0 };

	lv->source->ops->value(lv->source, row->row, p->column, &value);
	if (value.missing && is_right(c->kind))
		canvas_right(out, y, p->x, p->width, PAINT_DIM, "-");
	else if (value.missing)
		canvas_text(out, y, p->x, p->width, PAINT_DIM, "-");
	else if (c->kind == VALUE_BYTES)
		canvas_bytes(out, y, p->x, p->width, style, value.number);
	else if (c->kind == VALUE_NUMBER)
		canvas_number(out, y, p->x, p->width, style, value.number);
	else if (c->kind == VALUE_YES_NO)
		canvas_text(out, y, p->x, p->width, style, value.number ? "yes" : "no");
	else if (c->kind == VALUE_FLAGS)
		draw_flags(lv, out, y, p, style, value.flags);
	else
		draw_words(lv, out, y, p, row, &value, style);
}

static uint64_t number_of(const struct list_view *lv, uint32_t row, size_t column)
{
	struct value value = { 0 };

	lv->source->ops->value(lv->source, row, column, &value);
	return value.missing ? 0 : value.number;
}

static uint64_t biggest_shown(const struct list_view *lv, size_t column)
{
	const struct rows *t = &lv->rows;
	uint64_t biggest = 1;

	if (t->rows.len && column == t->sort_column && t->falling && !rows_is_tree(t))
		biggest = MAX2(number_of(lv, t->rows.data[0].row, column), 1u);
	for (size_t i = t->top; i < t->rows.len && i < t->top + t->page; i++)
		biggest = MAX2(biggest, number_of(lv, t->rows.data[i].row, column));
	return biggest;
}

static void draw_empty(const struct list_view *lv, struct canvas *out,
		       const struct area *area)
{
	const char *text = rows_busy(&lv->rows) ? "working ..."
			   : lv->rows.filter
				   ? "nothing matches the filter (Esc clears it)"
				   : lv->source->ops->empty;

	canvas_text(out, area->y + 2, area->x + 2, area->width - 2, PAINT_DIM, text);
}

static void draw_row(const struct list_view *lv, struct canvas *out,
		     const struct list_layout *layout, const struct area *area, size_t at,
		     uint64_t biggest)
{
	const struct rows_line *row = &lv->rows.rows.data[at];
	int y = area->y + 1 + (int)(at - lv->rows.top);
	unsigned int style = lv->source->ops->style(lv->source, row->row);

	for (size_t i = 0; i < layout->len; i++)
		draw_cell(lv, out, y, &layout->place[i], row, style);
	if (layout->bar_x >= 0)
		canvas_bar(out, y, layout->bar_x, BAR_WIDTH, PAINT_BAR,
			   (double)number_of(lv, row->row, layout->bar_column) /
				   (double)biggest);
	if (at != lv->rows.cursor)
		return;
	for (int x = area->x; x < area->x + area->width; x++) {
		const struct canvas_cell *cell = canvas_at(out, y, x);

		if (cell)
			canvas_restyle(out, y, x, 1, cell->style | PAINT_CURSOR);
	}
	canvas_cursor(out, y, area->x);
}

void list_draw(const struct view *v, struct canvas *out, const struct area *area)
{
	const struct list_view *lv = container_of(v, const struct list_view, base);
	struct list_layout layout;
	uint64_t biggest;

	list_layout_make(lv, area->width, &layout);
	draw_heading(lv, out, area, &layout);
	canvas_fill(out, area->y + 1, area->x, area->height - 1, area->width, PAINT_TEXT);
	if (lv->rows.rows.len == 0)
		draw_empty(lv, out, area);
	biggest = layout.bar_x >= 0 ? biggest_shown(lv, layout.bar_column) : 1;
	for (size_t i = lv->rows.top;
	     i < lv->rows.rows.len && i < lv->rows.top + (size_t)(area->height - 1); i++)
		draw_row(lv, out, &layout, area, i, biggest);
}

#include "tui/canvas.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static const char *const GLYPHS[GLYPH_COUNT][2] = {
	[GLYPH_HORIZONTAL] = { "-", "─" },  [GLYPH_VERTICAL] = { "|", "│" },
	[GLYPH_TOP_LEFT] = { "+", "┌" },    [GLYPH_TOP_RIGHT] = { "+", "┐" },
	[GLYPH_BOTTOM_LEFT] = { "+", "└" }, [GLYPH_BOTTOM_RIGHT] = { "+", "┘" },
	[GLYPH_BRANCH] = { "|", "├" },	    [GLYPH_LAST] = { "`", "└" },
	[GLYPH_OPEN] = { "-", "▾" },	    [GLYPH_CLOSED] = { "+", "▸" },
	[GLYPH_ELLIPSIS] = { "~", "…" },    [GLYPH_ARROW] = { ">", "→" },
	[GLYPH_UP] = { "^", "▲" },	    [GLYPH_DOWN] = { "v", "▼" },
	[GLYPH_DOT] = { "|", "·" },	    [GLYPH_BLOCK] = { "#", "█" },
};

const char *canvas_glyph_text(const struct canvas *c, enum glyph glyph)
{
	return GLYPHS[glyph][c->charset == CANVAS_UTF8];
}

void canvas_init(struct canvas *c, int width, int height, enum canvas_charset charset)
{
	*c = (struct canvas){ .charset = charset };
	canvas_resize(c, width, height);
}

void canvas_release(struct canvas *c)
{
	free(c->cell);
	strbuf_release(&c->scratch);
	*c = (struct canvas){ 0 };
}

void canvas_resize(struct canvas *c, int width, int height)
{
	c->width = MAX2(width, 1);
	c->height = MAX2(height, 1);
	free(c->cell);
	c->cell = mem_calloc((size_t)c->width * (size_t)c->height, sizeof(*c->cell));
	canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
	canvas_fill(c, 0, 0, c->height, c->width, PAINT_TEXT);
	c->cursor_y = c->cursor_x = -1;
}

static struct canvas_cell *cell_at(const struct canvas *c, int y, int x)
{
	if (y < 0 || x < 0 || y >= c->height || x >= c->width)
		return NULL;
	return &c->cell[(size_t)y * (size_t)c->width + (size_t)x];
}

const struct canvas_cell *canvas_at(const struct canvas *c, int y, int x)
{
	return cell_at(c, y, x);
}

static void set_cell(struct canvas_cell *cell, const char *bytes, size_t len, int width,
		     unsigned int style)
{
	memcpy(cell->text, bytes, len);
	cell->text[len] = '\0';
	cell->width = (uint8_t)width;
	cell->style = (uint8_t)style;
}

/* Half of a wide character must not stay when its other half is overwritten. */
static void split_wide(struct canvas *c, int y, int x)
{
	struct canvas_cell *cell = cell_at(c, y, x), *left = cell_at(c, y, x - 1);

	if (cell && cell->width == 0 && left)
		set_cell(left, " ", 1, 1, left->style);
	if (cell && cell->width == 0)
		set_cell(cell, " ", 1, 1, cell->style);
}

static void put_cell(struct canvas *c, int y, int x, unsigned int style,
		     const char *bytes, size_t len, int width)
{
	struct canvas_cell *cell = cell_at(c, y, x);

	if (!cell)
		return;
	if (width == 2 && x + 1 >= c->width) {
		bytes = " ";
		len = (size_t)(width = 1);
	}
	split_wide(c, y, x);
	split_wide(c, y, x + width);
	set_cell(cell, bytes, len, width, style);
	if (width == 2)
		set_cell(cell + 1, "", 0, 0, style);
}

/* One character of a text with its width; what a terminal may not see is escaped. */
struct piece {
	char text[12];
	size_t len;
	int width;
};

static size_t next_piece(const struct canvas *c, const char *s, size_t len,
			 struct piece *ret)
{
	uint32_t ch = 0;
	size_t n = text_decode(s, len, &ch);
	int width = n == 1 ? 1 : -1;

	if (n == 0) {
		ret->len = (size_t)snprintf(ret->text, sizeof(ret->text), "\\x%02x",
					    (unsigned char)s[0]);
		ret->width = (int)ret->len;
		return 1;
	}
	if (n > 1 && c->charset == CANVAS_UTF8)
		width = wcwidth((wchar_t)ch);
	if (width < 0) {
		ret->len = (size_t)snprintf(ret->text, sizeof(ret->text), "\\u%04x",
					    (unsigned int)ch);
		ret->width = (int)ret->len;
		return n;
	}
	memcpy(ret->text, s, n);
	ret->len = n;
	ret->width = width;
	return n;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e || *text == '\\')
			return false;
	return true;
}

/* The text as it may be shown; valid until the next call. */
static const char *harmless(struct canvas *c, const char *text)
{
	if (is_plain(text))
		return text;
	strbuf_clear(&c->scratch);
	text_printable(&c->scratch, text);
	return strbuf_text(&c->scratch);
}

static int columns_of(const struct canvas *c, const char *shown)
{
	size_t len = strlen(shown);
	struct piece piece;
	int columns = 0;

	for (size_t i = 0; i < len; columns += piece.width)
		i += next_piece(c, shown + i, len - i, &piece);
	return columns;
}

int canvas_columns(struct canvas *c, const char *text)
{
	return columns_of(c, harmless(c, text));
}

static void combine(struct canvas *c, int y, int x, const struct piece *piece)
{
	struct canvas_cell *cell = cell_at(c, y, x);

	if (cell && cell->width == 0)
		cell = cell_at(c, y, x - 1);
	if (cell && strlen(cell->text) + piece->len < sizeof(cell->text))
		memcpy(cell->text + strlen(cell->text), piece->text, piece->len + 1);
}

/* Put characters of a harmless text while they end at or before column end. */
static int put_shown(struct canvas *c, int y, int x, int end, unsigned int style,
		     const char *shown)
{
	size_t len = strlen(shown);
	struct piece piece;
	int start = x;

	for (size_t i = 0; i < len;) {
		i += next_piece(c, shown + i, len - i, &piece);
		piece.text[piece.len] = '\0';
		if (x + piece.width > end)
			break;
		if (piece.width == 0) {
			if (x > start)
				combine(c, y, x - 1, &piece);
		} else if (piece.width == 1 || (piece.width == 2 && piece.len > 2)) {
			put_cell(c, y, x, style, piece.text, piece.len, piece.width);
		} else {
			for (size_t k = 0; k < piece.len; k++)
				put_cell(c, y, x + (int)k, style, piece.text + k, 1, 1);
		}
		x += piece.width;
	}
	return x;
}

int canvas_put(struct canvas *c, int y, int x, int end, unsigned int style,
	       const char *text)
{
	return put_shown(c, y, x, MIN2(end, c->width), style, harmless(c, text));
}

int canvas_printf(struct canvas *c, int y, int x, int end, unsigned int style,
		  const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return canvas_put(c, y, x, end, style, text);
}

void canvas_text(struct canvas *c, int y, int x, int width, unsigned int style,
		 const char *text)
{
	const char *shown = harmless(c, text);
	bool cut = columns_of(c, shown) > width;
	int end;

	if (width <= 0)
		return;
	end = put_shown(c, y, x, x + width - cut, style, shown);
	if (cut)
		end = canvas_glyph(c, y, end, style, GLYPH_ELLIPSIS);
	canvas_fill(c, y, end, 1, x + width - end, style);
}

void canvas_tail(struct canvas *c, int y, int x, int width, unsigned int style,
		 const char *text)
{
	const char *shown = harmless(c, text);
	int columns = columns_of(c, shown);
	size_t len = strlen(shown), skip = 0;
	struct piece piece;
	int end;

	if (columns <= width || width <= 0) {
		canvas_text(c, y, x, width, style, text);
		return;
	}
	while (columns > width - 1) {
		skip += next_piece(c, shown + skip, len - skip, &piece);
		columns -= piece.width;
	}
	end = canvas_glyph(c, y, x, style, GLYPH_ELLIPSIS);
	end = put_shown(c, y, end, x + width, style, shown + skip);
	canvas_fill(c, y, end, 1, x + width - end, style);
}

void canvas_right(struct canvas *c, int y, int x, int width, unsigned int style,
		  const char *text)
{
	int free_columns = MAX2(width - canvas_columns(c, text), 0);

	canvas_fill(c, y, x, 1, free_columns, style);
	canvas_text(c, y, x + free_columns, width - free_columns, style, text);
}

void canvas_bytes(struct canvas *c, int y, int x, int width, unsigned int style,
		  uint64_t bytes)
{
	char text[UNITS_TEXT_MAX];

	canvas_right(c, y, x, width, style, units_format(text, bytes, c->units));
}

void canvas_number(struct canvas *c, int y, int x, int width, unsigned int style,
		   uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	canvas_right(c, y, x, width, style, text);
}

void canvas_bar(struct canvas *c, int y, int x, int width, unsigned int style,
		double filled)
{
	static const char *const EIGHTHS[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	double share = filled < 0 ? 0 : filled > 1 ? 1 : filled;
	int eighths = (int)(share * width * 8 + 0.5);
	int end = x;

	canvas_fill(c, y, x, 1, width, style);
	if (c->charset == CANVAS_ASCII)
		eighths = (eighths + 4) / 8 * 8;
	for (int i = 0; i < eighths / 8; i++)
		end = canvas_glyph(c, y, end, style, GLYPH_BLOCK);
	if (eighths % 8)
		canvas_put(c, y, end, end + 1, style, EIGHTHS[eighths % 8]);
}

int canvas_glyph(struct canvas *c, int y, int x, unsigned int style, enum glyph glyph)
{
	const char *text = canvas_glyph_text(c, glyph);

	put_cell(c, y, x, style, text, strlen(text), 1);
	return x + 1;
}

void canvas_fill(struct canvas *c, int y, int x, int height, int width,
		 unsigned int style)
{
	for (int row = MAX2(y, 0); row < MIN2(y + height, c->height); row++) {
		split_wide(c, row, x);
		split_wide(c, row, x + width);
		for (int column = MAX2(x, 0); column < MIN2(x + width, c->width);
		     column++)
			set_cell(cell_at(c, row, column), " ", 1, 1, style);
	}
}

static void box_line(struct canvas *c, int y, int x, int width, enum glyph left,
		     enum glyph right)
{
	canvas_glyph(c, y, x, PAINT_FRAME, left);
	for (int i = 1; i < width - 1; i++)
		canvas_glyph(c, y, x + i, PAINT_FRAME, GLYPH_HORIZONTAL);
	canvas_glyph(c, y, x + width - 1, PAINT_FRAME, right);
}

void canvas_box(struct canvas *c, int y, int x, int height, int width, const char *title)
{
	if (height < 2 || width < 4)
		return;
	canvas_fill(c, y, x, height, width, PAINT_TEXT);
	box_line(c, y, x, width, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT);
	for (int row = y + 1; row < y + height - 1; row++) {
		canvas_glyph(c, row, x, PAINT_FRAME, GLYPH_VERTICAL);
		canvas_glyph(c, row, x + width - 1, PAINT_FRAME, GLYPH_VERTICAL);
	}
	box_line(c, y + height - 1, x, width, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT);
	if (title[0]) {
		int end = canvas_put(c, y, x + 2, x + 3, PAINT_FRAME, " ");

		end = canvas_put(c, y, end, x + width - 3, PAINT_STRONG, title);
		canvas_put(c, y, end, x + width - 2, PAINT_FRAME, " ");
	}
}

void canvas_restyle(struct canvas *c, int y, int x, int width, unsigned int style)
{
	for (int column = x; column < x + width; column++) {
		struct canvas_cell *cell = cell_at(c, y, column);

		if (cell)
			cell->style = (uint8_t)style;
	}
}

void canvas_cursor(struct canvas *c, int y, int x)
{
	c->cursor_y = y;
	c->cursor_x = x;
}

void canvas_dump(const struct canvas *c, struct strbuf *out)
{
	for (int y = 0; y < c->height; y++) {
		size_t solid = out->len;

		for (int x = 0; x < c->width; x++) {
			const struct canvas_cell *cell = cell_at(c, y, x);

			strbuf_puts(out, cell->text);
			if (strcmp(cell->text, " ") != 0)
				solid = out->len;
		}
		strbuf_truncate(out, solid);
		strbuf_putc(out, '\n');
	}
}

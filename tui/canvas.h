/*
 * canvas – a screen as cells in memory. Views draw into it, tests compare it with text,
 * tui/term.c alone copies it to the terminal.
 *
 *	canvas_init(&c, 80, 24, CANVAS_UTF8);
 *	canvas_text(&c, 0, 0, 20, PAINT_TEXT, name);	padded and clipped to 20 columns
 *	canvas_bytes(&c, 0, 20, 10, PAINT_TEXT, 123456);
 *
 * All texts are bytes of the root: control characters, invalid UTF-8 and characters that
 * move or hide their neighbours are shown as escapes (base/text.h), so no name can leave
 * its cells. Whatever lies outside the canvas is clipped, never an error. Rows and columns
 * count from 0.
 */
#pragma once

#include "base/strbuf.h"
#include "base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum canvas_charset {
	CANVAS_ASCII, /* other characters are shown as \uXXXX, lines as + - | */
	CANVAS_UTF8,
};

/** What a cell is for; the terminal decides how that looks. */
enum paint {
	PAINT_TEXT,
	PAINT_DIM,
	PAINT_TITLE,   /* the top line */
	PAINT_TAB_ON,  /* the open view's name in it */
	PAINT_HEADING, /* column titles */
	PAINT_STRONG,
	PAINT_REMOVE, /* marked for removal */
	PAINT_GOES,   /* goes with a marked one */
	PAINT_FREE,   /* nothing needs it any more */
	PAINT_KEEP,
	PAINT_BROKEN,
	PAINT_WARNING,
	PAINT_MATCH, /* found by the search */
	PAINT_BAR,   /* size bars */
	PAINT_KEY,   /* a key's name in the function bar and the help */
	PAINT_INPUT,
	PAINT_FRAME,
	PAINT_COUNT,
};

/** Added to a style: the line under the cursor. */
#define PAINT_CURSOR 0x80u

/** Characters that have a plain form where there is no UTF-8. */
enum glyph {
	GLYPH_HORIZONTAL,
	GLYPH_VERTICAL,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_BRANCH, /* |- */
	GLYPH_LAST,   /* `- */
	GLYPH_OPEN,   /* an open folder */
	GLYPH_CLOSED,
	GLYPH_ELLIPSIS,
	GLYPH_ARROW,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_DOT,
	GLYPH_BLOCK,
	GLYPH_COUNT,
};

struct canvas_cell {
	char text[14]; /* one character and what combines with it, NUL-terminated */
	uint8_t width; /* 1, 2; 0: the right half of a wide one */
	uint8_t style; /* enum paint, PAINT_CURSOR */
};

struct canvas {
	int width, height;
	enum canvas_charset charset;
	enum units_style units;
	struct canvas_cell *cell; /* by row */
	int cursor_y, cursor_x;	  /* where the terminal's cursor goes; < 0: nowhere */
	struct strbuf scratch;
};

/** All blank. Sizes below 1 count as 1. */
void canvas_init(struct canvas *c, int width, int height, enum canvas_charset charset);
void canvas_release(struct canvas *c);
/** Another size, all blank. */
void canvas_resize(struct canvas *c, int width, int height);
void canvas_clear(struct canvas *c);

static inline int canvas_width(const struct canvas *c)
{
	return c->width;
}

static inline int canvas_height(const struct canvas *c)
{
	return c->height;
}

/** The cell, or NULL outside. */
const struct canvas_cell *canvas_at(const struct canvas *c, int y, int x);

/**
 * Put text at a place, padded with blanks to @p width columns. What does not fit is cut
 * at the end, with an ellipsis in the last column.
 */
void canvas_text(struct canvas *c, int y, int x, int width, unsigned int style,
		 const char *text);
/** As canvas_text(), but the end of the text stays and its beginning is cut. */
void canvas_tail(struct canvas *c, int y, int x, int width, unsigned int style,
		 const char *text);
/** As canvas_text(), aligned to the right. */
void canvas_right(struct canvas *c, int y, int x, int width, unsigned int style,
		  const char *text);
/** Put text without padding, up to column @p end; returns the column behind it. */
int canvas_put(struct canvas *c, int y, int x, int end, unsigned int style,
	       const char *text);
/** canvas_put() with a format. */
int canvas_printf(struct canvas *c, int y, int x, int end, unsigned int style,
		  const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/** A size in the canvas's units, right-aligned ("1.5 MiB"). */
void canvas_bytes(struct canvas *c, int y, int x, int width, unsigned int style,
		  uint64_t bytes);
void canvas_number(struct canvas *c, int y, int x, int width, unsigned int style,
		   uint64_t number);
/** A bar of @p width columns, filled by @p value of @p max. */
void canvas_bar(struct canvas *c, int y, int x, int width, unsigned int style,
		double filled);
int canvas_glyph(struct canvas *c, int y, int x, unsigned int style, enum glyph glyph);
void canvas_fill(struct canvas *c, int y, int x, int height, int width,
		 unsigned int style);
/** A frame of that size, blank inside, with a title in its top line ("" for none). */
void canvas_box(struct canvas *c, int y, int x, int height, int width, const char *title);
/** Change the style of cells that are there. */
void canvas_restyle(struct canvas *c, int y, int x, int width, unsigned int style);
/** Columns that the text takes when nothing is cut. */
int canvas_columns(struct canvas *c, const char *text);
/** Mark where the terminal's cursor belongs: screen readers follow it. */
void canvas_cursor(struct canvas *c, int y, int x);

/** The text of all cells, blanks at line ends cut, one newline behind each line. */
void canvas_dump(const struct canvas *c, struct strbuf *out);
/** The text of one glyph. */
const char *canvas_glyph_text(const struct canvas *c, enum glyph glyph);

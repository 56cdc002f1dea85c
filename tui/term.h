/*
 * term – the terminal: the only file that knows curses.
 *
 *	r = term_new(&options, &term, err);
 *	term_show(term, &canvas);
 *	term_wait(term, -1, &event);
 *	term_free(term);
 *
 * While a term exists the terminal is in its hands; it gives it back in term_free(), in
 * term_suspend(), and when a signal ends the program (a crash too), before the signal
 * does what it always does. There can be one term at a time.
 */
#pragma once

#include "base/error.h"
#include "tui/canvas.h"

#include <stdbool.h>

struct term;

enum term_colour {
	TERM_COLOUR_AUTO, /* what the terminal has; none where NO_COLOR is set */
	TERM_COLOUR_NEVER,
	TERM_COLOUR_ALWAYS, /* also where NO_COLOR is set */
};

struct term_options {
	enum term_colour colour;
	bool plain; /* ASCII, no colours: for screen readers and old terminals */
	bool no_mouse;
};

enum term_event_type {
	TERM_NOTHING, /* the time is over */
	TERM_KEY,
	TERM_CLICK,  /* first button at y, x */
	TERM_DOUBLE, /* twice */
	TERM_WHEEL,  /* key: -1 up, 1 down */
	TERM_RESIZE, /* also after the program was stopped and continued */
	TERM_END,    /* the terminal is gone */
};

struct term_event {
	enum term_event_type type;
	int key; /* tui/keys.h */
	int y, x;
};

/**
 * Take the terminal on standard input and output.
 * @return 0; -ENOTTY when one of them is no terminal; -EINVAL when its type (TERM) is not
 * known or cannot move the cursor; the texts say what to do
 */
int term_new(const struct term_options *options, struct term **ret, struct error *err);
void term_free(struct term *term);
void term_freep(struct term **term);

void term_size(struct term *term, int *ret_width, int *ret_height);
enum canvas_charset term_charset(const struct term *term);
/** Show the canvas: only cells that changed are sent. */
void term_show(struct term *term, const struct canvas *canvas);
/** Forget what the terminal shows: the next term_show() sends everything. */
void term_forget(struct term *term);
/** The next event; @p timeout_ms < 0 waits for ever, 0 only looks. */
void term_wait(struct term *term, int timeout_ms, struct term_event *ret);
/** Give the terminal back and stop until the shell continues the program. */
void term_suspend(struct term *term);

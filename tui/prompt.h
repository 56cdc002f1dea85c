/*
 * prompt – one line of text that a person edits, with the lines entered before.
 *
 *	prompt_open(&p, "search", old_text);
 *	switch (prompt_key(&p, key)) ...
 *	use(prompt_text(&p));
 */
#pragma once

#include "base/array.h"

#include <stdbool.h>
#include <stdint.h>

enum prompt_reaction {
	PROMPT_NOTHING,
	PROMPT_CHANGED, /* the text is another one */
	PROMPT_DONE,	/* Enter */
	PROMPT_GONE,	/* Esc, or Backspace in an empty line */
};

struct prompt {
	const char *label;
	bool open;
	char *text;		 /* UTF-8 */
	size_t len, cap, cursor; /* bytes; the cursor is at a character's first byte */
	ARRAY_OF(char *) history;
	size_t place; /* in the history; its len: the line that is edited */
};

/** Begin with @p text, cursor behind it. The label is borrowed. */
void prompt_open(struct prompt *p, const char *label, const char *text);
/** Give a key (tui/keys.h) to it. Enter adds the text to the history. */
enum prompt_reaction prompt_key(struct prompt *p, int key);
const char *prompt_text(const struct prompt *p);
void prompt_close(struct prompt *p);
void prompt_release(struct prompt *p);

#include "tui/prompt.h"

#include "tui/keys.h"

#include <string.h>

#define PROMPT_MAX 1000 /* bytes */

static void set_text(struct prompt *p, const char *text)
{
	size_t len = MIN2(strlen(text), (size_t)PROMPT_MAX);

	if (p->cap < len + 1) {
		p->cap = PROMPT_MAX + 8;
		p->text = mem_realloc(p->text, p->cap, 1);
	}
	memmove(p->text, text, len);
	p->text[len] = '\0';
	p->len = p->cursor = len;
}

void prompt_open(struct prompt *p, const char *label, const char *text)
{
	p->label = label;
	p->open = true;
	p->place = p->history.len;
	set_text(p, text);
}

const char *prompt_text(const struct prompt *p)
{
	return p->text ? p->text : "";
}

void prompt_close(struct prompt *p)
{
	p->open = false;
}

void prompt_release(struct prompt *p)
{
	free(p->text);
	array_each (&p->history, i)
		free(p->history.data[i]);
	array_release(&p->history);
	*p = (struct prompt){ 0 };
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t before(const struct prompt *p, size_t at)
{
	while (at > 0 && continues(p->text[--at]))
		;
	return at;
}

static size_t behind(const struct prompt *p, size_t at)
{
	if (at < p->len)
		at++;
	while (at < p->len && continues(p->text[at]))
		at++;
	return at;
}

static void cut(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text + from, p->text + to, p->len - to + 1);
	p->len -= to - from;
	p->cursor = from;
}

static size_t encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static enum prompt_reaction insert(struct prompt *p, int key)
{
	char bytes[4];
	size_t n;

	if (key < ' ' || key == 0x7f || key >= KEY_SPECIAL)
		return PROMPT_NOTHING;
	n = encode((uint32_t)key, bytes);
	if (p->len + n > PROMPT_MAX)
		return PROMPT_NOTHING;
	memmove(p->text + p->cursor + n, p->text + p->cursor, p->len - p->cursor + 1);
	memcpy(p->text + p->cursor, bytes, n);
	p->len += n;
	p->cursor += n;
	return PROMPT_CHANGED;
}

static enum prompt_reaction recall(struct prompt *p, int step)
{
	size_t place = p->place + (size_t)step;

	if (place > p->history.len) /* also -1, which wraps */
		return PROMPT_NOTHING;
	p->place = place;
	set_text(p, place < p->history.len ? p->history.data[place] : "");
	return PROMPT_CHANGED;
}

static void remember(struct prompt *p)
{
	if (p->len == 0 || (p->history.len > 0 &&
			    strcmp(p->history.data[p->history.len - 1], p->text) == 0))
		return;
	array_push(&p->history, mem_strdup(p->text));
}

static enum prompt_reaction erase(struct prompt *p, size_t from, size_t to)
{
	if (from == to)
		return PROMPT_NOTHING;
	cut(p, from, to);
	return PROMPT_CHANGED;
}

enum prompt_reaction prompt_key(struct prompt *p, int key)
{
	switch (key) {
	case KEY_RETURN:
		remember(p);
		return PROMPT_DONE;
	case KEY_ESCAPE:
	case 'C' & 0x1f:
		return PROMPT_GONE;
	case KEY_BACK_SPACE:
		return p->len == 0 ? PROMPT_GONE
				   : erase(p, before(p, p->cursor), p->cursor);
	case KEY_DELETE:
		return erase(p, p->cursor, behind(p, p->cursor));
	case 'U' & 0x1f:
		return erase(p, 0, p->cursor);
	case 'K' & 0x1f:
		return erase(p, p->cursor, p->len);
	case KEY_ARROW_UP:
		return recall(p, -1);
	case KEY_ARROW_DOWN:
		return recall(p, 1);
	case KEY_ARROW_LEFT:
		p->cursor = before(p, p->cursor);
		return PROMPT_NOTHING;
	case KEY_ARROW_RIGHT:
		p->cursor = behind(p, p->cursor);
		return PROMPT_NOTHING;
	case KEY_TO_HOME:
	case 'A' & 0x1f:
		p->cursor = 0;
		return PROMPT_NOTHING;
	case KEY_TO_END:
	case 'E' & 0x1f:
		p->cursor = p->len;
		return PROMPT_NOTHING;
	default:
		return insert(p, key);
	}
}

/*
 * keys – what can be asked for, and the keys that ask for it.
 *
 * Views never see keys: the main loop turns a key into a request. One const table holds
 * every request with its keys, its name in a key file, and its words in the function bar
 * and the help, so a key that is not in the help cannot exist.
 *
 * A key file has one request in a line, the keys that it replaces behind it:
 *
 *	# vi's way
 *	up   = Up k
 *	keep = +
 *
 *	_cleanup_(keymap_release) struct keymap map = { 0 };
 *	keymap_init(&map);
 *	r = keymap_read(&map, path, err);
 *	request = keymap_find(&map, key);
 */
#pragma once

#include "base/array.h"
#include "base/error.h"

#include <stddef.h>

/* A key is a character's code point, or one of these. Ctrl-X is 'X' & 0x1f. */
enum key {
	KEY_NONE_YET = 0,
	KEY_TABULATOR = '\t',
	KEY_RETURN = '\r',
	KEY_ESCAPE = 0x1b,
	KEY_SPECIAL = 0x200000, /* above every code point */
	KEY_ARROW_UP,
	KEY_ARROW_DOWN,
	KEY_ARROW_LEFT,
	KEY_ARROW_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_HOME,
	KEY_TO_END,
	KEY_BACK_SPACE,
	KEY_DELETE,
	KEY_BACK_TAB,
	KEY_FUNCTION, /* F1 is KEY_FUNCTION + 1 ... + 12 */
	KEY_LAST = KEY_FUNCTION + 12,
};

enum request {
	DO_NOTHING,
	/* moving */
	DO_UP,
	DO_DOWN,
	DO_PAGE_UP,
	DO_PAGE_DOWN,
	DO_FIRST,
	DO_LAST,
	DO_ENTER,
	DO_LEAVE,
	DO_NEXT_CANDIDATE,
	DO_PREVIOUS_CANDIDATE,
	/* marking */
	DO_MARK,
	DO_MARK_FORCE,
	DO_MARK_DEPENDANTS,
	DO_MARK_TAG,
	DO_KEEP,
	DO_UNMARK,
	DO_UNMARK_ALL,
	DO_UNDO,
	DO_REDO,
	DO_PROPOSE,
	DO_PREVIEW,
	DO_WRITE,
	DO_LOAD,
	/* asking */
	DO_WHY,
	DO_DETAILS,
	DO_NEEDS,
	DO_NEEDS_ALL,
	DO_NEEDED_BY,
	DO_NEEDED_BY_ALL,
	DO_LINK_NEEDS,
	DO_LINK_NEEDED_BY,
	DO_HISTORY,
	/* finding */
	DO_SEARCH,
	DO_SEARCH_NEXT,
	DO_SEARCH_PREVIOUS,
	DO_FILTER,
	DO_CLEAR,
	/* showing */
	DO_SORT_SIZE,
	DO_SORT_NEXT,
	DO_SORT_PREVIOUS,
	DO_INVERT,
	DO_BASIS,
	DO_BARS,
	DO_TREE,
	DO_COLUMNS,
	/* views */
	DO_NEXT_VIEW,
	DO_PREVIOUS_VIEW,
	DO_VIEW_1,
	DO_VIEW_9 = DO_VIEW_1 + 8,
	/* program */
	DO_HELP,
	DO_REDRAW,
	DO_RELOAD,
	DO_SUSPEND,
	DO_CLOSE,
	DO_QUIT,
	DO_COUNT,
};

enum request_group {
	GROUP_MOVE,
	GROUP_MARK,
	GROUP_ASK,
	GROUP_FIND,
	GROUP_SHOW,
	GROUP_VIEWS,
	GROUP_PROGRAM,
	GROUP_COUNT,
};

struct request_info {
	const char *name;  /* in a key file */
	const char *keys;  /* names of its keys, separated by blanks */
	const char *label; /* in the function bar; "" where it is not shown there */
	const char *help;
	enum request_group group;
};

extern const struct request_info REQUESTS[DO_COUNT];
/** "Moving", "Marking" ... */
const char *request_group_name(enum request_group group);

struct key_binding {
	int key;
	enum request request;
};

struct keymap {
	ARRAY_OF(struct key_binding) bindings;
};

/** The keys of the table. */
void keymap_init(struct keymap *map);
void keymap_release(struct keymap *map);
/**
 * Replace keys by those of a key file.
 * @return 0; -EINVAL with file:line for a line that is wrong (an unknown request or key,
 * a key given twice); another -errno when it cannot be read
 */
int keymap_read(struct keymap *map, const char *path, struct error *err);
/** keymap_read() from memory; @p name is what messages call it. */
int keymap_parse(struct keymap *map, const char *name, const char *text,
		 struct error *err);
enum request keymap_find(const struct keymap *map, int key);
/** The first key of a request as text ("d", "Ctrl-U"), "" when it has none. */
const char *keymap_first(const struct keymap *map, enum request request, char buf[24]);
/** All keys of a request, separated by blanks, into @p buf. */
const char *keymap_all(const struct keymap *map, enum request request, char *buf,
		       size_t len);

/** "F1", "Ctrl-U", "PgDn", "d" into @p buf. */
const char *key_text(int key, char buf[24]);
/** The key of a name, or -1. */
int key_parse(const char *name);

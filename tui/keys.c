#include "tui/keys.h"

#include "base/io.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct request_info REQUESTS[DO_COUNT] = {
	[DO_UP] = { "up", "Up", "", "one line up", GROUP_MOVE },
	[DO_DOWN] = { "down", "Down j", "", "one line down", GROUP_MOVE },
	[DO_PAGE_UP] = { "page-up", "PgUp", "", "one page up", GROUP_MOVE },
	[DO_PAGE_DOWN] = { "page-down", "PgDn Ctrl-D", "", "one page down", GROUP_MOVE },
	[DO_FIRST] = { "first", "Home", "", "to the first line", GROUP_MOVE },
	[DO_LAST] = { "last", "End G", "", "to the last line", GROUP_MOVE },
	[DO_ENTER] = { "enter", "Enter Right l", "",
		       "open the folder, go into it; else details", GROUP_MOVE },
	[DO_LEAVE] = { "leave", "Left h Backspace", "",
		       "close the folder, or to its parent", GROUP_MOVE },
	[DO_NEXT_CANDIDATE] = { "next-candidate", "]", "",
				"to the next line that nothing needs", GROUP_MOVE },
	[DO_PREVIOUS_CANDIDATE] = { "previous-candidate", "[", "", "to the one before",
				    GROUP_MOVE },

	[DO_MARK] = { "mark", "d", "Mark",
		      "mark for removal, with what cannot stay without it", GROUP_MARK },
	[DO_MARK_TAG] = { "tag", "Space", "", "mark or unmark, and go on one line",
			  GROUP_MARK },
	[DO_MARK_FORCE] = { "mark-force", "D", "",
			    "mark it although something that stays needs it",
			    GROUP_MARK },
	[DO_MARK_DEPENDANTS] = { "mark-dependants", "E", "",
				 "mark it and all that needs it", GROUP_MARK },
	[DO_KEEP] = { "keep", "k +", "Keep", "keep it, with what it needs", GROUP_MARK },
	[DO_UNMARK] = { "unmark", "u", "", "take the mark off", GROUP_MARK },
	[DO_UNMARK_ALL] = { "unmark-all", "U", "", "take all marks off", GROUP_MARK },
	[DO_UNDO] = { "undo", "Ctrl-U", "Undo", "undo the last change of marks",
		      GROUP_MARK },
	[DO_REDO] = { "redo", "Ctrl-Y", "", "do again what was undone", GROUP_MARK },
	[DO_PROPOSE] = { "propose", "P", "Propose",
			 "mark the best plan that agrees with the marks", GROUP_MARK },
	[DO_PREVIEW] = { "preview", "g", "", "show the plan that the marks make",
			 GROUP_MARK },
	[DO_WRITE] = { "write", "W", "Write", "write the plan to a file", GROUP_MARK },
	[DO_LOAD] = { "load", "L", "", "load a plan's marks from a file", GROUP_MARK },

	[DO_WHY] = { "why", "w", "Why", "why it is here: the chain to what must stay",
		     GROUP_ASK },
	[DO_DETAILS] = { "details", "i", "", "all that is known of it", GROUP_ASK },
	[DO_NEEDS] = { "needs", "r", "", "tree of what it needs", GROUP_ASK },
	[DO_NEEDS_ALL] = { "needs-all", "R", "", "list of all it needs, directly or not",
			   GROUP_ASK },
	[DO_NEEDED_BY] = { "needed-by", "b", "", "tree of what needs it", GROUP_ASK },
	[DO_NEEDED_BY_ALL] = { "needed-by-all", "B", "",
			       "list of all that needs it, directly or not", GROUP_ASK },
	[DO_LINK_NEEDS] = { "link-needs", "m", "",
			    "in a tree: the requirement that links it to the line above",
			    GROUP_ASK },
	[DO_LINK_NEEDED_BY] = { "link-provides", "p", "",
				"in a tree: the capability and who else provides it",
				GROUP_ASK },
	[DO_HISTORY] = { "history", "H", "", "the changes of marks so far", GROUP_ASK },

	[DO_SEARCH] = { "search", "/ F3", "Search", "search while you type", GROUP_FIND },
	[DO_SEARCH_NEXT] = { "next", "n", "", "to the next match", GROUP_FIND },
	[DO_SEARCH_PREVIOUS] = { "previous", "N", "", "to the match before", GROUP_FIND },
	[DO_FILTER] = { "filter", "F4 Backslash Ctrl-F", "Filter",
			"show only what matches: size>1M reached:no !kernel",
			GROUP_FIND },
	[DO_CLEAR] = { "clear", "Esc", "", "end the search, then the filter",
		       GROUP_FIND },

	[DO_SORT_SIZE] = { "sort-size", "s", "", "sort by size on disk", GROUP_SHOW },
	[DO_SORT_NEXT] = { "sort-next", "o > F6", "", "sort by the next column",
			   GROUP_SHOW },
	[DO_SORT_PREVIOUS] = { "sort-previous", "O <", "", "sort by the column before",
			       GROUP_SHOW },
	[DO_INVERT] = { "invert", "I", "", "turn the order round", GROUP_SHOW },
	[DO_BASIS] = { "basis", "a", "", "sizes on disk, declared or compressed",
		       GROUP_SHOW },
	[DO_BARS] = { "bars", "%", "", "bars beside the sizes, or none", GROUP_SHOW },
	[DO_TREE] = { "tree", "t", "", "tree or flat list", GROUP_SHOW },
	[DO_COLUMNS] = { "columns", "c F2", "", "choose the columns", GROUP_SHOW },

	[DO_NEXT_VIEW] = { "next-view", "Tab", "", "the next view", GROUP_VIEWS },
	[DO_PREVIOUS_VIEW] = { "previous-view", "Shift-Tab", "", "the view before",
			       GROUP_VIEWS },
	[DO_VIEW_1] = { "packages", "1", "", "packages", GROUP_VIEWS },
	[DO_VIEW_1 + 1] = { "files", "2", "", "files", GROUP_VIEWS },
	[DO_VIEW_1 + 2] = { "libraries", "3", "", "libraries and who needs them",
			    GROUP_VIEWS },
	[DO_VIEW_1 + 3] = { "services", "4", "", "services and their memory",
			    GROUP_VIEWS },
	[DO_VIEW_1 + 4] = { "findings", "5", "", "findings of the analysis",
			    GROUP_VIEWS },
	[DO_VIEW_1 + 5] = { "plan", "6", "", "the plan that the marks make",
			    GROUP_VIEWS },
	[DO_VIEW_1 + 6] = { "usage", "7", "", "what was seen in use", GROUP_VIEWS },
	[DO_VIEW_1 + 7] = { "budgets", "8", "", "budgets and what is left of them",
			    GROUP_VIEWS },
	[DO_VIEW_9] = { "compare", "9", "", "comparison with another graph",
			GROUP_VIEWS },

	[DO_HELP] = { "help", "? F1", "Help", "this help", GROUP_PROGRAM },
	[DO_REDRAW] = { "redraw", "Ctrl-L", "", "draw the screen again", GROUP_PROGRAM },
	[DO_RELOAD] = { "reload", "Ctrl-R", "", "read the graph again; marks stay",
			GROUP_PROGRAM },
	[DO_SUSPEND] = { "suspend", "Ctrl-Z", "", "stop, to go on later with fg",
			 GROUP_PROGRAM },
	[DO_CLOSE] = { "close", "q", "", "close this; in a view: quit", GROUP_PROGRAM },
	[DO_QUIT] = { "quit", "Q F10 Ctrl-C", "Quit",
		      "quit; asks when there are marks that were not written",
		      GROUP_PROGRAM },
};

const char *request_group_name(enum request_group group)
{
	static const char *const NAMES[GROUP_COUNT] = {
		"Moving", "Marking", "Asking", "Finding", "Showing", "Views", "Program",
	};

	return NAMES[group];
}

static const struct {
	const char *name;
	int key;
} KEY_NAMES[] = {
	{ "Up", KEY_ARROW_UP },
	{ "Down", KEY_ARROW_DOWN },
	{ "Left", KEY_ARROW_LEFT },
	{ "Right", KEY_ARROW_RIGHT },
	{ "PgUp", KEY_PAGE_UP },
	{ "PgDn", KEY_PAGE_DOWN },
	{ "Home", KEY_TO_HOME },
	{ "End", KEY_TO_END },
	{ "Backspace", KEY_BACK_SPACE },
	{ "Delete", KEY_DELETE },
	{ "Shift-Tab", KEY_BACK_TAB },
	{ "Tab", KEY_TABULATOR },
	{ "Enter", KEY_RETURN },
	{ "Esc", KEY_ESCAPE },
	{ "Space", ' ' },
	{ "Backslash", '\\' },
};

const char *key_text(int key, char buf[24])
{
	for (size_t i = 0; i < ARRAY_LEN(KEY_NAMES); i++)
		if (KEY_NAMES[i].key == key)
			return strcpy(buf, KEY_NAMES[i].name);
	if (key > KEY_FUNCTION && key <= KEY_LAST)
		snprintf(buf, 24, "F%d", key - KEY_FUNCTION);
	else if (key > 0 && key < 0x20)
		snprintf(buf, 24, "Ctrl-%c", key | 0x40);
	else if (key > 0x20 && key < 0x7f)
		snprintf(buf, 24, "%c", key);
	else
		snprintf(buf, 24, "U+%04X", (unsigned int)key);
	return buf;
}

int key_parse(const char *name)
{
	uint32_t ch = 0;
	size_t len = strlen(name);
	int number = 0, used = 0;

	for (size_t i = 0; i < ARRAY_LEN(KEY_NAMES); i++)
		if (strcasecmp(KEY_NAMES[i].name, name) == 0)
			return KEY_NAMES[i].key;
	if (sscanf(name, "F%2d%n", &number, &used) == 1 && (size_t)used == len)
		return number >= 1 && number <= 12 ? KEY_FUNCTION + number : -1;
	if (strncasecmp(name, "Ctrl-", 5) == 0 && len == 6 &&
	    isalpha((unsigned char)name[5]))
		return name[5] & 0x1f;
	if (len > 0 && text_decode(name, len, &ch) == len && ch > 0x20 && ch != 0x7f)
		return (int)ch;
	return -1;
}

static void unbind(struct keymap *map, enum request request, int key)
{
	size_t out = 0;

	array_each (&map->bindings, i) {
		if (map->bindings.data[i].request == request ||
		    map->bindings.data[i].key == key)
			continue;
		map->bindings.data[out++] = map->bindings.data[i];
	}
	map->bindings.len = out;
}

/* Bind the keys named in @p names (which is changed); -EINVAL names the one at fault. */
static int bind_keys(struct keymap *map, enum request request, char *names,
		     struct error *err)
{
	char *place = NULL;

	for (char *name = strtok_r(names, " \t\r", &place); name;
	     name = strtok_r(NULL, " \t\r", &place)) {
		int key = key_parse(name);

		if (key < 0)
			return error_set(err, -EINVAL, "'%s' is no key", name);
		unbind(map, DO_NOTHING, key);
		array_push(&map->bindings, (struct key_binding){ key, request });
	}
	return 0;
}

void keymap_init(struct keymap *map)
{
	*map = (struct keymap){ 0 };
	for (int i = 1; i < DO_COUNT; i++) {
		_cleanup_(freep) char *names = mem_strdup(REQUESTS[i].keys);

		bind_keys(map, (enum request)i, names, NULL);
	}
}

void keymap_release(struct keymap *map)
{
	array_release(&map->bindings);
}

static int parse_line(struct keymap *map, char *line, struct error *err)
{
	char *equals = strchr(line, '='), *name = line + strspn(line, " \t");
	size_t len;

	if (*name == '\0' || *name == '#' || *name == '\r')
		return 0;
	if (!equals)
		return error_set(err, -EINVAL, "expected 'request = keys'");
	*equals = '\0';
	len = strcspn(name, " \t");
	if (name[len + strspn(name + len, " \t")] != '\0')
		return error_set(err, -EINVAL, "'%s' is no request", name);
	name[len] = '\0';
	for (int i = 1; i < DO_COUNT; i++) {
		if (strcmp(REQUESTS[i].name, name) != 0)
			continue;
		unbind(map, (enum request)i, 0);
		return bind_keys(map, (enum request)i, equals + 1, err);
	}
	return error_set(err, -EINVAL, "'%s' is no request (the help lists them)", name);
}

int keymap_parse(struct keymap *map, const char *name, const char *text,
		 struct error *err)
{
	_cleanup_(freep) char *copy = mem_strdup(text);
	char *line = copy;
	int r;

	for (unsigned int number = 1; line; number++) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		r = parse_line(map, line, err);
		if (r < 0)
			return error_prefix(err, r, "%s:%u", name, number);
		line = end ? end + 1 : NULL;
	}
	return 0;
}

int keymap_read(struct keymap *map, const char *path, struct error *err)
{
	_cleanup_(freep) char *text = NULL;
	size_t len = 0;
	int r = io_read_file(path, 1 << 16, &text, &len, err);

	if (r < 0)
		return r;
	return keymap_parse(map, path, text, err);
}

enum request keymap_find(const struct keymap *map, int key)
{
	array_each (&map->bindings, i)
		if (map->bindings.data[i].key == key)
			return map->bindings.data[i].request;
	return DO_NOTHING;
}

const char *keymap_first(const struct keymap *map, enum request request, char buf[24])
{
	buf[0] = '\0';
	array_each (&map->bindings, i)
		if (map->bindings.data[i].request == request)
			return key_text(map->bindings.data[i].key, buf);
	return buf;
}

const char *keymap_all(const struct keymap *map, enum request request, char *buf,
		       size_t len)
{
	size_t used = 0;
	char name[24];

	buf[0] = '\0';
	array_each (&map->bindings, i) {
		if (map->bindings.data[i].request != request || used + 26 > len)
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s", used ? " " : "",
					 key_text(map->bindings.data[i].key, name));
	}
	return buf;
}

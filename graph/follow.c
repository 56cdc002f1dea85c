#include "graph/follow.h"

#include "base/mem.h"
#include "base/strbuf.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define FOLLOWED_TEXT_MAX (2u * PATH_MAX) /* of what is left to do */

/* Cut the last component off; the root stays "". */
static void go_up(struct strbuf *at)
{
	const char *slash = at->len ? memrchr(at->data, '/', at->len) : NULL;

	if (slash)
		strbuf_truncate(at, (size_t)(slash - at->data));
}

/* What is left when the link's target takes its place. */
static char *splice(const char *target, const char *rest)
{
	if (strlen(target) + strlen(rest) > FOLLOWED_TEXT_MAX)
		return NULL;
	return mem_printf("%s/%s", target, rest);
}

/* One component more. @return false when there is no such file, or a loop. */
static bool step(const struct graph *g, struct strbuf *at, char **rest,
		 struct followed *ret)
{
	const struct graph_file *file;
	char *spliced;
	file_id id;

	id = graph_find_file(g, strbuf_text(at));
	file = &g->files[id];
	if (!id || file->type != FILE_SYMLINK)
		return true; /* also a folder that the graph does not list: go on */
	if (ret->link_count == FOLLOW_MAX)
		return false;
	ret->links[ret->link_count++] = id;
	spliced = splice(graph_text(g, file->target), *rest);
	free(*rest);
	*rest = spliced;
	if (!spliced)
		return false;
	go_up(at);
	if (spliced[0] == '/')
		strbuf_truncate(at, 0);
	return true;
}

/* The next component, taken off the front of *rest; NULL when there is none. */
static char *next_name(char **rest)
{
	size_t skip = strspn(*rest, "/"), len = strcspn(*rest + skip, "/");
	char *name = len ? mem_strndup(*rest + skip, len) : NULL;

	memmove(*rest, *rest + skip + len, strlen(*rest + skip + len) + 1);
	return name;
}

static void walk(const struct graph *g, char **rest, struct followed *ret)
{
	_cleanup_(strbuf_release) struct strbuf at = { 0 };
	char *name;

	while ((name = next_name(rest))) {
		bool up = strcmp(name, "..") == 0, stay = strcmp(name, ".") == 0;

		if (!up && !stay)
			strbuf_printf(&at, "/%s", name);
		free(name);
		if (up)
			go_up(&at);
		else if (!stay && !step(g, &at, rest, ret)) {
			ret->file = 0;
			return;
		}
	}
	ret->file = graph_find_file(g, strbuf_text(&at));
}

void graph_follow(const struct graph *g, const char *path, struct followed *ret)
{
	_cleanup_(freep) char *rest = NULL;

	*ret = (struct followed){ .file = graph_find_file(g, path) };
	if (ret->file && g->files[ret->file].type != FILE_SYMLINK)
		return;
	ret->file = 0;
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return;
	rest = mem_strdup(path);
	walk(g, &rest, ret);
	if (ret->file && g->files[ret->file].type == FILE_SYMLINK)
		ret->file = 0;
}

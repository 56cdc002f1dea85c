#include "analyzer/tree_glob.h"

#include "base/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

/* Paths that match the components so far, without a '/' at the end ("" is the root). */
struct path_list {
	char **data;
	size_t len, cap;
	size_t looks; /* at entries, so far */
};

static void paths_release(struct path_list *paths)
{
	array_each (paths, i)
		free(paths->data[i]);
	array_release(paths);
}

static bool is_pattern(const char *name)
{
	return name[strcspn(name, "*?[\\")] != '\0';
}

/* Index of the first entry whose path is not before @p path. */
static size_t first_at(const struct tree *tree, const char *path)
{
	size_t low = 0, high = tree->entries.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(tree_text(tree, tree->entries.data[middle].path), path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What lies below a child stands between "child/" and "child0": '0' follows '/'. */
static size_t skip_below(const struct tree *tree, const char *path, size_t len)
{
	_cleanup_(freep) char *after = mem_printf("%.*s0", (int)len, path);

	return first_at(tree, after);
}

static void match_children(const struct tree *tree, const char *spelled, const char *name,
			   struct path_list *out)
{
	const struct tree_entry *folder =
		tree_resolve(tree, spelled[0] ? spelled : "/", 0);
	_cleanup_(freep) char *prefix = NULL;
	const char *path;
	size_t len, i;

	if (!folder || folder->type != FILE_DIRECTORY)
		return;
	path = tree_text(tree, folder->path);
	prefix = mem_printf("%s/", strcmp(path, "/") == 0 ? "" : path);
	len = strlen(prefix);
	i = first_at(tree, prefix);
	while (i < tree->entries.len && out->len <= TREE_GLOB_MAX) {
		const struct tree_entry *entry = &tree->entries.data[i];
		const char *child = tree_text(tree, entry->path), *base = child + len;
		const char *slash;

		if (++out->looks > TREE_GLOB_LOOK)
			return;
		if (!text_starts(child, prefix))
			break;
		slash = strchr(base, '/');
		if (slash) {
			i = skip_below(tree, child, (size_t)(slash - child));
			continue;
		}
		if (*base && entry->on_disk && fnmatch(name, base, FNM_PERIOD) == 0)
			array_push(out, mem_printf("%s/%s", spelled, base));
		i++;
	}
}

static bool is_too_much(const struct path_list *paths)
{
	return paths->len > TREE_GLOB_MAX || paths->looks > TREE_GLOB_LOOK;
}

/* Each path so far with the next component of the pattern. */
static int step(const struct tree *tree, const char *name, struct path_list *paths)
{
	struct path_list next = { .looks = paths->looks };

	array_each (paths, i) {
		if (is_pattern(name))
			match_children(tree, paths->data[i], name, &next);
		else
			array_push(&next, mem_printf("%s/%s", paths->data[i], name));
		if (is_too_much(&next))
			break;
	}
	paths_release(paths);
	*paths = next;
	return is_too_much(paths) ? -E2BIG : 0;
}

static int path_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int tree_glob(const struct tree *tree, const char *pattern,
	      void (*fn)(void *arg, const char *path), void *arg)
{
	_cleanup_(paths_release) struct path_list paths = { 0 };
	_cleanup_(freep) char *rest = mem_strdup(pattern);
	char *at = rest, *name;

	if (pattern[0] != '/')
		return -EINVAL;
	array_push(&paths, mem_strdup(""));
	while ((name = strsep(&at, "/"))) {
		int r = *name ? step(tree, name, &paths) : 0;

		if (r < 0)
			return r;
	}
	array_sort(&paths, path_order);
	array_each (&paths, i)
		if (tree_resolve(tree, paths.data[i][0] ? paths.data[i] : "/",
				 TREE_NOFOLLOW))
			fn(arg, paths.data[i][0] ? paths.data[i] : "/");
	return 0;
}

#include "analyzer/tree.h"

#include "base/strbuf.h"

#include <assert.h>
#include <string.h>

#define LINKS_MAX 40 /* as the kernel's */

void tree_init(struct tree *tree)
{
	*tree = (struct tree){ 0 };
	strpool_init(&tree->strings);
}

void tree_release(struct tree *tree)
{
	strpool_release(&tree->strings);
	array_release(&tree->entries);
	array_release(&tree->by_path);
	tree->sorted = false;
}

struct tree_entry *tree_add(struct tree *tree, const char *path)
{
	str_id id = strpool_add(&tree->strings, path);
	struct tree_entry *entry = array_extend(&tree->entries, 1);

	entry->path = id;
	tree->sorted = false;
	return entry;
}

struct sort_key {
	const char *path;
	uint32_t index;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void index_paths(struct tree *tree)
{
	tree->by_path.len = 0;
	(void)array_extend(&tree->by_path, tree->strings.count + 1);
	array_each (&tree->entries, i) {
		uint32_t *slot = &tree->by_path.data[tree->entries.data[i].path];

		assert(*slot == 0);
		*slot = (uint32_t)i + 1;
	}
}

void tree_sort(struct tree *tree)
{
	size_t count = tree->entries.len;
	struct sort_key *keys = mem_alloc(count * sizeof(*keys));
	struct tree_entry *sorted = mem_alloc(count * sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		keys[i] = (struct sort_key){ tree_text(tree, tree->entries.data[i].path),
					     (uint32_t)i };
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < count; i++)
		sorted[i] = tree->entries.data[keys[i].index];
	free(keys);
	free(tree->entries.data);
	tree->entries.data = sorted;
	tree->entries.cap = count;
	index_paths(tree);
	tree->sorted = true;
}

/* Without the check for being sorted: while the rpmdb's entries are added, the order of
 * the walk's still answers questions about them. */
static struct tree_entry *find_len(const struct tree *tree, const char *path, size_t len)
{
	str_id id = strpool_find_len(&tree->strings, path, len);

	/* Strings that were added after the sort are nobody's path. */
	if (id >= tree->by_path.len || tree->by_path.data[id] == 0)
		return NULL;
	return &tree->entries.data[tree->by_path.data[id] - 1];
}

struct tree_entry *tree_find(const struct tree *tree, const char *path)
{
	assert(tree->sorted);
	return find_len(tree, path, strlen(path));
}

file_id tree_id(const struct tree *tree, const struct tree_entry *entry)
{
	assert(tree->sorted);
	return (file_id)(entry - tree->entries.data) + 1;
}

/* What the rpmdb lists and nobody has on disk cannot be gone through. */
static bool exists(const struct tree_entry *entry)
{
	return entry && entry->state != STATE_MISSING &&
	       entry->state != STATE_NOT_INSTALLED;
}

/*
 * A path on its way through the tree: `done` is canonical (no '/' at its end, "" is the
 * root), `rest` is what follows and begins with '/' or is empty.
 */
struct way {
	struct strbuf done, rest;
	size_t at; /* in rest */
	unsigned int links;
};

static void way_release(struct way *way)
{
	strbuf_release(&way->done);
	strbuf_release(&way->rest);
}

/* Take the next component; its length, 0 at the end. It stays valid while rest does. */
static size_t next_name(struct way *way, const char **ret)
{
	const char *p = strbuf_text(&way->rest) + way->at;
	size_t skip = strspn(p, "/"), len = strcspn(p + skip, "/");

	*ret = p + skip;
	way->at += skip + len;
	return len;
}

static bool is_dot(const char *name, size_t len)
{
	return len == 1 && name[0] == '.';
}

static bool is_dot_dot(const char *name, size_t len)
{
	return len == 2 && name[0] == '.' && name[1] == '.';
}

static void go_up(struct way *way)
{
	const char *slash = strrchr(strbuf_text(&way->done), '/');

	if (slash)
		strbuf_truncate(&way->done, (size_t)(slash - way->done.data));
}

static void append(struct way *way, const char *name, size_t len)
{
	strbuf_putc(&way->done, '/');
	strbuf_add(&way->done, name, len);
}

/* Put the target in place of the link that `done` ends with; false: too many. */
static bool follow(struct way *way, const char *target)
{
	struct strbuf rest = { 0 };

	if (++way->links > LINKS_MAX)
		return false;
	go_up(way);
	if (target[0] == '/')
		strbuf_clear(&way->done);
	strbuf_puts(&rest, target);
	strbuf_puts(&rest, strbuf_text(&way->rest) + way->at);
	strbuf_release(&way->rest);
	way->rest = rest;
	way->at = 0;
	return true;
}

static struct tree_entry *find_done(const struct tree *tree, const struct way *way)
{
	if (way->done.len == 0)
		return find_len(tree, "/", 1);
	return find_len(tree, way->done.data, way->done.len);
}

static struct tree_entry *resolve_slowly(const struct tree *tree, const char *path,
					 unsigned int flags, struct entry_list *links)
{
	_cleanup_(way_release) struct way way = { 0 };
	const char *name;
	size_t len;

	strbuf_puts(&way.rest, path);
	while ((len = next_name(&way, &name)) > 0) {
		bool last = way.rest.data[way.at] == '\0';
		struct tree_entry *entry;

		if (is_dot(name, len))
			continue;
		if (is_dot_dot(name, len)) {
			go_up(&way);
			continue;
		}
		append(&way, name, len);
		entry = find_done(tree, &way);
		if (!exists(entry))
			return NULL;
		if (last && (entry->type != FILE_SYMLINK || (flags & TREE_NOFOLLOW)))
			return entry;
		if (entry->type == FILE_SYMLINK) {
			if (links)
				array_push(links, (uint32_t)(entry - tree->entries.data));
			if (!follow(&way, tree_text(tree, entry->target)))
				return NULL;
		} else if (entry->type != FILE_DIRECTORY) {
			return NULL;
		}
	}
	return find_done(tree, &way);
}

struct tree_entry *tree_resolve(const struct tree *tree, const char *path,
				unsigned int flags)
{
	const char *slash = strrchr(path, '/');
	struct tree_entry *entry;

	assert(tree->sorted);
	/* Most paths are canonical already: then one or two looks are enough. */
	entry = find_len(tree, path, strlen(path));
	if (entry && (entry->type != FILE_SYMLINK || (flags & TREE_NOFOLLOW)))
		return exists(entry) ? entry : NULL;
	if (!entry && slash && slash != path && slash[1] != '\0' && slash[1] != '.') {
		struct tree_entry *folder = find_len(tree, path, (size_t)(slash - path));

		if (folder && folder->type == FILE_DIRECTORY)
			return NULL;
	}
	return resolve_slowly(tree, path, flags, NULL);
}

struct tree_entry *tree_resolve_via(const struct tree *tree, const char *path,
				    struct entry_list *links)
{
	struct tree_entry *entry;

	assert(tree->sorted);
	entry = find_len(tree, path, strlen(path));
	if (entry && entry->type != FILE_SYMLINK)
		return exists(entry) ? entry : NULL;
	return resolve_slowly(tree, path, 0, links);
}

char *tree_canonical(const struct tree *tree, const char *path)
{
	_cleanup_(way_release) struct way way = { 0 };
	const char *name;
	size_t len;

	strbuf_puts(&way.rest, path);
	while ((len = next_name(&way, &name)) > 0) {
		const char *after = way.rest.data + way.at;
		bool last = after[strspn(after, "/")] == '\0';
		const struct tree_entry *entry;

		if (is_dot(name, len))
			continue;
		if (is_dot_dot(name, len)) {
			go_up(&way);
			continue;
		}
		append(&way, name, len);
		if (last)
			break;
		entry = find_done(tree, &way);
		if (entry && entry->type == FILE_SYMLINK &&
		    !follow(&way, tree_text(tree, entry->target)))
			return NULL;
	}
	if (way.done.len == 0)
		strbuf_putc(&way.done, '/');
	return strbuf_detach(&way.done);
}

bool tree_is_hidden(const struct tree *tree, const char *path)
{
	_cleanup_(freep) char *folder = tree_canonical(tree, path);
	char *slash;

	while (folder && (slash = strrchr(folder, '/')) && slash != folder) {
		const struct tree_entry *entry;

		*slash = '\0';
		entry = find_len(tree, folder, (size_t)(slash - folder));
		if (entry)
			return entry->is_boundary ||
			       (entry->unreadable && entry->type == FILE_DIRECTORY);
	}
	return false;
}

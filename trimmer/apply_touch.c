#include "trimmer/apply_touch.h"

#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

static const char *const CACHES[] = {
	"/etc/ld.so.cache",
	"/etc/ld.so.cache~",
	"/var/cache/ldconfig/aux-cache",
	"/var/cache/ldconfig/aux-cache~",
};

static const char *const CACHE_PATTERNS[] = {
	"/usr/lib/modules/*/modules.*",
	"/lib/modules/*/modules.*",
};

static bool is_linker_cache(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(CACHES); i++)
		if (strcmp(path, CACHES[i]) == 0)
			return true;
	return false;
}

bool touch_is_cache(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(CACHE_PATTERNS); i++)
		if (fnmatch(CACHE_PATTERNS[i], path, FNM_PATHNAME) == 0)
			return true;
	return is_linker_cache(path);
}

static void add(struct touch_set *touch, const char *path)
{
	array_push(&touch->paths, mem_strdup(path));
}

static void add_packages(struct touch_set *touch, const struct graph *g,
			 const struct idset *removed)
{
	idset_each (removed, p)
		for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
			const char *path = graph_text(g, g->files[g->owned[i]].path);

			add(touch, path);
			array_push(&touch->paths, mem_printf("%s.rpmsave", path));
		}
}

/* Links that switch a unit on stand in folders called *.wants and *.requires. */
static void add_services(struct touch_set *touch, const struct apply_items *items,
			 const struct tree_state *before)
{
	static const char *const PATTERNS[] = { "/etc/systemd/system/*.wants/",
						"/etc/systemd/system/*.requires/" };

	array_each (&items->services, i) {
		const char *unit = items->services.data[i].unit;

		array_push(&touch->paths, mem_printf("/etc/systemd/system/%s", unit));
	}
	array_each (&before->items, i) {
		const char *path = before->items.data[i].path;
		const char *name = strrchr(path, '/') + 1;
		_cleanup_(freep) char *folder = mem_strndup(path, (size_t)(name - path));

		if (fnmatch(PATTERNS[0], folder, FNM_PATHNAME) != 0 &&
		    fnmatch(PATTERNS[1], folder, FNM_PATHNAME) != 0)
			continue;
		array_each (&items->services, s)
			if (strcmp(items->services.data[s].unit, name) == 0)
				add(touch, path);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_paths(struct touch_set *touch)
{
	size_t kept = 0;

	array_sort(&touch->paths, by_text);
	array_each (&touch->paths, i) {
		char *path = touch->paths.data[i];

		if (kept > 0 && strcmp(touch->paths.data[kept - 1], path) == 0)
			free(path);
		else
			touch->paths.data[kept++] = path;
	}
	touch->paths.len = kept;
}

struct twin {
	uint64_t inode;
	const char *path;
	bool touched;
};

static int by_inode(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* RPM takes set-id bits and capabilities from all names when it removes one. */
static void add_twins(struct touch_set *touch, const struct tree_state *before)
{
	ARRAY_OF(struct twin) twins = { 0 };

	array_each (&before->items, i) {
		const struct tree_item *item = &before->items.data[i];

		if (!S_ISDIR(item->st.st_mode) && item->st.st_nlink > 1)
			array_push(&twins, (struct twin){ item->st.st_ino, item->path,
							  touch_has(touch, item->path) });
	}
	array_sort(&twins, by_inode);
	for (size_t at = 0, end; at < twins.len; at = end) {
		bool touched = false;

		for (end = at;
		     end < twins.len && twins.data[end].inode == twins.data[at].inode;
		     end++)
			touched = touched || twins.data[end].touched;
		for (size_t i = at; touched && i < end; i++)
			add(touch, twins.data[i].path);
	}
	array_release(&twins);
}

static char *database_folder(const struct graph *g)
{
	const char *path = graph_text(g, g->image.rpmdb_path);
	const char *slash = strrchr(path, '/');

	return slash ? mem_strndup(path, (size_t)(slash - path)) : mem_strdup("");
}

void touch_collect(const struct graph *g, const struct idset *removed,
		   const struct apply_items *items, const struct tree_state *before,
		   struct touch_set *ret)
{
	*ret = (struct touch_set){ .db_folder = database_folder(g) };
	add_packages(ret, g, removed);
	array_each (&items->files, i)
		add(ret, items->files.data[i]->path);
	add_services(ret, items, before);
	for (size_t i = 0; i < ARRAY_LEN(CACHES); i++)
		add(ret, CACHES[i]);
	array_each (&before->items, i) {
		const char *path = before->items.data[i].path;

		if (touch_is_cache(path) || touch_is_database(ret, path))
			add(ret, path);
	}
	sort_paths(ret);
	add_twins(ret, before);
	sort_paths(ret);
}

void touch_release(struct touch_set *touch)
{
	array_each (&touch->paths, i)
		free(touch->paths.data[i]);
	array_release(&touch->paths);
	free(touch->db_folder);
}

/* The first path that is not below @p path in the order. */
static size_t lower_bound(const struct touch_set *touch, const char *path)
{
	size_t low = 0, high = touch->paths.len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(touch->paths.data[middle], path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool touch_has(const struct touch_set *touch, const char *path)
{
	size_t at = lower_bound(touch, path);

	return at < touch->paths.len && strcmp(touch->paths.data[at], path) == 0;
}

bool touch_wants(void *arg, const char *path, const struct stat *st)
{
	const struct touch_set *touch = arg;
	_cleanup_(freep) char *inside = NULL;
	size_t at;

	if (touch_has(touch, path))
		return true;
	if (!S_ISDIR(st->st_mode))
		return false;
	inside = mem_printf("%s/", path);
	at = lower_bound(touch, inside);
	return at < touch->paths.len && text_starts(touch->paths.data[at], inside);
}

bool touch_is_database(const struct touch_set *touch, const char *path)
{
	size_t len = strlen(touch->db_folder);

	return len > 0 && strncmp(path, touch->db_folder, len) == 0 &&
	       (path[len] == '/' || path[len] == '\0');
}

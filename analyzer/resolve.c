#include "analyzer/resolve.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define NAME_BYTES 4096

/* Entries by a name that is not their path: sorted by the name, then by preference. */
struct named {
	str_id name; /* in the index's pool */
	uint32_t preference;
	uint32_t entry;
};

struct name_index {
	const struct strpool *pool; /* of the names */
	ARRAY_OF(struct named) items;
	uint32_t *first; /* by name id: index + 1 of its first item */
};

struct resolve_index {
	const struct tree *tree;
	struct strpool names;
	struct name_index commands, units, libraries, modules, bus_names;
	struct strpool alias_names;
	struct name_index aliases; /* of modules */
};

static const char *const PATH_FOLDERS[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
};

const char *const RESOLVE_UNIT_FOLDERS[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system", NULL,
};

#define UNIT_FOLDER_COUNT (ARRAY_LEN(RESOLVE_UNIT_FOLDERS) - 1)

/* Index of the folder in the table that directly holds @p path; @p count when none does. */
static size_t folder_of(const char *path, const char *const *folders, size_t count)
{
	const char *slash = strrchr(path, '/');
	size_t len = (size_t)(slash - path);

	for (size_t i = 0; i < count; i++)
		if (strlen(folders[i]) == len && memcmp(folders[i], path, len) == 0)
			return i;
	return count;
}

static const char *const BUS_FOLDERS[] = {
	"/etc/dbus-1/system-services",
	"/usr/local/share/dbus-1/system-services",
	"/usr/share/dbus-1/system-services",
};

static void add_name(struct resolve_index *index, struct name_index *names,
		     const char *name, size_t len, uint32_t preference, uint32_t entry)
{
	struct named item = { strpool_add_len(&index->names, name, len), preference,
			      entry };

	array_push(&names->items, item);
}

/* The module's name: the file's without ".ko" and what follows, '-' as '_'. */
static size_t module_name(const char *file, size_t len, char out[NAME_BYTES])
{
	if (len >= NAME_BYTES)
		return 0;
	for (size_t i = 0; i < len; i++)
		out[i] = file[i] == '-' ? '_' : file[i];
	return len;
}

/* Translators call Korean texts *.ko, too. */
static bool may_be_module(const struct resolve_index *index, uint32_t entry)
{
	const struct tree_entry *e = &index->tree->entries.data[entry];

	return e->category == CATEGORY_KERNEL_MODULE ||
	       strstr(tree_text(index->tree, e->path), "/lib/modules/");
}

static void add_module(struct resolve_index *index, const char *base, uint32_t entry)
{
	const char *ko = strstr(base, ".ko");
	char name[NAME_BYTES];
	size_t len;

	if (!ko || (ko[3] != '\0' && ko[3] != '.') || !may_be_module(index, entry))
		return;
	len = module_name(base, (size_t)(ko - base), name);
	if (len)
		add_name(index, &index->modules, name, len, entry, entry);
}

static bool is_library_name(const char *base)
{
	const char *so = strstr(base, ".so");

	return so && (so[3] == '\0' || so[3] == '.');
}

static void add_entry(struct resolve_index *index, uint32_t i)
{
	const struct tree_entry *e = &index->tree->entries.data[i];
	const char *path = tree_text(index->tree, e->path);
	const char *base = strrchr(path, '/') + 1;
	size_t len = strlen(base), folder;

	if (!e->on_disk || (e->type != FILE_REGULAR && e->type != FILE_SYMLINK) ||
	    len == 0)
		return;
	folder = folder_of(path, PATH_FOLDERS, ARRAY_LEN(PATH_FOLDERS));
	if (folder < ARRAY_LEN(PATH_FOLDERS))
		add_name(index, &index->commands, base, len, (uint32_t)folder, i);
	folder = folder_of(path, RESOLVE_UNIT_FOLDERS, UNIT_FOLDER_COUNT);
	if (folder < UNIT_FOLDER_COUNT)
		add_name(index, &index->units, base, len, (uint32_t)folder, i);
	folder = folder_of(path, BUS_FOLDERS, ARRAY_LEN(BUS_FOLDERS));
	if (folder < ARRAY_LEN(BUS_FOLDERS) && text_ends(base, ".service"))
		add_name(index, &index->bus_names, base, len - strlen(".service"),
			 (uint32_t)folder, i);
	if (is_library_name(base) && strstr(path, "/lib"))
		add_name(index, &index->libraries, base, len, i, i);
	if (text_starts(path, "/usr/lib/modules/") || text_starts(path, "/lib/modules/"))
		add_module(index, base, i);
}

static int named_order(const void *va, const void *vb)
{
	const struct named *a = va, *b = vb;

	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

static void finish_names(struct name_index *names, const struct strpool *pool)
{
	array_sort(&names->items, named_order);
	free(names->first);
	names->pool = pool;
	names->first = mem_calloc(pool->count + 1, sizeof(*names->first));
	for (size_t i = names->items.len; i-- > 0;)
		names->first[names->items.data[i].name] = (uint32_t)i + 1;
}

struct resolve_index *resolve_index_new(const struct tree *tree)
{
	struct resolve_index *index = mem_calloc(1, sizeof(*index));

	index->tree = tree;
	strpool_init(&index->names);
	strpool_init(&index->alias_names);
	for (uint32_t i = 0; i < tree->entries.len; i++)
		if (strlen(tree_text(tree, tree->entries.data[i].path)) > 1)
			add_entry(index, i);
	finish_names(&index->commands, &index->names);
	finish_names(&index->units, &index->names);
	finish_names(&index->libraries, &index->names);
	finish_names(&index->modules, &index->names);
	finish_names(&index->bus_names, &index->names);
	finish_names(&index->aliases, &index->alias_names);
	return index;
}

static void release_names(struct name_index *names)
{
	array_release(&names->items);
	free(names->first);
}

void resolve_index_free(struct resolve_index *index)
{
	if (!index)
		return;
	release_names(&index->commands);
	release_names(&index->units);
	release_names(&index->libraries);
	release_names(&index->modules);
	release_names(&index->bus_names);
	release_names(&index->aliases);
	strpool_release(&index->names);
	strpool_release(&index->alias_names);
	free(index);
}

void resolve_index_freep(struct resolve_index **index)
{
	resolve_index_free(*index);
}

/* The first item of a name, or NULL; the items of one name stand one behind the other. */
static const struct named *find_name(const struct name_index *names, const char *name,
				     size_t len)
{
	str_id id = strpool_find_len(names->pool, name, len);

	return id && names->first[id] ? &names->items.data[names->first[id] - 1] : NULL;
}

static const struct named *next_name(const struct name_index *names,
				     const struct named *item)
{
	const struct named *next = item + 1;

	if (next >= names->items.data + names->items.len || next->name != item->name)
		return NULL;
	return next;
}

static const struct tree_entry *entry_of(const struct resolve_index *index,
					 const struct named *item)
{
	return &index->tree->entries.data[item->entry];
}

/* Does it end, through symlinks, at a regular file that may be executed? */
static bool is_runnable(const struct resolve_index *index, const struct tree_entry *e)
{
	if (e->type == FILE_SYMLINK)
		e = tree_resolve(index->tree, tree_text(index->tree, e->path), 0);
	return e && e->on_disk && e->type == FILE_REGULAR && (e->mode & 0111);
}

/* Call @p lookup with a NUL behind the text; too long a text is nothing that exists. */
static const struct tree_entry *by_path(const struct resolve_index *index,
					const char *path, size_t len)
{
	char text[NAME_BYTES];

	if (len == 0 || len >= sizeof(text) || path[0] != '/' || memchr(path, '\0', len))
		return NULL;
	memcpy(text, path, len);
	text[len] = '\0';
	return tree_resolve(index->tree, text, TREE_NOFOLLOW);
}

const struct tree_entry *resolve_command(const struct resolve_index *index,
					 const char *name, size_t len)
{
	const struct tree_entry *e;

	if (len == 0 || memchr(name, '\0', len))
		return NULL;
	if (memchr(name, '/', len)) {
		e = by_path(index, name, len);
		return e && is_runnable(index, e) ? e : NULL;
	}
	for (const struct named *n = find_name(&index->commands, name, len); n;
	     n = next_name(&index->commands, n)) {
		e = entry_of(index, n);
		if (is_runnable(index, e))
			return e;
	}
	return NULL;
}

const struct tree_entry *resolve_path(const struct resolve_index *index, const char *path,
				      size_t len)
{
	const struct tree_entry *e = by_path(index, path, len);

	return e && e->on_disk ? e : NULL;
}

const struct tree_entry *resolve_unit(const struct resolve_index *index, const char *name,
				      size_t len)
{
	const struct named *n;
	const char *at, *dot;
	char template[NAME_BYTES];
	size_t prefix;

	if (len == 0 || len >= NAME_BYTES || memchr(name, '\0', len))
		return NULL;
	n = find_name(&index->units, name, len);
	if (n)
		return entry_of(index, n);
	at = memchr(name, '@', len);
	dot = memrchr(name, '.', len);
	if (!at || !dot || dot < at)
		return NULL;
	prefix = (size_t)(at - name) + 1;
	memcpy(template, name, prefix);
	memcpy(template + prefix, dot, (size_t)(name + len - dot));
	n = find_name(&index->units, template, prefix + (size_t)(name + len - dot));
	return n ? entry_of(index, n) : NULL;
}

static size_t all_of(const struct resolve_index *index, const struct name_index *names,
		     const struct named *n, const struct tree_entry **ret, size_t max)
{
	size_t found = 0;

	for (; n && found < max; n = next_name(names, n))
		ret[found++] = entry_of(index, n);
	return found;
}

size_t resolve_soname(const struct resolve_index *index, const char *soname, size_t len,
		      const struct tree_entry **ret, size_t max)
{
	if (len == 0 || memchr(soname, '\0', len))
		return 0;
	return all_of(index, &index->libraries, find_name(&index->libraries, soname, len),
		      ret, max);
}

size_t resolve_module(const struct resolve_index *index, const char *name, size_t len,
		      const struct tree_entry **ret, size_t max)
{
	char plain[NAME_BYTES];

	size_t found;

	len = memchr(name, '\0', len) ? 0 : module_name(name, len, plain);
	if (len == 0)
		return 0;
	found = all_of(index, &index->modules, find_name(&index->modules, plain, len),
		       ret, max);
	if (found > 0)
		return found;
	return all_of(index, &index->aliases, find_name(&index->aliases, plain, len), ret,
		      max);
}

/* The words of "alias NAME MODULE"; false for any other line, and for patterns. */
static bool alias_line(const char *at, const char *end, const char *word[2],
		       size_t length[2])
{
	if (!text_keyword(&at, end, "alias"))
		return false;
	for (size_t i = 0; i < 2; i++) {
		word[i] = at;
		while (at<end && * at> ' ')
			at++;
		length[i] = (size_t)(at - word[i]);
		if (length[i] == 0 || memchr(word[i], '*', length[i]))
			return false;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
	}
	return true;
}

/* The alias for those modules of the name that are of this kernel. */
static void add_alias(struct resolve_index *index, const char *folder,
		      const char *const word[2], const size_t length[2])
{
	char alias[NAME_BYTES], module[NAME_BYTES];
	size_t alias_len = module_name(word[0], length[0], alias);
	size_t len = module_name(word[1], length[1], module);

	if (alias_len == 0)
		return;
	for (const struct named *n = find_name(&index->modules, module, len); n;
	     n = next_name(&index->modules, n)) {
		const char *path = tree_text(index->tree, entry_of(index, n)->path);
		struct named item = *n;

		item.name = strpool_add_len(&index->alias_names, alias, alias_len);
		if (text_starts(path, folder) && path[strlen(folder)] == '/')
			array_push(&index->aliases.items, item);
	}
}

void resolve_add_aliases(struct resolve_index *index, const char *folder,
			 const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *at = text; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *word[2];
		size_t length[2];

		stop = stop ? stop : end;
		if (alias_line(at, stop, word, length))
			add_alias(index, folder, word, length);
		at = stop + 1;
	}
	finish_names(&index->aliases, &index->alias_names);
}

const struct tree_entry *resolve_bus_name(const struct resolve_index *index,
					  const char *name, size_t len)
{
	const struct named *n;

	if (len == 0 || memchr(name, '\0', len))
		return NULL;
	n = find_name(&index->bus_names, name, len);
	return n ? entry_of(index, n) : NULL;
}

#include "analyzer/module_path.h"

#include "base/text.h"

#include <ctype.h>

/* "python3.11" or "python3": digits and dots behind the word. */
static bool is_versioned(const char *base, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(base, word, len) != 0 || !isdigit((unsigned char)base[len]))
		return false;
	return base[len + strspn(base + len, "0123456789.")] == '\0';
}

static bool is_python_folder(const char *path, const char *base)
{
	static const char *const NAMES[] = { "lib-dynload", "site-packages",
					     "dist-packages" };

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		if (strcmp(base, NAMES[i]) == 0)
			return strstr(path, "/python") != NULL;
	return is_versioned(base, "python") && strstr(path, "/lib");
}

static bool is_perl_folder(const char *path, const char *base)
{
	static const char *const NAMES[] = { "perl5", "perl-base", "vendor_perl",
					     "site_perl", "perl" };
	const char *parent = strstr(path, "/perl");

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		if (strcmp(base, NAMES[i]) == 0)
			return strstr(path, "/lib") || strstr(path, "/share") ||
			       text_starts(path, "/etc/");
	/* /usr/share/perl/5.36, /usr/lib/x86_64-linux-gnu/perl5/5.36 */
	return parent && isdigit((unsigned char)base[0]) &&
	       base[strspn(base, "0123456789.")] == '\0';
}

static void add_hit(struct module_path *path, const char *name, size_t len,
		    uint32_t folder, const struct tree_entry *entry)
{
	str_id id = strpool_add_len(&path->names, name, len);
	struct module_hit *hit;

	while (path->hits.len <= id)
		array_push(&path->hits, (struct module_hit){ 0 });
	hit = &path->hits.data[id];
	if (!hit->entry || folder < hit->folder)
		*hit = (struct module_hit){ entry, folder };
}

/* The name below a folder; of a compiled module without its tag. */
static void add_name(struct module_path *path, const char *name, uint32_t folder,
		     const struct tree_entry *entry)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;
	size_t stem = (size_t)(base - name) + strcspn(base, ".");
	_cleanup_(freep) char *plain = NULL;

	add_hit(path, name, strlen(name), folder, entry);
	if (!text_ends(name, ".so") || name[stem] == '\0' ||
	    strcmp(name + stem, ".so") == 0)
		return;
	plain = mem_printf("%.*s.so", (int)stem, name);
	add_hit(path, plain, strlen(plain), folder, entry);
}

/* Index of the first entry whose path is not before @p prefix. */
static size_t first_from(const struct tree *tree, const char *prefix)
{
	size_t low = 0, high = tree->entries.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(tree_text(tree, tree->entries.data[mid].path), prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Every file below the folder: they stand together in a sorted tree. */
static void index_folder(struct module_path *path, uint32_t folder)
{
	const struct tree *tree = path->tree;
	_cleanup_(freep) char *prefix = mem_printf("%s/", path->folders.data[folder]);
	size_t len = strlen(prefix);

	for (size_t i = first_from(tree, prefix); i < tree->entries.len; i++) {
		const struct tree_entry *e = &tree->entries.data[i];
		const char *text = tree_text(tree, e->path);

		if (strncmp(text, prefix, len) != 0)
			return;
		if (e->on_disk && e->type != FILE_DIRECTORY)
			add_name(path, text + len, folder, e);
	}
}

/* Compiled modules by their path without tag and ending. */
static void index_compiled(struct module_path *path)
{
	array_each (&path->tree->entries, i) {
		const struct tree_entry *e = &path->tree->entries.data[i];
		const char *text = tree_text(path->tree, e->path), *base;
		str_id id;

		if (!e->on_disk || e->type == FILE_DIRECTORY || !text_ends(text, ".so"))
			continue;
		base = strrchr(text, '/') + 1;
		id = strpool_add_len(&path->compiled_names, text,
				     (size_t)(base - text) + strcspn(base, "."));
		if (id >= path->compiled.len)
			(void)array_extend(&path->compiled, id + 1 - path->compiled.len);
		if (!path->compiled.data[id])
			path->compiled.data[id] = e;
	}
}

struct module_hit module_path_find(const struct module_path *path, const char *name)
{
	str_id id = strpool_find(&path->names, name);

	return id ? path->hits.data[id] : (struct module_hit){ 0 };
}

static void collect(struct module_path *path, const struct tree *tree,
		    bool (*wanted)(const char *path, const char *base))
{
	*path = (struct module_path){ .tree = tree };
	array_each (&tree->entries, i) {
		const struct tree_entry *e = &tree->entries.data[i];
		const char *text = tree_text(tree, e->path);

		if (e->type == FILE_DIRECTORY && e->on_disk && text[1] &&
		    wanted(text, strrchr(text, '/') + 1))
			array_push(&path->folders, text);
	}
	strpool_init(&path->names);
	strpool_init(&path->compiled_names);
	for (uint32_t i = 0; i < path->folders.len; i++)
		index_folder(path, i);
}

void module_path_python(struct module_path *path, const struct tree *tree)
{
	collect(path, tree, is_python_folder);
	index_compiled(path);
}

void module_path_perl(struct module_path *path, const struct tree *tree)
{
	collect(path, tree, is_perl_folder);
}

void module_path_release(struct module_path *path)
{
	array_release(&path->folders);
	array_release(&path->hits);
	strpool_release(&path->names);
	array_release(&path->compiled);
	strpool_release(&path->compiled_names);
}

const struct tree_entry *module_path_file(const struct module_path *path,
					  const char *full)
{
	const struct tree_entry *e = tree_find(path->tree, full);

	return e && e->on_disk && e->type != FILE_DIRECTORY ? e : NULL;
}

const struct tree_entry *module_path_compiled(const struct module_path *path,
					      const char *stem)
{
	str_id id = strpool_find(&path->compiled_names, stem);

	return id ? path->compiled.data[id] : NULL;
}

const struct tree_entry *module_path_prefix(const struct module_path *path,
					    const char *prefix, const char *suffix)
{
	const struct tree *tree = path->tree;
	size_t low = first_from(tree, prefix);

	for (; low < tree->entries.len; low++) {
		const struct tree_entry *e = &tree->entries.data[low];
		const char *text = tree_text(tree, e->path);

		if (!text_starts(text, prefix))
			return NULL;
		if (e->on_disk && !strchr(text + strlen(prefix), '/') &&
		    text_ends(text, suffix))
			return e;
	}
	return NULL;
}

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
}

void module_path_python(struct module_path *path, const struct tree *tree)
{
	collect(path, tree, is_python_folder);
}

void module_path_perl(struct module_path *path, const struct tree *tree)
{
	collect(path, tree, is_perl_folder);
}

void module_path_release(struct module_path *path)
{
	array_release(&path->folders);
}

const struct tree_entry *module_path_file(const struct module_path *path,
					  const char *folder, const char *name)
{
	_cleanup_(freep) char *full = mem_printf("%s/%s", folder, name);
	const struct tree_entry *e = tree_find(path->tree, full);

	return e && e->on_disk && e->type != FILE_DIRECTORY ? e : NULL;
}

const struct tree_entry *module_path_prefix(const struct module_path *path,
					    const char *prefix, const char *suffix)
{
	const struct tree *tree = path->tree;
	size_t low = 0, high = tree->entries.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(tree_text(tree, tree->entries.data[mid].path), prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
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

#include "analyzer/module_alias.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static void read_one(struct rootfs *root, const char *path, struct resolve_index *index)
{
	_cleanup_(freep) char *folder = NULL, *text = NULL;
	size_t len = 0;

	if (rootfs_read(root, path, MODULE_ALIAS_MAX, &text, &len, NULL) < 0)
		return;
	folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
	resolve_add_aliases(index, folder, text, len);
}

void module_alias_read(struct rootfs *root, const struct tree *tree,
		       struct resolve_index *index)
{
	array_each (&tree->entries, i) {
		const struct tree_entry *entry = &tree->entries.data[i];
		const char *path = tree_text(tree, entry->path);

		if (entry->type == FILE_REGULAR && entry->on_disk &&
		    text_ends(path, "/modules.alias") && strstr(path, "/lib/modules/"))
			read_one(root, path, index);
	}
}

/* modules.alias: any bytes; every module that an alias finds is one of the kernel's. */
#include "analyzer/resolve.h"
#include "base/mem.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FOLDER "/usr/lib/modules/6.1"

static const char *const MODULES[] = {
	FOLDER "/nfs.ko",
	FOLDER "/a_b.ko.xz",
	"/usr/lib/modules/6.2/nfs.ko",
};

static void add(struct tree *tree, const char *path)
{
	struct tree_entry *e = tree_add(tree, path);

	e->type = FILE_REGULAR;
	e->on_disk = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const NAMES[] = { "fs-nfs", "a", "x_y" };
	struct resolve_index *index;
	struct tree tree;

	tree_init(&tree);
	for (size_t i = 0; i < ARRAY_LEN(MODULES); i++)
		add(&tree, MODULES[i]);
	tree_sort(&tree);
	index = resolve_index_new(&tree);
	resolve_add_aliases(index, FOLDER, (const char *)data, len);
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		const struct tree_entry *found[8];
		size_t n = resolve_module(index, NAMES[i], strlen(NAMES[i]), found, 8);

		for (size_t k = 0; k < n; k++)
			if (strstr(tree_text(&tree, found[k]->path), "/6.2/"))
				__builtin_trap();
	}
	resolve_index_free(index);
	tree_release(&tree);
	return 0;
}

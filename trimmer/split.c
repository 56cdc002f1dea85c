#include "trimmer/split.h"

static bool counts(const struct graph *g, file_id f)
{
	static const bool CODE[CATEGORY_COUNT] = {
		[CATEGORY_EXECUTABLE] = true,	 [CATEGORY_LIBRARY] = true,
		[CATEGORY_SCRIPT] = true,	 [CATEGORY_BYTECODE] = true,
		[CATEGORY_MODULE_SCRIPT] = true,
	};
	const struct graph_file *file = &g->files[f];

	return file->type == FILE_REGULAR && CODE[file->category] &&
	       graph_file_on_disk(file) && g->owner_start[f + 1] - g->owner_start[f] == 1;
}

static struct split measure(const struct graph *g, const struct closure *closure,
			    pkg_id p)
{
	struct split split = { .package = p };

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		file_id f = g->owned[i];

		if (!counts(g, f))
			continue;
		split.files++;
		split.disk_bytes += g->files[f].disk_bytes;
		if (!idset_has(&closure->reached, graph_file_node(g, f)))
			continue;
		split.files_reached++;
		split.reached_bytes += g->files[f].disk_bytes;
	}
	return split;
}

static int by_bytes(const void *va, const void *vb)
{
	const struct split *a = va, *b = vb;
	uint64_t x = a->disk_bytes - a->reached_bytes;
	uint64_t y = b->disk_bytes - b->reached_bytes;

	if (x != y)
		return x > y ? -1 : 1;
	return a->package < b->package ? -1 : 1;
}

void split_find(const struct graph *g, const struct closure *closure,
		const struct idset *kept, split_list *ret)
{
	idset_each (kept, p) {
		struct split split = measure(g, closure, (pkg_id)p);
		uint64_t rest = split.disk_bytes - split.reached_bytes;

		if (split.files_reached > 0 && rest >= SPLIT_BYTES_MIN &&
		    rest > split.disk_bytes / 2)
			array_push(ret, split);
	}
	array_sort(ret, by_bytes);
}

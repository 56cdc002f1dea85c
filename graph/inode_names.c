#include "graph/inode_names.h"

static int order(const void *a, const void *b, void *arg)
{
	const struct graph *g = arg;
	file_id x = *(const file_id *)a, y = *(const file_id *)b;
	const struct graph_file *f = &g->files[x], *h = &g->files[y];

	if (f->device != h->device)
		return f->device < h->device ? -1 : 1;
	if (f->inode != h->inode)
		return f->inode < h->inode ? -1 : 1;
	return (x > y) - (x < y);
}

static bool is_one(const struct graph *g, file_id a, file_id b)
{
	return g->files[a].device == g->files[b].device &&
	       g->files[a].inode == g->files[b].inode;
}

void inode_names_find(const struct graph *g, struct inode_names *ret)
{
	*ret = (struct inode_names){ 0 };
	for (file_id f = 1; f <= g->file_count; f++)
		if (g->files[f].type != FILE_DIRECTORY && g->files[f].link_count > 1 &&
		    graph_file_on_disk(&g->files[f]))
			array_push(&ret->files, f);
	if (ret->files.len > 1)
		qsort_r(ret->files.data, ret->files.len, sizeof(file_id), order,
			(void *)g);
	array_each (&ret->files, i) {
		if (i > 0 && is_one(g, ret->files.data[i - 1], ret->files.data[i]))
			ret->inodes.data[ret->inodes.len - 1].len++;
		else
			array_push(&ret->inodes, (struct inode_span){ (uint32_t)i, 1 });
	}
}

void inode_names_release(struct inode_names *names)
{
	array_release(&names->files);
	array_release(&names->inodes);
}

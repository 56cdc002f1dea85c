#include "tui/file_tree.h"

#include "base/array.h"
#include "base/mem.h"

#include <string.h>

static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash || path[1] == '\0')
		return 0;
	return slash == path ? 1 : (size_t)(slash - path);
}

/* Neighbours mostly lie in one folder: only a new one is looked up. */
static void find_parents(struct file_tree *t)
{
	const struct graph *g = t->g;
	uint32_t *by_path = mem_calloc(g->strings.count + 1u, sizeof(uint32_t));
	const char *last = "";
	size_t last_len = 0;
	uint32_t last_row = FILE_TREE_TOP;

	for (file_id f = 1; f <= g->file_count; f++)
		by_path[g->files[f].path] = f;
	for (file_id f = 1; f <= g->file_count; f++) {
		const char *path = graph_text(g, g->files[f].path);
		size_t len = folder_len(path);

		if (len == 0) {
			t->parent[f - 1] = FILE_TREE_TOP;
			continue;
		}
		if (len != last_len || memcmp(path, last, len) != 0) {
			str_id id = strpool_find_len(&g->strings, path, len);

			last = path;
			last_len = len;
			last_row = by_path[id] ? by_path[id] - 1 : FILE_TREE_TOP;
		}
		t->parent[f - 1] = last_row;
	}
	free(by_path);
}

static void list_children(struct file_tree *t)
{
	uint32_t count = t->g->file_count;
	uint32_t *start = mem_calloc(count + 3u, sizeof(uint32_t));

	for (uint32_t row = 0; row < count; row++)
		start[t->parent[row] == FILE_TREE_TOP ? 2 : t->parent[row] + 3]++;
	for (uint32_t i = 2; i <= count + 2; i++)
		start[i] += start[i - 1];
	for (uint32_t row = 0; row < count; row++) {
		uint32_t at = t->parent[row] == FILE_TREE_TOP ? 0 : t->parent[row] + 1;

		t->children[start[at + 1]++] = row;
	}
	t->child_start = start;
}

struct inode {
	uint64_t device, inode;
	uint32_t row;
};

static int by_inode(const void *a, const void *b)
{
	const struct inode *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Of a file with several names the first one has the bytes. */
static void count_links_once(struct file_tree *t)
{
	const struct graph *g = t->g;
	ARRAY_OF(struct inode) list = { 0 };

	for (file_id f = 1; f <= g->file_count; f++)
		if (g->files[f].link_count > 1 && g->files[f].type != FILE_DIRECTORY)
			array_push(&list, (struct inode){ g->files[f].device,
							  g->files[f].inode, f - 1 });
	array_sort(&list, by_inode);
	for (size_t i = 1; i < list.len; i++)
		if (list.data[i].device == list.data[i - 1].device &&
		    list.data[i].inode == list.data[i - 1].inode)
			t->bytes[list.data[i].row] = 0;
	array_release(&list);
}

static void sum_up(struct file_tree *t)
{
	const struct graph *g = t->g;

	for (uint32_t row = 0; row < g->file_count; row++)
		t->bytes[row] = graph_file_on_disk(&g->files[row + 1])
					? g->files[row + 1].disk_bytes
					: 0;
	count_links_once(t);
	/* a folder's path sorts before all in it */
	for (uint32_t row = g->file_count; row-- > 0;) {
		uint32_t parent = t->parent[row];

		if (parent == FILE_TREE_TOP || parent >= row)
			continue;
		t->bytes[parent] += t->bytes[row];
		t->below[parent] +=
			t->below[row] + (g->files[row + 1].type != FILE_DIRECTORY);
	}
}

struct file_tree *file_tree_new(const struct graph *g)
{
	struct file_tree *t = mem_calloc(1, sizeof(*t));
	size_t count = g->file_count + 1u;

	t->g = g;
	t->parent = mem_calloc(count, sizeof(*t->parent));
	t->children = mem_calloc(count, sizeof(*t->children));
	t->bytes = mem_calloc(count, sizeof(*t->bytes));
	t->below = mem_calloc(count, sizeof(*t->below));
	find_parents(t);
	list_children(t);
	sum_up(t);
	return t;
}

void file_tree_free(struct file_tree *t)
{
	if (!t)
		return;
	free(t->parent);
	free(t->child_start);
	free(t->children);
	free(t->bytes);
	free(t->below);
	free(t);
}

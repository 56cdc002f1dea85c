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

typedef ARRAY_OF(uint32_t) rows_array;

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

/* Of a file with several names the first one has the bytes: the rows of the others. */
static void find_other_names(const struct graph *g, rows_array *ret)
{
	ARRAY_OF(struct inode) list = { 0 };

	for (file_id f = 1; f <= g->file_count; f++)
		if (g->files[f].link_count > 1 && g->files[f].type != FILE_DIRECTORY)
			array_push(&list, (struct inode){ g->files[f].device,
							  g->files[f].inode, f - 1 });
	array_sort(&list, by_inode);
	for (size_t i = 1; i < list.len; i++)
		if (list.data[i].device == list.data[i - 1].device &&
		    list.data[i].inode == list.data[i - 1].inode)
			array_push(ret, list.data[i].row);
	array_release(&list);
}

static uint64_t file_bytes(const struct graph_file *file, enum size_basis basis)
{
	switch (basis) {
	case BASIS_DISK:
		return graph_file_on_disk(file) ? file->disk_bytes : 0;
	case BASIS_DECLARED:
		return file->type == FILE_REGULAR ? file->size_bytes : 0;
	default:
		return file->has_compressed ? file->compressed_bytes : 0;
	}
}

static uint64_t *sum_up(const struct file_tree *t, enum size_basis basis,
			const rows_array *other_names)
{
	const struct graph *g = t->g;
	uint64_t *bytes = mem_calloc(g->file_count + 1u, sizeof(*bytes));

	for (uint32_t row = 0; row < g->file_count; row++)
		bytes[row] = file_bytes(&g->files[row + 1], basis);
	array_each (other_names, i)
		bytes[other_names->data[i]] = 0;
	/* a folder's path sorts before all in it */
	for (uint32_t row = g->file_count; row-- > 0;)
		if (t->parent[row] != FILE_TREE_TOP && t->parent[row] < row)
			bytes[t->parent[row]] += bytes[row];
	return bytes;
}

static void count_below(struct file_tree *t)
{
	for (uint32_t row = t->g->file_count; row-- > 0;) {
		uint32_t parent = t->parent[row];

		if (parent != FILE_TREE_TOP && parent < row)
			t->below[parent] += t->below[row] +
					    (t->g->files[row + 1].type != FILE_DIRECTORY);
	}
}

struct file_tree *file_tree_new(const struct graph *g)
{
	struct file_tree *t = mem_calloc(1, sizeof(*t));
	size_t count = g->file_count + 1u;
	rows_array other_names = { 0 };

	t->g = g;
	t->parent = mem_calloc(count, sizeof(*t->parent));
	t->children = mem_calloc(count, sizeof(*t->children));
	t->below = mem_calloc(count, sizeof(*t->below));
	find_parents(t);
	list_children(t);
	count_below(t);
	find_other_names(g, &other_names);
	for (int basis = 0; basis < BASIS_COUNT; basis++)
		if (basis != BASIS_COMPRESSED || g->image.has_compressed)
			t->bytes[basis] = sum_up(t, (enum size_basis)basis, &other_names);
	array_release(&other_names);
	return t;
}

void file_tree_free(struct file_tree *t)
{
	if (!t)
		return;
	free(t->parent);
	free(t->child_start);
	free(t->children);
	for (int basis = 0; basis < BASIS_COUNT; basis++)
		free(t->bytes[basis]);
	free(t->below);
	free(t);
}

#include "analyzer/archive_unpack.h"

#include "analyzer/walk_folder.h"

#include <stdlib.h>

#define BLOCK 4096

static int compare_records(const void *a, const void *b)
{
	const struct unpack_record *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_inodes(const void *a, const void *b)
{
	const struct unpack_record *x = a, *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Sort by inode and leave the last record of each. */
static void settle_records(struct unpack *u)
{
	size_t len = 0;

	array_sort(&u->records, compare_records);
	array_each (&u->records, i) {
		struct unpack_record *record = &u->records.data[i];

		if (i + 1 < u->records.len && record[1].inode == record->inode)
			free(record->capabilities);
		else
			u->records.data[len++] = *record;
	}
	u->records.len = len;
}

static void restore(struct tree *tree, struct tree_entry *entry,
		    const struct unpack_record *record)
{
	const struct stat st = { .st_mode = record->mode,
				 .st_uid = record->uid,
				 .st_gid = record->gid,
				 .st_nlink = entry->link_count,
				 .st_size = (off_t)entry->size_bytes,
				 .st_ino = entry->inode,
				 .st_mtim.tv_sec = record->mtime };

	walk_fill_entry(entry, &st);
	if (entry->type == FILE_DIRECTORY)
		entry->size_bytes = BLOCK;
	else if (entry->type != FILE_SYMLINK && entry->type != FILE_REGULAR)
		entry->size_bytes = 0;
	if (record->capabilities)
		entry->capabilities = strpool_add(&tree->strings, record->capabilities);
}

static uint64_t blocks_of(const struct tree_entry *entry)
{
	if (entry->type == FILE_DIRECTORY)
		return BLOCK;
	if (entry->type != FILE_REGULAR)
		return 0;
	return (entry->size_bytes + BLOCK - 1) / BLOCK * BLOCK;
}

/* Number inodes in the order of their first names. @return the bytes of all, each once */
static uint64_t number_inodes(struct tree *tree)
{
	ARRAY_OF(struct unpack_record) names = { 0 };
	uint64_t sum = 0, first = 0;

	array_each (&tree->entries, i)
		array_push(&names,
			   (struct unpack_record){ .inode = tree->entries.data[i].inode,
						   .order = (uint32_t)i });
	array_sort(&names, compare_records);
	array_each (&names, i) {
		struct tree_entry *entry = &tree->entries.data[names.data[i].order];

		if (i == 0 || names.data[i - 1].inode != names.data[i].inode) {
			first = names.data[i].order + 1;
			sum += entry->disk_bytes;
		}
		entry->inode = first;
		entry->device = 0;
	}
	array_release(&names);
	return sum;
}

static const struct unpack_record *find(const struct unpack *u, uint64_t inode)
{
	const struct unpack_record key = { .inode = inode };

	if (u->records.len == 0)
		return NULL;
	return bsearch(&key, u->records.data, u->records.len, sizeof(key),
		       compare_inodes);
}

void unpack_restore(struct unpack *u, struct tree *tree, struct walk_result *seen)
{
	settle_records(u);
	array_each (&tree->entries, i) {
		struct tree_entry *entry = &tree->entries.data[i];
		const struct unpack_record *record = find(u, entry->inode);

		if (record)
			restore(tree, entry, record);
		entry->disk_bytes = blocks_of(entry);
	}
	seen->disk_bytes = number_inodes(tree);
}

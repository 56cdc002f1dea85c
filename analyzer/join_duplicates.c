#include "analyzer/join.h"

#include "base/units.h"

#define WORTH_BYTES (64u << 10) /* of the further copies of one content */

/* A file on the disk with the digest that the rpmdb has of it. */
struct copy {
	str_id digest;
	file_id file;
	const struct tree_entry *entry;
};

typedef ARRAY_OF(struct copy) copy_list;

static int copy_order(const void *va, const void *vb)
{
	const struct copy *a = va, *b = vb;

	if (a->digest != b->digest)
		return a->digest < b->digest ? -1 : 1;
	if (a->entry->device != b->entry->device)
		return a->entry->device < b->entry->device ? -1 : 1;
	if (a->entry->inode != b->entry->inode)
		return a->entry->inode < b->entry->inode ? -1 : 1;
	return a->file < b->file ? -1 : a->file > b->file;
}

/* Only files that are as the rpmdb says: others may differ by now. */
static void collect(const struct tree *tree, const struct rpm_image *image,
		    const struct ownership_list *owners, copy_list *ret)
{
	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];
		const struct rpm_file *file = &image->files.data[o->rpm_file];
		const struct tree_entry *entry = &tree->entries.data[o->file - 1];

		if (file->digest && entry->on_disk && entry->type == FILE_REGULAR &&
		    entry->state == STATE_PRESENT && entry->disk_bytes > 0)
			array_push(ret, (struct copy){ file->digest, o->file, entry });
	}
	array_sort(ret, copy_order);
}

/* Several owners of one file and hard links are one copy. */
static bool same_blocks(const struct copy *a, const struct copy *b)
{
	return a->entry->device == b->entry->device && a->entry->inode == b->entry->inode;
}

static void report(const struct tree *tree, const struct copy *copies, size_t len,
		   struct finding_list *findings)
{
	const struct copy *first = copies, *second = NULL;
	char size[UNITS_TEXT_MAX];
	_cleanup_(freep) char *text = NULL;
	uint64_t bytes = 0;
	size_t count = 1;

	for (size_t i = 1; i < len; i++) {
		if (same_blocks(&copies[i - 1], &copies[i]))
			continue;
		second = second ? second : &copies[i];
		bytes += copies[i].entry->disk_bytes;
		count++;
	}
	if (bytes < WORTH_BYTES)
		return;
	text = mem_printf("is there %zu times; further copies take %s, as %s", count,
			  units_format(size, bytes, UNITS_IEC),
			  tree_text(tree, second->entry->path));
	finding_list_add(findings, &(struct finding_row){
					   .rule = "duplicate-file",
					   .severity = SEVERITY_NOTE,
					   .file = first->file,
					   .subject = tree_text(tree, first->entry->path),
					   .text = text,
					   .remedy = "link one to the other, or drop the "
						     "package that has the copy" });
}

void join_duplicates(const struct tree *tree, const struct rpm_image *image,
		     const struct ownership_list *owners, struct finding_list *findings)
{
	copy_list copies = { 0 };
	size_t from = 0;

	collect(tree, image, owners, &copies);
	for (size_t i = 1; i <= copies.len; i++) {
		if (i < copies.len && copies.data[i].digest == copies.data[from].digest)
			continue;
		report(tree, copies.data + from, i - from, findings);
		from = i;
	}
	array_release(&copies);
}

#include "analyzer/duplicates.h"

#include "analyzer/rpm_digest.h"
#include "base/io.h"

#include <stdio.h>
#include <string.h>

#define READ_BYTES (64u << 10)
#define DIGEST_MAX (sizeof("sha256:") + RPM_DIGEST_LEN)

struct read_file {
	uint32_t entry;
	char digest[DIGEST_MAX];
};

struct duplicates_thread {
	ARRAY_OF(struct read_file) files;
};

static bool counts(const struct tree_entry *e)
{
	return e->on_disk && e->type == FILE_REGULAR && e->disk_bytes > 0 &&
	       e->size_bytes >= DUPLICATE_BYTES_MIN;
}

/* A size that a file has which nobody owns, and whether an inode beside it has it, too. */
struct size_class {
	uint64_t size_bytes, device, inode;
	bool several;
};

typedef ARRAY_OF(struct size_class) size_list;

static int by_size(const void *a, const void *b)
{
	const struct size_class *x = a, *y = b;

	return (x->size_bytes > y->size_bytes) - (x->size_bytes < y->size_bytes);
}

static struct size_class *find_size(const size_list *sizes, const struct tree_entry *e)
{
	struct size_class key = { .size_bytes = e->size_bytes };

	return sizes->len ? bsearch(&key, sizes->data, sizes->len, sizeof(key), by_size)
			  : NULL;
}

static void list_sizes(const struct tree *tree, size_list *ret)
{
	size_t kept = 0;

	array_each (&tree->entries, i) {
		const struct tree_entry *e = &tree->entries.data[i];

		if (counts(e) && !e->is_owned)
			array_push(ret, (struct size_class){ e->size_bytes, e->device,
							     e->inode, false });
	}
	array_sort(ret, by_size);
	array_each (ret, i)
		if (kept == 0 || by_size(&ret->data[kept - 1], &ret->data[i]) != 0)
			ret->data[kept++] = ret->data[i];
	ret->len = kept;
}

void duplicates_init(struct duplicates *d, const struct tree *tree, unsigned int threads)
{
	size_list sizes = { 0 };

	*d = (struct duplicates){ .tree = tree, .thread_count = threads };
	d->threads = mem_calloc(threads, sizeof(*d->threads));
	idset_init(&d->wanted, tree->entries.len);
	list_sizes(tree, &sizes);
	array_each (&tree->entries, i) {
		const struct tree_entry *e = &tree->entries.data[i];
		struct size_class *class = counts(e) ? find_size(&sizes, e) : NULL;

		if (class && (class->device != e->device || class->inode != e->inode))
			class->several = true;
	}
	array_each (&tree->entries, i) {
		const struct tree_entry *e = &tree->entries.data[i];
		struct size_class *class =
			counts(e) && !e->is_owned ? find_size(&sizes, e) : NULL;

		if (class && class->several)
			idset_add(&d->wanted, i);
	}
	array_release(&sizes);
	if (idset_count(&d->wanted) > 0) {
		/* the library sets itself up here, not in the threads */
		struct rpm_digest *digest = rpm_digest_new(NULL);
		char unused[RPM_DIGEST_LEN + 1];

		if (digest)
			rpm_digest_end(digest, unused);
	}
}

/* False when it could not be read to its end. */
static bool add_content(struct rpm_digest *digest, const struct content_file *file)
{
	_cleanup_(freep) char *block = mem_alloc(READ_BYTES);
	uint64_t at = 0;

	while (at < file->size_bytes) {
		uint64_t rest = file->size_bytes - at;
		ssize_t n = io_pread(file->fd, block,
				     (size_t)MIN2(rest, (uint64_t)READ_BYTES), (off_t)at);

		if (n <= 0)
			return false;
		rpm_digest_add(digest, block, (size_t)n);
		at += (uint64_t)n;
	}
	return true;
}

void duplicates_file(void *arg, const struct content_file *file)
{
	struct duplicates *d = arg;
	struct read_file read = { .entry = (uint32_t)file->index };
	struct rpm_digest *digest;
	char text[RPM_DIGEST_LEN + 1];
	bool whole;

	if (!idset_has(&d->wanted, file->index))
		return;
	digest = rpm_digest_new(NULL);
	if (!digest)
		return;
	whole = add_content(digest, file);
	rpm_digest_end(digest, text);
	if (!whole)
		return;
	snprintf(read.digest, sizeof(read.digest), "sha256:%s", text);
	array_push(&d->threads[file->thread].files, read);
}

struct copy {
	str_id digest;
	uint32_t entry;
	uint64_t device, inode;
};

typedef ARRAY_OF(struct copy) copy_list;

static void add_copy(const struct tree *tree, copy_list *list, str_id digest,
		     uint32_t index)
{
	const struct tree_entry *e = &tree->entries.data[index];

	array_push(list, (struct copy){ digest, index, e->device, e->inode });
}

static int by_digest(const void *va, const void *vb)
{
	const struct copy *a = va, *b = vb;

	if (a->digest != b->digest)
		return a->digest < b->digest ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Only files that are as the rpmdb says: others may differ by now. */
static void add_owned(const struct tree *tree, const struct rpm_image *image,
		      const struct ownership_list *owners, copy_list *list)
{
	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];
		const struct rpm_file *file = &image->files.data[o->rpm_file];
		const struct tree_entry *e = &tree->entries.data[o->file - 1];

		if (file->digest && file->state == 0 && e->state == STATE_PRESENT &&
		    counts(e))
			add_copy(tree, list, file->digest, o->file - 1);
	}
}

static void mark(const struct rpm_image *image, const struct copy *copies, size_t len,
		 struct mark_list *ret)
{
	bool several = false;

	for (size_t i = 1; i < len; i++)
		several |= copies[i].device != copies[0].device ||
			   copies[i].inode != copies[0].inode;
	for (size_t i = 0; several && i < len; i++)
		mark_list_add(ret,
			      &(struct mark_row){
				      .file = copies[i].entry + 1,
				      .mark = MARK_SAME_CONTENT,
				      .value = rpm_image_text(image, copies[i].digest),
			      });
}

void duplicates_finish(struct duplicates *d, struct rpm_image *image,
		       const struct ownership_list *owners, struct mark_list *ret)
{
	copy_list copies = { 0 };
	size_t from = 0;

	add_owned(d->tree, image, owners, &copies);
	for (unsigned int t = 0; t < d->thread_count; t++) {
		array_each (&d->threads[t].files, i) {
			const struct read_file *read = &d->threads[t].files.data[i];

			add_copy(d->tree, &copies,
				 strpool_add(&image->strings, read->digest), read->entry);
		}
		array_release(&d->threads[t].files);
	}
	free(d->threads);
	idset_release(&d->wanted);
	array_sort(&copies, by_digest);
	for (size_t i = 1; i <= copies.len; i++) {
		if (i < copies.len && copies.data[i].digest == copies.data[from].digest)
			continue;
		mark(image, copies.data + from, i - from, ret);
		from = i;
	}
	array_release(&copies);
}

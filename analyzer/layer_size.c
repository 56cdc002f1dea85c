#include "analyzer/layer_size.h"

#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define LEVEL	    6	  /* of gzip, and of what makes image layers */
#define WINDOW_BITS (-15) /* without a header: a layer has one for all of its files */
#define BUFFER	    (256u << 10)
#define HOLE_MIN    (64 << 10) /* smaller ones are read as the zeros they are */
#define ZEROS_RATIO 1032       /* 258 bytes by two bits */

struct layer_size_thread {
	z_stream stream;
	bool started;
	unsigned char *in, *out;
};

struct inode_name {
	uint64_t device, inode;
	uint32_t entry;
};

static int by_inode(const void *a, const void *b)
{
	const struct inode_name *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static bool is_content(const struct tree_entry *entry)
{
	return entry->type == FILE_REGULAR && entry->on_disk;
}

/* The first name of every inode leads the others. */
static void find_leaders(struct layer_size *sizes)
{
	const struct tree *tree = sizes->tree;
	ARRAY_OF(struct inode_name) names = { 0 };
	const struct inode_name *first = NULL;

	sizes->leader = mem_calloc(tree->entries.len + 1, sizeof(*sizes->leader));
	array_each (&tree->entries, i) {
		const struct tree_entry *entry = &tree->entries.data[i];

		sizes->leader[i] = (uint32_t)i;
		if (is_content(entry) && entry->link_count > 1)
			array_push(&names,
				   (struct inode_name){ entry->device, entry->inode,
							(uint32_t)i });
	}
	array_sort(&names, by_inode);
	array_each (&names, i) {
		const struct inode_name *name = &names.data[i];

		if (!first || first->device != name->device ||
		    first->inode != name->inode)
			first = name;
		sizes->leader[name->entry] = first->entry;
	}
	array_release(&names);
}

static int thread_init(struct layer_size_thread *thread, struct error *err)
{
	if (deflateInit2(&thread->stream, LEVEL, Z_DEFLATED, WINDOW_BITS,
			 MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) != Z_OK)
		return error_set(err, -ENOMEM, "cannot start zlib");
	thread->started = true;
	thread->in = mem_alloc(BUFFER);
	thread->out = mem_alloc(BUFFER);
	return 0;
}

int layersize_init(struct layer_size *sizes, struct tree *tree, unsigned int threads,
		   const struct progress *progress, struct error *err)
{
	int r = 0;

	*sizes = (struct layer_size){ .tree = tree,
				      .progress = progress,
				      .thread_count = threads };
	sizes->threads = mem_calloc(threads, sizeof(*sizes->threads));
	find_leaders(sizes);
	for (unsigned int t = 0; r == 0 && t < threads; t++)
		r = thread_init(&sizes->threads[t], err);
	if (r < 0)
		layersize_release(sizes);
	return r;
}

void layersize_release(struct layer_size *sizes)
{
	for (unsigned int t = 0; t < sizes->thread_count; t++) {
		struct layer_size_thread *thread = &sizes->threads[t];

		if (thread->started)
			deflateEnd(&thread->stream);
		free(thread->in);
		free(thread->out);
	}
	free(sizes->threads);
	free(sizes->leader);
	*sizes = (struct layer_size){ 0 };
}

/* All output goes to the same buffer: only total_out is of interest. */
static void squeeze(struct layer_size_thread *thread, size_t len, int flush)
{
	z_stream *z = &thread->stream;

	z->next_in = thread->in;
	z->avail_in = (unsigned int)len;
	do {
		z->next_out = thread->out;
		z->avail_out = BUFFER;
		deflate(z, flush);
	} while (z->avail_out == 0);
}

struct reading {
	const struct layer_size *sizes;
	struct layer_size_thread *thread;
	int fd;
	uint64_t at, hole_bytes, data_bytes;
};

/* Compress up to @p end, or to where the file ends now; 0, or -errno. */
static int read_data(struct reading *reading, uint64_t end)
{
	ssize_t n = 0;

	do {
		uint64_t left = end - reading->at;

		if (progress_stopped(reading->sizes->progress))
			return -EINTR;
		n = io_pread(reading->fd, reading->thread->in,
			     (size_t)MIN2(left, (uint64_t)BUFFER), (off_t)reading->at);
		if (n <= 0)
			break;
		squeeze(reading->thread, (size_t)n, Z_NO_FLUSH);
		reading->at += (uint64_t)n;
		reading->data_bytes += (uint64_t)n;
	} while (reading->at < end);
	return n < 0 ? (int)n : 0;
}

/* Where the next large hole begins; the file's end when there is none. */
static uint64_t next_hole(const struct reading *reading, uint64_t size, uint64_t *ret_end)
{
	uint64_t at = reading->at;

	while (at < size) {
		off_t hole = lseek(reading->fd, (off_t)at, SEEK_HOLE);
		off_t data = hole < 0 ? -1 : lseek(reading->fd, hole, SEEK_DATA);
		uint64_t end = data < 0 ? size : (uint64_t)data;

		if (hole < 0 || (uint64_t)hole >= size)
			break;
		if (end - (uint64_t)hole >= HOLE_MIN) {
			*ret_end = MIN2(end, size);
			return (uint64_t)hole;
		}
		at = end;
	}
	*ret_end = size;
	return size;
}

static int compress_file(struct reading *reading, uint64_t size)
{
	int r = 0;

	while (r == 0 && reading->at < size) {
		uint64_t before = reading->at, end, hole = next_hole(reading, size, &end);

		if (hole > reading->at)
			r = read_data(reading, hole);
		if (r == 0 && reading->at < hole)
			break; /* somebody made it shorter */
		reading->hole_bytes += end - hole;
		reading->at = MAX2(end, before + 1);
	}
	return r;
}

void layersize_file(void *arg, const struct content_file *file)
{
	struct layer_size *sizes = arg;
	struct layer_size_thread *thread = &sizes->threads[file->thread];
	struct reading reading = { .sizes = sizes, .thread = thread, .fd = file->fd };
	uint64_t bytes;

	if (sizes->leader[file->index] != file->index)
		return;
	deflateReset(&thread->stream);
	if (compress_file(&reading, file->size_bytes) < 0)
		return;
	squeeze(thread, 0, Z_FINISH);
	bytes = reading.data_bytes ? thread->stream.total_out : 0;
	file->entry->compressed_bytes =
		bytes + (reading.hole_bytes + ZEROS_RATIO - 1) / ZEROS_RATIO;
	file->entry->has_compressed = true;
}

static void add_finding(const struct layer_size *sizes, uint32_t index,
			struct finding_list *findings)
{
	finding_list_add(findings, &(struct finding_row){
					   .rule = "unreadable-file",
					   .severity = SEVERITY_WARNING,
					   .file = index + 1,
					   .subject = tree_text(
						   sizes->tree,
						   sizes->tree->entries.data[index].path),
					   .text = "cannot be read to its end: its "
						   "compressed size is not known",
					   .remedy = "check the file system" });
}

size_t layersize_finish(struct layer_size *sizes, struct finding_list *findings,
			uint64_t *ret_total)
{
	size_t unmeasured = 0;
	uint64_t total = 0;

	array_each (&sizes->tree->entries, i) {
		struct tree_entry *entry = &sizes->tree->entries.data[i];
		const struct tree_entry *leader =
			&sizes->tree->entries.data[sizes->leader[i]];

		if (!is_content(entry) || entry->unreadable)
			continue;
		entry->has_compressed = leader->has_compressed;
		entry->compressed_bytes = leader->compressed_bytes;
		if (entry->has_compressed && entry == leader)
			total += entry->compressed_bytes;
		if (entry->has_compressed)
			continue;
		unmeasured++;
		add_finding(sizes, (uint32_t)i, findings);
	}
	*ret_total = total;
	return unmeasured;
}

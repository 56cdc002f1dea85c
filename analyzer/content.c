#include "analyzer/content.h"

#include "analyzer/edges.h"
#include "base/io.h"
#include "base/parallel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPORT_EACH 256 /* files of the first thread */

/* What one thread needs and leaves behind. */
struct reader {
	char *head; /* CONTENT_HEAD_BYTES + 1 */
	size_t reported;
	ARRAY_OF(uint32_t) failed; /* indexes of entries ... */
	ARRAY_OF(int) codes;	   /* ... and what was wrong with them */
};

struct run {
	const struct content *content;
	ARRAY_OF(uint32_t) files;
	struct reader *readers;
	unsigned int threads;
};

unsigned int content_threads(const struct content *content)
{
	return content->threads ? content->threads : parallel_threads();
}

static int open_file(const struct content *content, struct content_file *file)
{
	struct stat st;

	file->fd = rootfs_open_entry(content->root, file->path, &st, NULL);
	if (file->fd < 0)
		return file->fd;
	file->size_bytes = (uint64_t)st.st_size;
	return 0;
}

static int read_head(struct content_file *file, char *head)
{
	size_t len = (size_t)MIN2(file->size_bytes, (uint64_t)CONTENT_HEAD_BYTES);
	ssize_t n = io_pread(file->fd, head, len, 0);

	if (n < 0)
		return (int)n;
	head[n] = '\0';
	file->head = head;
	file->head_len = (size_t)n;
	return 0;
}

static int show(const struct content *content, struct content_file *file, char *head)
{
	int r = open_file(content, file);

	if (r < 0)
		return r;
	r = read_head(file, head);
	for (size_t i = 0; r == 0 && i < content->pass_count; i++)
		content->passes[i].fn(content->passes[i].arg, file);
	close(file->fd);
	return r;
}

static void read_one(void *arg, size_t item, unsigned int thread)
{
	struct run *run = arg;
	struct reader *reader = &run->readers[thread];
	struct tree *tree = run->content->tree;
	uint32_t index = run->files.data[item];
	struct content_file file = {
		.entry = &tree->entries.data[index],
		.index = index,
		.path = tree_text(tree, tree->entries.data[index].path),
		.fd = -1,
		.thread = thread,
	};
	int r;

	if (progress_stopped(run->content->progress))
		return;
	r = show(run->content, &file, reader->head);
	if (r < 0) {
		file.entry->unreadable = true;
		array_push(&reader->failed, index);
		array_push(&reader->codes, r);
	}
	if (thread == 0 && ++reader->reported % REPORT_EACH == 0)
		progress_report(run->content->progress, "contents", item, run->files.len);
}

static void add_finding(const struct content *content, uint32_t index, int code)
{
	bool changed =
		code == -ENOENT || code == -ELOOP || code == -EINVAL || code == -ENOTDIR;
	struct tree_entry *entry = &content->tree->entries.data[index];
	char text[128];

	snprintf(text, sizeof(text),
		 changed ? "is gone, or no regular file any more" : "cannot be read: %s",
		 strerror(-code));
	finding_list_add(
		content->findings,
		&(struct finding_row){
			.rule = changed ? "changed-file" : "unreadable-file",
			.severity = SEVERITY_WARNING,
			.file = index + 1,
			.subject = tree_text(content->tree, entry->path),
			.text = text,
			.remedy =
				changed ? "analyze a snapshot, or when nothing writes to "
					  "the root"
					: "analyze as a user who may read it" });
}

static size_t add_findings(const struct run *run)
{
	size_t count = 0;

	for (unsigned int t = 0; t < run->threads; t++) {
		const struct reader *reader = &run->readers[t];

		array_each (&reader->failed, i)
			add_finding(run->content, reader->failed.data[i],
				    reader->codes.data[i]);
		count += reader->failed.len;
	}
	return count;
}

static void run_init(struct run *run)
{
	const struct tree *tree = run->content->tree;

	run->threads = content_threads(run->content);
	run->readers = mem_calloc(run->threads, sizeof(*run->readers));
	for (unsigned int t = 0; t < run->threads; t++)
		run->readers[t].head = mem_alloc(CONTENT_HEAD_BYTES + 1);
	array_each (&tree->entries, i) {
		const struct tree_entry *entry = &tree->entries.data[i];

		if (entry->type == FILE_REGULAR && entry->on_disk)
			array_push(&run->files, (uint32_t)i);
	}
}

static void run_release(struct run *run)
{
	for (unsigned int t = 0; t < run->threads; t++) {
		free(run->readers[t].head);
		array_release(&run->readers[t].failed);
		array_release(&run->readers[t].codes);
	}
	free(run->readers);
	array_release(&run->files);
}

size_t content_run(const struct content *content)
{
	_cleanup_(run_release) struct run run = { .content = content };

	run_init(&run);
	parallel_for(run.files.len, run.threads, read_one, &run);
	progress_report(content->progress, "contents", run.files.len, run.files.len);
	return add_findings(&run);
}

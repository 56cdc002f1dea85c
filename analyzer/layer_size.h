/*
 * layer_size – what files weigh as part of an image layer, which is a tar file that gzip
 * compressed: a content pass (content.h) that compresses every regular file with the same
 * algorithm (deflate at gzip's default level 6) and keeps only how many bytes came out.
 *
 *	struct layer_size sizes;
 *
 *	layersize_init(&sizes, &tree, content_threads(&content), progress);
 *	... content_run() with the pass { layersize_file, &sizes } ...
 *	unmeasured = layersize_finish(&sizes, &findings, &total_bytes);
 *	layersize_release(&sizes);
 *
 * Each file is compressed by itself: tar's headers are not in it, and what files have in
 * common is found within 32 KiB of a layer only. tare-analyze(1) says how much sums differ
 * from a real layer. A hole of a sparse file counts as what deflate makes of that many
 * zeros at best (1:1032), without being read: a hole can be larger than any disk. Of the
 * names of one inode one is read, and all get its size.
 */
#pragma once

#include "analyzer/content.h"
#include "analyzer/edges.h"

struct layer_size_thread;

struct layer_size {
	struct tree *tree;		 /* borrowed */
	const struct progress *progress; /* borrowed, may be NULL */
	uint32_t *leader; /* by entry: index of the name of its inode that is read */
	struct layer_size_thread *threads;
	unsigned int thread_count;
};

/** @p tree is sorted and stays so; @p threads: at least as many as call layersize_file(). */
int layersize_init(struct layer_size *sizes, struct tree *tree, unsigned int threads,
		   const struct progress *progress, struct error *err);
void layersize_release(struct layer_size *sizes);
/** The content pass; @p arg is the struct layer_size. */
void layersize_file(void *arg, const struct content_file *file);
/**
 * After the content passes: give every name its inode's size. A file that could be opened
 * but not be read to its end has no size and is a finding "unreadable-file".
 * @param ret_total  of all that were measured, each inode once
 * @return how many files could not be read to their end
 */
size_t layersize_finish(struct layer_size *sizes, struct finding_list *findings,
			uint64_t *ret_total);

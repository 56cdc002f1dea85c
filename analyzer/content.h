/*
 * content – one look into every regular file, shared by all passes that want one.
 *
 * Each regular file on disk is opened once and its first CONTENT_HEAD_BYTES are read.
 * Then every pass gets both, in the order of the table. Files are spread over all
 * processors, so a pass keeps what it finds per entry or per thread, never adds to the
 * tree's string pool, and writes only its own fields of the entry.
 *
 *	static void scan(void *arg, const struct content_file *file)
 *	{
 *		if (file->head_len >= 4 && memcmp(file->head, ELFMAG, 4) == 0)
 *			...
 *	}
 *	const struct content_pass passes[] = {
 *		{ classify_content, &classify },
 *		{ scan, &elf },
 *	};
 *	struct content content = { .root = root, .tree = &tree, .passes = passes };
 *	unreadable = content_run(&content);
 *
 * classify is the first pass: it has set category and media type (for ELF a good guess
 * from the header) when the others see the entry; the ELF pass corrects the category.
 */
#pragma once

#include "analyzer/tree.h"
#include "base/progress.h"
#include "base/rootfs.h"

#define CONTENT_HEAD_BYTES 4096

struct finding_list;

struct content_file {
	struct tree_entry *entry; /* type regular, on disk */
	size_t index;		  /* of the entry in tree.entries */
	const char *path;	  /* of the entry */
	int fd;			  /* borrowed, a regular file; use pread() or mmap() */
	uint64_t size_bytes;	  /* now, by fstat() */
	const char *head;	  /* the first bytes, a NUL behind them */
	size_t head_len;     /* less than CONTENT_HEAD_BYTES only where the file ends */
	unsigned int thread; /* 0 .. content_threads() - 1 */
};

typedef void content_fn(void *arg, const struct content_file *file);

struct content_pass {
	content_fn *fn;
	void *arg;
};

struct content {
	struct rootfs *root;
	struct tree *tree; /* sorted */
	const struct content_pass *passes;
	size_t pass_count;
	struct finding_list *findings;	 /* gets "unreadable-file" and "changed-file" */
	const struct progress *progress; /* may be NULL */
	unsigned int threads;		 /* 0: all processors */
};

/** How many threads content_run() will use, to size per-thread data before it. */
unsigned int content_threads(const struct content *content);
/**
 * Read every regular file of the tree. What cannot be read is marked
 * (tree_entry.unreadable, CLASSIFIED_NONE) and becomes a finding.
 * @return how many files could not be read
 */
size_t content_run(const struct content *content);

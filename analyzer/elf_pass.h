/*
 * elf_pass – the ELF files of a root: a content pass (content.h) that scans each, and the
 * table that later passes read.
 *
 *	struct elf_table elf;
 *
 *	elfpass_init(&elf, content_threads(&content));
 *	... content_run() with the pass { elfpass_file, &elf } ...
 *	elfpass_finish(&elf, &tree, &findings);
 *	info = elfpass_info(&elf, &tree.entries.data[i]);	NULL: no ELF file
 *	elfpass_release(&elf);
 *
 * Kernel modules that are compressed (.ko.xz, .ko.zst, .ko.gz) are decompressed in memory
 * and count as ELF files; what is larger than ELFPASS_MODULE_MAX then is a finding.
 */
#pragma once

#include "analyzer/content.h"
#include "analyzer/edges.h"
#include "analyzer/elf_info.h"

#define ELFPASS_MODULE_MAX (256u << 20)

struct elf_thread;

struct elf_table {
	ARRAY_OF(struct elfinfo) infos; /* by entry; tree_entry.elf is index + 1 */
	struct elf_thread *threads;	/* own the texts */
	unsigned int thread_count;
};

/** @p threads: at least as many as will call elfpass_file(). */
int elfpass_init(struct elf_table *table, unsigned int threads, struct error *err);
void elfpass_release(struct elf_table *table);
/** The content pass; @p arg is the table. */
void elfpass_file(void *arg, const struct content_file *file);
/**
 * After the content passes: put the results in the order of the tree, set
 * tree_entry.elf, correct the entries' category (executable, library, object,
 * kernel-module, debug-info), and add a finding "bad-elf" for each damaged file.
 */
void elfpass_finish(struct elf_table *table, struct tree *tree,
		    struct finding_list *findings);
/** What the entry's ELF file says, or NULL. Only after elfpass_finish(). */
static inline const struct elfinfo *elfpass_info(const struct elf_table *table,
						 const struct tree_entry *entry)
{
	return entry->elf ? &table->infos.data[entry->elf - 1] : NULL;
}

/*
 * detect – dependencies that neither RPM nor DT_NEEDED shows.
 *
 * A detector looks at files of the tree and adds edges with citations. Two kinds exist: rule
 * files (rules/detectors: YAML; see detect_rules.h) and C detectors for structured formats, one
 * file each, listed in DETECTORS (detect.c). All run after the contents and linker passes:
 *
 *	for each regular file on disk, in threads:
 *		ask each detector wants(file); if one does, read the file once;
 *		call file() of all that want it
 *	then once, in one thread: whole() of each detector
 *
 * Text from files is hostile: detectors work on (pointer, length), never expect a NUL, bound
 * every loop by the length, and resolve names only through resolve.h.
 */
#pragma once

#include "analyzer/edges.h"
#include "analyzer/join.h"
#include "analyzer/marks.h"
#include "analyzer/module_path.h"
#include "analyzer/resolve.h"
#include "analyzer/rpm_image.h"
#include "analyzer/services.h"
#include "analyzer/tree.h"
#include "base/rootfs.h"

#define DETECT_MAX_BYTES                                                                 \
	(4u << 20) /* of a text file; longer ones are looked at up to here */

/* What detectors may read; nothing of it changes while they run. */
struct detect {
	struct rootfs *root;
	const struct tree *tree;
	const struct rpm_image *rpm;
	const struct ownership_list *owners;
	const struct resolve_index *resolve;
	const struct detect_rules *rules;
	struct module_path python, perl; /* made by detect_run() */
	const struct elf_table *elf;	 /* results of the ELF pass */
};

/* Where one thread's detectors put what they find. */
struct detect_sink {
	struct edge_list edges;
	struct finding_list findings;
	struct service_list services;
	struct mark_list marks;
};

void detect_sink_init(struct detect_sink *sink);
void detect_sink_release(struct detect_sink *sink);

struct detect_input {
	const struct tree_entry *entry;
	file_id file;
	const char *path;
	const char *data; /* @p len bytes and a NUL behind them (not part of the file) */
	size_t len;
};

struct detector {
	const char *name;
	/** By the entry alone, without its contents. NULL: no files, only whole(). */
	bool (*wants)(const struct detect *d, const struct tree_entry *entry,
		      const char *path);
	void (*file)(const struct detect *d, const struct detect_input *in,
		     struct detect_sink *out);
	void (*whole)(const struct detect *d, struct detect_sink *out);
	/** file() opens the file by itself: in->data is NULL. */
	bool reads_itself;
};

/** Add an edge between two entries; the citation is in @p from itself, line 0 for none. */
void detect_edge(const struct detect *d, struct detect_sink *out,
		 const struct tree_entry *from, const struct tree_entry *to,
		 struct edge_row how);

/* What a text found in a file names; see detect_reference(). */
enum detect_target {
	TARGET_COMMAND, /* a command on PATH, or an absolute path to one */
	TARGET_PATH,	/* an absolute path */
	TARGET_UNIT,
	TARGET_SONAME,
	TARGET_MODULE,	   /* kernel module */
	TARGET_BUS_NAME,   /* of D-Bus: the file that starts its owner */
	TARGET_CAPABILITY, /* what a package provides: an edge to the package */
	TARGET_COUNT,
};

/**
 * The entries that @p text names; not for TARGET_CAPABILITY.
 * @return how many were put into @p ret, at most @p max
 */
size_t detect_find(const struct detect *d, enum detect_target target, const char *text,
		   size_t len, const struct tree_entry **ret, size_t max);
/**
 * Resolve @p text and add edges from @p in to what it names (several for sonames and modules).
 * @param how  kind, strength and cite_line; the cited text is @p text unless how.cite_text is set
 * @return how many edges were added; 0 means that the root has no such thing
 */
size_t detect_reference(const struct detect *d, struct detect_sink *out,
			const struct detect_input *in, enum detect_target target,
			const char *text, size_t len, struct edge_row how);

/** Run all detectors, C ones and rule files; adds to @p ret. */
int detect_run(struct detect *d, unsigned int threads, struct detect_sink *ret,
	       struct error *err);

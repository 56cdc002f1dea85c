/*
 * usage_import – evidence into a graph: its paths are found among the graph's files, with
 * the graph's own symlinks; what the graph does not have is counted and told.
 *
 *	_cleanup_(usage_importer_freep) struct usage_importer *importer = usage_importer_new(g);
 *	r = usage_import(importer, writer, &ev, &report, err);	1: it was there already
 *
 * - A symlink that was followed counts as used, as what it leads to does.
 * - Every name of a file with hard links counts as used: observe sees only one of them.
 * - Folders are no files that are used.
 * - A loaded module counts as mapped, on the host: those of that name below the kernel's
 *   own folder, or all of that name where the kernel is not known.
 */
#pragma once

#include "analyzer/evidence.h"
#include "graph/snapshot.h"
#include "graph/usage_write.h"

struct usage_importer;

#define IMPORT_EXAMPLES 3

/* What became of it; sums over all calls. Zero it first. */
struct usage_report {
	uint64_t added, known; /* pieces of evidence */
	uint64_t uses;	       /* paths (with use, scope, by) that were found */
	uint64_t unknown;      /* that the graph does not have */
	uint64_t outside;      /* below /proc, /sys, /dev and /run: no files of a root */
	uint64_t skipped, elsewhere, lost; /* see struct evidence */
	char *examples[IMPORT_EXAMPLES];   /* unknown paths */
	size_t example_count;
};

/** Borrows the graph. */
struct usage_importer *usage_importer_new(const struct graph *g);
void usage_importer_free(struct usage_importer *importer);
void usage_importer_freep(struct usage_importer **importer);

/** Add sorted evidence. @return 0; 1 when it is in the graph already; -errno */
int usage_import(struct usage_importer *importer, struct usage_writer *writer,
		 const struct evidence *ev, struct usage_report *report,
		 struct error *err);
/**
 * Add all evidence of another graph: its files are found by their paths.
 * @return 0; -errno
 */
int usage_import_graph(struct usage_importer *importer, struct usage_writer *writer,
		       struct store *from, struct usage_report *report,
		       struct error *err);
void usage_report_release(struct usage_report *report);

/*
 * measure – what a graph weighs: counts and bytes of the whole, of packages, categories,
 * path patterns, unowned files.
 *
 * Disk bytes are allocated blocks. A file with several names (hard links) counts once in
 * every sum, however many of its names take part. Boundaries (container storage, other
 * file systems) are in no figure but image.boundary_bytes. Of a graph from metadata alone
 * all bytes are declared sizes: measure_basis() says so, and every report repeats it.
 *
 *	_cleanup_(measure_freep) struct measure *m = measure_new(g);
 *	sum = measure_paths(m, "/usr/share/doc/ **");		(without that blank)
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

struct measure_sum {
	uint64_t count; /* files (names), or packages */
	uint64_t disk_bytes;
};

struct measure;

/** Borrows the graph. */
struct measure *measure_new(const struct graph *g);
void measure_free(struct measure *m);
void measure_freep(struct measure **m);
const struct graph *measure_graph(const struct measure *m);

/** "disk", or "declared" for a graph from metadata alone. */
const char *measure_basis(const struct graph *g);
/** True for packages that stand for software: not for imported keys (gpg-pubkey). */
bool measure_is_software(const struct graph_package *package);

/** What a file adds to the sum of all: its blocks; nothing when it is not on the disk or
 * another name of it stands before it. */
uint64_t measure_file_bytes(const struct measure *m, file_id file);
/** True for a file on the disk, of the names of one inode for the first alone. */
bool measure_file_is_first(const struct measure *m, file_id file);
/** A set of files (size file_count + 1); those not on the disk weigh and count nothing. */
struct measure_sum measure_files(const struct measure *m, const struct idset *files);
/** Everything that the analysis saw, folders included. */
struct measure_sum measure_total(const struct measure *m);
/** Packages that are software, with the bytes of all files they own. */
struct measure_sum measure_packages(const struct measure *m);
/** Files that no package owns. */
struct measure_sum measure_unowned(const struct measure *m);
struct measure_sum measure_category(const struct measure *m, enum file_category category);

/* The sets behind the sums; @p files is emptied first (size file_count + 1). */
void measure_select_total(const struct measure *m, struct idset *files);
void measure_select_unowned(const struct measure *m, struct idset *files);
void measure_select_category(const struct measure *m, enum file_category category,
			     struct idset *files);
/** Paths that match a glob of rules/glob.h. */
void measure_select_paths(const struct measure *m, const char *glob, struct idset *files);
/** What packages whose name matches a glob (NULL: all) own; @return how many packages match. */
uint32_t measure_select_packages(const struct measure *m, const char *glob,
				 struct idset *files);

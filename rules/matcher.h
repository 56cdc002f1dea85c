/*
 * matcher – a graph with the indexes that find files by the names that rules use. Only what
 * is on the disk is found; paths of rules are made canonical by the graph's own symlinks
 * (/lib/modules finds /usr/lib/modules under a merged /usr).
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

struct matcher;

/** Borrows the graph. */
struct matcher *matcher_new(const struct graph *g);
void matcher_free(struct matcher *m);
void matcher_freep(struct matcher **m);
const struct graph *matcher_graph(const struct matcher *m);

/* Which files a look-up may find. */
typedef bool matcher_filter(const struct graph_file *file);
matcher_filter matcher_is_program;  /* a symlink, or regular with an execute bit */
matcher_filter matcher_is_file;	    /* regular or a symlink */
matcher_filter matcher_is_anything; /* folders and devices too */

/** "/x/br-netfilter.ko.xz" is "br_netfilter": new memory; NULL for what is no kernel module.
 */
char *matcher_module_name(const char *path);
/**
 * Is the path that Go wrote into a program that of @p module? Older programs name their
 * main package instead: a folder in the module.
 */
bool matcher_is_go_module(const char *path, const char *module);

/* All of these add nodes to a set of size node_count + 1. */

/** Files with this path, or whose paths match this glob (rules/glob.h). */
void matcher_add_paths(struct matcher *m, const char *pattern, matcher_filter *wanted,
		       struct idset *nodes);
/**
 * Libraries by name or glob of the name: the names of files and symlinks in library
 * folders, and the sonames inside ELF files there.
 */
void matcher_add_libraries(struct matcher *m, const char *soname, struct idset *nodes);
/** Kernel modules by name or glob of the name; '-' and '_' are equal. */
void matcher_add_modules(struct matcher *m, const char *module, struct idset *nodes);

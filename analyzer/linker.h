/*
 * linker – what the dynamic loader would open for each NEEDED entry of a root, found by
 * the tree alone: nothing is executed, and the root may be of another architecture.
 *
 * The search is ld.so's, for each name without a '/':
 *
 *	1. DT_RPATH, where the object has no DT_RUNPATH: its own, then that of the object
 *	   that loaded it, and so on up to the program
 *	2. DT_RUNPATH of the object itself
 *	3. the folders of /etc/ld.so.conf (not DF_1_NODEFLIB in a default folder)
 *	4. the default folders that are built into the root's own ld.so (not DF_1_NODEFLIB)
 *
 * with $ORIGIN, $LIB and $PLATFORM; in every folder also glibc-hwcaps/<level> and the
 * older forms (tls, haswell, i686/sse2 ...). A file of another class, byte order or
 * machine is passed over. musl has its own order and /etc/ld-musl-<arch>.path.
 * LD_LIBRARY_PATH and a working folder are not known here, so relative names and folders
 * find nothing.
 *
 * What an object finds depends on who loads it. Each object is resolved alone first (it
 * is the program, or somebody opens it with dlopen); then each program whose libraries
 * have an RPATH, an $ORIGIN reached through a symlink, or a name that was not found
 * alone, is loaded step by step as ld.so does, breadth first, where a name that is
 * already loaded is not searched again. What is found only so counts as found.
 *
 * Symlinks: elf_needed.resolved_id is the regular file at the end. ld.so opens a name,
 * though, and the symlink with this name may belong to another package than the file it
 * leads to. So there are hard edges of the kind "needed" from the object to the regular
 * file and to every symlink on the way to it: the one with the name, further ones of a
 * chain, and folders that are symlinks where the search list has no spelling without
 * them. Where a folder is searched only because a file of /etc/ld.so.conf.d names it,
 * there is an edge "config" to that file and those that include it. Copies in
 * glibc-hwcaps get "likely" edges: without them ld.so takes the plain one.
 *
 *	struct linker_input in = { root, &tree, &elf };
 *	struct linker_result result;
 *
 *	linker_run(&in, &result, &edges, &findings);
 *	array_each(&result.needed, i)
 *		store_add_needed(st, &result.needed.data[i], err);
 *	linker_release(&result);
 */
#pragma once

#include "analyzer/edges.h"
#include "analyzer/elf_pass.h"
#include "analyzer/tree.h"
#include "base/rootfs.h"

struct linker_input {
	struct rootfs *root; /* to read ld.so.conf and the loaders */
	const struct tree *tree;
	const struct elf_table *elf; /* after elfpass_finish() */
};

struct linker_result {
	/* by file, then position; the sonames are those of the elf_table */
	ARRAY_OF(struct needed_row) needed;
};

/**
 * Resolve every program and library. Adds edges (needed, interpreter, audit, preload,
 * config) and findings ("unresolved-soname", "missing-interpreter", those of ldconf.h).
 */
void linker_run(const struct linker_input *in, struct linker_result *ret,
		struct edge_list *edges, struct finding_list *findings);
void linker_release(struct linker_result *result);

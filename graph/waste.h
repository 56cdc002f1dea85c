/*
 * waste – bytes on the disk that are worth a packager's time although nothing has to go:
 * programs that nobody stripped, kernel modules that could be compressed, files that are
 * there several times, kernels beside the one that boots, second providers of one thing,
 * firmware that no driver asks for, modules that may not be loaded.
 *
 *	waste_list list = { 0 };
 *
 *	waste_find(g, NULL, &list);
 *	array_each (&list, i)
 *		use(list.data[i].text, list.data[i].bytes);
 *	waste_release(&list);
 *
 * It is advice and no proof: nothing of it becomes a removal. It is computed from the
 * graph when it is asked for, so that the same can be said of what a plan would leave.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "graph/snapshot.h"

#define WASTE_BYTES_MIN (64u << 10) /* less is not worth a line */

struct waste {
	const char *rule, *remedy; /* literals */
	file_id file;		   /* its subject: this file, */
	pkg_id package;		   /* or this package; the other one is 0 */
	uint64_t bytes;		   /* that following the remedy saves on the disk */
	bool estimated;		   /* the bytes are no sum of what is in the graph */
	char *text;		   /* one sentence, printable; owned by the list */
};

typedef ARRAY_OF(struct waste) waste_list;

/**
 * @param gone  file_id set: as if these were not there; NULL: nothing is gone
 * @param ret   by rule, then bytes (largest first), then subject
 */
void waste_find(const struct graph *g, const struct idset *gone, waste_list *ret);
void waste_release(waste_list *list);
/** Path or NEVRA; bytes of the root. */
const char *waste_subject(const struct graph *g, const struct waste *waste);
/**
 * Symbol tables and debug sections of programs and libraries that nobody stripped.
 * @param ret_of  [package_count + 1]: the part of each package, [0]: of unowned files
 * @return their sum
 */
uint64_t waste_symbols(const struct graph *g, uint64_t *ret_of);
/** Files on the disk that have the content of another one, but for one of each content,
 * and but for further names of one inode. */
void waste_copies(const struct graph *g, struct idset *ret);

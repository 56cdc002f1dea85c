/*
 * store_read – the rows of an analysis that the snapshot does not hold: findings, ELF
 * headers, scan options. They come in the order of their ids, in the structs they were
 * written with (store_write.h); texts are valid during the call only.
 *
 *	static int print(const struct finding_row *row, void *arg) { ...; return 0; }
 *	r = store_each_finding(st, print, NULL, err);
 */
#pragma once

#include "graph/store_write.h"

/* A callback's result other than 0 ends the loop and is returned unchanged. */
typedef int finding_fn(const struct finding_row *row, void *arg);
typedef int elf_fn(const struct elf_row *row, void *arg);
typedef int option_fn(const char *name, const char *value, void *arg);

/** @return 0; -EIO; -EINVAL when the graph is damaged */
int store_each_finding(struct store *st, finding_fn *fn, void *arg, struct error *err);
int store_each_elf(struct store *st, elf_fn *fn, void *arg, struct error *err);
/** By name, then value. */
int store_each_option(struct store *st, option_fn *fn, void *arg, struct error *err);

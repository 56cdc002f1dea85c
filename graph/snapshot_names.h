/*
 * snapshot_names – the part of a snapshot that finds things by what they call themselves:
 * declared provides of packages, sonames and Go modules of files. For snapshot.c only.
 */
#pragma once

#include "graph/snapshot.h"

/** Fill provide_start, provides and elf_names; the other tables must be counted before. */
int snapshot_load_names(struct store *st, struct graph *g, struct error *err);
void snapshot_free_names(struct graph *g);

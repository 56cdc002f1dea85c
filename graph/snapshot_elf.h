/*
 * snapshot_elf – the part of a snapshot that says how ELF files were built and what units
 * start. For snapshot.c only; the rows are graph.elves and graph.services.
 */
#pragma once

#include "graph/snapshot.h"

/** Fill elves and services; the files must be counted before. */
int snapshot_load_elves(struct store *st, struct graph *g, struct error *err);
void snapshot_free_elves(struct graph *g);

/*
 * surface_programs – programs on PATH by what they are good for. For measure_surface.c.
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

/* Globs of program names, each list ends with NULL. */
extern const char *const SURFACE_SHELLS[];   /* shells and interpreters */
extern const char *const SURFACE_BUILDERS[]; /* compilers, assemblers, linkers */
extern const char *const SURFACE_TRACERS[];  /* debuggers, tracers, profilers */

/** Every name in a folder of PATH that can be executed, symlinks too. */
void surface_find_commands(const struct graph *g, struct idset *files);
/**
 * The regular files behind the commands whose name matches one of @p names: python3 and
 * python3.11 are one when one links to the other. A command whose file has no such name
 * (a multi-call binary) is found too.
 */
void surface_find_programs(const struct graph *g, const char *const *names,
			   struct idset *files);

/*
 * linker_internal – the state of one linker_run(), shared by linker.c (each object alone),
 * linker_process.c (programs loaded as a whole) and linker_emit.c (edges and findings).
 */
#pragma once

#include "analyzer/linker_search.h"
#include "base/idset.h"

/* One ELF file by its index in elf_table.infos. */
struct link_object {
	int platform;		 /* < 0: cannot be loaded, nothing is resolved */
	uint32_t rpath, runpath; /* lists for its own folder as $ORIGIN, or NO_LIST */
	uint32_t needs_at;	 /* first of its info->needed in linker_run.needs */
	bool has_origin;	 /* $ORIGIN is used */
	bool is_special;	 /* what loads it has to be loaded as a whole */
};

/* One NEEDED entry. */
struct link_need {
	uint32_t object, position;
	str_id name;
	match_id alone;	 /* found when the object is resolved by itself */
	match_id within; /* found first in some program, where alone found nothing */
};

/* A program finds something else for a library's need than the library alone. */
struct link_context {
	uint32_t program, need; /* indexes of objects and needs */
	match_id match;
};

struct link_run {
	struct linker linker;
	ARRAY_OF(struct link_object) objects;
	ARRAY_OF(struct link_need) needs;
	ARRAY_OF(struct link_context) contexts;
};

static inline const struct elfinfo *run_info(const struct link_run *run, uint32_t object)
{
	return &run->linker.in->elf->infos.data[object];
}

static inline const struct tree_entry *run_entry(const struct link_run *run,
						 uint32_t object)
{
	return &run->linker.in->tree->entries.data[run_info(run, object)->entry];
}

/** Index of the object that a match leads to; UINT32_MAX where it is no known object. */
static inline uint32_t run_target(const struct link_run *run, match_id match)
{
	uint32_t entry = run->linker.matches.data[match].target;
	uint32_t elf = run->linker.in->tree->entries.data[entry].elf;

	return elf ? elf - 1 : UINT32_MAX;
}

/** The folder of the object's canonical path; new memory. */
char *run_origin(const struct link_run *run, uint32_t object);

/** Load every program that has special objects; fills contexts and need.within. */
void process_all(struct link_run *run);
/** Write rows, edges and findings. */
void emit_all(struct link_run *run, struct linker_result *ret, struct edge_list *edges,
	      struct finding_list *findings);

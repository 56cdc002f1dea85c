/*
 * memory – what packages cost in RAM on a host that has just booted: its daemons, the
 * libraries they map, the kernel modules that are always loaded; and what goes away when
 * packages are removed or daemons are not started.
 *
 *	_cleanup_(memory_freep) struct memory *m = NULL;
 *	memory_new(g, &(struct memory_options){ 0 }, &m);
 *	bytes = m->total_bytes - memory_after(m, &removed, NULL);
 *
 * Measured memory (evidence) counts where there is some: of an executable whose processes
 * were seen, the proportional set size as it was, a mean over the nodes. All else is an
 * estimate from the ELF headers (memory_model.h), of daemons that systemd starts by
 * default (graph/startup.h) and of modules that modules-load.d names. Whoever prints a
 * figure says which of the two it is.
 */
#pragma once

#include "graph/startup.h"
#include "trimmer/weigh.h"

struct usage; /* graph/usage.h */

enum memory_source { MEMORY_ESTIMATE, MEMORY_EVIDENCE };

const char *memory_source_name(enum memory_source source); /* "estimate", "evidence" */

struct memory_options {
	/* The root lives in memory (an initramfs or tmpfs root): its files count. */
	bool root_in_memory;
	const struct usage *usage; /* evidence; NULL: none */
};

struct memory_daemon {
	struct startup_daemon startup; /* unit 0: process 1, or what was seen running */
	enum memory_source source;
	uint64_t private_bytes; /* goes with the process */
	uint64_t bytes;		/* and its part of what it shares */
};

/* Memory that several daemons have in common. */
struct memory_shared {
	file_id file;
	uint64_t bytes;
	uint32_t at, len; /* indexes of daemons, in memory.users */
};

struct memory {
	const struct graph *graph; /* borrowed */
	struct startup startup;
	ARRAY_OF(struct memory_daemon) daemons; /* those of startup first, in its order */
	ARRAY_OF(struct memory_shared) shared;
	ARRAY_OF(uint32_t) users;
	/* [package_count + 1]: of the files that it owns and of the processes it starts;
	 * their sum is total_bytes but for what no package has */
	uint64_t *package_bytes;
	uint8_t *package_source; /* [package_count + 1]: enum memory_source */
	struct weigh *weigh;	 /* what removing packages frees, for weigh_freed() */
	uint64_t total_bytes;
	uint64_t module_bytes, root_bytes; /* of which kernel modules, files */
	enum memory_source source;	   /* evidence where nothing is estimated */
};

void memory_new(const struct graph *g, const struct memory_options *options,
		struct memory **ret);
void memory_free(struct memory *m);
void memory_freep(struct memory **m);

/**
 * What is left when packages are removed and daemons are not started.
 * @param removed  pkg_id set
 * @param stopped  [daemons.len]; NULL: none
 */
uint64_t memory_after(const struct memory *m, const struct idset *removed,
		      const bool *stopped);

/*
 * smaps – the mappings of a process as /proc/PID/smaps and /proc/PID/maps list them
 * (proc(5)), and what they mean as evidence.
 */
#pragma once

#include "analyzer/evidence.h"

struct mapping {
	const char *path; /* of a file that is there; "" for anonymous memory, [heap], a
			       deleted file ...; escapes are undone */
	uint64_t device;  /* as st_dev has it */
	uint64_t inode;
	bool executable;
	uint64_t pss_bytes, private_dirty_bytes; /* 0 in maps */
};

typedef void mapping_fn(const struct mapping *mapping, void *arg);

/**
 * Call @p fn for every mapping. @p text is written to.
 * @return how many mappings there were
 */
size_t smaps_each(char *text, mapping_fn *fn, void *arg);

/* One process to be noted. */
struct smaps_process {
	const char *executable; /* NULL: the first file that is mapped */
	const char *prefix;	/* folder of the root, taken off the paths; NULL: "" */
	enum use_scope scope;
	bool only_known; /* no memory of processes that have no file of the root */
	bool memory;	 /* the text is of smaps: note the bytes, too */
	/* May the file be noted? NULL: all of them. */
	bool (*accept)(const struct mapping *mapping, void *arg);
	void *arg;
};

/** Note what a process has mapped: its executable as executed, the rest as mapped. */
void smaps_note(struct evidence *ev, char *text, const struct smaps_process *process);

/** In a container or on the host, from the text of /proc/PID/cgroup. */
enum use_scope cgroup_scope(const char *text);

/*
 * observe_internal – the parts of observe.c: watching files (observe_files.c), looking at
 * processes (observe_processes.c).
 */
#pragma once

#include "analyzer/observe.h"

/* A file system that is watched. */
struct observed_mount {
	uint64_t device;
	int fd; /* of a folder on it */
};

struct observing {
	const struct observe_options *options;
	struct evidence *ev;
	struct observe_report *report;
	char *root;	/* canonical, without a slash at its end: "" for "/" */
	int fanotify;	/* -1: not watching */
	bool evictable; /* the kernel knows marks that it may forget */
	ARRAY_OF(struct observed_mount) mounts;
	ARRAY_OF(struct evidence_memory) best; /* the look with the most memory */
	uint64_t best_bytes;
};

/** Begin to watch the file systems. @return 0; -errno: nothing is watched */
int observe_files_begin(struct observing *o);
/** Take the events that are there. @return 0; -errno when they cannot be read */
int observe_files_read(struct observing *o, struct error *err);
void observe_files_end(struct observing *o);

/** Look at all processes once. @return 0; -errno when there is no /proc */
int observe_processes(struct observing *o, struct error *err);
void observe_modules(struct evidence *ev);

/** @p path without the root's folder, or NULL when it is not below it. */
const char *observe_below(const struct observing *o, const char *path);
/** The scope of a process, and its executable below the root ("" where not known). */
enum use_scope observe_process(const struct observing *o, int pid, char *ret_exe,
			       size_t len);

/*
 * observe – what a live host uses: opens and executions by fanotify(7), mapped files and
 * memory by /proc, loaded modules. Nothing is written but what the caller writes.
 *
 *	struct observe_options options = { .root = "/", .seconds = 3600, .stop = flag };
 *	evidence_init(&ev, "observe");
 *	r = observe(&options, &ev, &report, err);
 *
 * - The file systems of the root and of real mounts below it are watched, so that what
 *   containers open on them is seen, too; only regular files below the root are noted.
 * - Each file is reported once: then the kernel is told to ignore it, so that a storm of
 *   opens costs little. `by` and the scope are those of the first who used it. A file that
 *   gets another name afterwards is noted under that as well.
 * - A file that lost its name before it was looked at had the name when it was opened;
 *   only what came and went while watching is left out.
 * - Where the kernel's queue runs over, or a file's name cannot be found, the evidence says
 *   that it has lost something; where a file system cannot be watched, was mounted later or
 *   reports no new names (an overlay), it covers a part only.
 *
 * Watching needs CAP_SYS_ADMIN, the memory of other users' processes CAP_SYS_PTRACE. What
 * is missing is in the report, and the evidence then covers a part of the node only.
 */
#pragma once

#include "analyzer/evidence.h"

#include <signal.h>

#define OBSERVE_SAMPLE_SECONDS 60

struct observe_options {
	const char *root;
	const char *node; /* NULL: the host's name */
	uint64_t seconds; /* 0: until stopped */
	uint64_t
		sample_seconds; /* between two looks at /proc; 0: OBSERVE_SAMPLE_SECONDS */
	bool no_memory;
	const volatile sig_atomic_t
		*stop; /* becomes not 0: come to an end; may be NULL */
	/* Called once when everything is being watched; may be NULL. */
	void (*ready)(void *arg);
	void *arg;
};

struct observe_report {
	bool watching;	 /* opens and executions are seen */
	int watch_error; /* errno, where not */
	uint64_t
		unreadable; /* processes whose mappings could not be read, in the last look */
	uint64_t overflows; /* of the kernel's queue */
	/* Why the evidence covers a part only: */
	uint64_t unwatched; /* mounts below the root that cannot be watched */
	uint64_t late;	    /* file systems that were mounted while watching */
	uint64_t unsteady;  /* file systems that do not report new names of files */
};

/**
 * Watch until the time is over or somebody stops it.
 * @return 0; -EPERM when neither files nor processes can be seen; another -errno
 */
int observe(const struct observe_options *options, struct evidence *ev,
	    struct observe_report *ret, struct error *err);

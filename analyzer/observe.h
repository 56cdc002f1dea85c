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
 *   opens costs little. `by` and the scope are those of the first who used it.
 * - Where the kernel's queue runs over, or a file has no path below the root any more, the
 *   evidence says that it has lost something.
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
};

/**
 * Watch until the time is over or somebody stops it.
 * @return 0; -EPERM when neither files nor processes can be seen; another -errno
 */
int observe(const struct observe_options *options, struct evidence *ev,
	    struct observe_report *ret, struct error *err);

/*
 * evidence_strace – the calls in strace's output, of the processes it followed. The lines
 * around them are evidence_strace.c's.
 */
#pragma once

#include "analyzer/evidence.h"

#define STRACE_PROCESSES   8192 /* remembered at a time; a later one takes the place */
#define STRACE_PENDING_MAX (64u << 10)

struct strace_process {
	uint64_t pid;
	bool known;
	bool foreign;	 /* it has left for a mount namespace of its own */
	str_id cwd, exe; /* 0: not known */
	str_id root;	 /* after chroot(); 0: "/" */
	char *pending;	 /* the begin of an unfinished call */
};

struct strace {
	uint64_t pid; /* of the line; 0 where lines have none */
	struct strace_process processes[STRACE_PROCESSES];
};

/** The process with that number, new where it was not seen before. */
struct strace_process *strace_process(struct strace *s, uint64_t pid);
/** A whole call, "NAME(...) = RESULT", whose name is @p name_len bytes long. @return 0; 1
 * when it is none */
int strace_call(struct strace *s, struct evidence *ev, const char *call, size_t name_len);

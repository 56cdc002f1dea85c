/*
 * jail – run a function in a child process that cannot reach this system: private mount,
 * pid, network (without any interface), ipc and host-name namespaces.
 *
 *	static int work(void *arg, int report_fd) { ... return 0; }
 *	struct jail_options options = { .root = "/srv/copy" };
 *	r = jail_run(&options, work, &job, &report, err);
 *
 * What the function starts dies with it, and it dies with the caller. It returns an exit
 * status and says more by writing to report_fd; changes that it makes to memory are lost.
 * It must not run what exit() would run.
 */
#pragma once

#include "base/error.h"
#include "base/strbuf.h"

#include <stdbool.h>

struct jail_options {
	/* This folder becomes "/", and nothing else of the host can be named any more; its
	 * device nodes do not work, and unless it is for_programs, none of its files can be
	 * executed or mapped as code. "/" itself stays as it is.
	 * NULL: the host's own tree, read-only but for @p writable. */
	const char *root;
	/* A folder of the host's tree that stays writable; NULL: none. Without root only. */
	const char *writable;
	/* Without root only: leave the host's tree writable (private mounts alone). */
	bool keep_writable;
	/* Mount what programs expect in a root: /proc, and a /dev with null, zero, full,
	 * random, urandom. Where the root has no such folders nothing is mounted. */
	bool for_programs;
	/* Keep these capabilities only (bits as in capabilities(7)); 0: all. With it no
	 * program can gain others ("no new privileges"). */
	uint64_t capabilities;
	/* No namespaces, no mounts: only a process of its own. */
	bool only_fork;
	/* Bring the loopback interface up. */
	bool loopback;
	/* Descriptors to keep open beside standard output and error; ends with -1; NULL */
	const int *keep_fds;
};

/* chown, dac_override, fowner, fsetid, kill, setgid, setuid, sys_chroot, setfcap:
 * what managing the files of a tree takes, and no more */
#define JAIL_FILE_CAPABILITIES                                                           \
	(1ull << 0 | 1ull << 1 | 1ull << 3 | 1ull << 4 | 1ull << 5 | 1ull << 6 |         \
	 1ull << 7 | 1ull << 18 | 1ull << 31)

typedef int (*jail_function)(void *arg, int report_fd);

/**
 * Run it.
 * @param ret_report  what was written to report_fd, 16 MiB at most
 * @return the exit status, >= 0; -EPERM, -ENOSYS when this system allows no namespaces;
 * -ECHILD with its signal in the text when the child was killed; another -errno
 */
int jail_run(const struct jail_options *options, jail_function function, void *arg,
	     struct strbuf *ret_report, struct error *err);

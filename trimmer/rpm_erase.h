/*
 * rpm_erase – erase packages for good, in a child process: this process's root folder,
 * macros and memory stay as they are.
 *
 * With scriptlets off, librpm works in a jail (base/jail.h) whose "/" is the tree: it can
 * reach nothing else, runs nothing of the tree, and can do no more than manage files. In
 * the sandbox scriptlets and triggers run there, too, with /proc and a small /dev, without
 * network and without new privileges. With scriptlets on they run as RPM itself does it
 * with --root: in a chroot, with all rights of the caller.
 */
#pragma once

#include "base/error.h"

#include <stddef.h>

enum scriptlets { SCRIPTLETS_OFF, SCRIPTLETS_ON, SCRIPTLETS_SANDBOX };

struct rpm_erase {
	const char *tree;      /* path on the host */
	const char *db_folder; /* of rpmdb.sqlite, canonical inside the tree */
	const char *const *nevras;
	size_t count;
	enum scriptlets scriptlets;
	int lock_fd; /* stays open while children work; -1: none */
};

/**
 * Erase, then give the database's free pages back.
 * @return 0; -ENOENT when the database has not all packages; -EBUSY when RPM refuses
 * (the text says what would break); another -errno
 */
int rpm_erase(const struct rpm_erase *job, struct error *err);

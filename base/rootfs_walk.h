/*
 * rootfs_walk – what openat2(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS) does, one component
 * at a time: for kernels without it, and for paths longer than PATH_MAX. Only rootfs.c
 * and its tests use this.
 *
 * Each component is opened without following it, so nothing leads out: an absolute link
 * starts again at the root, ".." at the root stays there. ".." never asks the kernel for
 * a parent (a folder may have been moved out meanwhile) but opens the path again from the
 * root. Links in procfs are refused with -ELOOP, because their text is not where they
 * lead.
 */
#pragma once

#include "base/rootfs.h"

/**
 * Open @p path below @p root_fd.
 * @param flags  of open(); with O_NOFOLLOW a symlink in the last place is not followed
 * @return a descriptor or -errno, the same as the kernel's
 */
int rootfs_walk(int root_fd, const char *path, int flags);

/** Text of the link @p name in @p dir_fd ("": of the link that @p dir_fd is); new memory.
 */
int rootfs_read_link(int dir_fd, const char *name, char **ret);

/** For tests: resolve by component although the kernel could do it. */
void rootfs_resolve_by_component(struct rootfs *root);

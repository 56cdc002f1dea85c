/*
 * rootfs – an installed system seen from outside.
 *
 * All paths in tare are relative to the root, start with '/', and have no empty, "." or
 *".." component. Symlinks are followed *inside* the root: "/etc/x -> /usr/lib/x" in the
 *image never reaches the host's /usr, and ".." stops at the root. Nothing here writes
 *below the root, and nothing blocks: a FIFO or device opened by mistake is refused before
 *it is read.
 *
 *	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
 *	r = rootfs_new("/mnt/image", &root, err);
 *	fd = rootfs_open(root, "/usr/bin/bash", err);
 *
 * The kernel resolves (openat2 with RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS); where it
 *cannot (ENOSYS, EPERM from a seccomp filter) a walk by component with O_NOFOLLOW does
 *the same.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct rootfs;

/**
 * Open the folder @p host_path as a root.
 * @return 0; -ENOENT, -ENOTDIR, -EACCES ... with a text that names the path and says what
 * to do
 */
int rootfs_new(const char *host_path, struct rootfs **ret, struct error *err);
void rootfs_free(struct rootfs *root);
void rootfs_freep(struct rootfs **root);

/** The path the root was opened with, as given. */
const char *rootfs_name(const struct rootfs *root);
/** The descriptor of the root folder; borrowed. */
int rootfs_fd(const struct rootfs *root);
/** Device number of the root folder: entries on another one are behind a mount point. */
uint64_t rootfs_device(const struct rootfs *root);

/**
 * Open a regular file to read it, symlinks followed inside the root.
 * @return a descriptor; -ENOENT; -ELOOP; -EINVAL when it is no regular file; another
 * -errno
 */
int rootfs_open(struct rootfs *root, const char *path, struct error *err);
/** As rootfs_open(), but the last component must not be a symlink (-ELOOP). */
int rootfs_open_nofollow(struct rootfs *root, const char *path, struct error *err);
/** As rootfs_open_nofollow(), with the fstat() it has done anyway. */
int rootfs_open_entry(struct rootfs *root, const char *path, struct stat *ret,
		      struct error *err);
/** Open a folder; symlinks followed inside the root. */
int rootfs_open_dir(struct rootfs *root, const char *path, struct error *err);
/** fstat() of what rootfs_open() would find, of every type, without opening it to read.
 */
int rootfs_stat(struct rootfs *root, const char *path, struct stat *ret,
		struct error *err);
/** The same without following a symlink at the end. */
int rootfs_lstat(struct rootfs *root, const char *path, struct stat *ret,
		 struct error *err);
/** Text of a symlink; new memory. -EINVAL when it is none. */
int rootfs_readlink(struct rootfs *root, const char *path, char **ret, struct error *err);
/** Read a whole small text file (@p max bytes at most); new memory. */
int rootfs_read(struct rootfs *root, const char *path, size_t max, char **ret_data,
		size_t *ret_len, struct error *err);

/**
 * The path without empty, "." and ".." components and with one '/' in front; symlinks are
 * not looked at. New memory.
 */
char *rootfs_clean_path(const char *path);

/*
 * io – files, descriptors and private temporary folders.
 */
#pragma once

#include "base/error.h"
#include "base/macros.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/** For _cleanup_(): close a descriptor variable unless it is < 0. */
void closep(int *fd);
/** For _cleanup_(): fclose() unless NULL. */
void fclosep(FILE **file);

/** Read up to @p len bytes at @p offset, again after EINTR; bytes read, or -errno. */
ssize_t io_pread(int fd, void *buf, size_t len, off_t offset);
/** Write all bytes; 0 or -errno. */
int io_write_all(int fd, const void *buf, size_t len);
/**
 * Read a whole open regular file with a NUL behind it.
 * @param max  more bytes than this are -EFBIG
 * @return 0 and new memory in *ret_data (the caller frees it), or -errno
 */
int io_read_all(int fd, size_t max, char **ret_data, size_t *ret_len, struct error *err);
/** io_read_all() of a path of the host (the user's own files, not the root's). */
int io_read_file(const char *path, size_t max, char **ret_data, size_t *ret_len,
		 struct error *err);
/** Copy all that @p from holds to @p to (reflink where the file system can); 0 or -errno.
 */
int io_copy(int from, int to, struct error *err);
/**
 * Write @p len bytes to @p path through a temporary file beside it and rename: readers
 * see the old file or the new one. "-" writes to standard output; what exists and is no
 * regular file (a device, a pipe, a symlink) is written to in place.
 */
int io_write_file(const char *path, const void *data, size_t len, struct error *err);

/**
 * A new folder with mode 0700 below $TMPDIR or /tmp.
 * @param ret_path  new memory; remove with io_tempdir_remove()
 */
int io_tempdir(char **ret_path, struct error *err);
/** The same below $TMPDIR or /var/tmp: for more than one would put into memory. */
int io_tempdir_large(char **ret_path, struct error *err);
/** Remove the folder and the files in it (and in its folders); frees the path. NULL is
 * fine. */
void io_tempdir_remove(char *path);
/** For _cleanup_() */
void io_tempdir_removep(char **path);

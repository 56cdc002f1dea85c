/*
 * archive_reader – the members of a tar or cpio archive, one after another, compressed or
 * not. The one door to libarchive.
 *
 *	r = packed_open(fd, &packed, err);
 *	while ((r = packed_next(packed, &member, err)) > 0)
 *		if (S_ISREG(member.mode) && !member.hard_link)
 *			r = packed_save(packed, out_fd, err);
 *	packed_close(packed);
 *
 * Filters that libarchive would run a program for are left out: nothing is executed.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct packed;

/* Valid until the next one is asked for. Texts are bytes of the archive: hostile. */
struct packed_member {
	const char *path;
	const char *
		hard_link; /* path of an earlier member that this is a name of; or NULL */
	bool has_data;	   /* so may a hard link: cpio has the bytes at the last name */
	const char *target; /* of a symlink, else NULL */
	mode_t mode;	    /* type and permissions */
	uint32_t uid, gid;
	int64_t mtime;
	const void *capability; /* extended attribute security.capability, or NULL */
	size_t capability_len;
};

/**
 * Begin to read an archive.
 * @param fd  borrowed, open at the archive's first byte; a pipe will do
 * @return 0; -EINVAL when it is no archive that can be read; another -errno
 */
int packed_open(int fd, struct packed **ret, struct error *err);
void packed_close(struct packed *packed);
void packed_closep(struct packed **packed);
/**
 * The next member.
 * @return 1; 0 at the end; -EINVAL when the archive is damaged; another -errno
 */
int packed_next(struct packed *packed, struct packed_member *ret, struct error *err);
/**
 * Write the bytes of the member that packed_next() gave to an empty file; holes stay holes.
 * @return 0; -ENOSPC and other -errno of writing; -EINVAL when the archive is damaged
 */
int packed_save(struct packed *packed, int to, struct error *err);

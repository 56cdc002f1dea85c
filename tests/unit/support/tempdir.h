/*
 * tempdir – a temporary folder that a test fills: the root under analysis.
 *
 *	struct tempdir dir;
 *	tempdir_init(&dir);
 *	tempdir_file(&dir, "usr/bin/tool", "#!/bin/sh\n");	makes the folders, too
 *	tempdir_release(&dir);
 */
#pragma once

#include <stddef.h>

struct tempdir {
	char *path;
	int fd;
};

void tempdir_init(struct tempdir *dir);
/** Removes all that is in it. */
void tempdir_release(struct tempdir *dir);
/** A file with mode 0644 and the folders above it. */
void tempdir_file(struct tempdir *dir, const char *path, const char *text);
void tempdir_bytes(struct tempdir *dir, const char *path, const void *bytes, size_t len);
void tempdir_folder(struct tempdir *dir, const char *path);
void tempdir_link(struct tempdir *dir, const char *path, const char *target);

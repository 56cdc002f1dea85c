/*
 * os_release – which system the root holds: os-release(5), read inside the root, first
 * /etc/os-release, then /usr/lib/os-release.
 *
 * The file is shell assignments: NAME=value, NAME="quoted \"text\"", NAME='as it is'.
 * Nothing is expanded. A line that is no assignment, or whose quote does not end, is
 * skipped; of several assignments the last one counts.
 */
#pragma once

#include "base/error.h"
#include "base/rootfs.h"

#include <stddef.h>

/** Each NULL where the file does not say; printable text without line breaks. */
struct os_release {
	char *id;	   /* "fedora", "azurelinux" */
	char *id_like;	   /* "rhel fedora" */
	char *version_id;  /* "3.0" */
	char *variant_id;  /* "coreos" */
	char *pretty_name; /* "Azure Linux 3.0" */
};

/**
 * Read it; the caller releases *ret.
 * @return 0, also when there is none or it is damaged (all NULL then); -errno when the
 *         environment fails (too many open files)
 */
int os_release_read(struct rootfs *root, struct os_release *ret, struct error *err);
/** The same from @p len bytes; they may be anything. */
void os_release_parse(const char *data, size_t len, struct os_release *ret);
void os_release_release(struct os_release *os);

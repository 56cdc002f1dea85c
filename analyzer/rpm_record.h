/*
 * rpm_record – the three kinds of rpmdb as a stream of records: number and header bytes.
 *
 * None of the readers trusts the database: every offset, length and count is checked
 * against the file, no chain of pages is followed longer than the file has pages, and what
 * is damaged is told as a record without bytes, so that it can be counted.
 */
#pragma once

#include "analyzer/rpm_locate.h"

#include <stdint.h>

/** Largest header that RPM itself reads. */
#define RPM_BLOB_MAX ((size_t)256 << 20)

struct rpm_record {
	uint32_t number;    /* of the header; 0: not known */
	const void *bytes;  /* NULL: there is a record, but it cannot be read */
	size_t len;	    /* of @p bytes */
	const char *damage; /* why it cannot be read */
};

/** Called for each record; a negative return ends the reading and is handed on. */
typedef int rpm_record_fn(const struct rpm_record *record, void *arg, struct error *err);

/** sqlite: from a private copy. Records in the order of their numbers. */
int rpm_sqlite_each(struct rootfs *root, const struct rpm_location *place,
		    rpm_record_fn *fn, void *arg, struct error *err);
/** Berkeley DB (hash or btree, both byte orders): in the order of the pages. */
int rpm_bdb_each(int fd, rpm_record_fn *fn, void *arg, struct error *err);
/** ndb (Packages.db): in the order of the slots. */
int rpm_ndb_each(int fd, rpm_record_fn *fn, void *arg, struct error *err);

/*
 * rpm_fixture – rpmdbs of a few packages, made in memory and written in any of the three
 * kinds.
 *
 *	struct rpm_fixture db = { 0 };
 *	Header h = rpm_fixture_package(&db, "app-1:2.0-3.x86_64");	borrowed
 *
 *	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "libc.so.6()(64bit)", RPMSENSE_FIND_REQUIRES);
 *	rpm_fixture_file(h, "/usr/bin/app", 0100755, 0);
 *	rpm_fixture_write(&db, RPM_BACKEND_NDB, "/tmp/x/Packages.db");
 *	rpm_fixture_release(&db);
 */
#pragma once

#include "analyzer/rpm_locate.h"
#include "base/array.h"

#include <rpm/header.h>
#include <rpm/rpmds.h>

struct rpm_fixture_record {
	uint32_t number;
	void *bytes; /* owned */
	uint32_t len;
};

struct rpm_fixture {
	ARRAY_OF(Header) headers;
	ARRAY_OF(struct rpm_fixture_record) records; /* further ones, as they are */
};

/** NAME-[EPOCH:]VERSION-RELEASE.ARCH (none: without one); provides "NAME = [EPOCH:]VERSION-RELEASE". */
Header rpm_fixture_package(struct rpm_fixture *db, const char *nevra);
/** "name", "name >= 1.0" or a rich dependency; @p tag is the ...NAME tag. */
void rpm_fixture_depend(Header h, rpmTagVal tag, const char *text, rpmsenseFlags flags);
/** A file of 100 bytes in the state RPMFILE_STATE_* (links: rpm_fixture_link()). */
void rpm_fixture_file(Header h, const char *path, uint16_t mode, uint8_t state);
void rpm_fixture_link(Header h, const char *path, const char *target);
/** A record that need not be a header. */
void rpm_fixture_record(struct rpm_fixture *db, uint32_t number, const void *bytes,
			uint32_t len);
/** Write all headers (numbers 1, 2 ...) and records. */
void rpm_fixture_write(struct rpm_fixture *db, enum rpm_backend backend,
		       const char *path);
void rpm_fixture_release(struct rpm_fixture *db);

/*
 * rpm_locate – find the one rpmdb inside a root, without asking the host.
 *
 * The folders /usr/lib/sysimage/rpm, /var/lib/rpm and /usr/share/rpm are looked at, with
 * symlinks (also absolute ones) resolved inside the root; in each of them the names
 * rpmdb.sqlite, Packages.db and Packages. What a file is its first bytes say, not its
 * name. Only a regular file is opened, so a FIFO cannot hang and a device cannot be read.
 *
 *	_cleanup_(rpm_location_release) struct rpm_location place = { .fd = -1 };
 *	r = rpm_locate(root, NULL, &place, err);
 */
#pragma once

#include "base/error.h"
#include "base/rootfs.h"

enum rpm_backend {
	RPM_BACKEND_SQLITE,
	RPM_BACKEND_BDB,
	RPM_BACKEND_NDB,
};

struct rpm_location {
	char *path; /* canonical, inside the root; owned */
	int fd;	    /* open to read; owned; -1: none */
	enum rpm_backend backend;
};

/** "sqlite", "bdb", "ndb" */
const char *rpm_backend_name(enum rpm_backend backend);

/**
 * Find and open the rpmdb.
 *
 * @param dbpath  a folder or a database file inside the root that is looked at instead;
 *                NULL: the usual folders
 * @return 0; -ENOENT when there is none (the text names the places); -ENOTUNIQ when there
 *         are different ones (the text names two and the option --dbpath); -ENOTSUP for a
 *         kind of database that cannot be read; -EINVAL for what is no regular file or no
 *         database; another -errno
 */
int rpm_locate(struct rootfs *root, const char *dbpath, struct rpm_location *ret,
	       struct error *err);
void rpm_location_release(struct rpm_location *place);

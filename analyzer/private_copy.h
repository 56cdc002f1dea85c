/*
 * private_copy – a sqlite database of the root, copied to where it may be opened.
 *
 * sqlite writes beside a database even to read it, and must when a write-ahead log is
 * pending; so database, log and journal are copied to a temporary folder that only this
 * user can read. The copy goes with private_copy_release().
 *
 *	_cleanup_(private_copy_release) struct private_copy copy = { 0 };
 *	r = private_copy_open(root, "/var/lib/rpm/rpmdb.sqlite", fd, &copy, err);
 *	if (r == 0)
 *		r = sql_one_int(copy.db, "SELECT count(*) FROM Packages", &n, err);
 */
#pragma once

#include "base/rootfs.h"
#include "graph/sql.h"

struct private_copy {
	struct sql *db;
	uint64_t bytes_on_disk; /* of all its files, before sqlite empties the log */
	char *folder;
};

/**
 * Copy and open.
 * @param path  canonical, inside the root: "-wal" and "-journal" lie beside it
 * @param fd    the same file, open to read; borrowed
 * @return 0; -EIO when it is no sane database (the text is printable and has no SQL);
 *         another -errno when it cannot be copied
 */
int private_copy_open(struct rootfs *root, const char *path, int fd,
		      struct private_copy *ret, struct error *err);
void private_copy_release(struct private_copy *copy);

/** Make a failure's text fit for a finding: sqlite quotes the database and our statement. */
int private_copy_damage(int code, struct error *err);
/** True when it has this table: a real one, not a view, with these plain columns. */
bool private_copy_has(struct private_copy *copy, const char *table,
		      const char *const *columns);

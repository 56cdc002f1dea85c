/*
 * rpm_session – librpm with one database, quiet: what it logs becomes the reason of an
 * error. Only the trimmer/rpm_*.c files include this.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"

#include <rpm/rpmlog.h>
#include <rpm/rpmts.h>

typedef ARRAY_OF(char *) text_list;

struct rpm_session {
	rpmts ts;
	char *first_error; /* of its log, printable; NULL: none */
};

/**
 * Read RPM's own configuration, and make it do now what it would else do when it is first
 * needed: its interpreter of macros looks for a start file. Call it before the root folder
 * changes. @return 0 or -EIO
 */
int rpm_session_prepare(struct error *err);
/**
 * Open the rpmdb in @p folder.
 * @param tree   a chroot that the folder lies in; "/": none
 * @param flags  O_RDONLY or O_RDWR
 * @return 0 or -EIO with what RPM said; end it in both cases
 */
int rpm_session_begin(struct rpm_session *s, const char *tree, const char *folder,
		      int flags, struct error *err);
void rpm_session_end(struct rpm_session *s);
/** What RPM logged first, or "no reason". */
const char *rpm_session_reason(const struct rpm_session *s);
/** Mark packages to be erased. @return those that the database has not, printable; the
 * caller frees them and the list */
text_list rpm_session_erase(struct rpm_session *s, const char *const *nevras,
			    size_t count);

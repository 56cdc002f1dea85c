#include "analyzer/rpm_locate.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define PATH_LINKS_MAX 40

static const char *const FOLDERS[] = {
	"/usr/lib/sysimage/rpm",
	"/var/lib/rpm",
	"/usr/share/rpm",
};

static const char *const NAMES[] = {
	"rpmdb.sqlite", "Packages.db",
	"Packages",	"data.mdb", /* only to say that they cannot be read */
	"packages.rpm",
};

static const struct {
	size_t at, len;
	const char *bytes;
	const char *kind; /* of one that cannot be read */
	enum rpm_backend backend;
} MAGICS[] = {
	{ 0, 16, "SQLite format 3", NULL, RPM_BACKEND_SQLITE },
	{ 0, 4, "RpmP", NULL, RPM_BACKEND_NDB },
	{ 12, 4, "\x61\x15\x06\x00", NULL, RPM_BACKEND_BDB }, /* hash, little endian */
	{ 12, 4, "\x00\x06\x15\x61", NULL, RPM_BACKEND_BDB },
	{ 12, 4, "\x62\x31\x05\x00", NULL, RPM_BACKEND_BDB }, /* btree */
	{ 12, 4, "\x00\x05\x31\x62", NULL, RPM_BACKEND_BDB },
	{ 16, 4, "\xde\xc0\xef\xbe", "LMDB", 0 },
	{ 0, 4, "\x00\x06\x15\x61", "Berkeley DB 1.85 (RPM 3)", 0 },
	{ 0, 4, "\x61\x15\x06\x00", "Berkeley DB 1.85 (RPM 3)", 0 },
	{ 0, 4, "\xed\xab\xee\xdb", "RPM package, not a database", 0 },
};

const char *rpm_backend_name(enum rpm_backend backend)
{
	static const char *const names[] = {
		[RPM_BACKEND_SQLITE] = "sqlite",
		[RPM_BACKEND_BDB] = "bdb",
		[RPM_BACKEND_NDB] = "ndb",
	};

	return names[backend];
}

void rpm_location_release(struct rpm_location *place)
{
	free(place->path);
	place->path = NULL;
	closep(&place->fd);
	place->fd = -1;
}

/* "/a/b" and "../c": where a link in the folder of @p path leads, before resolving. */
static char *beside(const char *path, size_t folder_len, const char *target,
		    const char *rest)
{
	return mem_printf("%.*s/%s%s", target[0] == '/' ? 0 : (int)folder_len, path,
			  target, rest);
}

/*
 * One step of canonical(): look at the component that ends at @p end. Returns 1 when it
 * was a link (then *path is the new spelling), 0 when not.
 */
static int follow_component(struct rootfs *root, char **path, size_t begin, size_t end,
			    struct error *err)
{
	_cleanup_(freep) char *head = mem_strndup(*path, end);
	_cleanup_(freep) char *target = NULL;
	_cleanup_(freep) char *joined = NULL;
	struct stat st;
	int r = rootfs_lstat(root, head, &st, err);

	if (r < 0 || !S_ISLNK(st.st_mode))
		return r;
	r = rootfs_readlink(root, head, &target, err);
	if (r < 0)
		return r;
	joined = beside(*path, begin - 1, target, *path + end);
	free(*path);
	*path = joined;
	joined = NULL;
	return 1;
}

/* Put ".." of a link's text away: all components before it are no links by then. */
static bool drop_dots(char *path, size_t begin, size_t end)
{
	size_t len = end - begin;
	size_t to = begin - 1; /* its slash */
	bool up = len == 2 && memcmp(path + begin, "..", 2) == 0;

	if (!up && len != 0 && !(len == 1 && path[begin] == '.'))
		return false;
	while (up && to > 0 && path[--to] != '/')
		;
	memmove(path + to, path + end, strlen(path + end) + 1);
	return true;
}

/* The path without any symlink in it; the file must exist. */
static int canonical(struct rootfs *root, const char *given, char **ret,
		     struct error *err)
{
	_cleanup_(freep) char *path = rootfs_clean_path(given);
	int links = 0;
	size_t begin = 1;

	while (path[begin - 1] == '/' && path[begin]) {
		size_t end = begin + strcspn(path + begin, "/");
		int r;

		if (drop_dots(path, begin, end)) {
			begin = 1;
			continue;
		}
		r = follow_component(root, &path, begin, end, err);
		if (r < 0)
			return r;
		if (r > 0 && ++links > PATH_LINKS_MAX)
			return error_set(err, -ELOOP, "'%s': too many symbolic links",
					 given);
		begin = r > 0 ? 1 : path[end] ? end + 1 : end;
		if (r == 0 && !path[end])
			break;
	}
	*ret = steal_ptr(&path);
	return 0;
}

static int identify(struct rpm_location *place, struct error *err)
{
	_cleanup_(freep) char *shown = text_printable_dup(place->path);
	char head[64] = { 0 };
	ssize_t n = io_pread(place->fd, head, sizeof(head), 0);

	if (n < 0)
		return error_set(err, (int)n, "cannot read the rpmdb '%s': %s", shown,
				 strerror((int)-n));
	for (size_t i = 0; i < ARRAY_LEN(MAGICS); i++) {
		if ((size_t)n < MAGICS[i].at + MAGICS[i].len ||
		    memcmp(head + MAGICS[i].at, MAGICS[i].bytes, MAGICS[i].len) != 0)
			continue;
		if (MAGICS[i].kind)
			return error_set(err, -ENOTSUP,
					 "the rpmdb '%s' cannot be read: %s (supported: "
					 "sqlite, ndb, Berkeley DB)",
					 shown, MAGICS[i].kind);
		place->backend = MAGICS[i].backend;
		return 0;
	}
	return error_set(err, n == 0 ? -EINVAL : -ENOTSUP,
			 "the rpmdb '%s' is %s (supported: sqlite, ndb, Berkeley DB)",
			 shown,
			 n == 0 ? "an empty file" : "of an unknown kind or damaged");
}

/* A candidate: the path it was found under and which file it is. */
struct candidate {
	char *path;
	dev_t device;
	ino_t inode;
};

struct search {
	struct rootfs *root;
	struct candidate found;
	struct strbuf looked;
};

static int fail_two(const char *a, const char *b, struct error *err)
{
	_cleanup_(freep) char *first = text_printable_dup(a);
	_cleanup_(freep) char *second = text_printable_dup(b);

	return error_set(err, -ENOTUNIQ,
			 "there are two different rpmdbs, '%s' and '%s': choose one with "
			 "--dbpath PATH",
			 first, second);
}

/* Take @p path as the rpmdb if something is there; -ENOENT is no failure. */
static int consider(struct search *search, const char *path, struct error *err)
{
	struct stat st;
	int r = rootfs_stat(search->root, path, &st, err);

	if (r == -ENOENT || r == -ENOTDIR) {
		/* a symlink that leads nowhere is not a place without a database */
		if (rootfs_lstat(search->root, path, &st, NULL) == 0)
			return error_prefix(err, r, "the rpmdb is a dangling symlink");
		error_clear(err);
		return 0;
	}
	if (r < 0)
		return error_prefix(err, r, "cannot look for the rpmdb");
	if (!search->found.path) {
		search->found =
			(struct candidate){ mem_strdup(path), st.st_dev, st.st_ino };
		return 0;
	}
	if (search->found.device == st.st_dev && search->found.inode == st.st_ino)
		return 0;
	return fail_two(search->found.path, path, err);
}

static int search_folder(struct search *search, const char *folder, struct error *err)
{
	int r = 0;

	strbuf_printf(&search->looked, "%s%s", search->looked.len ? ", " : "", folder);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(NAMES); i++) {
		_cleanup_(freep) char *path = mem_printf("%s/%s", folder, NAMES[i]);

		r = consider(search, path, err);
	}
	return r;
}

static int search_given(struct search *search, const char *dbpath, struct error *err)
{
	_cleanup_(freep) char *clean = rootfs_clean_path(dbpath);
	struct stat st;
	int r = rootfs_stat(search->root, clean, &st, err);

	if (r < 0)
		return error_prefix(err, r, "cannot use --dbpath");
	if (S_ISDIR(st.st_mode))
		return search_folder(search, clean, err);
	return consider(search, clean, err);
}

static int open_found(struct rootfs *root, const char *path, struct rpm_location *ret,
		      struct error *err)
{
	_cleanup_(rpm_location_release) struct rpm_location place = { .fd = -1 };
	int r = canonical(root, path, &place.path, err);

	if (r == 0)
		r = place.fd = rootfs_open_nofollow(root, place.path, err);
	if (r < 0)
		return error_prefix(err, r, "cannot open the rpmdb");
	r = identify(&place, err);
	if (r < 0)
		return r;
	*ret = place;
	place = (struct rpm_location){ .fd = -1 };
	return 0;
}

static int search_all(struct search *search, const char *dbpath, struct error *err)
{
	int r = 0;

	if (dbpath)
		return search_given(search, dbpath, err);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(FOLDERS); i++)
		r = search_folder(search, FOLDERS[i], err);
	return r;
}

int rpm_locate(struct rootfs *root, const char *dbpath, struct rpm_location *ret,
	       struct error *err)
{
	struct search search = { .root = root };
	int r = search_all(&search, dbpath, err);

	if (r == 0 && !search.found.path) {
		_cleanup_(freep) char *where = text_printable_dup(search.looked.data);

		r = error_set(
			err, -ENOENT,
			"no rpmdb: there is no rpmdb.sqlite, Packages.db or Packages "
			"in %s (--dbpath PATH names another folder)",
			where);
	}
	if (r == 0)
		r = open_found(root, search.found.path, ret, err);
	free(search.found.path);
	strbuf_release(&search.looked);
	return r;
}

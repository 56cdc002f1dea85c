#include "base/rootfs.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/rootfs_walk.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_FLAGS   (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define LOOK_FLAGS   (O_PATH | O_CLOEXEC)
#define RACE_RETRIES 16

struct rootfs {
	char *name;
	int fd;
	uint64_t device;
	bool by_component; /* the kernel has no openat2, or may not be asked */
	bool noatime;	   /* allowed for the root folder itself, so worth a try */
};

static int open_below(int dir_fd, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = { .flags = (uint64_t)flags, .resolve = resolve };

	/* EAGAIN: somewhere on the host something was renamed while ".." was resolved. */
	for (int i = 0; i < RACE_RETRIES; i++) {
		int fd = (int)syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));

		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

static int open_in_root(const struct rootfs *root, const char *path, int flags)
{
	return open_below(root->fd, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/*
 * A path beyond PATH_MAX in pieces that the kernel takes, if it has neither symlinks nor a
 * ".." that leaves its piece; walking by component would be slow at such depth.
 */
static int open_in_pieces(const struct rootfs *root, const char *path, int flags)
{
	const uint64_t resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
	_cleanup_(closep) int dir = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);

	path += strspn(path, "/");
	while (strlen(path) >= PATH_MAX && dir >= 0) {
		char piece[PATH_MAX];
		size_t len = PATH_MAX - 1;
		int below;

		while (len > 0 && path[len] != '/')
			len--;
		memcpy(piece, path, len);
		piece[len] = '\0';
		below = open_below(dir, piece, LOOK_FLAGS | O_DIRECTORY, resolve);
		close(dir);
		dir = below;
		path += len + strspn(path + len, "/");
	}
	return dir < 0 ? -EMFILE : open_below(dir, *path ? path : ".", flags, resolve);
}

static int resolve_once(const struct rootfs *root, const char *path, int flags)
{
	int fd = -ENAMETOOLONG;

	if (*path == '\0')
		return -ENOENT;
	if (!root->by_component) {
		fd = open_in_root(root, path, flags);
		if (fd == -ENAMETOOLONG)
			fd = open_in_pieces(root, path, flags);
		if (fd >= 0 ||
		    (fd != -ENAMETOOLONG && fd != -EAGAIN && strlen(path) < PATH_MAX))
			return fd;
	}
	return rootfs_walk(root->fd, path, flags);
}

/* Without traces in access times where the kernel lets us. */
static int resolve(const struct rootfs *root, const char *path, int flags)
{
	int fd;

	if (root->noatime && !(flags & O_PATH)) {
		fd = resolve_once(root, path, flags | O_NOATIME);
		if (fd != -EPERM)
			return fd;
	}
	return resolve_once(root, path, flags);
}

static int fail(struct error *err, int code, const char *what, const char *path)
{
	_cleanup_(freep) char *shown = NULL;

	if (!err)
		return code;
	shown = text_printable_dup(path);
	return error_set(err, code, "cannot %s '%s': %s", what, shown, strerror(-code));
}

static int fail_irregular(struct error *err, const char *path)
{
	_cleanup_(freep) char *shown = text_printable_dup(path);

	return error_set(err, -EINVAL, "'%s' is not a regular file", shown);
}

/* What open() of the root folder itself complains about, and what helps. */
static int fail_root(struct error *err, const char *host_path)
{
	static const struct {
		int code;
		const char *hint;
	} HINTS[] = {
		{ ENOENT, "; name a folder that holds an installed system" },
		{ ENOTDIR, "; unpack it into a folder first" },
		{ EACCES, "; run as a user who may read it" },
	};
	_cleanup_(freep) char *shown = text_printable_dup(host_path);
	const char *hint = "";
	int code = errno;

	for (size_t i = 0; i < ARRAY_LEN(HINTS); i++)
		if (HINTS[i].code == code)
			hint = HINTS[i].hint;
	return error_set(err, -code, "cannot open root '%s': %s%s", shown, strerror(code),
			 hint);
}

int rootfs_new(const char *host_path, struct rootfs **ret, struct error *err)
{
	_cleanup_(closep) int fd = open(host_path, READ_FLAGS | O_DIRECTORY);
	struct rootfs *root;
	struct stat st;
	int probe;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_root(err, host_path);
	root = mem_calloc(1, sizeof(*root));
	root->name = mem_strdup(host_path);
	root->device = st.st_dev;
	root->fd = steal_fd(&fd);
	probe = open_in_root(root, ".", LOOK_FLAGS);
	root->by_component = probe < 0;
	closep(&probe);
	probe = openat(root->fd, ".", READ_FLAGS | O_DIRECTORY | O_NOATIME);
	root->noatime = probe >= 0;
	closep(&probe);
	*ret = root;
	return 0;
}

void rootfs_free(struct rootfs *root)
{
	if (!root)
		return;
	close(root->fd);
	free(root->name);
	free(root);
}

void rootfs_freep(struct rootfs **root)
{
	rootfs_free(*root);
}

void rootfs_resolve_by_component(struct rootfs *root)
{
	root->by_component = true;
}

const char *rootfs_name(const struct rootfs *root)
{
	return root->name;
}

int rootfs_fd(const struct rootfs *root)
{
	return root->fd;
}

uint64_t rootfs_device(const struct rootfs *root)
{
	return root->device;
}

/* Opening a device may already do something (a watchdog starts): look before opening. */
static int reopen_regular(const struct rootfs *root, int look_fd, const char *path)
{
	char link[64];
	int fd;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", look_fd);
	if (root->noatime) {
		fd = open(link, READ_FLAGS | O_NOATIME);
		if (fd >= 0)
			return fd;
	}
	fd = open(link, READ_FLAGS);
	if (fd >= 0 || errno != ENOENT)
		return fd >= 0 ? fd : -errno;
	return resolve(root, path, READ_FLAGS); /* no /proc here */
}

static int check_regular(int fd, const char *path, struct stat *ret, struct error *err)
{
	if (fstat(fd, ret) < 0)
		return fail(err, -errno, "read", path);
	return S_ISREG(ret->st_mode) ? 0 : fail_irregular(err, path);
}

int rootfs_open(struct rootfs *root, const char *path, struct error *err)
{
	_cleanup_(closep) int look = resolve(root, path, LOOK_FLAGS);
	_cleanup_(closep) int fd = -1;
	struct stat st;
	int r;

	if (look < 0)
		return fail(err, look, "open", path);
	r = check_regular(look, path, &st, err);
	if (r < 0)
		return r;
	fd = reopen_regular(root, look, path);
	if (fd < 0)
		return fail(err, fd, "open", path);
	r = check_regular(fd, path, &st, err);
	return r < 0 ? r : steal_fd(&fd);
}

/*
 * Callers know from the walk that it is a regular file, and there are ten thousands of
 * them: so one open, and a check that it still is.
 */
int rootfs_open_entry(struct rootfs *root, const char *path, struct stat *ret,
		      struct error *err)
{
	_cleanup_(closep) int fd = resolve(root, path, READ_FLAGS | O_NOFOLLOW);
	int r;

	if (fd == -ENXIO || fd == -ENODEV) /* a socket, a device without a driver */
		return fail_irregular(err, path);
	if (fd < 0)
		return fail(err, fd, "open", path);
	r = check_regular(fd, path, ret, err);
	return r < 0 ? r : steal_fd(&fd);
}

int rootfs_open_nofollow(struct rootfs *root, const char *path, struct error *err)
{
	struct stat st;

	return rootfs_open_entry(root, path, &st, err);
}

int rootfs_open_dir(struct rootfs *root, const char *path, struct error *err)
{
	int fd = resolve(root, path, READ_FLAGS | O_DIRECTORY);

	return fd < 0 ? fail(err, fd, "open folder", path) : fd;
}

static int look_at(struct rootfs *root, const char *path, int flags, struct stat *ret,
		   struct error *err)
{
	_cleanup_(closep) int fd = resolve(root, path, LOOK_FLAGS | flags);
	struct stat st;

	if (fd < 0)
		return fail(err, fd, "look at", path);
	if (fstat(fd, &st) < 0)
		return fail(err, -errno, "look at", path);
	*ret = st;
	return 0;
}

int rootfs_stat(struct rootfs *root, const char *path, struct stat *ret,
		struct error *err)
{
	return look_at(root, path, 0, ret, err);
}

int rootfs_lstat(struct rootfs *root, const char *path, struct stat *ret,
		 struct error *err)
{
	return look_at(root, path, O_NOFOLLOW, ret, err);
}

int rootfs_readlink(struct rootfs *root, const char *path, char **ret, struct error *err)
{
	_cleanup_(closep) int fd = resolve(root, path, LOOK_FLAGS | O_NOFOLLOW);
	struct stat st;
	int r;

	if (fd < 0)
		return fail(err, fd, "read link", path);
	if (fstat(fd, &st) < 0 || !S_ISLNK(st.st_mode))
		return fail(err, -EINVAL, "read link", path);
	r = rootfs_read_link(fd, "", ret);
	return r < 0 ? fail(err, r, "read link", path) : 0;
}

int rootfs_read(struct rootfs *root, const char *path, size_t max, char **ret_data,
		size_t *ret_len, struct error *err)
{
	_cleanup_(closep) int fd = rootfs_open(root, path, err);
	_cleanup_(freep) char *shown = NULL;
	int r;

	if (fd < 0)
		return fd;
	r = io_read_all(fd, max, ret_data, ret_len, err);
	if (r == 0)
		return 0;
	shown = text_printable_dup(path);
	return error_prefix(err, r, "'%s'", shown);
}

char *rootfs_clean_path(const char *path)
{
	char *clean = mem_alloc(strlen(path) + 2);
	size_t len = 0;

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (len > 0 && clean[--len] != '/')
				;
		} else if (n > 0 && !(n == 1 && path[0] == '.')) {
			clean[len++] = '/';
			memcpy(clean + len, path, n);
			len += n;
		}
		path += n;
		path += strspn(path, "/");
	}
	if (len == 0)
		clean[len++] = '/';
	clean[len] = '\0';
	return clean;
}

#include "base/tree_meta.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The f*xattr() functions refuse O_PATH; the name in /proc leads to the entry itself, a
 * symlink too. */
struct handle {
	char path[40];
};

static struct handle handle_of(int fd)
{
	struct handle handle;

	snprintf(handle.path, sizeof(handle.path), "/proc/self/fd/%d", fd);
	return handle;
}

static ssize_t list_names(const struct handle *handle, char **ret)
{
	ssize_t size = listxattr(handle->path, NULL, 0);

	while (size > 0) {
		char *names = mem_alloc((size_t)size);
		ssize_t len = listxattr(handle->path, names, (size_t)size);

		if (len >= 0) {
			*ret = names;
			return len;
		}
		free(names);
		if (errno != ERANGE)
			return -errno;
		size = listxattr(handle->path, NULL, 0);
	}
	return size == 0 || errno == ENOTSUP || errno == EOPNOTSUPP ? 0 : -errno;
}

static int copy_one(const struct handle *from, const struct handle *to, const char *name)
{
	_cleanup_(freep) char *value = NULL;
	ssize_t size = getxattr(from->path, name, NULL, 0);

	if (size >= 0) {
		value = mem_alloc((size_t)size + 1);
		size = getxattr(from->path, name, value, (size_t)size);
	}
	if (size < 0)
		return errno == ENODATA ? 0 : -errno;
	return setxattr(to->path, name, value, (size_t)size, 0) < 0 ? -errno : 0;
}

static bool has_name(const char *names, ssize_t len, const char *name)
{
	for (ssize_t at = 0; at < len; at += (ssize_t)strlen(names + at) + 1)
		if (strcmp(names + at, name) == 0)
			return true;
	return false;
}

static int copy_attributes(int from_fd, int to_fd)
{
	_cleanup_(freep) char *wanted = NULL;
	_cleanup_(freep) char *there = NULL;
	struct handle from = handle_of(from_fd), to = handle_of(to_fd);
	ssize_t wanted_len = list_names(&from, &wanted);
	ssize_t there_len = list_names(&to, &there);
	int r = 0;

	if (wanted_len < 0 || there_len < 0)
		return (int)MIN2(wanted_len, there_len);
	for (ssize_t at = 0; at < there_len; at += (ssize_t)strlen(there + at) + 1)
		if (!has_name(wanted, wanted_len, there + at) &&
		    strcmp(there + at, "security.selinux") != 0 &&
		    removexattr(to.path, there + at) < 0 && errno != ENODATA)
			return -errno;
	for (ssize_t at = 0; r == 0 && at < wanted_len;
	     at += (ssize_t)strlen(wanted + at) + 1)
		r = copy_one(&from, &to, wanted + at);
	return r;
}

/* In this order: a new owner clears capabilities and set-id bits, an ACL sets the mode's
 * group bits, and all of it changes no modification time. */
int tree_meta_copy(int from, int to, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };
	struct handle handle = handle_of(to);
	int r;

	if (fchownat(to, "", st->st_uid, st->st_gid,
		     AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISLNK(st->st_mode) && chmod(handle.path, st->st_mode & 07777) < 0)
		return -errno;
	r = copy_attributes(from, to);
	if (r < 0)
		return r;
	return utimensat(AT_FDCWD, handle.path, times, 0) < 0 ? -errno : 0;
}

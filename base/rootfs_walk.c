#include "base/rootfs_walk.h"

#include "base/array.h"
#include "base/io.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LINKS_MAX 40
/* ".." costs a walk from the root: a hostile mix of both must end. */
#define STEPS_MAX 1000000
#define LOOK	  (O_PATH | O_NOFOLLOW | O_CLOEXEC)

struct place {
	int root_fd;
	int fd;	    /* of the current folder; -1: to be opened again */
	char *rest; /* what is still to be resolved, and where we are in it */
	size_t at;
	ARRAY_OF(char *) names; /* components of the current folder */
	unsigned int links;
	size_t steps;
};

static void place_release(struct place *place)
{
	closep(&place->fd);
	free(place->rest);
	array_each (&place->names, i)
		free(place->names.data[i]);
	array_release(&place->names);
}

static void leave(struct place *place)
{
	closep(&place->fd);
	place->fd = -1;
}

static void go_to_root(struct place *place)
{
	leave(place);
	while (place->names.len > 0)
		free(array_pop(&place->names));
}

static void go_up(struct place *place)
{
	if (place->names.len == 0)
		return;
	leave(place);
	free(array_pop(&place->names));
}

/* Open the current folder again: none of its components was a symlink. */
static int arrive(struct place *place)
{
	_cleanup_(closep) int fd = -1;

	if (place->fd >= 0)
		return 0;
	fd = openat(place->root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	array_each (&place->names, i) {
		int below = openat(fd, place->names.data[i], LOOK | O_DIRECTORY);

		if (below < 0)
			return -errno;
		close(fd);
		fd = below;
		if (++place->steps > STEPS_MAX)
			return -ELOOP;
	}
	place->fd = steal_fd(&fd);
	return 0;
}

int rootfs_read_link(int dir_fd, const char *name, char **ret)
{
	size_t size = 256;

	for (;;) {
		char *text = mem_alloc(size);
		ssize_t n = readlinkat(dir_fd, name, text, size);

		if (n >= 0 && (size_t)n < size) {
			text[n] = '\0';
			*ret = text;
			return 0;
		}
		free(text);
		if (n < 0)
			return -errno;
		size *= 2;
	}
}

/* Continue with the text of the link @p fd in place of the link. */
static int follow(struct place *place, int fd)
{
	_cleanup_(freep) char *target = NULL;
	struct statfs fs;
	char *rest;
	int r;

	if (++place->links > LINKS_MAX)
		return -ELOOP;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type == PROC_SUPER_MAGIC)
		return -ELOOP;
	r = rootfs_read_link(fd, "", &target);
	if (r < 0)
		return r;
	assert(target);
	if (target[0] == '/')
		go_to_root(place);
	rest = mem_printf("%s%s", target, place->rest + place->at);
	free(place->rest);
	place->rest = rest;
	place->at = 0;
	return 0;
}

static void enter(struct place *place, int fd, const char *name)
{
	leave(place);
	place->fd = fd;
	array_push(&place->names, mem_strdup(name));
}

/* Take the next component out of the rest; false at its end. */
static bool next_name(struct place *place, char **ret)
{
	const char *p = place->rest + place->at;
	size_t skip = strspn(p, "/"), len = strcspn(p + skip, "/");

	if (len == 0)
		return false;
	*ret = mem_strndup(p + skip, len);
	place->at += skip + len;
	return true;
}

/*
 * One component.
 * @return 0 go on; 1 *ret_fd is the answer; -errno
 */
static int step(struct place *place, const char *name, int flags, int *ret_fd)
{
	bool last = place->rest[place->at] == '\0';
	_cleanup_(closep) int fd = -1;
	struct stat st;
	int r = arrive(place);

	if (r < 0)
		return r;
	fd = openat(place->fd, name, LOOK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode) && (!last || !(flags & O_NOFOLLOW)))
		return follow(place, fd);
	if (S_ISDIR(st.st_mode)) {
		enter(place, steal_fd(&fd), name);
		return 0;
	}
	if (!last || (flags & O_DIRECTORY))
		return -ENOTDIR;
	if (flags & O_PATH)
		*ret_fd = steal_fd(&fd);
	else
		*ret_fd = openat(place->fd, name, flags | O_NOFOLLOW);
	return *ret_fd < 0 ? -errno : 1;
}

static int walk(struct place *place, int flags, int *ret_fd)
{
	int r = 0;

	while (r == 0) {
		_cleanup_(freep) char *name = NULL;

		if (!next_name(place, &name))
			break;
		if (++place->steps > STEPS_MAX)
			return -ELOOP;
		if (strcmp(name, "..") == 0)
			go_up(place);
		else if (strcmp(name, ".") != 0)
			r = step(place, name, flags, ret_fd);
	}
	if (r != 0)
		return r;
	/* The path ends at a folder: open it the way that was asked for. */
	r = arrive(place);
	if (r < 0)
		return r;
	*ret_fd = openat(place->fd, ".", flags);
	return *ret_fd < 0 ? -errno : 1;
}

int rootfs_walk(int root_fd, const char *path, int flags)
{
	_cleanup_(place_release) struct place place = { .root_fd = root_fd,
							.fd = -1,
							.rest = mem_strdup(path) };
	int fd = -1, r;

	if (*path == '\0')
		return -ENOENT;
	r = walk(&place, flags, &fd);
	return r < 0 ? r : fd;
}

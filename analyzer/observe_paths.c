#include "analyzer/observe_internal.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define HANDLE_BYTES 128
#define FD_PATH_MAX  64
#define DELETED	     " (deleted)"
#define OVERLAY	     0x794c7630

static bool link_of(int fd, char ret[PATH_MAX])
{
	char name[FD_PATH_MAX];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, ret, PATH_MAX);
	if (n <= 0 || n >= PATH_MAX)
		return false;
	ret[n] = '\0';
	return ret[0] == '/';
}

/* Asked anew each time: on an overlay a file that is written to becomes another one. */
static bool is_that_file(const char *path, int fd)
{
	struct stat st, file;

	return fstat(fd, &file) == 0 && stat(path, &st) == 0 &&
	       st.st_ino == file.st_ino && st.st_dev == file.st_dev;
}

static int mount_id_of(int fd)
{
	_cleanup_(fclosep) FILE *info = NULL;
	_cleanup_(freep) char *line = NULL;
	char name[FD_PATH_MAX];
	size_t size = 0;
	int id = -1;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	info = fopen(name, "re");
	while (info && id < 0 && getline(&line, &size, info) > 0)
		sscanf(line, "mnt_id: %d", &id);
	return id;
}

/* Does the process ("self" or a number) have the mount that the file was opened through? */
static bool has_mount_of(const char *process, int fd)
{
	_cleanup_(freep) char *path = mem_printf("/proc/%s/mountinfo", process);
	_cleanup_(fclosep) FILE *mounts = fopen(path, "re");
	_cleanup_(freep) char *line = NULL;
	int id = mount_id_of(fd), mount;
	size_t size = 0;

	while (mounts && id >= 0 && getline(&line, &size, mounts) > 0)
		if (sscanf(line, "%d ", &mount) == 1 && mount == id)
			return true;
	return false;
}

/* Of mounts that only containers have, nobody knows where they hang. */
static bool is_our_mount(int fd)
{
	return has_mount_of("self", fd);
}

/* A mount of the host's when we are in a container of our own. */
static bool is_mount_of_guide(const struct observing *o, int fd)
{
	char guide[16];

	snprintf(guide, sizeof(guide), "%d", o->guide);
	return o->guide && observe_has_our_root(o, o->guide) && has_mount_of(guide, fd);
}

static bool has_folder(const char *path)
{
	_cleanup_(freep) char *folder = mem_strdup(path);
	struct stat st;

	*strrchr(folder, '/') = '\0';
	return stat(folder[0] ? folder : "/", &st) == 0 && S_ISDIR(st.st_mode);
}

/* @p path with the root in front of it, for a process to which our root is "/". */
static bool in_root(const struct observing *o, const char *path, char ret[PATH_MAX])
{
	int n = snprintf(ret, PATH_MAX, "%s%s", o->root, path);

	return n > 0 && n < PATH_MAX;
}

/* The same handle means another file on each file system: the caller must look. */
static int open_handle(const struct observed_mount *mount, struct file_handle *handle)
{
	_cleanup_(closep) int folder =
		open(mount->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return folder < 0 ? -1 : open_by_handle_at(folder, handle, O_PATH | O_CLOEXEC);
}

/* A file that was opened in another mount namespace has its path there: ask our own mounts
 * of its file system. */
static enum observe_place place_by_handle(struct observing *o, int fd, char ret[PATH_MAX])
{
	struct {
		struct file_handle handle;
		unsigned char bytes[HANDLE_BYTES];
	} h = { .handle.handle_bytes = HANDLE_BYTES };
	enum observe_place place = PLACE_UNKNOWN;
	int mount_id;

	if (name_to_handle_at(fd, "", &h.handle, &mount_id, AT_EMPTY_PATH) < 0)
		return PLACE_UNKNOWN;
	array_each (&o->mounts, i) {
		_cleanup_(closep) int again = open_handle(&o->mounts.data[i], &h.handle);

		if (again < 0 || !link_of(again, ret) || !is_that_file(ret, fd))
			continue;
		if (observe_below(o, ret))
			return PLACE_BELOW;
		place = PLACE_OUTSIDE;
	}
	return place;
}

static enum observe_place place_now(struct observing *o, int fd, const char *link,
				    char ret[PATH_MAX])
{
	enum observe_place place;

	if (observe_below(o, link) && is_that_file(link, fd)) {
		memcpy(ret, link, strlen(link) + 1);
		return PLACE_BELOW;
	}
	if (o->root[0] && in_root(o, link, ret) && is_that_file(ret, fd))
		return PLACE_BELOW;
	place = place_by_handle(o, fd, ret);
	if (place == PLACE_UNKNOWN && !observe_below(o, link) && is_that_file(link, fd) &&
	    is_our_mount(fd))
		return PLACE_OUTSIDE;
	return place;
}

/* On an overlay the time is that of the copy. */
static bool was_born_here(const struct observing *o, int fd)
{
	struct statx file;
	struct statfs fs;

	return statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &file) == 0 &&
	       (file.stx_mask & STATX_BTIME) && file.stx_btime.tv_sec > o->ev->begin &&
	       fstatfs(fd, &fs) == 0 && fs.f_type != OVERLAY;
}

/* Its name was taken away, or given to another file: it had that name when it was opened.
 * Whether the name is one of ours says the mount. */
static enum observe_place place_before(struct observing *o, int fd, const char *link,
				       char ret[PATH_MAX])
{
	bool ours = is_our_mount(fd), known = ours;
	struct stat st;

	if (ours && !observe_below(o, link))
		return PLACE_OUTSIDE;
	if (ours)
		memcpy(ret, link, strlen(link) + 1);
	else
		known = is_mount_of_guide(o, fd) && in_root(o, link, ret) &&
			has_folder(ret);
	if (known && lstat(ret, &st) == 0 && S_ISREG(st.st_mode))
		return PLACE_BELOW;
	if (was_born_here(o, fd))
		return PLACE_TEMPORARY;
	return known ? PLACE_BELOW : PLACE_UNKNOWN;
}

enum observe_place observe_path(struct observing *o, int fd, char ret[PATH_MAX])
{
	char link[PATH_MAX];
	size_t len, suffix = sizeof(DELETED) - 1;
	enum observe_place place;

	for (int attempt = 0; attempt < 2; attempt++) {
		if (!link_of(fd, link))
			return PLACE_UNKNOWN;
		place = place_now(o, fd, link, ret);
		if (place != PLACE_UNKNOWN)
			return place;
	}
	len = strlen(link);
	if (len <= suffix || strcmp(link + len - suffix, DELETED) != 0)
		return PLACE_UNKNOWN;
	link[len - suffix] = '\0';
	return place_before(o, fd, link, ret);
}

bool observe_folder(struct observing *o, const struct fanotify_event_info_fid *info,
		    char ret[PATH_MAX])
{
	struct file_handle *handle = (struct file_handle *)info->handle;

	array_each (&o->mounts, i) {
		const struct observed_mount *mount = &o->mounts.data[i];
		_cleanup_(closep) int folder = -1;

		if (memcmp(mount->fsid, &info->fsid, sizeof(mount->fsid)) != 0)
			continue;
		folder = open_handle(mount, handle);
		if (folder >= 0 && link_of(folder, ret) && is_that_file(ret, folder) &&
		    observe_below(o, ret))
			return true;
	}
	return false;
}

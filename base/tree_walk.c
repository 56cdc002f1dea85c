#include "base/tree_walk.h"

#include "base/array.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

typedef ARRAY_OF(char *) name_list;

/* A folder that is being walked. */
struct level {
	int fd;
	struct stat st;
	name_list names;
	size_t at;	 /* of the next name */
	size_t path_len; /* of the path of this folder */
};

struct walk {
	const struct tree_walker *walker;
	struct error *err;
	dev_t device;
	struct strbuf path;
	ARRAY_OF(struct level) levels;
};

static void release_names(name_list *names)
{
	array_each (names, i)
		free(names->data[i]);
	array_release(names);
}

static void walk_release(struct walk *w)
{
	array_each (&w->levels, i) {
		close(w->levels.data[i].fd);
		release_names(&w->levels.data[i].names);
	}
	array_release(&w->levels);
	strbuf_release(&w->path);
}

static int fail(struct walk *w, int code, const char *what)
{
	_cleanup_(freep) char *shown = text_printable_dup(strbuf_text(&w->path));

	return error_set(w->err, code, "cannot %s '%s': %s", what, shown,
			 strerror(-code));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int read_names(int fd, name_list *ret)
{
	int copy = openat(fd, ".", FOLDER_FLAGS);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		int r = -errno;

		closep(&copy);
		return r;
	}
	errno = 0;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			array_push(ret, mem_strdup(entry->d_name));
	copy = -errno;
	closedir(dir);
	array_sort(ret, compare_names);
	return copy;
}

/* Takes the descriptor over. */
static int enter(struct walk *w, int fd, const struct stat *st)
{
	struct level level = { .fd = fd, .st = *st, .path_len = w->path.len };
	int r = read_names(fd, &level.names);

	array_push(&w->levels, level);
	return r < 0 ? fail(w, r, "read the folder") : 0;
}

static void set_path(struct walk *w, size_t len, const char *name)
{
	strbuf_truncate(&w->path, len);
	strbuf_putc(&w->path, '/');
	strbuf_puts(&w->path, name);
}

static int enter_below(struct walk *w, int parent_fd, const char *name,
		       const struct stat *seen)
{
	_cleanup_(closep) int fd = openat(parent_fd, name, FOLDER_FLAGS);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(w, -errno, "open the folder");
	if (st.st_dev != seen->st_dev || st.st_ino != seen->st_ino)
		return fail(w, -EAGAIN, "open the folder, which was just exchanged,");
	return enter(w, steal_fd(&fd), &st);
}

/* Another file system, or a part of this one that is bound there. */
static bool is_mount_point(const struct walk *w, int parent_fd, const char *name,
			   const struct stat *st)
{
	struct statx x;

	if (!S_ISDIR(st->st_mode))
		return false;
	if (st->st_dev != w->device)
		return true;
	return statx(parent_fd, name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x) == 0 &&
	       (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

static int visit_entry(struct walk *w, const char *name)
{
	struct level *level = &w->levels.data[w->levels.len - 1];
	int parent_fd = level->fd;
	struct stat st;
	struct tree_visit visit = { .name = name, .parent_fd = parent_fd, .st = &st };
	int r;

	set_path(w, level->path_len, name);
	visit.path = w->path.data;
	if (fstatat(parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(w, -errno, "look at");
	visit.is_mount = is_mount_point(w, parent_fd, name, &st);
	r = w->walker->entry(w->walker->arg, &visit);
	if (r < 0)
		return r;
	if (r == 0 && S_ISDIR(st.st_mode) && !visit.is_mount)
		return enter_below(w, parent_fd, name, &st);
	return 0;
}

static int leave(struct walk *w)
{
	struct level level = array_pop(&w->levels);
	bool is_top = w->levels.len == 0;
	struct tree_visit visit = { .parent_fd = level.fd, .name = ".", .st = &level.st };
	int r = 0;

	strbuf_truncate(&w->path, level.path_len);
	visit.path = is_top ? "/" : w->path.data;
	if (!is_top) {
		visit.parent_fd = w->levels.data[w->levels.len - 1].fd;
		visit.name = strrchr(w->path.data, '/') + 1;
	}
	if (w->walker->leave)
		r = w->walker->leave(w->walker->arg, &visit);
	close(level.fd);
	release_names(&level.names);
	return r;
}

static int walk_step(struct walk *w)
{
	struct level *level = &w->levels.data[w->levels.len - 1];

	if (level->at == level->names.len)
		return leave(w);
	return visit_entry(w, level->names.data[level->at++]);
}

int tree_walk(int folder_fd, const struct tree_walker *walker, struct error *err)
{
	_cleanup_(walk_release) struct walk w = { .walker = walker, .err = err };
	_cleanup_(closep) int fd = openat(folder_fd, ".", FOLDER_FLAGS);
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(&w, -errno, "open the folder");
	w.device = st.st_dev;
	r = enter(&w, steal_fd(&fd), &st);
	while (r == 0 && w.levels.len > 0)
		r = walk_step(&w);
	return r;
}

int tree_open_parent(int top_fd, const char *path, const char **ret_name)
{
	_cleanup_(closep) int fd = openat(top_fd, ".", FOLDER_FLAGS);
	_cleanup_(freep) char *copy = mem_strdup(path);
	char *rest = copy + 1;
	char *slash;

	while (fd >= 0 && (slash = strchr(rest, '/'))) {
		int below;

		*slash = '\0';
		below = openat(fd, rest, FOLDER_FLAGS);
		if (below < 0)
			return -errno;
		close(fd);
		fd = below;
		rest = slash + 1;
	}
	*ret_name = path + (rest - copy);
	return fd < 0 ? -errno : steal_fd(&fd);
}

static int remove_entry(void *arg, const struct tree_visit *visit)
{
	struct error *err = arg;

	if (visit->is_mount)
		return error_set(err, -EBUSY, "'%s' is a mount point", visit->name);
	if (S_ISDIR(visit->st->st_mode)) /* also one that its owner may not enter */
		return fchmodat(visit->parent_fd, visit->name, 0700, 0) < 0 ? -errno : 0;
	if (unlinkat(visit->parent_fd, visit->name, 0) < 0 && errno != ENOENT)
		return error_errno(err, "cannot remove '%s'", visit->name);
	return 0;
}

static int remove_folder(void *arg, const struct tree_visit *visit)
{
	struct error *err = arg;

	if (strcmp(visit->name, ".") == 0)
		return 0;
	if (unlinkat(visit->parent_fd, visit->name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return error_errno(err, "cannot remove the folder '%s'", visit->name);
	return 0;
}

int tree_empty(int folder_fd, struct error *err)
{
	struct tree_walker walker = { .entry = remove_entry,
				      .leave = remove_folder,
				      .arg = err };

	return tree_walk(folder_fd, &walker, err);
}

int tree_remove(const char *host_path, struct error *err)
{
	_cleanup_(closep) int fd = open(host_path, FOLDER_FLAGS);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return error_errno(err, "cannot open '%s'", host_path);
	r = tree_empty(fd, err);
	if (r == 0 && rmdir(host_path) < 0 && errno != ENOENT)
		r = error_errno(err, "cannot remove '%s'", host_path);
	return r < 0 ? error_prefix(err, r, "removing '%s'", host_path) : 0;
}

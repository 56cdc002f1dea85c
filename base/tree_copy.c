#include "base/tree_copy.h"

#include "base/array.h"
#include "base/io.h"
#include "base/strpool.h"
#include "base/text.h"
#include "base/tree_meta.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LOOK_FLAGS   (O_PATH | O_NOFOLLOW | O_CLOEXEC)
#define READ_FLAGS   (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define STEP	     ((size_t)64 << 20)
#define REPORT_EVERY 512

/* Entries with several names: where the first of them was put. */
struct first_name {
	uint64_t inode;
	char *path;
};

struct copy {
	const struct tree_copy_options *options;
	struct tree_copy_result *result;
	struct error *err;
	int top_fd;
	ARRAY_OF(int) folders; /* of the destination, the outermost first */
	struct first_name *names;
	size_t name_count, name_slots;
};

static void copy_release(struct copy *c)
{
	array_each (&c->folders, i)
		close(c->folders.data[i]);
	array_release(&c->folders);
	for (size_t i = 0; i < c->name_slots; i++)
		free(c->names[i].path);
	free(c->names);
}

static int fail(struct copy *c, int code, const char *path)
{
	_cleanup_(freep) char *shown = text_printable_dup(path);

	return error_set(c->err, code, "cannot copy '%s': %s", shown,
			 code == -EAGAIN ? "it changed meanwhile" : strerror(-code));
}

static int here(const struct copy *c)
{
	return c->folders.data[c->folders.len - 1];
}

/* An open table of inodes; grows at half full. */
static struct first_name *find_slot(struct first_name *names, size_t slots,
				    uint64_t inode)
{
	size_t at = (size_t)(inode * 0x9e3779b97f4a7c15ull) & (slots - 1);

	while (names[at].path && names[at].inode != inode)
		at = (at + 1) & (slots - 1);
	return &names[at];
}

static void grow_names(struct copy *c)
{
	size_t slots = c->name_slots ? c->name_slots * 2 : 256;
	struct first_name *names = mem_calloc(slots, sizeof(*names));

	for (size_t i = 0; i < c->name_slots; i++)
		if (c->names[i].path)
			*find_slot(names, slots, c->names[i].inode) = c->names[i];
	free(c->names);
	c->names = names;
	c->name_slots = slots;
}

/* The first name of this inode; NULL and remembered when @p path is it. */
static const char *first_name(struct copy *c, uint64_t inode, const char *path)
{
	struct first_name *slot;

	if (c->name_count * 2 >= c->name_slots)
		grow_names(c);
	slot = find_slot(c->names, c->name_slots, inode);
	if (slot->path)
		return slot->path;
	*slot = (struct first_name){ inode, mem_strdup(path) };
	c->name_count++;
	return NULL;
}

static int copy_by_hand(int from, int to, off_t at, size_t len)
{
	_cleanup_(freep) char *buf = mem_alloc(MIN2(len, (size_t)1 << 20));

	while (len > 0) {
		ssize_t n = io_pread(from, buf, MIN2(len, (size_t)1 << 20), at);
		ssize_t put = n;

		if (n <= 0)
			return (int)n;
		for (ssize_t done = 0; done < n; done += put) {
			put = pwrite(to, buf + done, (size_t)(n - done), at + done);
			if (put < 0)
				return -errno;
		}
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy_range(int from, int to, off_t at, size_t len)
{
	off_t to_at = at;

	while (len > 0) {
		ssize_t n = copy_file_range(from, &at, to, &to_at, MIN2(len, STEP), 0);

		if (n < 0 && errno != EINTR)
			return copy_by_hand(from, to, at, len);
		if (n == 0)
			return 0; /* it became shorter */
		if (n > 0)
			len -= (size_t)n;
	}
	return 0;
}

/* Only what is no hole. */
static int copy_data(struct copy *c, int from, int to, off_t size)
{
	off_t at = 0;

	if (size > 0 && ioctl(to, FICLONE, from) == 0) {
		c->result->cloned++;
		return 0;
	}
	while (at < size) {
		off_t data = lseek(from, at, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);
		int r;

		if (data < 0 && errno == ENXIO)
			break;
		if (data < 0 || hole < 0 || hole > size)
			hole = size;
		if (data < 0)
			data = at;
		r = copy_range(from, to, data, (size_t)(hole - data));
		if (r < 0)
			return r;
		c->result->data_bytes += (uint64_t)(hole - data);
		at = hole;
	}
	return ftruncate(to, size) < 0 ? -errno : 0;
}

static int make_regular(struct copy *c, const struct tree_visit *v, const char *name)
{
	_cleanup_(closep) int from =
		openat(v->parent_fd, v->name, READ_FLAGS | O_NOATIME);
	_cleanup_(closep) int to =
		openat(here(c), name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;
	int r;

	if (from < 0 && errno == EPERM)
		from = openat(v->parent_fd, v->name, READ_FLAGS);
	if (from < 0 && (errno == ELOOP || errno == ENXIO))
		return -EAGAIN;
	if (from < 0 || to < 0 || fstat(from, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_dev != v->st->st_dev)
		return -EAGAIN;
	r = copy_data(c, from, to, st.st_size);
	return r < 0 ? r : tree_meta_copy(from, to, &st);
}

static int make_special(struct copy *c, const struct tree_visit *v, const char *name)
{
	_cleanup_(closep) int from = openat(v->parent_fd, v->name, LOOK_FLAGS);
	_cleanup_(closep) int to = -1;
	char target[4097];
	struct stat st;
	ssize_t len;

	if (from < 0 || fstat(from, &st) < 0)
		return -errno;
	if ((st.st_mode & S_IFMT) != (v->st->st_mode & S_IFMT))
		return -EAGAIN;
	if (S_ISLNK(st.st_mode)) {
		len = readlinkat(from, "", target, sizeof(target) - 1);
		if (len < 0)
			return -errno;
		target[len] = '\0';
		if (symlinkat(target, here(c), name) < 0)
			return -errno;
	} else if (mknodat(here(c), name, (st.st_mode & S_IFMT) | 0600, st.st_rdev) < 0) {
		return -errno;
	}
	to = openat(here(c), name, LOOK_FLAGS);
	return to < 0 ? -errno : tree_meta_copy(from, to, &st);
}

static int make_entry(struct copy *c, const struct tree_visit *v, const char *name)
{
	const char *first = NULL;

	if (v->st->st_nlink > 1)
		first = first_name(c, v->st->st_ino, v->path);
	if (first)
		return linkat(c->top_fd, first + 1, here(c), name, 0) < 0 ? -errno : 0;
	if (S_ISREG(v->st->st_mode))
		return make_regular(c, v, name);
	return make_special(c, v, name);
}

/* Whoever looks sees the old entry or the new one. */
static int replace_entry(struct copy *c, const struct tree_visit *v)
{
	int r;

	if (unlinkat(here(c), TREE_COPY_TEMPORARY, 0) < 0 && errno != ENOENT)
		return -errno;
	r = make_entry(c, v, TREE_COPY_TEMPORARY);
	if (r < 0)
		return r;
	if (renameat(here(c), TREE_COPY_TEMPORARY, here(c), v->name) < 0)
		return -errno;
	/* two names of one inode: then rename() has done nothing */
	unlinkat(here(c), TREE_COPY_TEMPORARY, 0);
	return 0;
}

static int open_folder(struct copy *c, const char *name)
{
	int fd = openat(here(c), name, FOLDER_FLAGS);

	if (fd < 0)
		return -errno;
	array_push(&c->folders, fd);
	return 0;
}

static int copy_folder(struct copy *c, const struct tree_visit *v)
{
	int r = mkdirat(here(c), v->name, 0700) < 0 ? -errno : 0;

	if (r == -EEXIST && c->options->replace) {
		r = open_folder(c, v->name);
		if (r != -ENOTDIR && r != -ELOOP)
			return r;
		if (unlinkat(here(c), v->name, 0) < 0 ||
		    mkdirat(here(c), v->name, 0700) < 0)
			return -errno;
		r = 0;
	}
	return r < 0 ? r : open_folder(c, v->name);
}

static int finish_folder(struct copy *c, const struct tree_visit *v)
{
	_cleanup_(closep) int from = openat(v->parent_fd, v->name, FOLDER_FLAGS);
	_cleanup_(closep) int to = array_pop(&c->folders);
	struct stat st;

	if (from < 0)
		return -errno;
	if (c->options->replace)
		unlinkat(to, TREE_COPY_TEMPORARY, 0); /* of a run that was killed */
	if (v->is_mount && fstat(from, &st) == 0)
		return tree_meta_copy(from, to, &st);
	return tree_meta_copy(from, to, v->st);
}

static int on_entry(void *arg, const struct tree_visit *v)
{
	struct copy *c = arg;
	int r;

	if (c->options->want && !c->options->want(c->options->arg, v->path, v->st))
		return 1;
	if (progress_stopped(c->options->progress))
		return error_set(c->err, -EINTR, "interrupted");
	if (++c->result->entries % REPORT_EVERY == 0)
		progress_report(c->options->progress, "copy", c->result->entries, 0);
	if (S_ISDIR(v->st->st_mode)) {
		r = copy_folder(c, v);
		if (r == 0 && v->is_mount) {
			c->result->mount_points++;
			r = finish_folder(c, v);
		}
	} else {
		r = c->options->replace ? replace_entry(c, v) : make_entry(c, v, v->name);
	}
	return r < 0 ? fail(c, r, v->path) : 0;
}

static int on_leave(void *arg, const struct tree_visit *v)
{
	struct copy *c = arg;
	int r = finish_folder(c, v);

	return r < 0 ? fail(c, r, v->path) : 0;
}

int tree_copy(int from_fd, int to_fd, const struct tree_copy_options *options,
	      struct tree_copy_result *ret, struct error *err)
{
	_cleanup_(copy_release) struct copy c = { .options = options,
						  .result = ret,
						  .err = err };
	struct tree_walker walker = { .entry = on_entry, .leave = on_leave, .arg = &c };
	int r;

	*ret = (struct tree_copy_result){ 0 };
	c.top_fd = openat(to_fd, ".", FOLDER_FLAGS);
	if (c.top_fd < 0)
		return error_errno(err, "cannot open the folder of the copy");
	array_push(&c.folders, c.top_fd);
	r = tree_walk(from_fd, &walker, err);
	return r;
}

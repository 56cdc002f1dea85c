#include "analyzer/weigh.h"

#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

bool weigh_is_virtual(int fd)
{
	static const uint32_t MAGICS[] = {
		PROC_SUPER_MAGIC,    SYSFS_MAGIC,     CGROUP_SUPER_MAGIC,
		CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,   TRACEFS_MAGIC,
		SECURITYFS_MAGIC,    BPF_FS_MAGIC,    DEVPTS_SUPER_MAGIC,
		MQUEUE_MAGIC,	     HUGETLBFS_MAGIC, EFIVARFS_MAGIC,
		PSTOREFS_MAGIC,	     BINFMTFS_MAGIC,  SELINUX_MAGIC,
		NSFS_MAGIC,
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(MAGICS); i++)
		if ((uint32_t)fs.f_type == MAGICS[i])
			return true;
	return false;
}

/* A folder on the way down: who it is, and the folders in it that are still to be seen. */
struct level {
	uint64_t device, inode;
	ARRAY_OF(char *) folders;
};

struct descent {
	struct weigh *weigh;
	int fd; /* of the last level */
	ARRAY_OF(struct level) levels;
};

static void level_release(struct level *level)
{
	array_each (&level->folders, i)
		free(level->folders.data[i]);
	array_release(&level->folders);
}

static void descent_release(struct descent *descent)
{
	array_each (&descent->levels, i)
		level_release(&descent->levels.data[i]);
	array_release(&descent->levels);
	closep(&descent->fd);
}

static void count(struct weigh *weigh, const struct stat *st)
{
	uint64_t bytes = (uint64_t)st->st_blocks * 512;

	weigh->entries++;
	if (!weigh_is_linked(st))
		weigh->disk_bytes += bytes;
	else
		array_push(&weigh->linked->items,
			   (struct weigh_linked){ st->st_dev, st->st_ino, bytes,
						  weigh->place });
}

static void count_entry(struct descent *descent, int fd, const char *name,
			struct level *level)
{
	struct weigh *weigh = descent->weigh;
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0) {
		if (errno != ENOENT)
			weigh->unreadable++;
		return;
	}
	if (st.st_dev != weigh->device && !weigh->cross)
		return;
	count(weigh, &st);
	if (S_ISDIR(st.st_mode))
		array_push(&level->folders, mem_strdup(name));
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void list(struct descent *descent, struct level *level)
{
	int fd = openat(descent->fd, ".", FOLDER_FLAGS);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		closep(&fd);
		descent->weigh->unreadable++;
		return;
	}
	while ((errno = 0, entry = readdir(dir)))
		if (!is_dots(entry->d_name))
			count_entry(descent, fd, entry->d_name, level);
	if (errno != 0)
		descent->weigh->unreadable++;
	closedir(dir);
}

/* Make the open folder the last level; takes the descriptor over. */
static void enter(struct descent *descent, int fd)
{
	struct level level = { 0 };
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		descent->weigh->unreadable++;
		closep(&fd);
		return;
	}
	if (st.st_dev != descent->weigh->device && weigh_is_virtual(fd)) {
		close(fd);
		return;
	}
	closep(&descent->fd);
	descent->fd = fd;
	level.device = st.st_dev;
	level.inode = st.st_ino;
	list(descent, &level);
	array_push(&descent->levels, level);
}

/* Back to the level above; false when somebody has moved folders meanwhile. */
static bool leave(struct descent *descent)
{
	const struct level *above;
	struct stat st;
	int fd;

	level_release(&array_pop(&descent->levels));
	if (descent->levels.len == 0)
		return true;
	above = &descent->levels.data[descent->levels.len - 1];
	fd = openat(descent->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	closep(&descent->fd);
	descent->fd = fd;
	return fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == above->device &&
	       st.st_ino == above->inode;
}

void weigh_folder(struct weigh *weigh, int dir_fd)
{
	_cleanup_(descent_release) struct descent descent = { .weigh = weigh, .fd = -1 };

	enter(&descent, dir_fd);
	while (descent.levels.len > 0) {
		struct level *level = &descent.levels.data[descent.levels.len - 1];
		char *name;

		if (level->folders.len == 0) {
			if (leave(&descent))
				continue;
			weigh->unreadable++;
			return;
		}
		name = array_pop(&level->folders);
		enter(&descent, openat(descent.fd, name, FOLDER_FLAGS));
		free(name);
	}
}

static int compare_linked(const void *a, const void *b)
{
	const struct weigh_linked *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

void weigh_linked(struct weigh_linked_list *linked, uint64_t *bytes)
{
	const struct weigh_linked *last = NULL;

	array_sort(&linked->items, compare_linked);
	array_each (&linked->items, i) {
		const struct weigh_linked *item = &linked->items.data[i];

		if (!last || last->device != item->device || last->inode != item->inode)
			bytes[item->place] += item->disk_bytes;
		last = item;
	}
}

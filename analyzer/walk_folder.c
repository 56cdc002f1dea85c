#include "analyzer/walk_folder.h"

#include "base/io.h"
#include "base/rootfs_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const struct walk_rule WALK_UNREADABLE_FOLDER = { "unreadable-folder", SEVERITY_WARNING,
						  "analyze as a user who may read it" };
static const struct walk_rule CHANGED_FOLDER = {
	"changed-folder", SEVERITY_WARNING,
	"analyze a snapshot, or when nothing writes to the root"
};

/* By S_IFMT >> 12 */
static const uint8_t TYPES[16] = {
	[S_IFREG >> 12] = FILE_REGULAR, [S_IFDIR >> 12] = FILE_DIRECTORY,
	[S_IFLNK >> 12] = FILE_SYMLINK, [S_IFIFO >> 12] = FILE_FIFO,
	[S_IFSOCK >> 12] = FILE_SOCKET, [S_IFCHR >> 12] = FILE_CHAR,
	[S_IFBLK >> 12] = FILE_BLOCK,
};

void walk_fill_entry(struct tree_entry *entry, const struct stat *st)
{
	entry->on_disk = true;
	entry->type = TYPES[(st->st_mode & S_IFMT) >> 12];
	entry->mode = st->st_mode & 07777;
	entry->uid = st->st_uid;
	entry->gid = st->st_gid;
	entry->link_count = (uint32_t)st->st_nlink;
	entry->size_bytes = (uint64_t)st->st_size;
	entry->disk_bytes = (uint64_t)st->st_blocks * 512;
	entry->device = st->st_dev;
	entry->inode = st->st_ino;
	entry->mtime = st->st_mtim.tv_sec;
}

void walk_folder_release(struct walk_folder *seen)
{
	array_each (&seen->problems, i)
		free(seen->problems.data[i].text);
	array_release(&seen->problems);
	array_release(&seen->entries);
	strbuf_release(&seen->text);
}

static void add_problem(struct walk_folder *seen, const struct walk_rule *rule,
			uint32_t index, char *text)
{
	array_push(&seen->problems,
		   (struct walk_folder_problem){ rule, index,
						 rule == &WALK_UNREADABLE_FOLDER, text });
}

/* What a folder cannot be opened or read with: whose fault is it? */
static void note_failure(struct walk_folder *seen, uint32_t index, int code)
{
	switch (code) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		seen->failed = -code;
		break;
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
		add_problem(
			seen, &CHANGED_FOLDER, index,
			mem_strdup("is gone, or another one, since its name was read"));
		break;
	default:
		add_problem(seen, &WALK_UNREADABLE_FOLDER, index,
			    mem_printf("cannot be read: %s", strerror(code)));
		break;
	}
}

/* @return 0, or the errno */
static int add_link(struct walk_folder *seen, int fd, const char *name)
{
	struct tree_entry *entry = &seen->entries.data[seen->entries.len - 1];
	_cleanup_(freep) char *target = NULL;
	int r = rootfs_read_link(fd, name, &target);

	if (r < 0)
		return -r;
	entry->target = (str_id)seen->text.len;
	strbuf_add(&seen->text, target, strlen(target) + 1);
	return 0;
}

/* @return 0, or the errno */
static int add_entry(struct walk_folder *seen, int fd, const char *folder,
		     const char *name)
{
	struct tree_entry *entry;
	size_t before = seen->text.len;
	struct stat st;
	int r = 0;

	if (before > UINT32_MAX / 2)
		return ENOMEM;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
		return errno;
	entry = array_extend(&seen->entries, 1);
	walk_fill_entry(entry, &st);
	entry->path = (str_id)before;
	strbuf_puts(&seen->text, folder[1] ? folder : "");
	strbuf_putc(&seen->text, '/');
	strbuf_add(&seen->text, name, strlen(name) + 1);
	if (entry->type == FILE_SYMLINK)
		r = add_link(seen, fd, name);
	if (r != 0) {
		strbuf_truncate(&seen->text, before);
		seen->entries.len--;
	}
	return r;
}

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static void read_entries(struct walk_folder *seen, uint32_t index, DIR *dir,
			 const char *path)
{
	struct dirent *entry;
	size_t gone = 0;
	int denied = 0;

	while ((errno = 0, entry = readdir(dir))) {
		int code;

		if (is_dots(entry->d_name))
			continue;
		code = add_entry(seen, dirfd(dir), path, entry->d_name);
		if (code == ENOENT || code == EINVAL) /* EINVAL: no link any more */
			gone++;
		else if (code)
			denied = code;
	}
	if (errno || denied)
		note_failure(seen, index, denied ? denied : errno);
	if (gone)
		add_problem(seen, &CHANGED_FOLDER, index,
			    mem_printf("lost %zu entries while it was read", gone));
}

void walk_folder_read(struct walk_folder *seen, uint32_t index,
		      const struct tree_entry *folder, const char *path)
{
	_cleanup_(closep) int fd = -1;
	struct stat st;
	DIR *dir;

	if (seen->failed)
		return;
	fd = rootfs_open_dir(seen->root, path, NULL);
	if (fd < 0 || fstat(fd, &st) < 0) {
		note_failure(seen, index, fd < 0 ? -fd : errno);
		return;
	}
	if (st.st_ino != folder->inode || st.st_dev != folder->device) {
		note_failure(seen, index, ENOENT);
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		note_failure(seen, index, errno);
		return;
	}
	(void)steal_fd(&fd); /* the stream's now */
	read_entries(seen, index, dir, path);
	closedir(dir);
}

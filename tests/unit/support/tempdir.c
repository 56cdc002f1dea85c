#include "tests/unit/support/tempdir.h"

#include "base/io.h"
#include "base/mem.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tempdir_init(struct tempdir *dir)
{
	assert_int_equal(io_tempdir(&dir->path, NULL), 0);
	dir->fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir->fd >= 0);
}

void tempdir_release(struct tempdir *dir)
{
	close(dir->fd);
	io_tempdir_remove(dir->path);
}

static void make_parents(struct tempdir *dir, const char *path)
{
	_cleanup_(freep) char *copy = mem_strdup(path);

	for (char *slash = copy; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(mkdirat(dir->fd, copy, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

void tempdir_bytes(struct tempdir *dir, const char *path, const void *bytes, size_t len)
{
	_cleanup_(closep) int fd = -1;

	make_parents(dir, path);
	fd = openat(dir->fd, path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		fail_msg("cannot make '%s': %s", path, strerror(errno));
	assert_int_equal(io_write_all(fd, bytes, len), 0);
}

void tempdir_file(struct tempdir *dir, const char *path, const char *text)
{
	tempdir_bytes(dir, path, text, strlen(text));
}

void tempdir_folder(struct tempdir *dir, const char *path)
{
	make_parents(dir, path);
	assert_int_equal(mkdirat(dir->fd, path, 0755), 0);
}

void tempdir_link(struct tempdir *dir, const char *path, const char *target)
{
	make_parents(dir, path);
	assert_int_equal(symlinkat(target, dir->fd, path), 0);
}

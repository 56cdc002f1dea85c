#include "base/io.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void fclosep(FILE **file)
{
	if (*file)
		fclose(*file);
}

ssize_t io_pread(int fd, void *buf, size_t len, off_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n =
			pread(fd, (char *)buf + done, len - done, offset + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int io_write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int io_read_all(int fd, size_t max, char **ret_data, size_t *ret_len, struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	size_t len = 0, cap = 0;

	for (;;) {
		ssize_t n;

		if (cap - len < 4096) {
			cap = cap ? cap * 2 : 16384;
			data = mem_realloc(data, cap, 1);
		}
		n = read(fd, data + len, cap - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "cannot read");
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return error_set(err, -EFBIG, "larger than %zu bytes", max);
	}
	data[len] = '\0';
	*ret_data = steal_ptr(&data);
	*ret_len = len;
	return 0;
}

int io_read_file(const char *path, size_t max, char **ret_data, size_t *ret_len,
		 struct error *err)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0)
		return error_errno(err, "cannot open '%s'", path);
	r = io_read_all(fd, max, ret_data, ret_len, err);
	return r < 0 ? error_prefix(err, r, "'%s'", path) : 0;
}

int io_copy(int from, int to, struct error *err)
{
	_cleanup_(freep) char *buf = NULL;
	const size_t size = 1 << 20;
	off_t offset = 0;

	for (;;) {
		ssize_t n = copy_file_range(from, &offset, to, NULL, size * 64, 0);

		if (n == 0)
			return 0;
		if (n < 0)
			break; /* another file system, an old kernel: by hand from here on
				*/
	}
	buf = mem_alloc(size);
	for (;;) {
		ssize_t n = io_pread(from, buf, size, offset);
		int r;

		if (n < 0)
			return error_set(err, (int)n, "cannot read: %s",
					 strerror((int)-n));
		if (n == 0)
			return 0;
		r = io_write_all(to, buf, (size_t)n);
		if (r < 0)
			return error_set(err, r, "cannot write: %s", strerror(-r));
		offset += n;
	}
}

/* Devices, pipes and symlinks are written to, never replaced by a file. */
static int write_in_place(const char *path, const void *data, size_t len,
			  struct error *err)
{
	_cleanup_(closep) int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0644);
	int r;

	if (fd < 0)
		return error_errno(err, "cannot open '%s'", path);
	r = io_write_all(fd, data, len);
	if (r == 0 && close(steal_fd(&fd)) < 0)
		r = -errno;
	return r < 0 ? error_set(err, r, "cannot write '%s': %s", path, strerror(-r)) : 0;
}

static int replace_file(const char *path, const void *data, size_t len, struct error *err)
{
	_cleanup_(freep) char *temp = mem_printf("%s.XXXXXX", path);
	_cleanup_(closep) int fd = mkostemp(temp, O_CLOEXEC);
	int r;

	if (fd < 0)
		return error_errno(err, "cannot create '%s'", path);
	r = io_write_all(fd, data, len);
	if (r == 0 && fchmod(fd, 0644) < 0)
		r = -errno;
	if (r == 0 && close(steal_fd(&fd)) < 0)
		r = -errno;
	if (r == 0 && rename(temp, path) < 0)
		r = -errno;
	if (r < 0) {
		unlink(temp);
		return error_set(err, r, "cannot write '%s': %s", path, strerror(-r));
	}
	return 0;
}

int io_write_file(const char *path, const void *data, size_t len, struct error *err)
{
	struct stat st;
	int r;

	if (strcmp(path, "-") == 0) {
		r = io_write_all(STDOUT_FILENO, data, len);
		return r < 0 ? error_set(err, r, "cannot write: %s", strerror(-r)) : 0;
	}
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_in_place(path, data, len, err);
	return replace_file(path, data, len, err);
}

static int make_tempdir(const char *usual, char **ret_path, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *path = mem_printf("%s/tare.XXXXXX", base && base[0] == '/' ? base : usual);

	if (!mkdtemp(path)) {
		int r = error_errno(err, "cannot create a temporary folder '%s'", path);

		free(path);
		return r;
	}
	*ret_path = path;
	return 0;
}

int io_tempdir(char **ret_path, struct error *err)
{
	return make_tempdir("/tmp", ret_path, err);
}

int io_tempdir_large(char **ret_path, struct error *err)
{
	return make_tempdir("/var/tmp", ret_path, err);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void io_tempdir_remove(char *path)
{
	if (!path)
		return;
	nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(path);
}

void io_tempdir_removep(char **path)
{
	io_tempdir_remove(*path);
}

/* The same cases for both ways to resolve: by the kernel and by component. */
#include "base/rootfs.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/rootfs_walk.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct fixture {
	char *dir;	     /* holds "outside" and "root" */
	struct rootfs *root; /* by the kernel, or by component */
	bool by_component;
};

static void write_file(int dir_fd, const char *name, const char *text)
{
	_cleanup_(closep) int fd =
		openat(dir_fd, name, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, text, strlen(text)), 0);
}

static void make_links(int fd)
{
	static const struct {
		const char *name, *target;
	} LINKS[] = {
		{ "lib64", "usr/lib64" },
		{ "abs", "/usr/lib64" },
		{ "escape-abs", "/outside" },
		{ "escape-up", "../outside" },
		{ "escape-far", "../../../../../../../../../etc/passwd" },
		{ "usr/up", "../../../usr/lib64/file" },
		{ "loop-a", "loop-b" },
		{ "loop-b", "loop-a" },
		{ "self", "self" },
		{ "dangling", "/nowhere/at/all" },
		{ "usr/dots", "./lib64/../lib64/./file" },
		{ "link-to-link", "abs" },
		{ "to-root", "/" },
		{ "file-slash", "usr/lib64/file/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(LINKS); i++)
		assert_int_equal(symlinkat(LINKS[i].target, fd, LINKS[i].name), 0);
	for (int i = 0; i < 45; i++) {
		_cleanup_(freep) char *name = mem_printf("chain%d", i);
		_cleanup_(freep) char *target =
			i ? mem_printf("chain%d", i - 1) : mem_strdup("usr/lib64/file");

		assert_int_equal(symlinkat(target, fd, name), 0);
	}
}

static void make_socket(const char *dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(snprintf(address.sun_path, sizeof(address.sun_path), "%s/root/socket",
			     dir) < (int)sizeof(address.sun_path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void make_tree(const char *dir)
{
	_cleanup_(closep) int top = open(dir, O_PATH | O_DIRECTORY);
	_cleanup_(closep) int fd = -1;

	write_file(top, "outside", "secret");
	assert_int_equal(mkdirat(top, "root", 0755), 0);
	fd = openat(top, "root", O_PATH | O_DIRECTORY);
	assert_int_equal(mkdirat(fd, "usr", 0755), 0);
	assert_int_equal(mkdirat(fd, "usr/lib64", 0755), 0);
	write_file(fd, "usr/lib64/file", "inside");
	assert_int_equal(mkfifoat(fd, "fifo", 0644), 0);
	make_socket(dir);
	make_links(fd);
}

static int set_up(void **state, bool by_component)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));
	_cleanup_(freep) char *path = NULL;

	assert_int_equal(io_tempdir(&f->dir, NULL), 0);
	make_tree(f->dir);
	path = mem_printf("%s/root", f->dir);
	assert_int_equal(rootfs_new(path, &f->root, NULL), 0);
	f->by_component = by_component;
	if (by_component)
		rootfs_resolve_by_component(f->root);
	*state = f;
	return 0;
}

static int set_up_kernel(void **state)
{
	return set_up(state, false);
}

static int set_up_component(void **state)
{
	return set_up(state, true);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	rootfs_free(f->root);
	io_tempdir_remove(f->dir);
	free(f);
	return 0;
}

/* 0 and "inside" was read, or the error. */
static int try_open(struct rootfs *root, const char *path)
{
	_cleanup_(closep) int fd = rootfs_open(root, path, NULL);
	char buf[16] = "";

	if (fd < 0)
		return fd;
	assert_true(io_pread(fd, buf, sizeof(buf) - 1, 0) >= 0);
	assert_string_equal(buf, "inside");
	return 0;
}

static void paths_resolve_inside_the_root(void **state)
{
	static const struct {
		const char *path;
		int code;
	} CASES[] = {
		{ "/usr/lib64/file", 0 },
		{ "usr/lib64/file", 0 },
		{ "//usr/./lib64//file", 0 },
		{ "/lib64/file", 0 },
		{ "/abs/file", 0 },
		{ "/abs/../lib64/file", 0 }, /* ".." of where the link leads */
		{ "/link-to-link/file", 0 },
		{ "/to-root/to-root/usr/lib64/file", 0 },
		{ "/usr/up", 0 },
		{ "/usr/dots", 0 },
		{ "/../../../usr/lib64/file", 0 },
		{ "/chain39", 0 }, /* 40 links */
		{ "/chain40", -ELOOP },
		{ "/escape-abs", -ENOENT },
		{ "/escape-up", -ENOENT },
		{ "/escape-far", -ENOENT },
		{ "/../outside", -ENOENT },
		{ "/usr/../../outside", -ENOENT },
		{ "/loop-a", -ELOOP },
		{ "/loop-a/x", -ELOOP },
		{ "/self", -ELOOP },
		{ "/dangling", -ENOENT },
		{ "/usr/lib64/file/", -ENOTDIR },
		{ "/usr/lib64/file/.", -ENOTDIR },
		{ "/usr/lib64/file/x", -ENOTDIR },
		{ "/file-slash", -ENOTDIR },
		{ "/nothing", -ENOENT },
		{ "", -ENOENT },
		{ "/usr", -EINVAL },
		{ "/", -EINVAL },
		{ "/fifo", -EINVAL },
		{ "/socket", -EINVAL },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		int r = try_open(f->root, CASES[i].path);

		if (r != CASES[i].code)
			fail_msg("'%s': %d, not %d", CASES[i].path, r, CASES[i].code);
	}
}

static void the_last_link_is_not_followed_where_asked(void **state)
{
	struct fixture *f = *state;
	_cleanup_(closep) int fd = rootfs_open_nofollow(f->root, "/lib64/file", NULL);
	_cleanup_(freep) char *target = NULL;
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(rootfs_open_nofollow(f->root, "/usr/up", NULL), -ELOOP);
	assert_int_equal(rootfs_open_nofollow(f->root, "/fifo", NULL), -EINVAL);
	assert_int_equal(rootfs_open_nofollow(f->root, "/socket", NULL), -EINVAL);
	assert_int_equal(rootfs_lstat(f->root, "/self", &st, NULL), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(rootfs_stat(f->root, "/self", &st, NULL), -ELOOP);
	assert_int_equal(rootfs_stat(f->root, "/abs", &st, NULL), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(rootfs_stat(f->root, "/fifo", &st, NULL), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(rootfs_readlink(f->root, "/escape-far", &target, NULL), 0);
	assert_string_equal(target, "../../../../../../../../../etc/passwd");
	assert_int_equal(rootfs_readlink(f->root, "/usr", &target, NULL), -EINVAL);
	assert_int_equal(rootfs_readlink(f->root, "/no", &target, NULL), -ENOENT);
}

static void folders_are_opened_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	_cleanup_(closep) int fd = rootfs_open_dir(f->root, "/abs", NULL);

	assert_true(fd >= 0);
	assert_int_equal(faccessat(fd, "file", R_OK, 0), 0);
	assert_int_equal(rootfs_open_dir(f->root, "/usr/lib64/file", NULL), -ENOTDIR);
	assert_int_equal(rootfs_open_dir(f->root, "/fifo", NULL), -ENOTDIR);
	assert_int_equal(rootfs_open_dir(f->root, "/nothing", NULL), -ENOENT);
}

static void the_root_above_is_never_seen(void **state)
{
	struct fixture *f = *state;
	struct stat top, st;

	assert_int_equal(fstat(rootfs_fd(f->root), &top), 0);
	assert_int_equal(rootfs_stat(f->root, "/../..", &st, NULL), 0);
	assert_int_equal(st.st_ino, top.st_ino);
	assert_int_equal(rootfs_stat(f->root, "/to-root/..", &st, NULL), 0);
	assert_int_equal(st.st_ino, top.st_ino);
	assert_int_equal(rootfs_device(f->root), top.st_dev);
}

static void deep_paths_are_beyond_no_limit(void **state)
{
	struct fixture *f = *state;
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	_cleanup_(closep) int fd = dup(rootfs_fd(f->root));
	char name[251];

	memset(name, 'd', 250);
	name[250] = '\0';
	for (int i = 0; i < 40; i++) { /* 10,000 bytes */
		int below;

		assert_int_equal(mkdirat(fd, name, 0755), 0);
		below = openat(fd, name, O_PATH | O_DIRECTORY);
		assert_true(below >= 0);
		close(fd);
		fd = below;
		strbuf_printf(&path, "/%s", name);
	}
	write_file(fd, "file", "inside");
	strbuf_puts(&path, "/file");
	assert_int_equal(try_open(f->root, strbuf_text(&path)), 0);
	strbuf_puts(&path, name);
	assert_int_equal(try_open(f->root, strbuf_text(&path)), -ENOENT);
	strbuf_puts(&path, name);
	assert_int_equal(try_open(f->root, strbuf_text(&path)), -ENAMETOOLONG);
}

static void small_files_are_read_whole(void **state)
{
	struct fixture *f = *state;
	_cleanup_(freep) char *data = NULL;
	struct error err = { 0 };
	size_t len = 0;

	assert_int_equal(rootfs_read(f->root, "/abs/file", 100, &data, &len, &err), 0);
	assert_int_equal(len, 6);
	assert_string_equal(data, "inside");
	assert_int_equal(rootfs_read(f->root, "/abs/file", 5, &data, &len, &err), -EFBIG);
	assert_string_equal(err.text, "'/abs/file': larger than 5 bytes");
	assert_int_equal(rootfs_read(f->root, "/a\nb", 5, &data, &len, &err), -ENOENT);
	assert_string_equal(err.text, "cannot open '/a\\nb': No such file or directory");
}

/* The real root of this machine stands for one with devices and magic links. */
static void devices_and_magic_links_are_refused(void **state)
{
	struct fixture *f = *state;
	_cleanup_(rootfs_freep) struct rootfs *host = NULL;
	struct stat st;

	assert_int_equal(rootfs_new("/", &host, NULL), 0);
	if (f->by_component)
		rootfs_resolve_by_component(host);
	assert_int_equal(rootfs_open(host, "/dev/null", NULL), -EINVAL);
	assert_int_equal(rootfs_open_nofollow(host, "/dev/null", NULL), -EINVAL);
	assert_int_equal(rootfs_stat(host, "/dev/null", &st, NULL), 0);
	assert_true(S_ISCHR(st.st_mode));
	if (access("/proc/self/exe", F_OK) < 0)
		skip();
	assert_int_equal(rootfs_open(host, "/proc/self/exe", NULL), -ELOOP);
	assert_int_equal(rootfs_open(host, "/proc/self/root/etc/passwd", NULL), -ELOOP);
}

static void reading_leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 2000 } };
	struct stat st;

	assert_int_equal(utimensat(rootfs_fd(f->root), "usr/lib64/file", old, 0), 0);
	assert_int_equal(try_open(f->root, "/usr/lib64/file"), 0);
	assert_int_equal(rootfs_stat(f->root, "/usr/lib64/file", &st, NULL), 0);
	assert_int_equal(st.st_atime, 1000);
}

static void a_root_must_be_a_folder(void **state)
{
	struct fixture *f = *state;
	_cleanup_(freep) char *file = mem_printf("%s/outside", f->dir);
	_cleanup_(freep) char *missing = mem_printf("%s/missing", f->dir);
	struct rootfs *root = NULL;
	struct error err = { 0 };

	assert_int_equal(rootfs_new(file, &root, &err), -ENOTDIR);
	assert_non_null(strstr(err.text, file));
	assert_non_null(strstr(err.text, "unpack it"));
	assert_int_equal(rootfs_new(missing, &root, &err), -ENOENT);
	assert_non_null(strstr(err.text, "No such file"));
	assert_null(root);
}

static void paths_are_cleaned_without_looking(void **state)
{
	static const char *const CASES[][2] = {
		{ "/", "/" },		{ "", "/" },
		{ "a", "/a" },		{ "//a///b/", "/a/b" },
		{ "/a/./b/.", "/a/b" }, { "/a/../b", "/b" },
		{ "/../../b", "/b" },	{ "/a/b/../..", "/" },
		{ "/...", "/..." },	{ "/a/..b", "/a/..b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *clean = rootfs_clean_path(CASES[i][0]);

		assert_string_equal(clean, CASES[i][1]);
	}
}

#define BOTH_WAYS(test)                                                                  \
	cmocka_unit_test_setup_teardown(test, set_up_kernel, tear_down),                 \
		cmocka_unit_test_setup_teardown(test, set_up_component, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(paths_resolve_inside_the_root),
		BOTH_WAYS(the_last_link_is_not_followed_where_asked),
		BOTH_WAYS(folders_are_opened_and_nothing_else),
		BOTH_WAYS(the_root_above_is_never_seen),
		BOTH_WAYS(deep_paths_are_beyond_no_limit),
		BOTH_WAYS(small_files_are_read_whole),
		BOTH_WAYS(devices_and_magic_links_are_refused),
		BOTH_WAYS(reading_leaves_no_trace),
		cmocka_unit_test_setup_teardown(a_root_must_be_a_folder, set_up_kernel,
						tear_down),
		cmocka_unit_test(paths_are_cleaned_without_looking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

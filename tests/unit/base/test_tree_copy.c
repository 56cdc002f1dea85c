/* A copied tree is the tree, and nothing leaves it. */
#include "base/tree_copy.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/tree_walk.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

struct trees {
	struct tempdir from, to;
	struct tree_copy_result result;
};

static void setup(struct trees *t)
{
	memset(t, 0, sizeof(*t));
	tempdir_init(&t->from);
	tempdir_init(&t->to);
}

static void teardown(struct trees *t)
{
	tempdir_release(&t->from);
	tempdir_release(&t->to);
}

static int copy(struct trees *t, bool replace)
{
	struct tree_copy_options options = { .replace = replace };

	return tree_copy(t->from.fd, t->to.fd, &options, &t->result, NULL);
}

/* Link count, owner, mode, size, times and device of both are the same. */
static void assert_alike(struct trees *t, const char *path)
{
	struct stat a, b;

	assert_int_equal(fstatat(t->from.fd, path, &a, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(fstatat(t->to.fd, path, &b, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(a.st_mode, b.st_mode);
	assert_int_equal(a.st_nlink, b.st_nlink);
	assert_int_equal(a.st_uid, b.st_uid);
	assert_int_equal(a.st_gid, b.st_gid);
	assert_int_equal(a.st_rdev, b.st_rdev);
	assert_int_equal(a.st_mtim.tv_sec, b.st_mtim.tv_sec);
	assert_int_equal(a.st_mtim.tv_nsec, b.st_mtim.tv_nsec);
	if (!S_ISDIR(a.st_mode))
		assert_int_equal(a.st_size, b.st_size);
}

static void assert_content(const struct tempdir *dir, const char *path, const char *want)
{
	_cleanup_(closep) int fd = openat(dir->fd, path, O_RDONLY);
	_cleanup_(freep) char *data = NULL;
	size_t len = 0;

	assert_true(fd >= 0);
	assert_int_equal(io_read_all(fd, 1 << 20, &data, &len, NULL), 0);
	assert_string_equal(data, want);
}

static void set_time(const struct tempdir *dir, const char *path, long second)
{
	struct timespec times[2] = { { second, 11 }, { second, 123456789 } };

	assert_int_equal(utimensat(dir->fd, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void every_type_keeps_its_metadata(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct trees t;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	setup(&t);
	tempdir_file(&t.from, "d/e/file", "text");
	tempdir_file(&t.from, "d/\xff\n\x1b[31m", "odd name");
	tempdir_link(&t.from, "d/link", "/nowhere/\xfe");
	assert_int_equal(mkfifoat(t.from.fd, "d/fifo", 0620), 0);
	assert_int_equal(mknodat(t.from.fd, "d/null", S_IFCHR | 0666, makedev(1, 3)), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/d/socket", t.from.path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(fchownat(t.from.fd, "d/e/file", 12345, 54321, 0), 0);
	assert_int_equal(fchmodat(t.from.fd, "d/e/file", 06711, 0), 0);
	assert_int_equal(fchownat(t.from.fd, "d/link", 7, 8, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(fchmodat(t.from.fd, "d/e", 03750, 0), 0);
	set_time(&t.from, "d/e/file", 1000000);
	set_time(&t.from, "d/link", 2000000);
	set_time(&t.from, "d/fifo", 3000000);
	set_time(&t.from, "d/e", 4000000);
	set_time(&t.from, "d", 5000000);

	assert_int_equal(copy(&t, false), 0);
	assert_alike(&t, "d");
	assert_alike(&t, "d/e");
	assert_alike(&t, "d/e/file");
	assert_alike(&t, "d/link");
	assert_alike(&t, "d/fifo");
	assert_alike(&t, "d/null");
	assert_alike(&t, "d/socket");
	assert_content(&t.to, "d/e/file", "text");
	assert_content(&t.to, "d/\xff\n\x1b[31m", "odd name");
	assert_int_equal(t.result.entries, 8);
	teardown(&t);
}

static void holes_stay_holes(void **state)
{
	struct stat a, b;
	struct trees t;
	char word[5] = "";
	int fd;

	(void)state;
	setup(&t);
	fd = openat(t.from.fd, "sparse", O_CREAT | O_RDWR, 0600);
	assert_int_equal(pwrite(fd, "head", 4, 0), 4);
	assert_int_equal(pwrite(fd, "tail", 4, 30 << 20), 4);
	assert_int_equal(ftruncate(fd, 64 << 20), 0);
	close(fd);
	assert_int_equal(copy(&t, false), 0);
	fstatat(t.from.fd, "sparse", &a, 0);
	fstatat(t.to.fd, "sparse", &b, 0);
	assert_int_equal(b.st_size, 64 << 20);
	assert_true(b.st_blocks <= a.st_blocks + 16);
	fd = openat(t.to.fd, "sparse", O_RDONLY);
	assert_int_equal(pread(fd, word, 4, 30 << 20), 4);
	assert_string_equal(word, "tail");
	assert_int_equal(pread(fd, word, 4, 0), 4);
	assert_string_equal(word, "head");
	close(fd);
	teardown(&t);
}

static void names_of_one_file_stay_one_file(void **state)
{
	struct trees t;
	struct stat a, b;
	char name[16];

	(void)state;
	setup(&t);
	tempdir_folder(&t.from, "d");
	for (int i = 0; i < 300; i++) { /* more than the first table of inodes */
		snprintf(name, sizeof(name), "a%03d", i);
		tempdir_file(&t.from, name, name);
	}
	for (int i = 0; i < 300; i++) {
		char other[16];

		snprintf(name, sizeof(name), "a%03d", i);
		snprintf(other, sizeof(other), "d/b%03d", i);
		assert_int_equal(linkat(t.from.fd, name, t.from.fd, other, 0), 0);
	}
	assert_int_equal(copy(&t, false), 0);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "a%03d", i);
		fstatat(t.to.fd, name, &a, 0);
		assert_content(&t.to, name, name);
		snprintf(name, sizeof(name), "d/b%03d", i);
		fstatat(t.to.fd, name, &b, 0);
		assert_int_equal(a.st_ino, b.st_ino);
		assert_int_equal(a.st_nlink, 2);
	}
	teardown(&t);
}

/* An ACL as the kernel stores it: version 2, then tag, permissions, id. */
static const unsigned char ACL[] = {
	2,  0, 0, 0,			     /* version */
	1,  0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* owner rw */
	2,  0, 4, 0, 0xe8, 0x03, 0,    0,    /* user 1000 r */
	4,  0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* group r */
	16, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* mask r */
	32, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others none */
};
/* cap_net_raw=p: VFS_CAP_REVISION_2 */
static const unsigned char CAPS[] = { 0, 0, 0, 2, 0, 0x20, 0, 0, 0, 0,
				      0, 0, 0, 0, 0, 0,	   0, 0, 0, 0 };

static void assert_attribute(const struct tempdir *dir, const char *path,
			     const char *name, const void *want, size_t len)
{
	_cleanup_(freep) char *full = mem_printf("%s/%s", dir->path, path);
	char value[256];
	ssize_t got = lgetxattr(full, name, value, sizeof(value));

	if (!want) {
		assert_int_equal(got, -1);
		return;
	}
	assert_int_equal(got, len);
	assert_memory_equal(value, want, len);
}

static void set_attribute(const struct tempdir *dir, const char *path, const char *name,
			  const void *value, size_t len)
{
	_cleanup_(freep) char *full = mem_printf("%s/%s", dir->path, path);

	assert_int_equal(lsetxattr(full, name, value, len, 0), 0);
}

static void attributes_acls_and_capabilities_are_copied(void **state)
{
	struct trees t;

	(void)state;
	if (geteuid() != 0)
		skip();
	setup(&t);
	tempdir_file(&t.from, "d/ping", "elf");
	tempdir_file(&t.from, "d/plain", "x");
	tempdir_link(&t.from, "d/link", "ping");
	assert_int_equal(fchownat(t.from.fd, "d/ping", 5, 5, 0), 0);
	set_attribute(&t.from, "d/ping", "security.capability", CAPS, sizeof(CAPS));
	set_attribute(&t.from, "d/ping", "user.note", "v", 1);
	set_attribute(&t.from, "d/link", "trusted.note", "w", 1);
	set_attribute(&t.from, "d/ping", "system.posix_acl_access", ACL, sizeof(ACL));
	set_attribute(&t.from, "d", "system.posix_acl_default", ACL, sizeof(ACL));

	assert_int_equal(copy(&t, false), 0);
	for (int again = 0; again < 2; again++) { /* copied, then replaced */
		assert_attribute(&t.to, "d/ping", "security.capability", CAPS,
				 sizeof(CAPS));
		assert_attribute(&t.to, "d/ping", "user.note", "v", 1);
		assert_attribute(&t.to, "d/link", "trusted.note", "w", 1);
		assert_attribute(&t.to, "d/ping", "system.posix_acl_access", ACL,
				 sizeof(ACL));
		assert_attribute(&t.to, "d", "system.posix_acl_default", ACL,
				 sizeof(ACL));
		/* not handed down by the folder */
		assert_attribute(&t.to, "d/plain", "system.posix_acl_access", NULL, 0);
		assert_alike(&t, "d/ping");
		assert_int_equal(copy(&t, true), 0);
	}
	teardown(&t);
}

static void replacing_puts_back_what_differs(void **state)
{
	struct trees t;
	struct stat st;

	(void)state;
	setup(&t);
	tempdir_file(&t.from, "d/file", "old");
	tempdir_file(&t.from, "gone/deep/file", "back");
	tempdir_link(&t.from, "d/link", "file");
	set_time(&t.from, "d", 1234);
	tempdir_file(&t.to, "d/file", "new and longer");
	tempdir_file(&t.to, "d/unrelated", "stays");
	tempdir_file(&t.to, "d/link", "a file now");
	tempdir_file(&t.to, "d/" TREE_COPY_TEMPORARY, "of a run that was killed");
	tempdir_link(&t.to, "gone", "/tmp"); /* a symlink where a folder was */

	assert_int_equal(copy(&t, true), 0);
	assert_content(&t.to, "d/file", "old");
	assert_content(&t.to, "gone/deep/file", "back");
	assert_content(&t.to, "d/unrelated", "stays");
	assert_alike(&t, "d/link");
	assert_alike(&t, "d");
	assert_alike(&t, "gone/deep");
	assert_int_equal(fstatat(t.to.fd, "d/" TREE_COPY_TEMPORARY, &st, 0), -1);
	teardown(&t);
}

/* Somebody exchanges a folder and a symlink to a secret one, as fast as possible. */
static void exchange_for_ever(const struct tempdir *dir)
{
	for (;;)
		renameat2(dir->fd, "folder", dir->fd, "trap", RENAME_EXCHANGE);
}

static void a_racing_symlink_leads_nowhere(void **state)
{
	struct tempdir outside;
	struct stat st;
	pid_t racer;
	int fine = 0, refused = 0;

	(void)state;
	tempdir_init(&outside);
	tempdir_file(&outside, "secret", "secret");
	for (int i = 0; i < 150; i++) {
		struct trees t;
		int r;

		setup(&t);
		tempdir_file(&t.from, "folder/mine", "mine");
		tempdir_link(&t.from, "trap", outside.path);
		racer = fork();
		if (racer == 0)
			exchange_for_ever(&t.from);
		r = copy(&t, false);
		kill(racer, SIGKILL);
		waitpid(racer, NULL, 0);
		assert_int_equal(fstatat(t.to.fd, "folder/secret", &st, 0) == 0 &&
					 fstatat(t.to.fd, "folder", &st,
						 AT_SYMLINK_NOFOLLOW) == 0 &&
					 S_ISDIR(st.st_mode),
				 0);
		assert_int_equal(fstatat(outside.fd, "mine", &st, 0), -1);
		fine += r == 0;
		refused += r < 0;
		teardown(&t);
	}
	assert_int_equal(fine + refused, 150);
	assert_content(&outside, "secret", "secret");
	tempdir_release(&outside);
}

static bool want_one(void *arg, const char *path, const struct stat *st)
{
	(void)st;
	return strcmp(path, "/a") == 0 || strcmp(path, arg) == 0;
}

static void only_what_is_wanted_is_copied(void **state)
{
	struct tree_copy_options options = { .want = want_one, .arg = (char *)"/a/yes" };
	struct trees t;
	struct stat st;

	(void)state;
	setup(&t);
	tempdir_file(&t.from, "a/yes", "y");
	tempdir_file(&t.from, "a/no", "n");
	tempdir_file(&t.from, "b/no", "n");
	assert_int_equal(tree_copy(t.from.fd, t.to.fd, &options, &t.result, NULL), 0);
	assert_content(&t.to, "a/yes", "y");
	assert_int_equal(fstatat(t.to.fd, "a/no", &st, 0), -1);
	assert_int_equal(fstatat(t.to.fd, "b", &st, 0), -1);
	teardown(&t);
}

static void removing_stays_inside(void **state)
{
	struct tempdir outside;
	struct trees t;
	struct stat st;

	(void)state;
	setup(&t);
	tempdir_init(&outside);
	tempdir_file(&outside, "precious", "p");
	tempdir_file(&t.from, "d/e/f", "x");
	tempdir_link(&t.from, "d/e/out", outside.path);
	assert_int_equal(fchmodat(t.from.fd, "d/e", 0, 0), 0);
	assert_int_equal(tree_empty(t.from.fd, NULL), 0);
	assert_int_equal(fstatat(t.from.fd, "d", &st, 0), -1);
	assert_content(&outside, "precious", "p");
	assert_int_equal(tree_remove("/nonexistent/folder", NULL), 0);
	tempdir_release(&outside);
	teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_keeps_its_metadata),
		cmocka_unit_test(holes_stay_holes),
		cmocka_unit_test(names_of_one_file_stay_one_file),
		cmocka_unit_test(attributes_acls_and_capabilities_are_copied),
		cmocka_unit_test(replacing_puts_back_what_differs),
		cmocka_unit_test(a_racing_symlink_leads_nowhere),
		cmocka_unit_test(only_what_is_wanted_is_copied),
		cmocka_unit_test(removing_stays_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

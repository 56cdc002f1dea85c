#include "analyzer/walk.h"

#include "analyzer/edges.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct walk_result seen;
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	tempdir_init(&f->dir);
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	tree_init(&f->tree);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	walk_result_release(&f->seen);
	tree_release(&f->tree);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static void walk(struct fixture *f, const struct walk_options *options)
{
	struct error err = { 0 };

	if (walk_root(f->root, options, &f->tree, &f->seen, &err) < 0)
		fail_msg("%s", err.text);
}

/* What du says; the folder is the last argument. */
static uint64_t du(const char *path)
{
	_cleanup_(freep) char *command = mem_printf("du -x -s -B1 '%s'", path);
	FILE *pipe = popen(command, "r");
	uint64_t bytes = 0;

	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%" SCNu64, &bytes), 1);
	assert_int_equal(pclose(pipe), 0);
	return bytes;
}

static const struct walk_problem *problem_of(const struct fixture *f, const char *rule)
{
	array_each (&f->seen.problems, i)
		if (strcmp(f->seen.problems.data[i].rule, rule) == 0)
			return &f->seen.problems.data[i];
	return NULL;
}

static void every_type_is_seen_as_it_is(void **state)
{
	struct fixture *f = *state;
	const struct tree_entry *entry;

	tempdir_file(&f->dir, "usr/bin/tool", "#!/bin/sh\n");
	tempdir_link(&f->dir, "bin", "usr/bin");
	tempdir_link(&f->dir, "loop", "loop");
	assert_int_equal(mkfifoat(f->dir.fd, "pipe", 0600), 0);
	assert_int_equal(fchmodat(f->dir.fd, "usr/bin/tool", 04755, 0), 0);
	walk(f, &(struct walk_options){ 0 });

	assert_true(f->seen.complete);
	assert_int_equal(f->seen.problems.len, 0);
	assert_int_equal(f->seen.entries, 7); /* with the root itself */
	entry = tree_find(&f->tree, "/usr/bin/tool");
	assert_int_equal(entry->type, FILE_REGULAR);
	assert_int_equal(entry->mode, 04755);
	assert_int_equal(entry->size_bytes, 10);
	assert_true(entry->on_disk && entry->disk_bytes > 0 && entry->inode != 0);
	entry = tree_find(&f->tree, "/bin");
	assert_int_equal(entry->type, FILE_SYMLINK);
	assert_string_equal(tree_text(&f->tree, entry->target), "usr/bin");
	assert_int_equal(tree_find(&f->tree, "/pipe")->type, FILE_FIFO);
	assert_int_equal(tree_find(&f->tree, "/")->type, FILE_DIRECTORY);
	assert_null(tree_resolve(&f->tree, "/loop", 0));
	assert_non_null(tree_resolve(&f->tree, "/bin/tool", 0));
}

static void bytes_are_those_of_du(void **state)
{
	struct fixture *f = *state;
	_cleanup_(closep) int fd = -1;

	tempdir_file(&f->dir, "a/one", "one");
	assert_int_equal(linkat(f->dir.fd, "a/one", f->dir.fd, "two", 0), 0);
	tempdir_file(&f->dir, "sparse", "x");
	fd = openat(f->dir.fd, "sparse", O_WRONLY);
	assert_int_equal(ftruncate(fd, 100 << 20), 0);
	tempdir_file(&f->dir, "proc/1/status", "inside a boundary");
	assert_int_equal(linkat(f->dir.fd, "a/one", f->dir.fd, "proc/three", 0), 0);
	assert_int_equal(linkat(f->dir.fd, "proc/1/status", f->dir.fd, "proc/four", 0),
			 0);
	tempdir_folder(&f->dir, "sys");
	walk(f, &(struct walk_options){ .threads = 2 });

	assert_int_equal(f->seen.disk_bytes + f->seen.boundary_bytes, du(f->dir.path));
	assert_int_equal(tree_find(&f->tree, "/sparse")->size_bytes, 100 << 20);
	assert_true(tree_find(&f->tree, "/sparse")->disk_bytes < 1 << 20);
	assert_int_equal(tree_find(&f->tree, "/two")->link_count, 3);
	assert_int_equal(tree_find(&f->tree, "/two")->inode,
			 tree_find(&f->tree, "/a/one")->inode);
}

static void boundaries_are_weighed_and_not_entered(void **state)
{
	struct fixture *f = *state;
	_cleanup_(freep) char *proc = mem_printf("%s/proc", f->dir.path);
	const struct walk_boundary *boundary;

	tempdir_file(&f->dir, "proc/1/status", "text");
	tempdir_file(&f->dir, "mine/x/y", "text");
	tempdir_folder(&f->dir, "sys");
	walk(f, &(struct walk_options){ 0 });

	assert_true(tree_find(&f->tree, "/proc")->is_boundary);
	assert_null(tree_find(&f->tree, "/proc/1"));
	assert_false(tree_find(&f->tree, "/sys")->is_boundary);
	assert_int_equal(f->seen.boundaries.len, 1);
	boundary = &f->seen.boundaries.data[0];
	assert_string_equal(tree_text(&f->tree, boundary->path), "/proc");
	assert_int_equal(boundary->entries, 2);
	assert_int_equal(boundary->disk_bytes + tree_find(&f->tree, "/proc")->disk_bytes,
			 du(proc));
	assert_true(f->seen.complete);
}

static void boundaries_can_be_chosen(void **state)
{
	static const char *const MINE[] = { "/mine/x", "/file", NULL };
	struct fixture *f = *state;

	tempdir_file(&f->dir, "proc/1/status", "text");
	tempdir_file(&f->dir, "mine/x/y", "text");
	tempdir_file(&f->dir, "file", "text");
	walk(f,
	     &(struct walk_options){ .boundaries = MINE, .no_default_boundaries = true });
	assert_non_null(tree_find(&f->tree, "/proc/1/status"));
	assert_null(tree_find(&f->tree, "/mine/x/y"));
	assert_true(tree_find(&f->tree, "/mine/x")->is_boundary);
	assert_false(tree_find(&f->tree, "/file")->is_boundary);
}

static void names_may_be_any_bytes(void **state)
{
	static const char *const NAMES[] = {
		"new\nline", "\x1b[2Jescape", "bad\xff\xfeutf8", " ",
		"...",	     "-rf",	      "'\"$(reboot)`",	 "\xe2\x80\xaertl",
	};
	struct fixture *f = *state;
	char longest[256];

	memset(longest, 'n', 255);
	longest[255] = '\0';
	tempdir_file(&f->dir, longest, "");
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		tempdir_file(&f->dir, NAMES[i], "");
	walk(f, &(struct walk_options){ 0 });
	assert_int_equal(f->seen.entries, ARRAY_LEN(NAMES) + 2);
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		_cleanup_(freep) char *path = mem_printf("/%s", NAMES[i]);

		assert_non_null(tree_find(&f->tree, path));
	}
}

/* A chain of folders; the last one holds a file. */
static void make_deep(struct fixture *f, const char *name, size_t depth)
{
	int fd = dup(f->dir.fd);

	for (size_t i = 0; i < depth; i++) {
		int below;

		assert_int_equal(mkdirat(fd, name, 0755), 0);
		below = openat(fd, name, O_PATH | O_DIRECTORY);
		assert_true(below >= 0);
		close(fd);
		fd = below;
	}
	close(openat(fd, "file", O_CREAT | O_WRONLY, 0644));
	close(fd);
}

static void depth_has_no_limit_that_hurts(void **state)
{
	struct fixture *f = *state;

	make_deep(f, "deeper", 1000); /* 7,000 bytes: beyond PATH_MAX */
	walk(f, &(struct walk_options){ 0 });
	assert_int_equal(f->seen.entries, 1002);
	assert_true(f->seen.complete);
	assert_int_equal(f->seen.disk_bytes, du(f->dir.path));
}

static void absurd_depth_is_weighed_only(void **state)
{
	struct fixture *f = *state;
	char name[201];

	memset(name, 'd', 200);
	name[200] = '\0';
	make_deep(f, name, 300);
	walk(f, &(struct walk_options){ 0 });
	assert_false(f->seen.complete);
	assert_non_null(problem_of(f, "deep-folder"));
	assert_int_equal(f->seen.entries, 16384 / 201 + 2);
	assert_int_equal(f->seen.disk_bytes + f->seen.boundary_bytes, du(f->dir.path));
}

/* Root may read all, so the walk of another user needs a process of its own. */
static void what_cannot_be_read_is_a_finding(void **state)
{
	struct fixture *f = *state;
	struct finding_list findings;
	struct finding_row row;

	if (getuid() == 0 && (setegid(65534) < 0 || seteuid(65534) < 0))
		skip();
	tempdir_release(&f->dir);
	tempdir_init(&f->dir);
	rootfs_free(f->root);
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	tempdir_file(&f->dir, "closed/file", "");
	tempdir_file(&f->dir, "names-only/file", "");
	tempdir_file(&f->dir, "open/file", "");
	assert_int_equal(fchmodat(f->dir.fd, "closed", 0, 0), 0);
	assert_int_equal(fchmodat(f->dir.fd, "names-only", 0400, 0), 0);
	walk(f, &(struct walk_options){ 0 });
	assert_int_equal(fchmodat(f->dir.fd, "closed", 0700, 0), 0);
	assert_int_equal(fchmodat(f->dir.fd, "names-only", 0700, 0), 0);
	if (getuid() == 0)
		assert_true(seteuid(0) == 0 && setegid(0) == 0);

	assert_false(f->seen.complete);
	assert_true(tree_find(&f->tree, "/closed")->unreadable);
	assert_true(tree_find(&f->tree, "/names-only")->unreadable);
	assert_non_null(tree_find(&f->tree, "/open/file"));
	finding_list_init(&findings);
	walk_findings(&f->seen, &f->tree, &findings);
	finding_list_finish(&findings);
	assert_int_equal(findings.items.len, 2);
	row = finding_list_row(&findings, 0);
	assert_string_equal(row.rule, "unreadable-folder");
	assert_string_equal(row.subject, "/closed");
	assert_string_equal(row.text, "cannot be read: Permission denied");
	assert_int_equal(row.file, tree_id(&f->tree, tree_find(&f->tree, "/closed")));
	finding_list_release(&findings);
}

/* Folders come and go while the walk runs: it ends, and every entry is whole. */
static void a_root_may_change_meanwhile(void **state)
{
	struct fixture *f = *state;
	pid_t child;

	for (int i = 0; i < 300; i++) {
		_cleanup_(freep) char *name = mem_printf("d%d/file", i);

		tempdir_file(&f->dir, name, "");
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0;; i = (i + 1) % 300) {
			char from[32], to[32];

			snprintf(from, sizeof(from), "d%d", i);
			snprintf(to, sizeof(to), "e%d", i);
			renameat(f->dir.fd, from, f->dir.fd, to);
			symlinkat("/etc", f->dir.fd, from);
			unlinkat(f->dir.fd, from, 0);
			renameat(f->dir.fd, to, f->dir.fd, from);
		}
	}
	for (int i = 0; i < 20; i++) {
		walk(f, &(struct walk_options){ 0 });
		array_each (&f->tree.entries, e) {
			const struct tree_entry *entry = &f->tree.entries.data[e];

			assert_true(entry->on_disk);
			assert_null(strstr(tree_text(&f->tree, entry->path), "passwd"));
		}
		walk_result_release(&f->seen);
		tree_release(&f->tree);
		tree_init(&f->tree);
	}
	f->seen = (struct walk_result){ 0 };
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/*
 * A tmpfs on /data and procfs on /proc and /other, in a mount namespace of the test's own; false
 * without the right to make one. Descriptors from before do not see what is mounted.
 */
static bool mount_some(struct fixture *f)
{
	_cleanup_(freep) char *data = mem_printf("%s/data", f->dir.path);
	_cleanup_(freep) char *proc = mem_printf("%s/proc", f->dir.path);
	_cleanup_(freep) char *other = mem_printf("%s/other", f->dir.path);

	tempdir_folder(&f->dir, "data");
	tempdir_folder(&f->dir, "proc");
	tempdir_folder(&f->dir, "other");
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", data, "tmpfs", 0, NULL) < 0)
		return false;
	assert_int_equal(mount("none", proc, "proc", 0, NULL), 0);
	assert_int_equal(mount("none", other, "proc", 0, NULL), 0);
	close(f->dir.fd);
	f->dir.fd = open(f->dir.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rootfs_free(f->root);
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	tempdir_file(&f->dir, "data/inside", "text");
	return true;
}

static void unmount_some(struct fixture *f)
{
	_cleanup_(freep) char *data = mem_printf("%s/data", f->dir.path);
	_cleanup_(freep) char *proc = mem_printf("%s/proc", f->dir.path);
	_cleanup_(freep) char *other = mem_printf("%s/other", f->dir.path);

	assert_int_equal(umount(proc), 0);
	assert_int_equal(umount(other), 0);
	assert_int_equal(umount(data), 0);
}

static void mount_points_are_noted_and_not_entered(void **state)
{
	struct fixture *f = *state;
	uint64_t bytes;

	if (!mount_some(f))
		skip();
	walk(f, &(struct walk_options){ 0 });
	bytes = du(f->dir.path);
	unmount_some(f);

	assert_int_equal(f->seen.disk_bytes + f->seen.boundary_bytes, bytes);
	assert_true(tree_find(&f->tree, "/data")->is_boundary);
	assert_null(tree_find(&f->tree, "/data/inside"));
	assert_true(tree_find(&f->tree, "/proc")->is_boundary);
	assert_true(tree_find(&f->tree, "/other")->is_boundary);
	assert_null(tree_find(&f->tree, "/other/self"));
	assert_int_equal(f->seen.problems.len, 1);
	assert_string_equal(f->seen.problems.data[0].rule, "other-file-system");
	assert_string_equal(tree_text(&f->tree, f->seen.problems.data[0].path), "/data");
	assert_false(f->seen.complete);
}

static void other_file_systems_are_entered_when_asked(void **state)
{
	struct fixture *f = *state;

	if (!mount_some(f))
		skip();
	walk(f, &(struct walk_options){ .cross_file_systems = true });
	unmount_some(f);

	assert_non_null(tree_find(&f->tree, "/data/inside"));
	assert_null(tree_find(&f->tree, "/proc/self"));
	assert_true(tree_find(&f->tree, "/proc")->is_boundary);
	assert_true(tree_find(&f->tree, "/other")->is_boundary);
	assert_null(tree_find(&f->tree, "/other/self"));
	assert_int_equal(f->seen.boundary_bytes, 0);
	assert_true(f->seen.complete);
}

static void note_progress(void *arg, const struct progress_step *step)
{
	uint64_t *last = arg;

	assert_string_equal(step->phase, "walk");
	assert_true(step->done >= *last);
	*last = step->done;
}

static void progress_grows(void **state)
{
	struct fixture *f = *state;
	uint64_t last = 0;
	struct progress progress = { .fn = note_progress, .arg = &last };

	tempdir_file(&f->dir, "a/b/c/d", "");
	walk(f, &(struct walk_options){ .progress = &progress });
	assert_true(last >= 4);
}

#define IN_A_ROOT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_ROOT(every_type_is_seen_as_it_is),
		IN_A_ROOT(bytes_are_those_of_du),
		IN_A_ROOT(boundaries_are_weighed_and_not_entered),
		IN_A_ROOT(boundaries_can_be_chosen),
		IN_A_ROOT(names_may_be_any_bytes),
		IN_A_ROOT(depth_has_no_limit_that_hurts),
		IN_A_ROOT(absurd_depth_is_weighed_only),
		IN_A_ROOT(what_cannot_be_read_is_a_finding),
		IN_A_ROOT(a_root_may_change_meanwhile),
		IN_A_ROOT(progress_grows),
		IN_A_ROOT(mount_points_are_noted_and_not_entered),
		IN_A_ROOT(other_file_systems_are_entered_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

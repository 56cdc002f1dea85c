#include "trimmer/prove_try.h"

#include "base/io.h"
#include "base/jail.h"
#include "base/text.h"
#include "base/tree_meta.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OUTPUT_TAIL  2000
#define UNIT_FOLDER  "/etc/systemd/system"
#define CANNOT_RUN   3

/* What stands above the tree: names that hide, and folders like those they hide in. */
struct upper {
	int tree_fd, upper_fd;
};

/* The folder that holds @p path in the upper layer; folders that are missing there are
 * made like the tree's. */
static int upper_parent(const struct upper *u, const char *path, const char **ret_name)
{
	_cleanup_(freep) char *copy = mem_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *name = NULL;
		_cleanup_(closep) int from_parent = -1;
		_cleanup_(closep) int to_parent = -1;
		_cleanup_(closep) int from = -1;
		_cleanup_(closep) int to = -1;
		struct stat st;
		int r;

		*slash = '\0';
		to_parent = tree_open_parent(u->upper_fd, copy, &name);
		if (to_parent < 0)
			return to_parent;
		if (mkdirat(to_parent, name, 0755) == 0) {
			to = openat(to_parent, name, FOLDER_FLAGS);
			from_parent = tree_open_parent(u->tree_fd, copy, &name);
			from = from_parent < 0 ? -1
					       : openat(from_parent, name, FOLDER_FLAGS);
			if (to < 0 || (from >= 0 && fstat(from, &st) < 0))
				return -errno;
			r = from < 0 ? 0 : tree_meta_copy(from, to, &st);
			if (r < 0)
				return r;
		} else if (errno != EEXIST) {
			return -errno;
		}
		*slash = '/';
	}
	return tree_open_parent(u->upper_fd, path, ret_name);
}

/* @return 0, also where a folder above is hidden already */
static int hide(const struct upper *u, const char *path)
{
	const char *name = NULL;
	_cleanup_(closep) int folder = upper_parent(u, path, &name);

	if (folder == -ENOTDIR || folder == -ELOOP)
		return 0;
	if (folder < 0)
		return folder;
	return mknodat(folder, name, S_IFCHR, makedev(0, 0)) < 0 && errno != EEXIST
		       ? -errno
		       : 0;
}

static int mask(const struct upper *u, const char *unit)
{
	_cleanup_(freep) char *path = mem_printf(UNIT_FOLDER "/%s", unit);
	const char *name = NULL;
	_cleanup_(closep) int folder = upper_parent(u, path, &name);

	if (folder < 0)
		return folder;
	unlinkat(folder, name, 0);
	return symlinkat("/dev/null", folder, name) < 0 ? -errno : 0;
}

static int fill_upper(const struct prove_try *t, int tree_fd)
{
	_cleanup_(closep) int upper_fd = open("upper", FOLDER_FLAGS);
	struct upper u = { tree_fd, upper_fd };
	struct stat st;
	int r = upper_fd < 0 || fstat(tree_fd, &st) < 0 ? -errno : 0;

	if (r == 0)
		r = tree_meta_copy(tree_fd, upper_fd, &st);
	for (size_t i = 0; r == 0 && i < t->hidden_count; i++)
		r = hide(&u, t->hidden[i]);
	for (size_t i = 0; r == 0 && i < t->mask_count; i++)
		r = mask(&u, t->masks[i]);
	return r;
}

/* In the jail: the working folder becomes the tmpfs, "root" in it the tree. */
static int mount_tree(const struct prove_try *t)
{
	_cleanup_(closep) int tree_fd = open(t->tree, FOLDER_FLAGS);
	char options[128];
	int r;

	if (tree_fd < 0 || mount("tmpfs", t->mount_on, "tmpfs", 0, "mode=755") < 0 ||
	    chdir(t->mount_on) < 0 || mkdir("upper", 0755) < 0 ||
	    mkdir("work", 0755) < 0 || mkdir("root", 0755) < 0)
		return -errno;
	r = fill_upper(t, tree_fd);
	if (r < 0)
		return r;
	snprintf(options, sizeof(options),
		 "lowerdir=/proc/self/fd/%d,upperdir=upper,workdir=work", tree_fd);
	if (mount("overlay", "root", "overlay", 0, options) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return -errno;
	return 0;
}

static void become_command(const struct prove_try *t)
{
	_cleanup_(freep) char *root = mem_printf("%s/root", t->mount_on);
	int in = open("/dev/null", O_RDONLY);
	int out = open("output", O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (in < 0 || out < 0 || setenv("TARE_ROOT", root, 1) < 0 || chdir("/") < 0)
		_exit(126);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close_range(3, ~0u, 0);
	execl("/bin/sh", "sh", "-c", t->command, (char *)NULL);
	_exit(127);
}

/* Every file of the tree that is opened, before it is: who does it waits, and so can be
 * asked for its name. -1 where the kernel has no such events. */
static int start_watching(const struct prove_try *t)
{
	int fd;

	if (t->watched_count == 0)
		return -1;
	fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK |
				   FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS,
			   O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	if (fd >= 0 &&
	    fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
			  FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM, AT_FDCWD, "root") < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Where a link in /proc leads: below the tree, or else on the host. */
static const char *follow(const struct prove_try *t, const char *link, char *buf)
{
	_cleanup_(freep) char *root = mem_printf("%s/root/", t->mount_on);
	ssize_t len = readlink(link, buf, PATH_MAX - 1);

	buf[len < 0 ? 0 : len] = '\0';
	return text_starts(buf, root) ? buf + strlen(root) - 1 : buf;
}

static void note_use(const struct prove_try *t, int fd, int pid, int report_fd)
{
	char link[64], path_buf[PATH_MAX], user_buf[PATH_MAX];
	const char *path, *user;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	path = follow(t, link, path_buf);
	if (!bsearch(&path, t->watched, t->watched_count, sizeof(path), by_text))
		return;
	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	user = follow(t, link, user_buf);
	dprintf(report_fd, "U%s%c%s%c", path, 0, user, 0);
}

static void answer_events(const struct prove_try *t, int fd, int report_fd)
{
	char buf[8192] __attribute__((aligned(8)));
	ssize_t len = read(fd, buf, sizeof(buf));
	struct fanotify_event_metadata *event = (void *)buf;

	for (; len > 0 && FAN_EVENT_OK(event, len); event = FAN_EVENT_NEXT(event, len)) {
		struct fanotify_response answer = { event->fd, FAN_ALLOW };
		ssize_t n;

		if (event->fd < 0)
			continue;
		note_use(t, event->fd, event->pid, report_fd);
		n = write(fd, &answer, sizeof(answer));
		(void)n;
		close(event->fd);
	}
}

static int wait_and_watch(const struct prove_try *t, pid_t child, int watch,
			  int report_fd)
{
	struct pollfd wish = { watch, POLLIN, 0 };
	int status = 0;

	while (watch >= 0 && waitpid(child, &status, WNOHANG) == 0)
		if (poll(&wish, 1, 20) > 0)
			answer_events(t, watch, report_fd);
	if (watch >= 0) {
		close(watch); /* whoever still waits may go on */
		return status;
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void send_output(int report_fd)
{
	_cleanup_(closep) int fd = open("output", O_RDONLY | O_CLOEXEC);
	char buf[OUTPUT_TAIL];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	n = io_pread(fd, buf, sizeof(buf),
		     st.st_size > OUTPUT_TAIL ? st.st_size - OUTPUT_TAIL : 0);
	dprintf(report_fd, "O");
	for (ssize_t i = 0; i < n; i++)
		if (buf[i])
			dprintf(report_fd, "%c", buf[i]);
	dprintf(report_fd, "%c", 0);
}

/* Records with a NUL behind them: S status, U path user, O output. */
static int run_inside(void *arg, int report_fd)
{
	const struct prove_try *t = arg;
	int r = mount_tree(t), watch, status;
	pid_t child;

	if (r < 0) {
		dprintf(report_fd, "cannot lay an overlay over the tree: %s",
			strerror(-r));
		return CANNOT_RUN;
	}
	watch = start_watching(t);
	child = fork();
	if (child == 0)
		become_command(t);
	if (child < 0)
		return CANNOT_RUN;
	status = wait_and_watch(t, child, watch, report_fd);
	dprintf(report_fd, "S%d%c",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), 0);
	send_output(report_fd);
	return 0;
}

static bool has_use(const struct prove_answer *answer, const char *path)
{
	array_each (&answer->uses, i)
		if (strcmp(answer->uses.data[i].path, path) == 0)
			return true;
	return false;
}

static void read_report(const struct strbuf *report, struct prove_answer *ret)
{
	for (size_t at = 0; at < report->len;) {
		const char *record = report->data + at;
		size_t len = strlen(record);

		at += len + 1;
		if (record[0] == 'S')
			ret->status = atoi(record + 1);
		if (record[0] == 'O' && !ret->output)
			ret->output = mem_strdup(record + 1);
		if (record[0] != 'U' || at >= report->len)
			continue;
		if (!has_use(ret, record + 1))
			array_push(&ret->uses,
				   (struct prove_use){ mem_strdup(record + 1),
						       mem_strdup(report->data + at) });
		at += strlen(report->data + at) + 1;
	}
}

int prove_try(const struct prove_try *try, struct prove_answer *ret, struct error *err)
{
	const int keep[] = { try->lock_fd, -1 };
	struct jail_options options = { .keep_writable = true,
					.loopback = true,
					.keep_fds = keep };
	_cleanup_(strbuf_release) struct strbuf report = { 0 };
	int r;

	*ret = (struct prove_answer){ .status = -1 };
	r = jail_run(&options, run_inside, (void *)try, &report, err);
	if (r < 0)
		return error_prefix(err, r, "the test");
	if (r != 0)
		return error_set(err, -EIO, "the test: %s", strbuf_text(&report));
	read_report(&report, ret);
	ret->passed = ret->status == 0;
	return 0;
}

void prove_answer_release(struct prove_answer *answer)
{
	array_each (&answer->uses, i) {
		free(answer->uses.data[i].path);
		free(answer->uses.data[i].user);
	}
	array_release(&answer->uses);
	free(answer->output);
}

#include "base/jail.h"

#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPORT_MAX ((size_t)16 << 20)
/* Statuses of the two children that no function returns. */
enum { STATUS_NO_NAMESPACES = 250, STATUS_NO_MOUNTS, STATUS_FAILED };

struct job {
	const struct jail_options *options;
	jail_function function;
	void *arg;
	int report_fd;
};

/* The reason why there is no jail goes where the function would report. */
static int complain(const struct job *job, int status, const char *what)
{
	dprintf(job->report_fd, "%s: %s", what, strerror(errno));
	return status;
}

static void close_others(const struct job *job)
{
	struct stat st;

	for (int fd = 3; fd < 1024; fd++) {
		bool keep = fd == job->report_fd;

		for (const int *k = job->options->keep_fds; k && *k >= 0; k++)
			keep = keep || fd == *k;
		if (!keep && fstat(fd, &st) == 0)
			close(fd);
	}
}

/* Nodes bound from the host: making them would need a capability and a root without
 * "nodev". */
static int mount_devices(void)
{
	static const char *const NAMES[] = { "null", "zero", "full", "random",
					     "urandom" };

	if (access("dev", F_OK) < 0)
		return 0;
	if (mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k") <
	    0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		_cleanup_(freep) char *from = mem_printf("/dev/%s", NAMES[i]);
		_cleanup_(freep) char *to = mem_printf("dev/%s", NAMES[i]);
		_cleanup_(closep) int fd = open(to, O_CREAT | O_EXCL | O_WRONLY, 0666);

		if (fd >= 0 && mount(from, to, NULL, MS_BIND, NULL) < 0)
			unlink(to);
	}
	return 0;
}

/* A symlink that the root has in place of /proc or /dev would lead out of it. */
static bool is_folder(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

static int enter_root(const struct job *job)
{
	const struct jail_options *o = job->options;
	const unsigned long nothing_runs = o->for_programs ? 0 : MS_NOEXEC | MS_NOSUID;

	/* The system's own tree: nothing to enter, and what works in it must go on working
	 * there. */
	if (strcmp(o->root, "/") == 0)
		return chdir("/");
	if (mount(o->root, o->root, NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir(o->root) < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot mount the root");
	if (o->for_programs && is_folder("dev") && mount_devices() < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot mount /dev");
	if (o->for_programs && is_folder("proc") &&
	    mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot mount /proc");
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
	    chdir("/") < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot enter the root");
	if (mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_NODEV | nothing_runs, NULL) <
	    0)
		return complain(job, STATUS_NO_MOUNTS,
				"cannot mount the root without devices");
	return 0;
}

static int set_read_only(const char *path, bool read_only)
{
	struct mount_attr attr = { 0 };

	if (read_only)
		attr.attr_set = MOUNT_ATTR_RDONLY;
	else
		attr.attr_clr = MOUNT_ATTR_RDONLY;
	return (int)syscall(SYS_mount_setattr, AT_FDCWD, path,
			    read_only ? AT_RECURSIVE : 0, &attr, sizeof(attr));
}

static int protect_host(const struct job *job)
{
	const char *path = job->options->writable;

	if (job->options->keep_writable)
		return 0;
	if (path && mount(path, path, NULL, MS_BIND, NULL) < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot mount the folder");
	if (set_read_only("/", true) < 0 || (path && set_read_only(path, false) < 0))
		return complain(job, STATUS_NO_MOUNTS,
				"cannot make the system's tree read-only");
	return 0;
}

static int drop_capabilities(uint64_t keep)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (keep == 0)
		return 0;
	for (int cap = 0; cap < 64; cap++)
		if (!(keep >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -1;
	for (int i = 0; i < 2; i++) {
		data[i].permitted = (uint32_t)(keep >> (32 * i));
		data[i].effective = data[i].permitted;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int loopback_up(void)
{
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
}

/* The first process of the new pid namespace. */
static int run_inside(const struct job *job)
{
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_others(job);
	if (job->options->only_fork)
		return job->function(job->arg, job->report_fd);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return complain(job, STATUS_NO_MOUNTS, "cannot make mounts private");
	r = job->options->root ? enter_root(job) : protect_host(job);
	if (r != 0)
		return r;
	if (job->options->loopback)
		loopback_up(); /* a test that needs it will say so */
	if (drop_capabilities(job->options->capabilities) < 0)
		return complain(job, STATUS_FAILED, "cannot drop capabilities");
	return job->function(job->arg, job->report_fd);
}

static int wait_for(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Between the caller and the jail: unshare() moves only children into a pid namespace. */
static void run_between(const struct job *job)
{
	const int namespaces =
		CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	pid_t child;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!job->options->only_fork && unshare(namespaces) < 0)
		_exit(complain(job, STATUS_NO_NAMESPACES, "cannot make namespaces"));
	child = fork();
	if (child == 0)
		_exit(run_inside(job));
	if (child < 0)
		_exit(complain(job, STATUS_FAILED, "cannot fork"));
	status = wait_for(child);
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	/* die the same way, so that the caller learns of it */
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	_exit(STATUS_FAILED);
}

static void read_report(int fd, struct strbuf *report)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0 && report->len < REPORT_MAX)
			strbuf_add(report, buf, (size_t)n);
	}
}

static int judge(int status, const struct strbuf *report, struct error *err)
{
	int code = WEXITSTATUS(status);

	if (!WIFEXITED(status))
		return error_set(err, -ECHILD,
				 "the child process was killed by signal %d",
				 WTERMSIG(status));
	if (code < STATUS_NO_NAMESPACES)
		return code;
	return error_set(err, code == STATUS_NO_NAMESPACES ? -EPERM : -EIO, "%s",
			 strbuf_text(report));
}

int jail_run(const struct jail_options *options, jail_function function, void *arg,
	     struct strbuf *ret_report, struct error *err)
{
	struct job job = { options, function, arg, -1 };
	_cleanup_(closep) int from = -1;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "cannot make a pipe");
	from = ends[0];
	job.report_fd = ends[1];
	child = fork();
	if (child == 0)
		run_between(&job);
	close(ends[1]);
	if (child < 0)
		return error_errno(err, "cannot fork");
	read_report(from, ret_report);
	return judge(wait_for(child), ret_report, err);
}

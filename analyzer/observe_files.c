#include "analyzer/observe_internal.h"

#include "analyzer/evidence_text.h"
#include "base/io.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (256u << 10)
#define HANDLE_BYTES 128
#define FD_PATH_MAX  64

#ifndef FAN_MARK_EVICTABLE
#define FAN_MARK_EVICTABLE 0x200
#endif

#define WATCHED (FAN_OPEN | FAN_OPEN_EXEC)

/* File systems that hold no files of a root. */
static bool is_pseudo(const char *type)
{
	static const char *const TYPES[] = {
		"proc",	      "sysfs",	 "devtmpfs", "devpts",	    "tmpfs",
		"cgroup",     "cgroup2", "mqueue",   "debugfs",	    "tracefs",
		"securityfs", "pstore",	 "bpf",	     "configfs",    "fusectl",
		"hugetlbfs",  "autofs",	 "efivarfs", "nsfs",	    "rpc_pipefs",
		"overlay",    "nfs",	 "nfs4",     "binfmt_misc", "ramfs",
		"selinuxfs",  "cifs",
	};

	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
		if (strcmp(type, TYPES[i]) == 0)
			return true;
	return strncmp(type, "fuse", 4) == 0;
}

static int watch(struct observing *o, const char *path)
{
	struct observed_mount mount = { .fd = -1 };
	struct stat st;

	mount.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount.fd < 0 || fstat(mount.fd, &st) < 0) {
		closep(&mount.fd);
		return -errno;
	}
	mount.device = st.st_dev;
	array_each (&o->mounts, i) {
		if (o->mounts.data[i].device == mount.device) {
			close(mount.fd);
			return 0;
		}
	}
	if (fanotify_mark(o->fanotify, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, WATCHED,
			  mount.fd, NULL) < 0) {
		int r = -errno;

		close(mount.fd);
		return r;
	}
	array_push(&o->mounts, mount);
	return 0;
}

/* "36 35 98:0 /root /mount options [tags] - type source options" (proc(5)) */
static void watch_line(struct observing *o, const char *line)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	char type[64] = "";
	const char *at = line, *rest = strstr(line, " - ");

	for (int i = 0; i < 4 && at; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	if (!at || !rest || sscanf(rest, " - %63s", type) != 1 || is_pseudo(type) ||
	    !text_escaped(&at, ' ', &path) || !observe_below(o, strbuf_text(&path)))
		return;
	if (watch(o, strbuf_text(&path)) < 0)
		o->ev->whole_node = false;
}

static int watch_mounts(struct observing *o)
{
	_cleanup_(fclosep) FILE *mounts = NULL;
	_cleanup_(freep) char *line = NULL;
	size_t size = 0;
	int r = watch(o, o->root[0] ? o->root : "/");

	if (r < 0)
		return r;
	mounts = fopen("/proc/self/mountinfo", "re");
	while (mounts && getline(&line, &size, mounts) > 0)
		watch_line(o, line);
	return mounts ? 0 : -errno;
}

int observe_files_begin(struct observing *o)
{
	int r;

	o->evictable = true;
	o->fanotify = fanotify_init(
		FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS,
		O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME | O_NONBLOCK);
	if (o->fanotify < 0)
		return -errno;
	r = watch_mounts(o);
	if (r < 0)
		observe_files_end(o);
	return r;
}

void observe_files_end(struct observing *o)
{
	closep(&o->fanotify);
	o->fanotify = -1;
	array_each (&o->mounts, i)
		close(o->mounts.data[i].fd);
	array_release(&o->mounts);
}

/* Later events of that sort about the file are of no interest. */
static void ignore(struct observing *o, int fd, uint64_t events)
{
	unsigned int flags =
		FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY;

	if (o->evictable &&
	    fanotify_mark(o->fanotify, flags | FAN_MARK_EVICTABLE, events, fd, NULL) < 0)
		o->evictable = false;
	if (!o->evictable)
		fanotify_mark(o->fanotify, flags, events, fd, NULL);
}

static bool link_of(int fd, char ret[PATH_MAX])
{
	char name[FD_PATH_MAX];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, ret, PATH_MAX);
	if (n <= 0 || n >= PATH_MAX)
		return false;
	ret[n] = '\0';
	return ret[0] == '/';
}

static bool is_that_file(const char *path, const struct stat *file)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_ino == file->st_ino &&
	       st.st_dev == file->st_dev;
}

/* A file that was opened in another mount namespace has its path there: ask our own mount
 * of its file system. */
static bool path_by_handle(struct observing *o, int fd, const struct stat *file,
			   char ret[PATH_MAX])
{
	struct {
		struct file_handle handle;
		unsigned char bytes[HANDLE_BYTES];
	} h = { .handle.handle_bytes = HANDLE_BYTES };
	int mount_id;

	if (name_to_handle_at(fd, "", &h.handle, &mount_id, AT_EMPTY_PATH) < 0)
		return false;
	array_each (&o->mounts, i) {
		_cleanup_(closep) int again = -1;

		if (o->mounts.data[i].device != file->st_dev)
			continue;
		again = open_by_handle_at(o->mounts.data[i].fd, &h.handle,
					  O_PATH | O_CLOEXEC);
		return again >= 0 && link_of(again, ret) && is_that_file(ret, file);
	}
	return false;
}

static void note(struct observing *o, const char *path,
		 const struct fanotify_event_metadata *event)
{
	char exe[PATH_MAX];
	enum use_scope scope = observe_process(o, event->pid, exe, sizeof(exe));
	bool executed = event->mask & FAN_OPEN_EXEC;

	evidence_use(o->ev, &(struct evidence_event){
				    .path = path,
				    .use = executed ? USE_EXECUTED : USE_OPENED,
				    .scope = scope,
				    .by = exe[0] && !executed ? exe : NULL });
}

static void handle(struct observing *o, const struct fanotify_event_metadata *event)
{
	char path[PATH_MAX];
	const char *below;
	struct stat st;

	if (event->pid == getpid() || fstat(event->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	ignore(o, event->fd, event->mask & WATCHED);
	if ((!link_of(event->fd, path) || !is_that_file(path, &st)) &&
	    !path_by_handle(o, event->fd, &st, path)) {
		if (st.st_nlink == 0) /* a temporary file that is gone */
			o->ev->elsewhere++;
		else
			evidence_lost(o->ev, 1);
		return;
	}
	below = observe_below(o, path);
	if (below)
		note(o, below, event);
}

int observe_files_read(struct observing *o, struct error *err)
{
	_cleanup_(freep) char *buffer = mem_alloc(BUFFER_BYTES);

	for (;;) {
		ssize_t n = read(o->fanotify, buffer, BUFFER_BYTES);
		struct fanotify_event_metadata *event = (void *)buffer;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0 && (errno == ENFILE || errno == EMFILE || errno == ETXTBSY)) {
			evidence_lost(o->ev, 1);
			continue;
		}
		if (n < 0)
			return error_errno(err, "cannot read events of fanotify");
		for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n)) {
			if (event->mask & FAN_Q_OVERFLOW) {
				o->report->overflows++;
				evidence_lost(o->ev, 1);
			}
			if (event->fd < 0)
				continue;
			handle(o, event);
			close(event->fd);
		}
		if (n == 0)
			return 0;
	}
}

#include "analyzer/observe_internal.h"

#include "analyzer/smaps.h"
#include "base/io.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SMAPS_MAX (64u << 20)

/* A file of /proc, whose size nobody knows before; NULL where it cannot be read. */
static char *read_proc(int pid, const char *name)
{
	_cleanup_(freep) char *path = mem_printf("/proc/%d/%s", pid, name);
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct strbuf text = { 0 };
	char part[16384];
	ssize_t n = 0;

	while (fd >= 0 && text.len < SMAPS_MAX && (n = read(fd, part, sizeof(part))) > 0)
		strbuf_add(&text, part, (size_t)n);
	if (fd < 0 || n != 0) {
		strbuf_release(&text);
		return NULL;
	}
	return strbuf_detach(&text);
}

static bool is_one_file(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

/* The link says where the executable lies for whoever it runs for: our root's file of that
 * name, or the one below our root, must be the same file. */
static const char *executable_below(const struct observing *o, const char *link,
				    const char *path)
{
	_cleanup_(freep) char *inside = mem_printf("%s%s", o->root, path);
	const char *below = observe_below(o, path);

	if (below && is_one_file(path, link))
		return below;
	return is_one_file(inside, link) ? path : "";
}

bool observe_knows_pids(void)
{
	char self[32];
	ssize_t n = readlink("/proc/self", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	return atoi(self) == getpid();
}

enum use_scope observe_process(const struct observing *o, int pid, char *ret_exe,
			       size_t len)
{
	_cleanup_(freep) char *cgroup = read_proc(pid, "cgroup");
	_cleanup_(freep) char *link = mem_printf("/proc/%d/exe", pid);
	ssize_t n = readlink(link, ret_exe, len - 1);
	const char *below;

	ret_exe[n > 0 ? n : 0] = '\0';
	below = executable_below(o, link, ret_exe);
	memmove(ret_exe, below, strlen(below) + 1);
	return cgroup ? cgroup_scope(cgroup) : SCOPE_UNKNOWN;
}

/* The paths of a process in another mount namespace may be other files here. */
static bool is_same_file(const struct mapping *mapping, void *arg)
{
	const struct observing *o = arg;
	_cleanup_(freep) char *path = mem_printf("%s%s", o->root, mapping->path);
	struct stat st;

	return stat(path, &st) == 0 && st.st_ino == mapping->inode;
}

/* Of a process that has our root: on an overlay its mappings show other inodes. */
static bool is_there(const struct mapping *mapping, void *arg)
{
	const struct observing *o = arg;
	_cleanup_(freep) char *path = mem_printf("%s%s", o->root, mapping->path);
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool shares_our_mounts(int pid)
{
	_cleanup_(freep) char *path = mem_printf("/proc/%d/ns/mnt", pid);
	struct stat ours, theirs;

	return stat("/proc/self/ns/mnt", &ours) == 0 && stat(path, &theirs) == 0 &&
	       ours.st_ino == theirs.st_ino;
}

bool observe_has_our_root(const struct observing *o, int pid)
{
	_cleanup_(freep) char *path = mem_printf("/proc/%d/root/", pid);

	return is_one_file(path, o->root[0] ? o->root : "/");
}

static bool is_watched(const struct observing *o, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	array_each (&o->mounts, i)
		if (o->mounts.data[i].device == st.st_dev)
			return true;
	return false;
}

/* What was opened before we began to watch and is open still. */
static void note_open_files(struct observing *o, int pid)
{
	_cleanup_(freep) char *path = mem_printf("/proc/%d/fd", pid);
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		_cleanup_(closep) int fd = -1;
		struct stat st;

		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(folder), entry->d_name, &st, 0) < 0 ||
		    !S_ISREG(st.st_mode) || st.st_nlink == 0)
			continue;
		fd = openat(dirfd(folder), entry->d_name, O_PATH | O_CLOEXEC);
		if (fd >= 0 && is_watched(o, fd))
			observe_note(o, fd, pid, USE_OPENED);
	}
	if (folder)
		closedir(folder);
}

static void look_at(struct observing *o, int pid)
{
	bool memory = !o->options->no_memory;
	_cleanup_(freep) char *text = read_proc(pid, memory ? "smaps" : "maps");
	int failed = text ? 0 : errno;
	char exe[PATH_MAX];
	enum use_scope scope = observe_process(o, pid, exe, sizeof(exe));
	struct smaps_process process = {
		.scope = scope,
		.memory = memory,
		.only_known = o->root[0] != '\0',
		.executable = exe[0] ? exe : NULL,
		.arg = o,
	};

	if (!text) {
		/* one that has ended meanwhile is no loss */
		o->report->unreadable += failed == EACCES || failed == EPERM;
		return;
	}
	if (shares_our_mounts(pid))
		process.prefix = o->root;
	else
		process.accept = observe_has_our_root(o, pid) ? is_there : is_same_file;
	if (process.accept == is_there && (o->guide == 0 || pid < o->guide))
		o->guide = pid;
	if (text[0]) /* kernel threads have no mappings */
		smaps_note(o->ev, text, &process);
}

/* The look with the most memory is kept. */
static void keep_best(struct observing *o)
{
	uint64_t bytes = 0;

	array_each (&o->ev->memory, i)
		bytes += o->ev->memory.data[i].pss_bytes;
	if (bytes >= o->best_bytes) {
		o->best.len = 0;
		array_each (&o->ev->memory, i)
			array_push(&o->best, o->ev->memory.data[i]);
		o->best_bytes = bytes;
	}
	o->ev->memory.len = 0;
}

int observe_processes(struct observing *o, bool opened, struct error *err)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return error_errno(err, "cannot read /proc");
	o->report->unreadable = 0;
	o->guide = 0;
	while ((entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (!isdigit((unsigned char)entry->d_name[0]) || pid == getpid())
			continue;
		look_at(o, pid);
		if (opened && o->fanotify >= 0)
			note_open_files(o, pid);
	}
	closedir(proc);
	keep_best(o);
	return 0;
}

/* "overlay 151552 0 - Live 0x0000000000000000" */
void observe_modules(struct evidence *ev)
{
	_cleanup_(fclosep) FILE *modules = fopen("/proc/modules", "re");
	char name[256];

	while (modules && fscanf(modules, "%255s%*[^\n]", name) == 1)
		evidence_module(ev, name);
}

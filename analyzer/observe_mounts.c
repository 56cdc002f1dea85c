#include "analyzer/observe_internal.h"

#include "analyzer/evidence_text.h"
#include "base/io.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TYPE_MAX 64

/* File systems that hold no files of a root. */
static bool is_pseudo(const char *type)
{
	static const char *const TYPES[] = {
		"proc",	   "sysfs",	 "devtmpfs", "devpts",	  "cgroup",
		"cgroup2", "mqueue",	 "debugfs",  "tracefs",	  "securityfs",
		"pstore",  "bpf",	 "configfs", "fusectl",	  "hugetlbfs",
		"autofs",  "efivarfs",	 "nsfs",     "selinuxfs", "binfmt_misc",
		"ramfs",   "rpc_pipefs",
	};

	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
		if (strcmp(type, TYPES[i]) == 0)
			return true;
	return false;
}

/* Asking these for a name may take for ever when their server is away. */
static bool may_hang(const char *type)
{
	static const char *const TYPES[] = {
		"nfs", "nfs4", "cifs", "smb3", "ceph", "9p"
	};

	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
		if (strcmp(type, TYPES[i]) == 0)
			return true;
	return strncmp(type, "fuse", 4) == 0;
}

/* What is mounted there is no part of a root: state of this boot, roots and volumes of
 * containers. */
static bool is_elsewhere(const char *below)
{
	static const char *const FOLDERS[] = {
		"/proc",
		"/sys",
		"/dev",
		"/run",
		"/tmp",
		"/var/run",
		"/var/tmp",
		"/var/lib/containerd",
		"/var/lib/containers",
		"/var/lib/docker",
		"/var/lib/kubelet",
		"/var/lib/rancher",
		"/var/lib/crio",
	};

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		size_t len = strlen(FOLDERS[i]);

		if (strncmp(below, FOLDERS[i], len) == 0 &&
		    (below[len] == '/' || below[len] == '\0'))
			return true;
	}
	return false;
}

static int mark(struct observing *o, int folder)
{
	unsigned int flags = FAN_MARK_ADD | FAN_MARK_FILESYSTEM;

	if (fanotify_mark(o->fanotify, flags, FAN_OPEN | FAN_OPEN_EXEC, folder, NULL) < 0)
		return -errno;
	if (observe_renames_watch(o, folder) < 0) {
		o->ev->whole_node = false;
		o->report->unsteady++;
	}
	return 0;
}

static bool is_known(const struct observing *o, uint64_t device, const char *path,
		     bool *ret_marked)
{
	*ret_marked = false;
	array_each (&o->mounts, i) {
		const struct observed_mount *mount = &o->mounts.data[i];

		*ret_marked |= mount->device == device;
		if (mount->device == device && strcmp(mount->path, path) == 0)
			return true;
	}
	return false;
}

/* @return 1: it is new; 0: it was watched before; -errno */
static int watch(struct observing *o, const char *path)
{
	_cleanup_(closep) int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct observed_mount mount = { 0 };
	struct statfs fs;
	struct stat st;
	bool marked;
	int r = 0;

	if (folder < 0 || fstat(folder, &st) < 0 || fstatfs(folder, &fs) < 0)
		return -errno;
	if (is_known(o, st.st_dev, path, &marked))
		return 0;
	if (!marked)
		r = mark(o, folder);
	if (r < 0)
		return r;
	mount.device = st.st_dev;
	memcpy(mount.fsid, &fs.f_fsid, sizeof(mount.fsid));
	mount.path = mem_strdup(path);
	array_push(&o->mounts, mount);
	return !marked;
}

/* "36 35 98:0 /root /mount options [tags] - type source options" (proc(5)) */
static bool parse_line(const char *line, struct strbuf *path, char type[TYPE_MAX])
{
	const char *at = line, *rest = strstr(line, " - ");

	for (int i = 0; i < 4 && at; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at && rest && sscanf(rest, " - %63s", type) == 1 &&
	       text_escaped(&at, ' ', path);
}

static void look_at(struct observing *o, const char *line, bool late)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	char type[TYPE_MAX] = "";
	const char *below;
	int r;

	if (!parse_line(line, &path, type))
		return;
	below = observe_below(o, strbuf_text(&path));
	if (!below || strcmp(below, "/") == 0 || is_pseudo(type) || is_elsewhere(below))
		return;
	r = may_hang(type) ? -EOPNOTSUPP : watch(o, strbuf_text(&path));
	if (r < 0 || (r > 0 && late)) {
		o->ev->whole_node = false;
		o->report->unwatched += r < 0;
		o->report->late += r > 0;
	}
}

void observe_mounts_look(struct observing *o, bool late)
{
	_cleanup_(fclosep) FILE *mounts = fopen("/proc/self/mountinfo", "re");
	_cleanup_(freep) char *line = NULL;
	size_t size = 0;

	o->report->unwatched = 0;
	while (mounts && getline(&line, &size, mounts) > 0)
		look_at(o, line, late);
	if (!mounts)
		o->ev->whole_node = false;
}

int observe_mounts_begin(struct observing *o)
{
	int r = watch(o, o->root[0] ? o->root : "/");

	if (r < 0)
		return r;
	/* it becomes ready at changes after it was opened: before the first look */
	o->mountinfo = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	observe_mounts_look(o, false);
	return 0;
}

void observe_mounts_end(struct observing *o)
{
	closep(&o->mountinfo);
	o->mountinfo = -1;
	array_each (&o->mounts, i)
		free(o->mounts.data[i].path);
	array_release(&o->mounts);
}

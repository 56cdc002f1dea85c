#include "trimmer/apply_cache.h"

#include "base/io.h"
#include "base/jail.h"
#include "base/rootfs.h"
#include "base/text.h"
#include "base/tree_meta.h"
#include "base/tree_walk.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LINKER_CACHE "/etc/ld.so.cache"
#define TEMPORARY    ".#tare-new#"

static const char *const MODULE_FOLDERS[] = { "/usr/lib/modules/", "/lib/modules/" };

static void note(note_list *notes, const char *what, const char *why)
{
	char *text = mem_printf("%s is not brought up to date: %s", what, why);

	array_push(notes, text_printable_dup(text));
	free(text);
}

/* In the jail: become the program. */
static int become(void *arg, int report_fd)
{
	char *const *argv = arg;
	char *const no_environment[] = { NULL };

	dup2(report_fd, STDOUT_FILENO);
	dup2(report_fd, STDERR_FILENO);
	execve(argv[0], argv, no_environment);
	return 127;
}

/* A program of this machine, NULL when it has none. */
static const char *find_program(const char *const *places)
{
	while (*places && access(*places, X_OK) < 0)
		places++;
	return *places;
}

static int run_program(const struct cache_job *job, const char *writable,
		       const char *const *argv, struct strbuf *said, struct error *err)
{
	const int keep[] = { job->lock_fd, -1 };
	struct jail_options options = {
		.writable = writable,
		.keep_writable = strcmp(writable, "/") == 0,
		.capabilities = JAIL_FILE_CAPABILITIES,
		.keep_fds = keep,
	};

	return jail_run(&options, become, (void *)argv, said, err);
}

static void refresh_linker(const struct cache_job *job, note_list *notes)
{
	static const char *const PLACES[] = { "/sbin/ldconfig", "/usr/sbin/ldconfig",
					      NULL };
	const char *program = find_program(PLACES);
	const char *argv[] = { program, "-X", "-r", job->tree, NULL };
	_cleanup_(strbuf_release) struct strbuf said = { 0 };
	struct error err = { 0 };
	struct utsname host;
	int r;

	if (!tree_state_find(job->before, LINKER_CACHE))
		return;
	if (job->architecture[0] && strcmp(job->architecture, "noarch") != 0 &&
	    (uname(&host) < 0 || strcmp(host.machine, job->architecture) != 0)) {
		note(notes, LINKER_CACHE, "the root is of another architecture");
		return;
	}
	if (!program) {
		note(notes, LINKER_CACHE, "this machine has no ldconfig");
		return;
	}
	r = run_program(job, job->tree, argv, &said, &err);
	if (r < 0)
		note(notes, LINKER_CACHE, err.text);
	else if (r > 0)
		note(notes, LINKER_CACHE, strbuf_text(&said));
}

/* Put the bytes of @p from into the place of a file that is there, with its metadata. */
static int exchange(int folder, const char *name, int from)
{
	_cleanup_(closep) int old =
		openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	_cleanup_(closep) int new = -1;
	struct stat st;
	int r;

	if (old < 0 || fstat(old, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	unlinkat(folder, TEMPORARY, 0);
	new = openat(folder, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (new < 0)
		return -errno;
	r = io_copy(from, new, NULL);
	if (r == 0)
		r = tree_meta_copy(old, new, &st);
	if (r == 0 && renameat(folder, TEMPORARY, folder, name) < 0)
		r = -errno;
	return r;
}

struct taking {
	const struct cache_job *job;
	const char *folder; /* of the index inside the tree */
};

/* What depmod has made, for each file that the index had before. */
static int take_index(void *arg, const struct tree_visit *visit)
{
	struct taking *t = arg;
	_cleanup_(freep) char *path = mem_printf("%s/%s", t->folder, visit->name);
	_cleanup_(closep) int folder = -1;
	_cleanup_(closep) int from = -1;
	const char *name = NULL;

	if (!S_ISREG(visit->st->st_mode) || !tree_state_find(t->job->before, path))
		return 0;
	folder = tree_open_parent(t->job->tree_fd, path, &name);
	from = openat(visit->parent_fd, visit->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0 || from < 0)
		return folder < 0 ? folder : -errno;
	return exchange(folder, name, from);
}

/*
 * Where depmod works: the modules' tree with links to the tree's files, because before kmod 31
 * it can write only beside what it reads. A link of the tree (weak-updates/) is followed inside
 * the tree, not by depmod.
 */
struct shadow {
	struct rootfs *root; /* the tree */
	const char *folder;
	int fd;
};

static bool is_wanted(const char *name)
{
	static const char *const READ[] = { "modules.order", "modules.builtin",
					    "modules.builtin.modinfo" };

	for (size_t i = 0; i < ARRAY_LEN(READ); i++)
		if (strcmp(name, READ[i]) == 0)
			return true;
	return strstr(name, ".ko") != NULL;
}

static int shadow_file(const struct shadow *s, const char *path)
{
	_cleanup_(freep) char *inside = mem_printf("%s%s", s->folder, path);
	_cleanup_(closep) int fd = rootfs_open(s->root, inside, NULL);
	char link[64], place[PATH_MAX];
	ssize_t len;

	if (fd < 0) /* a link that leads nowhere */
		return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, place, sizeof(place) - 1);
	if (len < 0)
		return -errno;
	place[len] = '\0';
	return symlinkat(place, s->fd, path + 1) < 0 ? -errno : 0;
}

static int shadow_entry(void *arg, const struct tree_visit *visit)
{
	const struct shadow *s = arg;

	if (S_ISDIR(visit->st->st_mode))
		return mkdirat(s->fd, visit->path + 1, 0700) < 0 ? -errno : 0;
	if ((!S_ISREG(visit->st->st_mode) && !S_ISLNK(visit->st->st_mode)) ||
	    !is_wanted(visit->name))
		return 0;
	return shadow_file(s, visit->path);
}

/* Makes the folder @p made (of work) and all in it. */
static int make_shadow(const struct cache_job *job, const char *folder, const char *made,
		       struct error *err)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	_cleanup_(closep) int from = -1, to = -1;
	struct shadow shadow = { .folder = folder };
	struct tree_walker walker = { .entry = shadow_entry, .arg = &shadow };
	int r = rootfs_new(job->tree, &root, err);

	if (r < 0)
		return r;
	for (const char *at = made + strlen(job->work); at; at = strchr(at + 1, '/')) {
		_cleanup_(freep) char *part = mem_strndup(made, (size_t)(at - made));

		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return error_errno(err, "cannot make '%s'", part);
	}
	if (mkdir(made, 0700) < 0 && errno != EEXIST)
		return error_errno(err, "cannot make '%s'", made);
	from = rootfs_open_dir(root, folder, err);
	to = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from < 0 || to < 0)
		return from < 0 ? from : error_errno(err, "cannot open '%s'", made);
	shadow.root = root;
	shadow.fd = to;
	return tree_walk(from, &walker, err);
}

static int make_index(const struct cache_job *job, const char *version, note_list *notes,
		      struct error *err)
{
	static const char *const PLACES[] = { "/sbin/depmod", "/usr/sbin/depmod", NULL };
	const char *program = find_program(PLACES);
	const char *argv[] = { program, "-b", job->work, "--", version, NULL };
	_cleanup_(strbuf_release) struct strbuf said = { 0 };
	struct error failed = { 0 };
	int r;

	if (!program) {
		note(notes, "the index of kernel modules", "this machine has no depmod");
		return 1;
	}
	r = run_program(job, job->work, argv, &said, &failed);
	if (r == 0)
		return 0;
	note(notes, "the index of kernel modules",
	     r < 0 ? failed.text : strbuf_text(&said));
	(void)err;
	return 1;
}

static int refresh_modules(const struct cache_job *job, const char *folder,
			   note_list *notes, struct error *err)
{
	const char *version = strrchr(folder, '/') + 1;
	_cleanup_(freep) char *made = mem_printf("%s/lib/modules/%s", job->work, version);
	_cleanup_(freep) char *index = mem_printf("%s/modules.dep", folder);
	_cleanup_(closep) int fd = -1;
	struct taking taking = { job, folder };
	struct tree_walker walker = { .entry = take_index, .arg = &taking };
	int r;

	if (!tree_state_find(job->before, index))
		return 0;
	if (!isdigit((unsigned char)version[0])) {
		note(notes, folder, "its name is no version of a kernel");
		return 0;
	}
	r = make_shadow(job, folder, made, err);
	if (r == 0)
		r = make_index(job, version, notes, err);
	if (r != 0)
		return r < 0 ? r : 0;
	fd = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		note(notes, folder, "depmod has made no index");
		return 0;
	}
	r = tree_walk(fd, &walker, NULL);
	return r < 0 ? error_set(err, r,
				 "cannot bring the index of kernel modules up to "
				 "date: %s",
				 strerror(-r))
		     : 0;
}

static bool is_module(const char *path)
{
	const char *name = strrchr(path, '/');

	return strstr(name, ".ko") != NULL;
}

/* The folder of one kernel's modules that @p path lies in; new memory, or NULL. */
static char *module_folder(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(MODULE_FOLDERS); i++) {
		size_t len = strlen(MODULE_FOLDERS[i]);

		if (text_starts(path, MODULE_FOLDERS[i]) && strchr(path + len, '/'))
			return mem_strndup(path, len + strcspn(path + len, "/"));
	}
	return NULL;
}

/* Has this kernel lost a module, and not all of itself? */
static bool lost_modules(const struct cache_job *job, const char *folder)
{
	size_t len = strlen(folder);
	bool lost = false;

	array_each (&job->before->items, i) {
		const char *path = job->before->items.data[i].path;
		struct stat st;

		if (strncmp(path, folder, len) != 0 || path[len] != '/' ||
		    !is_module(path))
			continue;
		lost = lost ||
		       fstatat(job->tree_fd, path + 1, &st, AT_SYMLINK_NOFOLLOW) < 0;
	}
	return lost;
}

int apply_caches(const struct cache_job *job, note_list *notes, struct error *err)
{
	_cleanup_(freep) char *last = mem_strdup("");
	int r = 0;

	refresh_linker(job, notes);
	for (size_t i = 0; r == 0 && i < job->before->items.len; i++) {
		const char *path = job->before->items.data[i].path;
		_cleanup_(freep) char *folder =
			is_module(path) ? module_folder(path) : NULL;
		struct stat st;

		if (!folder || strcmp(folder, last) == 0)
			continue;
		free(last);
		last = mem_strdup(folder);
		if (lost_modules(job, folder) &&
		    fstatat(job->tree_fd, folder + 1, &st, AT_SYMLINK_NOFOLLOW) == 0)
			r = refresh_modules(job, folder, notes, err);
	}
	return r;
}

#include "analyzer/archive_unpack.h"

#include "analyzer/archive_reader.h"
#include "analyzer/filecaps.h"
#include "base/io.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WHITEOUT	 ".wh."
#define OPAQUE		 ".wh..wh..opq"
#define IMPLICIT_MODE	 (S_IFDIR | 0755) /* of a folder that no member is */
#define PROBLEM_PATH_MAX 200		  /* more of a name is of no use */
#define PROGRESS_MEMBERS 256

int unpack_init(struct unpack *u, const char *folder, const struct progress *progress,
		struct error *err)
{
	*u = (struct unpack){ .progress = progress };
	return rootfs_new(folder, &u->root, err);
}

void unpack_release(struct unpack *u)
{
	array_each (&u->records, i)
		free(u->records.data[i].capabilities);
	array_each (&u->problems, i) {
		free(u->problems.data[i].path);
		free(u->problems.data[i].text);
	}
	array_release(&u->records);
	array_release(&u->problems);
	rootfs_free(u->root);
	u->root = NULL;
}

static void add_problem(struct unpack *u, const char *path, const char *text)
{
	u->problem_count++;
	if (u->problems.len < UNPACK_PROBLEMS_MAX)
		array_push(&u->problems,
			   (struct unpack_problem){ mem_strdup(path), mem_strdup(text) });
}

/* Only the disk being full, or broken, ends the work; the rest is the member's fault. */
static bool is_fatal(int code)
{
	static const int CODES[] = { ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM };

	for (size_t i = 0; i < ARRAY_LEN(CODES); i++)
		if (code == -CODES[i])
			return true;
	return false;
}

/* @return 0 after a problem was noted, or @p code when it is fatal */
static int judge(struct unpack *u, const char *path, int code, struct error *err)
{
	_cleanup_(freep) char *text = NULL;

	if (is_fatal(code))
		return error_set(err, code, "cannot unpack: %s", strerror(-code));
	text = mem_printf("of the archive cannot be made: %s", strerror(-code));
	add_problem(u, path, text);
	return 0;
}

/* New memory; NULL with a problem for what must not be followed. */
static char *safe_path(struct unpack *u, const char *path)
{
	size_t depth = 0;

	if (!path || strlen(path) >= PATH_MAX) {
		add_problem(u, path ? "(a long path)" : "(no path)",
			    "of the archive has no name that a file can have");
		return NULL;
	}
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.') {
			add_problem(u, path, "of the archive leads out of the root (..)");
			return NULL;
		}
		depth += len > 0;
		at += len + (at[len] == '/');
	}
	if (depth > UNPACK_DEPTH_MAX) {
		add_problem(u, path, "of the archive is in too many folders");
		return NULL;
	}
	return rootfs_clean_path(path);
}

static void record(struct unpack *u, int dir, const char *name,
		   const struct unpack_record *what)
{
	struct unpack_record made = *what;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0) {
		free(made.capabilities);
		return;
	}
	made.inode = st.st_ino;
	made.order = (uint32_t)u->records.len;
	array_push(&u->records, made);
}

/* Make the folder that is missing at the end of @p path[0..len]; those above are there. */
static int make_folder(struct unpack *u, char *path, size_t len)
{
	_cleanup_(closep) int dir = -1;
	char *slash, kept = path[len];
	int r = 0;

	path[len] = '\0';
	slash = strrchr(path, '/');
	*slash = '\0';
	dir = rootfs_open_dir(u->root, slash == path ? "/" : path, NULL);
	*slash = '/';
	if (dir < 0)
		r = dir;
	else if (mkdirat(dir, slash + 1, 0700) < 0)
		r = -errno;
	else
		record(u, dir, slash + 1,
		       &(struct unpack_record){ .mode = IMPLICIT_MODE });
	path[len] = kept;
	return r;
}

/* The folder that holds @p path. */
static int open_parent(struct unpack *u, const char *path, const char **ret_name)
{
	size_t len = (size_t)(strrchr(path, '/') - path);
	_cleanup_(freep) char *folder = mem_printf("%.*s/", (int)len, path);

	*ret_name = path + len + 1;
	return rootfs_open_dir(u->root, folder, NULL);
}

/* The same, after making those that are missing on the way. */
static int make_parent(struct unpack *u, const char *path, const char **ret_name)
{
	_cleanup_(freep) char *folder = NULL;
	int fd = open_parent(u, path, ret_name);

	if (fd != -ENOENT)
		return fd;
	folder = mem_strdup(path);
	for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
		int r = make_folder(u, folder, (size_t)(at - folder));

		if (r < 0 && r != -EEXIST)
			return r;
	}
	return open_parent(u, path, ret_name);
}

/* @return 0, also when there is nothing; -errno */
static int remove_name(int dir, const char *name)
{
	_cleanup_(closep) int fd = -1;
	int r;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = tree_empty(fd, NULL);
	if (r < 0)
		return r;
	return unlinkat(dir, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static int put_folder(int dir, const char *name)
{
	struct stat st;
	int r;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return 0;
	r = remove_name(dir, name);
	if (r == 0 && mkdirat(dir, name, 0700) < 0)
		r = -errno;
	return r;
}

/* @return 0, also after a problem was noted; -errno */
static int put_hard_link(struct unpack *u, int dir, const char *name, const char *to)
{
	_cleanup_(freep) char *path = safe_path(u, to);
	_cleanup_(closep) int folder = -1;
	const char *last;
	struct stat old, st;
	int r;

	if (!path)
		return 0;
	folder = open_parent(u, path, &last);
	if (folder < 0)
		return folder;
	if (fstatat(folder, last, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (fstatat(dir, name, &old, AT_SYMLINK_NOFOLLOW) == 0 && old.st_ino == st.st_ino)
		return 0; /* of itself */
	r = remove_name(dir, name);
	if (r == 0 && linkat(folder, last, dir, name, 0) < 0)
		r = -errno;
	return r;
}

/* cpio has the bytes of a file with its last name. */
static int fill_hard_link(struct packed *packed, int dir, const char *name,
			  struct error *err)
{
	_cleanup_(closep) int fd =
		openat(dir, name, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : packed_save(packed, fd, err);
}

/* A regular file, or an empty one in place of what only root may make. */
static int put_file(struct packed *packed, int dir, const char *name,
		    const struct packed_member *member, struct error *err)
{
	_cleanup_(closep) int fd = -1;
	int r = remove_name(dir, name);

	if (r < 0)
		return r;
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return errno == EINVAL ? -EILSEQ : -errno;
	return S_ISREG(member->mode) ? packed_save(packed, fd, err) : 0;
}

static int put_symlink(int dir, const char *name, const char *target)
{
	int r = remove_name(dir, name);

	if (r == 0 && symlinkat(target, dir, name) < 0)
		r = -errno;
	return r;
}

/* @return 0; 1 when the member holds what only the archive is to blame for, *code says what */
static int put(struct unpack *u, struct packed *packed,
	       const struct packed_member *member, const char *path, int *code,
	       struct error *err)
{
	const char *name;
	_cleanup_(closep) int dir = make_parent(u, path, &name);
	int r = dir;

	if (dir >= 0 && member->hard_link) {
		*code = put_hard_link(u, dir, name, member->hard_link);
		if (*code == 0 && member->has_data)
			*code = fill_hard_link(packed, dir, name, err);
		return *code < 0; /* its owner and mode are the other name's */
	}
	if (dir >= 0 && S_ISDIR(member->mode)) {
		r = put_folder(dir, name);
	} else if (dir >= 0 && S_ISLNK(member->mode)) {
		r = put_symlink(dir, name, member->target ? member->target : "");
	} else if (dir >= 0) {
		r = put_file(packed, dir, name, member, err);
		if (r == -EINVAL) /* the archive is damaged here */
			return r;
	}
	*code = r;
	if (r < 0)
		return 1;
	record(u, dir, name,
	       &(struct unpack_record){
		       .mode = member->mode,
		       .uid = member->uid,
		       .gid = member->gid,
		       .mtime = member->mtime,
		       .capabilities = member->capability
					       ? filecaps_text(member->capability,
							       member->capability_len)
					       : NULL });
	return 0;
}

static int put_member(struct unpack *u, struct packed *packed,
		      const struct packed_member *member, struct error *err)
{
	_cleanup_(freep) char *path = safe_path(u, member->path);
	int code = 0, r;

	if (!path)
		return 0;
	if (!path[1]) { /* the root itself */
		record(u, rootfs_fd(u->root), "",
		       &(struct unpack_record){ .mode = member->mode,
						.uid = member->uid,
						.gid = member->gid,
						.mtime = member->mtime });
		return 0;
	}
	r = put(u, packed, member, path, &code, err);
	return r > 0 ? judge(u, path, code, err) : r;
}

static const char *last_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "";
}

static bool is_whiteout(const struct packed_member *member)
{
	return strncmp(last_name(member->path), WHITEOUT, strlen(WHITEOUT)) == 0;
}

/* A folder that no layer below has is no problem, nor are AUFS's own names. */
static int apply_whiteout(struct unpack *u, const struct packed_member *member,
			  struct error *err)
{
	_cleanup_(freep) char *path = safe_path(u, member->path);
	_cleanup_(closep) int dir = -1;
	const char *name;
	int r = 0;

	if (!path)
		return 0;
	dir = open_parent(u, path, &name);
	if (dir < 0)
		return 0;
	if (strcmp(name, OPAQUE) == 0) {
		r = tree_empty(dir, NULL);
	} else {
		name += strlen(WHITEOUT);
		if (*name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			r = remove_name(dir, name);
	}
	return r < 0 ? judge(u, member->path, r, err) : 0;
}

enum layer_pass { ALL_MEMBERS, ONLY_WHITEOUTS, NO_WHITEOUTS };

static int look_up(struct unpack *u, struct error *err)
{
	if (u->members++ % PROGRESS_MEMBERS == 0)
		progress_report(u->progress, "unpack", u->members, 0);
	if (progress_stopped(u->progress))
		return error_set(err, -EINTR, "interrupted: no graph was written");
	if (u->members > UNPACK_MEMBERS_MAX)
		return error_set(err, -E2BIG, "has more than %u members",
				 UNPACK_MEMBERS_MAX);
	return 0;
}

static int run_pass(struct unpack *u, int fd, enum layer_pass pass, struct error *err)
{
	_cleanup_(packed_closep) struct packed *packed = NULL;
	struct packed_member member;
	int r = packed_open(fd, &packed, err);

	while (r == 0 && (r = packed_next(packed, &member, err)) > 0) {
		r = look_up(u, err);
		if (r < 0)
			break;
		if (pass == ALL_MEMBERS || !is_whiteout(&member))
			r = pass == ONLY_WHITEOUTS ? 0
						   : put_member(u, packed, &member, err);
		else if (pass == ONLY_WHITEOUTS)
			r = apply_whiteout(u, &member, err);
	}
	return r;
}

int unpack_members(struct unpack *u, int fd, struct error *err)
{
	return run_pass(u, fd, ALL_MEMBERS, err);
}

int unpack_layer(struct unpack *u, int fd, struct error *err)
{
	int r = run_pass(u, fd, ONLY_WHITEOUTS, err);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = error_errno(err, "cannot read a layer again");
	return r == 0 ? run_pass(u, fd, NO_WHITEOUTS, err) : r;
}

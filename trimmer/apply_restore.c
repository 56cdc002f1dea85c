#include "trimmer/apply_restore.h"

#include "base/io.h"
#include "base/strbuf.h"
#include "base/tree_copy.h"
#include "base/tree_walk.h"
#include "trimmer/apply.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ABSENT_MAX   (256u << 20)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* "absent": the database's folder, then every path that was not there, each with a NUL. */
static int write_absent(const struct apply_state *state, const struct touch_set *touch,
			const struct tree_state *before, struct error *err)
{
	_cleanup_(freep) char *path = apply_state_path(state, "absent");
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	strbuf_add(&text, touch->db_folder, strlen(touch->db_folder) + 1);
	array_each (&touch->paths, i) {
		const char *one = touch->paths.data[i];

		if (!tree_state_find(before, one))
			strbuf_add(&text, one, strlen(one) + 1);
	}
	return io_write_file(path, text.data, text.len, err);
}

int apply_save(const struct apply_state *state, int tree_fd,
	       const struct touch_set *touch, const struct tree_state *before,
	       const struct progress *progress, struct error *err)
{
	struct tree_copy_options options = { .want = touch_wants,
					     .arg = (void *)touch,
					     .progress = progress };
	struct tree_copy_result result;
	_cleanup_(closep) int kept = -1;

	if (mkdirat(state->fd, "kept", 0700) < 0)
		return error_errno(err, "cannot make '%s/kept'", state->path);
	kept = openat(state->fd, "kept", FOLDER_FLAGS);
	if (kept < 0)
		return error_errno(err, "cannot open '%s/kept'", state->path);
	if (tree_copy(tree_fd, kept, &options, &result, err) < 0)
		return error_prefix(err, err ? err->code : -EIO,
				    "keeping what undo needs");
	return write_absent(state, touch, before, err);
}

/* A path of our own file, but the file lies where others might have been. */
static int remove_path(int tree_fd, const char *path)
{
	_cleanup_(closep) int parent = -1;
	const char *name = NULL;

	if (path[0] != '/' || !path[1])
		return -EINVAL;
	parent = tree_open_parent(tree_fd, path, &name);
	if (parent < 0)
		return parent == -ENOENT || parent == -ENOTDIR ? 0 : parent;
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return -errno;
	/* a folder that others have put something in meanwhile stays */
	return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOTEMPTY ? 0
									       : -errno;
}

/* Names in the database's folder that were not kept are logs of what came later. */
static int clean_database(int tree_fd, int kept_fd, const char *folder)
{
	_cleanup_(freep) char *inside = mem_printf("%s/x", folder);
	const char *name = NULL;
	_cleanup_(closep) int fd = tree_open_parent(tree_fd, inside, &name);
	_cleanup_(closep) int old = tree_open_parent(kept_fd, inside, &name);
	DIR *dir = fd < 0 || old < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		if (faccessat(old, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			unlinkat(fd, entry->d_name, 0);
	steal_fd(&fd);
	closedir(dir);
	return 0;
}

static int remove_absent(const struct apply_state *state, int tree_fd, int kept_fd,
			 struct error *err)
{
	_cleanup_(freep) char *path = apply_state_path(state, "absent");
	_cleanup_(freep) char *data = NULL;
	ARRAY_OF(const char *) paths = { 0 };
	size_t len = 0;
	int r = io_read_file(path, ABSENT_MAX, &data, &len, err);

	if (r < 0)
		return r;
	if (data[0])
		r = clean_database(tree_fd, kept_fd, data);
	for (size_t at = strlen(data) + 1; at < len; at += strlen(data + at) + 1)
		array_push(&paths, data + at);
	for (size_t i = paths.len; r == 0 && i > 0; i--) { /* what is in a folder first */
		r = remove_path(tree_fd, paths.data[i - 1]);
		if (r < 0)
			error_set(err, r, "cannot remove what apply has made: %s",
				  strerror(-r));
	}
	array_release(&paths);
	return r;
}

static int restore(struct apply_state *state, const char *tree, struct error *err)
{
	struct tree_copy_options options = { .replace = true };
	struct tree_copy_result result;
	_cleanup_(closep) int tree_fd = open(tree, FOLDER_FLAGS);
	_cleanup_(closep) int kept = openat(state->fd, "kept", FOLDER_FLAGS);
	int r;

	if (tree_fd < 0)
		return error_errno(err, "cannot open '%s'", tree);
	if (kept < 0)
		return error_errno(err, "cannot open '%s/kept'", state->path);
	r = remove_absent(state, tree_fd, kept, err);
	if (r == 0)
		r = tree_copy(kept, tree_fd, &options, &result, err);
	return r < 0 ? r : apply_state_step(state, STEP_UNDONE, tree_fd, err);
}

/* The rename may have happened just before the process died. */
static bool is_in_place(const struct apply_state *state)
{
	struct stat st;

	if (state->journal.step != STEP_CHANGED)
		return state->journal.step > STEP_CHANGED;
	return fstatat(state->fd, "tree", &st, AT_SYMLINK_NOFOLLOW) < 0 &&
	       lstat(state->journal.target, &st) == 0;
}

bool apply_is_finished(const struct apply_state *state)
{
	const struct journal *j = &state->journal;

	return j->step == STEP_FINISHED || (!j->live && is_in_place(state));
}

int apply_roll_back(struct apply_state *state, struct error *err)
{
	const struct journal *j = &state->journal;
	bool was_saved = j->step >= STEP_SAVED && j->step < STEP_UNDONE;
	int r = 0, undone = UNDONE_NOTHING;

	if (j->live && was_saved) {
		undone = UNDONE_RESTORED;
		r = restore(state, j->target, err);
	} else if (!j->live && j->keep && is_in_place(state)) {
		undone = UNDONE_RESTORED;
		r = j->step == STEP_UNDONE ? 0 : restore(state, j->target, err);
	} else if (!j->live) {
		undone = UNDONE_REMOVED;
		r = is_in_place(state) ? tree_remove(j->target, err) : 0;
	}
	if (r == 0)
		r = apply_state_remove(state, err);
	return r < 0 ? r : undone;
}

int apply_undo(const char *path, struct error *err)
{
	_cleanup_(freep) char *beside = mem_printf("%s.tare-apply", path);
	_cleanup_(freep) char *journal = mem_printf("%s/journal", path);
	_cleanup_(apply_state_release) struct apply_state state = APPLY_STATE_NONE;
	bool is_state = access(journal, F_OK) == 0;
	int r;

	if (!is_state && access(beside, F_OK) < 0)
		return error_set(
			err, -ENOENT,
			"there is nothing to undo: neither '%s' nor '%s' holds a "
			"journal",
			path, beside);
	r = apply_state_open(is_state ? path : beside, &state, err);
	return r < 0 ? r : apply_roll_back(&state, err);
}

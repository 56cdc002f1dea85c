#include "trimmer/apply_work.h"

#include "base/io.h"
#include "base/text.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define UNIT_FOLDER "/etc/systemd/system"

static int fail_path(struct error *err, int code, const char *what, const char *path)
{
	_cleanup_(freep) char *shown = text_printable_dup(path);

	return error_set(err, code, "cannot %s '%s': %s", what, shown, strerror(-code));
}

static int erase_packages(struct apply_work *w, struct error *err)
{
	struct rpm_erase job = {
		.tree = w->tree,
		.db_folder = w->touch->db_folder,
		.nevras = w->items->nevras.data,
		.count = w->items->nevras.len,
		.scriptlets = w->request->scriptlets,
		.lock_fd = w->lock_fd,
	};
	_cleanup_(freep) char *lock = mem_printf("%s/.rpm.lock", job.db_folder);
	_cleanup_(closep) int folder = -1;
	const char *name = NULL;
	int r;

	if (job.count == 0)
		return 0;
	if (!job.db_folder[0])
		return error_set(err, -EINVAL,
				 "the graph does not say where the RPM "
				 "database lies");
	progress_report(w->request->progress, "erase", 0, job.count);
	r = rpm_erase(&job, err);
	if (r < 0)
		return r == -ENOENT ? error_prefix(err, -ESTALE, "the plan is stale") : r;
	w->result->packages = job.count;
	if (tree_state_find(w->before, lock))
		return 0;
	folder = tree_open_parent(w->tree_fd, lock, &name);
	if (folder >= 0)
		unlinkat(folder, name, 0);
	return 0;
}

/* @return 1 when it was there */
static int remove_one(struct apply_work *w, const char *path)
{
	const char *name = NULL;
	_cleanup_(closep) int folder = tree_open_parent(w->tree_fd, path, &name);

	if (folder < 0)
		return folder == -ENOENT || folder == -ENOTDIR ? 0 : folder;
	if (unlinkat(folder, name, 0) == 0)
		return 1;
	if (errno == EISDIR && unlinkat(folder, name, AT_REMOVEDIR) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTEMPTY ? 0 : -errno;
}

static int remove_files(struct apply_work *w, struct error *err)
{
	int r = 0;

	/* backwards: what lies in a folder goes before it */
	for (size_t i = w->items->files.len; r >= 0 && i > 0; i--) {
		const char *path = w->items->files.data[i - 1]->path;

		r = remove_one(w, path);
		if (r < 0)
			return fail_path(err, r, "remove", path);
		w->result->files += (size_t)r;
	}
	return 0;
}

static void note_service(struct apply_work *w, const char *unit, const char *what)
{
	array_push(&w->result->notes, mem_printf("%s: %s", unit, what));
}

static int make_unit_folder(struct apply_work *w)
{
	static const char *const FOLDERS[] = { "/etc", "/etc/systemd", UNIT_FOLDER };

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		const char *name = NULL;
		_cleanup_(closep) int up =
			tree_open_parent(w->tree_fd, FOLDERS[i], &name);

		if (up < 0)
			return up;
		if (mkdirat(up, name, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* As "systemctl mask": a link to nothing stands before the vendor's unit. What an
 * administrator wrote there stays. */
static int mask(struct apply_work *w, const char *unit)
{
	_cleanup_(freep) char *path = mem_printf(UNIT_FOLDER "/%s", unit);
	_cleanup_(closep) int folder = -1;
	const char *name = NULL;
	struct stat st;
	int r = make_unit_folder(w);

	if (r < 0)
		return r;
	folder = tree_open_parent(w->tree_fd, path, &name);
	if (folder < 0)
		return folder;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (!S_ISLNK(st.st_mode)) {
			note_service(w, unit,
				     "not masked: " UNIT_FOLDER " has a unit of its own");
			return 0;
		}
		if (unlinkat(folder, name, 0) < 0)
			return -errno;
	}
	return symlinkat("/dev/null", folder, name) < 0 ? -errno : 1;
}

static int disable(struct apply_work *w, const char *unit)
{
	int done = 0;

	array_each (&w->touch->paths, i) {
		const char *path = w->touch->paths.data[i];
		const char *name = strrchr(path, '/') + 1;
		const struct tree_item *item;
		int r;

		if (strcmp(name, unit) != 0 || !text_starts(path, UNIT_FOLDER "/") ||
		    name == path + strlen(UNIT_FOLDER "/"))
			continue;
		item = tree_state_find(w->before, path);
		if (!item || !S_ISLNK(item->st.st_mode))
			continue;
		r = remove_one(w, path);
		if (r < 0)
			return r;
		done = 1;
	}
	if (!done)
		note_service(w, unit,
			     "not disabled: nothing in " UNIT_FOLDER " switches it on");
	return done;
}

static int switch_services(struct apply_work *w, struct error *err)
{
	array_each (&w->items->services, i) {
		const struct apply_service *service = &w->items->services.data[i];
		int r = service->action == SERVICE_MASK ? mask(w, service->unit)
							: disable(w, service->unit);

		if (r < 0)
			return fail_path(err, r, "switch off", service->unit);
		w->result->services += (size_t)r;
	}
	return 0;
}

static int refresh_caches(struct apply_work *w, struct error *err)
{
	const struct graph *g = w->request->graph;
	struct cache_job job = {
		.tree = w->tree,
		.tree_fd = w->tree_fd,
		.architecture = graph_text(g, g->image.architecture),
		.work = w->made,
		.before = w->before,
		.lock_fd = w->lock_fd,
	};
	note_list notes = { 0 };
	int r = apply_caches(&job, &notes, err);

	array_each (&notes, i)
		array_push(&w->result->notes, notes.data[i]);
	array_release(&notes);
	return r;
}

int apply_change_tree(struct apply_work *w, struct error *err)
{
	int r = erase_packages(w, err);

	if (r == 0)
		r = remove_files(w, err);
	if (r == 0)
		r = switch_services(w, err);
	if (r == 0)
		r = refresh_caches(w, err);
	if (r == 0)
		r = tree_state_restore_times(w->tree_fd, w->before,
					     w->request->target != NULL, err);
	return r;
}

static void differ(struct apply_work *w, const char *path, const char *what)
{
	array_push(&w->result->differences,
		   (struct apply_difference){ mem_strdup(path), what });
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Nobody can write to a file, or change its owner, without the kernel setting its change
 * time; a name of it that goes does that, too. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	if (a->st_mode != b->st_mode || a->st_uid != b->st_uid || a->st_gid != b->st_gid)
		return false;
	if (S_ISDIR(a->st_mode))
		return true;
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       same_time(&a->st_mtim, &b->st_mtim) &&
	       (a->st_nlink != b->st_nlink || same_time(&a->st_ctim, &b->st_ctim));
}

/* On a live system others write, too: there only what packages own is compared. */
static bool is_of_interest(const struct apply_work *w, const char *path)
{
	const struct graph *g = w->request->graph;
	file_id f;

	if (touch_has(w->touch, path) || touch_is_database(w->touch, path))
		return false;
	if (w->request->target)
		return true;
	f = graph_find_file(g, path);
	return f != 0 && g->owner_start[f] < g->owner_start[f + 1];
}

static void find_differences(struct apply_work *w, const struct tree_state *after)
{
	array_each (&w->before->items, i) {
		const struct tree_item *old = &w->before->items.data[i];
		const struct tree_item *new = tree_state_find(after, old->path);

		if (new &&is_same(&old->st, &new->st))
			continue;
		if (is_of_interest(w, old->path))
			differ(w, old->path, new ? "has changed" : "is gone");
	}
	array_each (&after->items, i) {
		const char *path = after->items.data[i].path;

		if (!tree_state_find(w->before, path) && is_of_interest(w, path))
			differ(w, path, "is new");
	}
}

static bool choose_database(const void *touch, const char *path)
{
	return touch_is_database(touch, path);
}

static bool choose_cache(const void *touch, const char *path)
{
	(void)touch;
	return touch_is_cache(path);
}

void apply_compare(struct apply_work *w, const struct tree_state *after)
{
	struct apply_result *r = w->result;
	struct tree_bytes bytes = tree_state_bytes(w->before, choose_database, w->touch);

	r->before_bytes = bytes.total;
	r->database_before = bytes.chosen;
	bytes = tree_state_bytes(after, choose_database, w->touch);
	r->after_bytes = bytes.total;
	r->database_after = bytes.chosen;
	r->caches_before = tree_state_bytes(w->before, choose_cache, w->touch).chosen;
	r->caches_after = tree_state_bytes(after, choose_cache, w->touch).chosen;
	r->predicted_bytes =
		w->request->doc->disk_bytes_freed + w->request->doc->trim_bytes_freed;
	r->predicted_database_bytes = w->request->doc->database_bytes_freed;
	find_differences(w, after);
}

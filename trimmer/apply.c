#include "trimmer/apply.h"

#include "base/io.h"
#include "base/text.h"
#include "base/tree_copy.h"
#include "base/tree_walk.h"
#include "trimmer/apply_restore.h"
#include "trimmer/apply_work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

struct applying {
	const struct apply_request *request;
	struct apply_items items;
	struct apply_state state;
	struct touch_set touch;
	struct tree_state before, after;
	char *root, *target, *state_path; /* absolute; target: the root where live */
	char *tree;			  /* that is worked on */
	int tree_fd;
	struct apply_result *result;
};

static void applying_release(struct applying *a)
{
	apply_items_release(&a->items);
	apply_state_release(&a->state);
	touch_release(&a->touch);
	tree_state_release(&a->before);
	tree_state_release(&a->after);
	closep(&a->tree_fd);
	free(a->root);
	free(a->target);
	free(a->state_path);
	free(a->tree);
}

/* The folder above must exist; the name itself need not. */
static int absolute(const char *path, char **ret, struct error *err)
{
	_cleanup_(freep) char *copy = mem_strdup(path);
	_cleanup_(freep) char *folder = NULL;
	size_t len = strlen(copy);
	char *slash;

	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	slash = strrchr(copy, '/');
	if (slash)
		*slash = '\0';
	folder = realpath(!slash ? "." : copy[0] ? copy : "/", NULL);
	if (!folder)
		return error_errno(err, "cannot find the folder of '%s'", path);
	slash = slash ? slash + 1 : copy;
	if (!*slash || strcmp(slash, ".") == 0 || strcmp(slash, "..") == 0)
		return error_set(err, -EINVAL, "'%s' does not end with a name", path);
	*ret = mem_printf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, slash);
	return 0;
}

static int find_places(struct applying *a, struct error *err)
{
	const struct apply_request *q = a->request;
	int r = 0;

	a->root = realpath(q->root, NULL);
	if (!a->root)
		return error_errno(err, "cannot find the root '%s'", q->root);
	if (q->target)
		r = absolute(q->target, &a->target, err);
	else
		a->target = mem_strdup(a->root);
	if (r == 0 && q->state)
		r = absolute(q->state, &a->state_path, err);
	else if (r == 0)
		a->state_path = mem_printf("%s.tare-apply", a->target);
	if (r < 0)
		return r;
	a->tree = q->target ? mem_printf("%s/tree", a->state_path) : mem_strdup(a->root);
	return 0;
}

/* What an earlier apply has left. @return 0 go on; 1 it had come to its end */
static int resume(struct applying *a, struct error *err)
{
	struct journal *j = &a->state.journal;
	int r = apply_state_open(a->state_path, &a->state, NULL);

	if (r == -ENOENT) {
		apply_state_release(&a->state);
		return 0;
	}
	if (r < 0 || !a->request->resume) {
		apply_state_release(&a->state);
		return error_set(err, r < 0 ? r : -EEXIST,
				 "'%s' holds the journal of another apply: use --resume, "
				 "or 'tare undo %s'",
				 a->state_path, a->state_path);
	}
	if (strcmp(j->root, a->root) != 0 || strcmp(j->target, a->target) != 0 ||
	    j->live != !a->request->target)
		return error_set(err, -EINVAL,
				 "'%s' holds the journal of an apply of '%s' to '%s'",
				 a->state_path, j->root, j->target);
	if (apply_is_finished(&a->state)) {
		a->result->was_complete = true;
		r = j->keep ? apply_state_step(&a->state, STEP_FINISHED, -1, err)
			    : apply_state_remove(&a->state, err);
		return r < 0 ? r : 1;
	}
	r = apply_roll_back(&a->state, err);
	apply_state_release(&a->state);
	return r < 0 ? r : 0;
}

static int begin(struct applying *a, struct error *err)
{
	const struct apply_request *q = a->request;
	struct journal journal = { .root = a->root,
				   .target = a->target,
				   .live = !q->target,
				   .keep = q->keep || !q->target };
	struct stat st;
	int r;

	if (q->target && lstat(a->target, &st) == 0)
		return error_set(err, -EEXIST, "'%s' exists: apply makes it", a->target);
	if (q->scriptlets != SCRIPTLETS_OFF && journal.keep)
		return error_set(err, -EINVAL,
				 "nobody can take back what scriptlets do: they stay off "
				 "where undo is wanted");
	r = apply_state_create(a->state_path, &journal, &a->state, err);
	if (r == 0 && mkdirat(a->state.fd, "made", 0700) < 0)
		r = error_errno(err, "cannot make a folder in '%s'", a->state_path);
	return r;
}

/* The copy must not find itself. */
static bool is_not_state(void *arg, const char *path, const struct stat *st)
{
	const struct stat *state = arg;

	(void)path;
	return st->st_ino != state->st_ino || st->st_dev != state->st_dev;
}

static int copy_root(struct applying *a, struct error *err)
{
	_cleanup_(closep) int root_fd = open(a->root, FOLDER_FLAGS);
	struct stat state;
	struct tree_copy_options options = { .want = is_not_state,
					     .arg = &state,
					     .progress = a->request->progress };
	struct tree_copy_result copied;
	int r;

	if (root_fd < 0)
		return error_errno(err, "cannot open the root '%s'", a->root);
	if (fstat(a->state.fd, &state) < 0 || mkdirat(a->state.fd, "tree", 0700) < 0)
		return error_errno(err, "cannot make '%s'", a->tree);
	a->tree_fd = open(a->tree, FOLDER_FLAGS | O_NOFOLLOW);
	if (a->tree_fd < 0)
		return error_errno(err, "cannot open '%s'", a->tree);
	r = tree_copy(root_fd, a->tree_fd, &options, &copied, err);
	if (r == 0 && copied.mount_points > 0)
		array_push(
			&a->result->notes,
			mem_printf("%llu mounted folders are empty in the copy: it is of "
				   "one file system",
				   (unsigned long long)copied.mount_points));
	return r < 0 ? r : apply_state_step(&a->state, STEP_COPIED, a->tree_fd, err);
}

static void removed_packages(const struct applying *a, struct idset *ret)
{
	const struct graph *g = a->request->graph;

	idset_init(ret, g->package_count + 1u);
	array_each (&a->items.nevras, i)
		for (pkg_id p = 1; p <= g->package_count; p++)
			if (strcmp(graph_text(g, g->packages[p].nevra),
				   a->items.nevras.data[i]) == 0)
				idset_add(ret, p);
}

/* A plan for another state of this tree would remove what its maker never saw. */
static int check_files(const struct applying *a, struct error *err)
{
	array_each (&a->items.files, i) {
		const char *path = a->items.files.data[i]->path;
		_cleanup_(freep) char *shown = NULL;

		if (tree_state_find(&a->before, path))
			continue;
		shown = text_printable_dup(path);
		return error_set(err, -ESTALE,
				 "the plan is stale: it removes '%s', which is not there",
				 shown);
	}
	return 0;
}

static int prepare(struct applying *a, struct error *err)
{
	struct idset removed;
	struct stat skip;
	int r = 0;

	if (fstat(a->state.fd, &skip) < 0)
		return error_errno(err, "cannot look at '%s'", a->state_path);
	if (a->request->target)
		r = copy_root(a, err);
	else if ((a->tree_fd = open(a->tree, FOLDER_FLAGS)) < 0)
		r = error_errno(err, "cannot open the root '%s'", a->tree);
	if (r == 0)
		r = tree_state_read(a->tree_fd, &skip, &a->before, err);
	if (r == 0)
		r = check_files(a, err);
	if (r < 0)
		return r;
	removed_packages(a, &removed);
	touch_collect(a->request->graph, &removed, &a->items, &a->before, &a->touch);
	idset_release(&removed);
	if (a->state.journal.keep)
		r = apply_save(&a->state, a->tree_fd, &a->touch, &a->before,
			       a->request->progress, err);
	return r < 0 ? r : apply_state_step(&a->state, STEP_SAVED, -1, err);
}

static int change(struct applying *a, struct error *err)
{
	_cleanup_(freep) char *made = apply_state_path(&a->state, "made");
	struct apply_work work = {
		.request = a->request,
		.items = &a->items,
		.touch = &a->touch,
		.before = &a->before,
		.tree = a->tree,
		.tree_fd = a->tree_fd,
		.made = made,
		.lock_fd = a->state.journal_fd,
		.result = a->result,
	};
	struct stat skip;
	int r = apply_change_tree(&work, err);

	if (r == 0 && fstat(a->state.fd, &skip) < 0)
		r = error_errno(err, "cannot look at '%s'", a->state_path);
	if (r == 0)
		r = tree_state_read(a->tree_fd, &skip, &a->after, err);
	if (r == 0)
		apply_compare(&work, &a->after);
	return r < 0 ? r : apply_state_step(&a->state, STEP_CHANGED, a->tree_fd, err);
}

/* The state folder as a path inside the tree, where it lies there; else "". */
static const char *state_inside(const struct applying *a)
{
	size_t len = strcmp(a->tree, "/") == 0 ? 0 : strlen(a->tree);

	if (strncmp(a->state_path, a->tree, len) == 0 && a->state_path[len] == '/')
		return a->state_path + len;
	return "";
}

static int ask_judge(struct applying *a, struct error *err)
{
	_cleanup_(freep) char *made = apply_state_path(&a->state, "made");
	const struct apply_view view = {
		.root = a->request->target ? a->root : NULL,
		.tree = a->tree,
		.state = state_inside(a),
		.items = &a->items,
		.before = &a->before,
		.after = &a->after,
		.result = a->result,
		.made = made,
		.lock_fd = a->state.journal_fd,
	};

	if (!a->request->judge)
		return 0;
	return a->request->judge(a->request->arg, &view, err);
}

static int finish(struct applying *a, struct error *err)
{
	_cleanup_(freep) char *folder = mem_strdup(a->target);
	_cleanup_(closep) int parent = -1;
	int r;

	if (a->request->target) {
		if (renameat2(a->state.fd, "tree", AT_FDCWD, a->target,
			      RENAME_NOREPLACE) < 0)
			return error_errno(err, "cannot rename the copy to '%s'",
					   a->target);
		*strrchr(folder, '/') = '\0';
		parent = open(folder[0] ? folder : "/", FOLDER_FLAGS);
		if (parent >= 0)
			fsync(parent);
	}
	r = apply_state_step(&a->state, STEP_FINISHED, -1, err);
	if (r == 0 && !a->state.journal.keep)
		r = apply_state_remove(&a->state, err);
	return r;
}

/* The first failure is the one to tell. */
static int take_back(struct applying *a, int code, struct error *err)
{
	struct error second = { 0 };

	closep(&a->tree_fd);
	a->tree_fd = -1;
	if (apply_roll_back(&a->state, &second) >= 0)
		return code;
	if (code >= 0)
		return error_set(err, second.code, "%s", second.text);
	return error_prefix(err, code, "(and then, taking it back: %s)", second.text);
}

/* One descriptor for each level of a tree, twice. */
static void allow_deep_trees(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int work(struct applying *a, struct error *err)
{
	int r = begin(a, err);

	if (r < 0)
		return a->state.journal_fd < 0 ? r : take_back(a, r, err);
	r = prepare(a, err);
	if (r == 0)
		r = change(a, err);
	if (r == 0)
		r = ask_judge(a, err);
	if (r == 0)
		r = finish(a, err);
	return r == 0 ? APPLY_DONE : take_back(a, r, err);
}

int apply_run(const struct apply_request *request, struct apply_result *ret,
	      struct error *err)
{
	_cleanup_(applying_release) struct applying a = {
		.request = request,
		.state = APPLY_STATE_NONE,
		.tree_fd = -1,
		.result = ret,
	};
	int r;

	*ret = (struct apply_result){ 0 };
	allow_deep_trees();
	r = apply_items_read(request->doc, &a.items, err);
	if (r == 0)
		r = find_places(&a, err);
	if (r == 0)
		r = resume(&a, err);
	if (r != 0)
		return r < 0 ? r : APPLY_DONE;
	return work(&a, err);
}

uint64_t apply_freed_bytes(const struct apply_result *r)
{
	uint64_t before = r->before_bytes - r->database_before - r->caches_before;
	uint64_t after = r->after_bytes - r->database_after - r->caches_after;

	return before > after ? before - after : 0;
}

void apply_result_release(struct apply_result *result)
{
	array_each (&result->differences, i)
		free(result->differences.data[i].path);
	array_each (&result->notes, i)
		free(result->notes.data[i]);
	array_release(&result->differences);
	array_release(&result->notes);
}

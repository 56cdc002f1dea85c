#include "trimmer/tree_state.h"

#include "base/io.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct reading {
	struct tree_state *state;
	struct error *err;
};

static bool is_skipped(const struct tree_state *state, const struct stat *st)
{
	return st->st_ino == state->skip_inode && st->st_dev == state->skip_device;
}

static int add(void *arg, const struct tree_visit *visit)
{
	struct reading *reading = arg;

	if (is_skipped(reading->state, visit->st))
		return 1;
	array_push(&reading->state->items,
		   (struct tree_item){ mem_strdup(visit->path), *visit->st });
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct tree_item *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int tree_state_read(int tree_fd, const struct stat *skip, struct tree_state *ret,
		    struct error *err)
{
	struct reading reading = { ret, err };
	struct tree_walker walker = { .entry = add, .arg = &reading };
	struct stat st;

	*ret = (struct tree_state){ 0 };
	if (skip) {
		ret->skip_device = skip->st_dev;
		ret->skip_inode = skip->st_ino;
	}
	if (fstat(tree_fd, &st) < 0)
		return error_errno(err, "cannot look at the tree");
	array_push(&ret->items, (struct tree_item){ mem_strdup("/"), st });
	if (tree_walk(tree_fd, &walker, err) < 0)
		return err ? err->code : -EIO;
	array_sort(&ret->items, by_path);
	return 0;
}

void tree_state_release(struct tree_state *state)
{
	array_each (&state->items, i)
		free(state->items.data[i].path);
	array_release(&state->items);
}

const struct tree_item *tree_state_find(const struct tree_state *state, const char *path)
{
	struct tree_item key = { .path = (char *)path };

	if (state->items.len == 0)
		return NULL;
	return bsearch(&key, state->items.data, state->items.len, sizeof(key), by_path);
}

struct inode_blocks {
	uint64_t inode, bytes;
	bool chosen;
};

static int by_inode(const void *a, const void *b)
{
	const struct inode_blocks *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->chosen - y->chosen;
}

struct tree_bytes tree_state_bytes(const struct tree_state *state,
				   bool (*choose)(const void *arg, const char *path),
				   const void *arg)
{
	ARRAY_OF(struct inode_blocks) inodes = { 0 };
	struct tree_bytes bytes = { 0 };

	array_each (&state->items, i) {
		const struct tree_item *item = &state->items.data[i];

		array_push(&inodes,
			   (struct inode_blocks){ item->st.st_ino,
						  (uint64_t)item->st.st_blocks * 512,
						  choose && choose(arg, item->path) });
	}
	array_sort(&inodes, by_inode);
	array_each (&inodes, i) {
		const struct inode_blocks *inode = &inodes.data[i];

		if (i > 0 && inode[-1].inode == inode->inode)
			continue;
		bytes.total += inode->bytes;
		bytes.chosen += inode->chosen ? inode->bytes : 0;
	}
	array_release(&inodes);
	return bytes;
}

struct restoring {
	const struct tree_state *before;
	bool all;
	struct error *err;
};

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* What is new takes the times of the nearest folder that was there. */
static const struct stat *times_before(const struct tree_state *before, const char *path)
{
	_cleanup_(freep) char *up = mem_strdup(path);
	const struct tree_item *item;
	char *slash;

	while (!(item = tree_state_find(before, up)) && (slash = strrchr(up, '/')))
		slash[slash == up] = '\0';
	return item ? &item->st : NULL;
}

static int restore_times(void *arg, const struct tree_visit *visit)
{
	struct restoring *r = arg;
	const struct stat *old;
	struct timespec times[2];

	if (is_skipped(r->before, visit->st))
		return 1;
	if (!S_ISDIR(visit->st->st_mode) && !r->all)
		return 0;
	old = times_before(r->before, visit->path);
	if (!old || (same_time(&old->st_mtim, &visit->st->st_mtim)))
		return 0;
	times[0] = old->st_atim;
	times[1] = old->st_mtim;
	if (utimensat(visit->parent_fd, visit->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(r->err, "cannot set the times of an entry");
	return 0;
}

int tree_state_restore_times(int tree_fd, const struct tree_state *before, bool all,
			     struct error *err)
{
	struct restoring restoring = { before, all, err };
	struct tree_walker walker = { .entry = restore_times,
				      .leave = restore_times,
				      .arg = &restoring };

	return tree_walk(tree_fd, &walker, err);
}

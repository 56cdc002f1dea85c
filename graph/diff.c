#include "graph/diff.h"

#include <stdlib.h>
#include <string.h>

const char *graph_change_name(enum graph_change change)
{
	static const char *const NAMES[] = {
		[CHANGE_ADDED] = "added",     [CHANGE_REMOVED] = "removed",
		[CHANGE_VERSION] = "version", [CHANGE_SIZE] = "size",
		[CHANGE_NONE] = "same",
	};

	return NAMES[change];
}

/* Names have a pool in each graph: texts are compared. */
static int by_texts(const struct graph *g, pkg_id a, const struct graph *h, pkg_id b)
{
	const struct graph_package *p = &g->packages[a], *q = &h->packages[b];
	int order = strcmp(graph_text(g, p->name), graph_text(h, q->name));

	return order ? order : strcmp(graph_text(g, p->arch), graph_text(h, q->arch));
}

static int by_nevra(const struct graph *g, pkg_id a, const struct graph *h, pkg_id b)
{
	return strcmp(graph_text(g, g->packages[a].nevra),
		      graph_text(h, h->packages[b].nevra));
}

static int by_name(const void *a, const void *b, void *arg)
{
	const struct graph *g = arg;
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;
	int order = by_texts(g, x, g, y);

	if (order == 0)
		order = by_nevra(g, x, g, y);
	return order ? order : (x > y) - (x < y);
}

typedef ARRAY_OF(pkg_id) package_list;

static void sort_packages(const struct graph *g, package_list *ret)
{
	for (pkg_id p = 1; p <= g->package_count; p++)
		array_push(ret, p);
	array_sort_with(ret, by_name, (void *)g);
}

static enum graph_change change_of(const struct graph_diff *d, pkg_id old, pkg_id now)
{
	if (!old)
		return CHANGE_ADDED;
	if (!now)
		return CHANGE_REMOVED;
	if (by_nevra(d->old, old, d->now, now) != 0)
		return CHANGE_VERSION;
	return d->old->packages[old].disk_bytes != d->now->packages[now].disk_bytes
		       ? CHANGE_SIZE
		       : CHANGE_NONE;
}

static void add_pair(struct graph_diff *d, pkg_id old, pkg_id now)
{
	struct diff_package pair = { old, now, change_of(d, old, now), 0 };

	pair.growth = (int64_t)(now ? d->now->packages[now].disk_bytes : 0) -
		      (int64_t)(old ? d->old->packages[old].disk_bytes : 0);
	if (old)
		d->now_of[old] = (uint32_t)d->packages.len;
	if (now)
		d->old_of[now] = (uint32_t)d->packages.len;
	array_push(&d->packages, pair);
}

/* Where the packages of one name and architecture end. */
static size_t end_of_name(const struct graph *g, const package_list *list, size_t at)
{
	size_t end = at + 1;

	while (end < list->len && by_texts(g, list->data[at], g, list->data[end]) == 0)
		end++;
	return end;
}

/* Take what has the same NEVRA on both sides; the others move to the beginning. */
static void pair_equals(struct graph_diff *d, pkg_id *old, size_t *old_count, pkg_id *now,
			size_t *now_count)
{
	size_t i = 0, k = 0, old_left = 0, now_left = 0;

	while (i < *old_count || k < *now_count) {
		int order = i == *old_count   ? 1
			    : k == *now_count ? -1
					      : by_nevra(d->old, old[i], d->now, now[k]);

		if (order == 0)
			add_pair(d, old[i++], now[k++]);
		else if (order < 0)
			old[old_left++] = old[i++];
		else
			now[now_left++] = now[k++];
	}
	*old_count = old_left;
	*now_count = now_left;
}

static void pair_one_name(struct graph_diff *d, pkg_id *old, size_t old_count,
			  pkg_id *now, size_t now_count)
{
	size_t i = 0;

	pair_equals(d, old, &old_count, now, &now_count);
	for (; i < old_count && i < now_count; i++)
		add_pair(d, old[i], now[i]);
	for (size_t k = i; k < old_count; k++)
		add_pair(d, old[k], 0);
	for (size_t k = i; k < now_count; k++)
		add_pair(d, 0, now[k]);
}

static void match_packages(struct graph_diff *d)
{
	package_list old = { 0 }, now = { 0 };
	size_t i = 0, k = 0;

	sort_packages(d->old, &old);
	sort_packages(d->now, &now);
	while (i < old.len || k < now.len) {
		int order = i == old.len ? 1
			    : k == now.len
				    ? -1
				    : by_texts(d->old, old.data[i], d->now, now.data[k]);
		size_t old_end = order <= 0 ? end_of_name(d->old, &old, i) : i;
		size_t now_end = order >= 0 ? end_of_name(d->now, &now, k) : k;

		pair_one_name(d, old.data + i, old_end - i, now.data + k, now_end - k);
		i = old_end;
		k = now_end;
	}
	array_release(&old);
	array_release(&now);
}

static file_id next_on_disk(const struct graph *g, file_id f)
{
	while (f <= g->file_count && !graph_file_on_disk(&g->files[f]))
		f++;
	return f;
}

static int by_path(const struct graph *g, file_id a, const struct graph *h, file_id b)
{
	return strcmp(graph_text(g, g->files[a].path), graph_text(h, h->files[b].path));
}

static void match_files(struct graph_diff *d)
{
	const struct graph *g = d->old, *h = d->now;
	file_id f = next_on_disk(g, 1), k = next_on_disk(h, 1);

	while (f <= g->file_count || k <= h->file_count) {
		struct diff_file pair = { 0 };
		int order = f > g->file_count	? 1
			    : k > h->file_count ? -1
						: by_path(g, f, h, k);

		if (order <= 0) {
			pair.old = f;
			f = next_on_disk(g, f + 1);
		}
		if (order >= 0) {
			pair.now = k;
			k = next_on_disk(h, k + 1);
		}
		array_push(&d->files, pair);
	}
}

void graph_diff_new(const struct graph *old, const struct graph *now,
		    struct graph_diff **ret)
{
	struct graph_diff *d = mem_calloc(1, sizeof(*d));

	d->old = old;
	d->now = now;
	d->now_of = mem_calloc(old->package_count + 1u, sizeof(*d->now_of));
	d->old_of = mem_calloc(now->package_count + 1u, sizeof(*d->old_of));
	match_packages(d);
	match_files(d);
	*ret = d;
}

void graph_diff_free(struct graph_diff *d)
{
	if (!d)
		return;
	array_release(&d->packages);
	array_release(&d->files);
	free(d->now_of);
	free(d->old_of);
	free(d);
}

void graph_diff_freep(struct graph_diff **d)
{
	graph_diff_free(*d);
}

pkg_id graph_diff_old_package(const struct graph_diff *d, pkg_id now)
{
	return d->packages.data[d->old_of[now]].old;
}

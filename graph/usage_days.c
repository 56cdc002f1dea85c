#include "graph/usage.h"

#include "base/idset.h"

/* What one piece of evidence saw of one package. */
struct seen {
	pkg_id package;
	bool used; /* else loaded */
};

typedef ARRAY_OF(struct seen) seen_list;

/* One moment at which a window of a node begins or ends. */
struct moment {
	int64_t at;
	uint32_t window;
	bool begins;
};

struct window {
	const struct usage_evidence *evidence;
	size_t first, count; /* in seen */
};

struct days {
	const struct graph *graph;
	const struct usage *usage;
	struct usage_days *ret;
	struct idset visible;		       /* packages with a file whose use shows */
	uint32_t *node_noted;		       /* the last node that saw it, by package */
	uint32_t *used_now, *loaded_now, node; /* counts of open windows */
	/* of the node whose evidence is being read */
	seen_list seen;
	ARRAY_OF(struct window) windows;
};

static int compare_seen(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	return y->used - x->used;
}

static int compare_moments(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->begins != y->begins)
		return x->begins - y->begins;
	return (x->window > y->window) - (x->window < y->window);
}

/* The packages of the files, each once, "used" before "loaded". */
static void add_seen(struct days *d, const use_rows *uses)
{
	const struct graph *g = d->graph;
	size_t first = d->seen.len, n = first;
	seen_list mine = { 0 };

	array_each (uses, i) {
		const struct use_row *row = &uses->data[i];

		for (uint32_t k = g->owner_start[row->file];
		     k < g->owner_start[row->file + 1]; k++)
			array_push(&mine, (struct seen){ g->owners[k].package,
							 row->use != USE_MAPPED });
	}
	array_sort(&mine, compare_seen);
	array_each (&mine, i) {
		if (n > first && d->seen.data[n - 1].package == mine.data[i].package)
			continue;
		array_push(&d->seen, mine.data[i]);
		n++;
	}
	array_release(&mine);
}

static void count_seen(struct days *d, size_t first)
{
	for (size_t i = first; i < d->seen.len; i++) {
		pkg_id p = d->seen.data[i].package;

		d->ret[p].evidences++;
		if (d->node_noted[p] != d->node)
			d->ret[p].nodes++;
		d->node_noted[p] = d->node;
	}
}

/* The time between two moments of a node. */
static void account(struct days *d, uint64_t seconds, uint32_t open, uint32_t whole)
{
	for (pkg_id p = 1; open && p <= d->graph->package_count; p++) {
		struct usage_days *days = &d->ret[p];

		if (d->used_now[p])
			days->used += seconds;
		else if (d->loaded_now[p])
			days->loaded += seconds;
		else if (whole && idset_has(&d->visible, p))
			days->never += seconds;
		else
			days->unknown += seconds;
	}
}

static void open_window(struct days *d, const struct window *window, bool begins)
{
	for (size_t i = window->first; i < window->first + window->count; i++) {
		const struct seen *seen = &d->seen.data[i];
		uint32_t *now = seen->used ? d->used_now : d->loaded_now;

		if (begins)
			now[seen->package]++;
		else
			now[seen->package]--;
	}
}

/* All windows of one node are read: sweep over its time. */
static void end_node(struct days *d)
{
	ARRAY_OF(struct moment) moments = { 0 };
	uint32_t open = 0, whole = 0;

	array_each (&d->windows, i) {
		const struct usage_evidence *e = d->windows.data[i].evidence;

		array_push(&moments, (struct moment){ e->begin, (uint32_t)i, true });
		array_push(&moments, (struct moment){ e->end, (uint32_t)i, false });
	}
	array_sort(&moments, compare_moments);
	array_each (&moments, i) {
		const struct moment *now = &moments.data[i];
		const struct window *window = &d->windows.data[now->window];
		bool watches = window->evidence->complete && window->evidence->whole_node;

		if (i > 0 && now->at > moments.data[i - 1].at)
			account(d, (uint64_t)(now->at - moments.data[i - 1].at), open,
				whole);
		open_window(d, window, now->begins);
		open = now->begins ? open + 1 : open - 1;
		if (watches)
			whole = now->begins ? whole + 1 : whole - 1;
	}
	array_release(&moments);
	d->windows.len = 0;
	d->seen.len = 0;
}

static int add_evidence(uint32_t index, const use_rows *uses, const memory_rows *memory,
			void *arg, struct error *err)
{
	struct days *d = arg;
	const struct usage_evidence *row = &d->usage->evidence[index];
	size_t first;

	(void)memory;
	(void)err;
	if (index == 0 || row->node != row[-1].node) {
		end_node(d);
		d->node++;
	}
	first = d->seen.len;
	add_seen(d, uses);
	count_seen(d, first);
	if (row->begin < 0 || row->end < 0)
		d->seen.len = first;
	else
		array_push(&d->windows,
			   (struct window){ row, first, d->seen.len - first });
	return 0;
}

/* Folders and special files are not recorded as used: they cannot show that a package is. */
static void find_visible(struct days *d)
{
	const struct graph *g = d->graph;

	for (file_id f = 1; f <= g->file_count; f++)
		for (uint32_t i = g->owner_start[f];
		     g->files[f].type == FILE_REGULAR &&
		     graph_file_on_disk(&g->files[f]) && i < g->owner_start[f + 1];
		     i++)
			idset_add(&d->visible, g->owners[i].package);
}

int usage_days_load(struct store *st, const struct graph *g, const struct usage *usage,
		    struct usage_days **ret, struct error *err)
{
	size_t n = g->package_count + 1u;
	struct days d = {
		.graph = g,
		.usage = usage,
		.ret = mem_calloc(n, sizeof(*d.ret)),
		.node_noted = mem_calloc(n, sizeof(uint32_t)),
		.used_now = mem_calloc(n, sizeof(uint32_t)),
		.loaded_now = mem_calloc(n, sizeof(uint32_t)),
	};
	int r;

	idset_init(&d.visible, n);
	find_visible(&d);
	r = usage_each_evidence(st, g, usage, add_evidence, &d, err);
	if (r == 0) {
		end_node(&d);
		*ret = steal_ptr(&d.ret);
	}
	free(d.ret);
	free(d.node_noted);
	free(d.used_now);
	free(d.loaded_now);
	idset_release(&d.visible);
	array_release(&d.seen);
	array_release(&d.windows);
	return r;
}

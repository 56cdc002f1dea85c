#include "trimmer/weigh.h"

#include "graph/demand.h"
#include "graph/inode_names.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

typedef ARRAY_OF(pkg_id) holder_list;

struct scale {
	const struct graph *g;
	uint64_t (*bytes_of)(const struct graph_file *file);
	struct weigh *w;
	file_id *by_path;    /* by string id: the file of that path */
	bool *stays;	     /* by file: no set of packages makes it go */
	holder_list *inside; /* by folder: holders of what is in it */
};

static int by_id(const void *a, const void *b)
{
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;

	return (x > y) - (x < y);
}

static void sort_holders(holder_list *list)
{
	size_t kept = 0;

	array_sort(list, by_id);
	array_each (list, i) {
		if (kept == 0 || list->data[kept - 1] != list->data[i])
			list->data[kept++] = list->data[i];
	}
	list->len = kept;
}

/* RPM renames a changed configuration file and keeps the bytes. */
static bool is_saved(const struct graph *g, file_id f)
{
	uint8_t state = g->files[f].state;

	if (state != STATE_CHANGED_SIZE && state != STATE_CHANGED_DIGEST)
		return false;
	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
		if (g->owners[i].flags & OWN_CONFIG)
			return true;
	return false;
}

/* Add the packages that hold the name; false when it stays whatever goes. */
static bool add_holders(const struct graph *g, file_id f, holder_list *list)
{
	size_t before = list->len;
	uint32_t at = 0;
	pkg_id owner;

	if (g->files[f].state == STATE_CHANGED_TYPE || is_saved(g, f))
		return false;
	while (demand_next_holder(g, f, &at, &owner))
		array_push(list, owner);
	return list->len > before;
}

void weigh_add(struct weigh *w, uint64_t bytes, const pkg_id *holders, size_t len)
{
	if (bytes == 0 || len == 0)
		return;
	w->total_bytes += bytes;
	if (len == 1) { /* most of them: no need to sort these */
		w->alone[holders[0]] += bytes;
		return;
	}
	array_push(&w->units, (struct weigh_unit){
				      .bytes = bytes,
				      .at = (uint32_t)w->holders.len,
				      .len = (uint32_t)len,
			      });
	for (size_t i = 0; i < len; i++)
		array_push(&w->holders, holders[i]);
}

static void add_unit(struct scale *s, uint64_t bytes, const holder_list *holders)
{
	weigh_add(s->w, bytes, holders->data, holders->len);
}

static file_id parent_of(const struct scale *s, file_id f)
{
	const char *path = graph_text(s->g, s->g->files[f].path);
	const char *slash = strrchr(path, '/');
	str_id parent;

	if (!slash || slash[1] == '\0')
		return 0; /* the root itself */
	parent = slash == path
			 ? strpool_find_len(&s->g->strings, "/", 1)
			 : strpool_find_len(&s->g->strings, path, (size_t)(slash - path));
	return s->by_path[parent];
}

/* A name tells its folder who holds it. */
static void tell_parent(struct scale *s, file_id f, const holder_list *holders)
{
	file_id parent = parent_of(s, f);

	if (parent == 0)
		return;
	if (s->stays[f])
		s->stays[parent] = true;
	for (size_t i = 0; !s->stays[parent] && i < holders->len; i++)
		array_push(&s->inside[parent], holders->data[i]);
}

static uint64_t disk_bytes_of(const struct graph_file *file)
{
	return file->disk_bytes;
}

static uint64_t compressed_bytes_of(const struct graph_file *file)
{
	return file->compressed_bytes;
}

static void weigh_folder(struct scale *s, file_id f)
{
	holder_list *holders = &s->inside[f];

	if (!s->stays[f])
		s->stays[f] = !add_holders(s->g, f, holders);
	if (!s->stays[f]) {
		sort_holders(holders);
		add_unit(s, s->bytes_of(&s->g->files[f]), holders);
	}
	tell_parent(s, f, holders);
	array_release(holders);
}

static void weigh_file(struct scale *s, file_id f)
{
	holder_list holders = { 0 };

	s->stays[f] = !add_holders(s->g, f, &holders);
	sort_holders(&holders);
	if (!s->stays[f] && s->g->files[f].link_count <= 1)
		add_unit(s, s->bytes_of(&s->g->files[f]), &holders);
	tell_parent(s, f, &holders);
	array_release(&holders);
}

/* An inode of several names goes with the last of them; names outside of what was seen
 * keep it. */
static void weigh_links(struct scale *s, const file_id *names, size_t len)
{
	const struct graph_file *file = &s->g->files[names[0]];
	bool stays = len < file->link_count;
	holder_list holders = { 0 };

	for (size_t i = 0; i < len && !stays; i++) {
		stays = s->stays[names[i]];
		if (!stays)
			add_holders(s->g, names[i], &holders);
	}
	sort_holders(&holders);
	if (!stays)
		add_unit(s, s->bytes_of(file), &holders);
	array_release(&holders);
}

static void weigh_all_links(struct scale *s)
{
	struct inode_names names;

	inode_names_find(s->g, &names);
	array_each (&names.inodes, i)
		weigh_links(s, names.files.data + names.inodes.data[i].at,
			    names.inodes.data[i].len);
	inode_names_release(&names);
}

/* What is in a folder has a higher id than the folder. */
static void weigh_files(struct scale *s)
{
	const struct graph *g = s->g;

	s->by_path = mem_calloc(g->strings.count + 1, sizeof(file_id));
	s->stays = mem_calloc(g->file_count + 1u, sizeof(bool));
	s->inside = mem_calloc(g->file_count + 1u, sizeof(holder_list));
	for (file_id f = 1; f <= g->file_count; f++)
		if (graph_file_on_disk(&g->files[f]))
			s->by_path[g->files[f].path] = f;
	for (file_id f = g->file_count; f > 0; f--) {
		if (!graph_file_on_disk(&g->files[f]))
			continue;
		if (g->files[f].type == FILE_DIRECTORY)
			weigh_folder(s, f);
		else
			weigh_file(s, f);
	}
	weigh_all_links(s);
	free(s->by_path);
	free(s->stays);
	free(s->inside);
}

static int by_holders(const void *a, const void *b, void *arg)
{
	const struct weigh_unit *x = a, *y = b;
	const pkg_id *holders = arg;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(holders + x->at, holders + y->at, x->len * sizeof(*holders));
}

/* Units of the same holders become one. */
static void merge_units(struct weigh *w)
{
	size_t kept = 0;

	if (w->units.len > 1)
		qsort_r(w->units.data, w->units.len, sizeof(*w->units.data), by_holders,
			w->holders.data);
	array_each (&w->units, i) {
		struct weigh_unit *unit = &w->units.data[i];

		if (kept > 0 &&
		    by_holders(&w->units.data[kept - 1], unit, w->holders.data) == 0)
			w->units.data[kept - 1].bytes += unit->bytes;
		else
			w->units.data[kept++] = *unit;
	}
	w->units.len = kept;
}

static void index_units(struct weigh *w)
{
	uint32_t total = 0, *start;

	w->unit_start = start = mem_calloc(w->package_count + 3u, sizeof(uint32_t));
	array_each (&w->units, u) {
		const struct weigh_unit *unit = &w->units.data[u];

		for (uint32_t i = 0; i < unit->len; i++)
			start[w->holders.data[unit->at + i] + 2]++;
		total += unit->len;
	}
	for (uint32_t p = 2; p <= w->package_count + 2; p++)
		start[p] += start[p - 1];
	w->package_units = mem_calloc(total + 1u, sizeof(uint32_t));
	array_each (&w->units, u) {
		const struct weigh_unit *unit = &w->units.data[u];

		for (uint32_t i = 0; i < unit->len; i++) {
			pkg_id p = w->holders.data[unit->at + i];

			w->package_units[start[p + 1]++] = (uint32_t)u;
		}
	}
}

void weigh_new(const struct graph *g, struct weigh **ret)
{
	struct weigh *w = weigh_begin(g->package_count);
	struct scale s = { .g = g, .w = w, .bytes_of = disk_bytes_of };

	if (!g->image.metadata_only)
		weigh_files(&s);
	for (pkg_id p = 1; g->image.metadata_only && p <= g->package_count; p++)
		weigh_add(w, g->packages[p].declared_bytes, &p, 1);
	weigh_finish(w);
	*ret = w;
}

void weigh_compressed_new(const struct graph *g, struct weigh **ret)
{
	struct weigh *w = weigh_begin(g->package_count);
	struct scale s = { .g = g, .w = w, .bytes_of = compressed_bytes_of };

	if (g->image.has_compressed)
		weigh_files(&s);
	weigh_finish(w);
	*ret = w;
}

struct weigh *weigh_begin(uint32_t package_count)
{
	struct weigh *w = mem_calloc(1, sizeof(*w));

	w->package_count = package_count;
	w->alone = mem_calloc(package_count + 1u, sizeof(uint64_t));
	return w;
}

void weigh_add_all(struct weigh *w, const struct weigh *other, uint64_t divisor,
		   uint64_t times)
{
	for (pkg_id p = 1; p <= other->package_count; p++)
		weigh_add(w, (other->alone[p] + divisor - 1) / divisor * times, &p, 1);
	array_each (&other->units, u) {
		const struct weigh_unit *unit = &other->units.data[u];

		weigh_add(w, (unit->bytes + divisor - 1) / divisor * times,
			  other->holders.data + unit->at, unit->len);
	}
}

void weigh_finish(struct weigh *w)
{
	merge_units(w);
	index_units(w);
}

void weigh_free(struct weigh *w)
{
	if (!w)
		return;
	array_release(&w->units);
	array_release(&w->holders);
	free(w->alone);
	free(w->unit_start);
	free(w->package_units);
	free(w);
}

void weigh_freep(struct weigh **w)
{
	weigh_free(*w);
}

uint64_t weigh_freed(const struct weigh *w, const struct idset *removed)
{
	_cleanup_(freep) uint32_t *gone = mem_calloc(w->units.len + 1, sizeof(uint32_t));
	uint64_t bytes = 0;

	idset_each (removed, p) {
		bytes += w->alone[p];
		for (uint32_t i = w->unit_start[p]; i < w->unit_start[p + 1]; i++) {
			uint32_t u = w->package_units[i];

			if (++gone[u] == w->units.data[u].len)
				bytes += w->units.data[u].bytes;
		}
	}
	return bytes;
}

bool weigh_takes(const struct graph *g, file_id file, const struct idset *removed)
{
	uint32_t at = 0;
	pkg_id owner;
	bool owned = false;

	if (g->files[file].state == STATE_CHANGED_TYPE || is_saved(g, file))
		return false;
	while (demand_next_holder(g, file, &at, &owner)) {
		owned = true;
		if (!idset_has(removed, owner))
			return false;
	}
	return owned;
}

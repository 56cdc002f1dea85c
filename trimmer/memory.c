#include "trimmer/memory.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/usage.h"
#include "trimmer/memory_model.h"

#include <string.h>

const char *memory_source_name(enum memory_source source)
{
	return source == MEMORY_EVIDENCE ? "evidence" : "estimate";
}

struct use {
	file_id file;
	uint32_t daemon;
};
typedef ARRAY_OF(pkg_id) package_list;

struct sum {
	const struct graph *g;
	struct memory *m;
	const struct memory_options *options;
	ARRAY_OF(struct use) uses;
	ARRAY_OF(file_id) queue;
	struct idset seen; /* files of one closure */
	bool *estimated;   /* by package: not all of its bytes were measured */
	bool *has_bytes;   /* by package */
};

static void give(struct sum *s, pkg_id package, uint64_t bytes, enum memory_source source)
{
	s->m->package_bytes[package] += bytes;
	s->has_bytes[package] = true;
	s->estimated[package] |= source == MEMORY_ESTIMATE;
}

/* What a process maps when it starts: itself, the loader, the libraries it names. */
static bool is_mapped(const struct graph *g, const struct graph_edge *edge)
{
	return graph_node_is_file(g, edge->to) && edge->strength == EDGE_HARD &&
	       (edge->kind == EDGE_NEEDED || edge->kind == EDGE_INTERPRETER ||
		edge->kind == EDGE_DLOPEN);
}

static void map(struct sum *s, file_id f)
{
	f = startup_follow(s->g, f);
	if (f && graph_find_elf(s->g, f) && idset_add(&s->seen, f))
		array_push(&s->queue, f);
}

/* Files that the daemon maps, into s->queue. */
static void find_maps(struct sum *s, file_id image)
{
	const struct graph *g = s->g;

	array_each (&s->queue, i)
		idset_remove(&s->seen, s->queue.data[i]);
	s->queue.len = 0;
	map(s, image);
	array_each (&s->queue, k) { /* which grows */
		file_id f = s->queue.data[k];

		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
			if (is_mapped(g, &g->edges[i]))
				map(s, g->edges[i].to);
	}
}

static void estimate(struct sum *s, uint32_t index)
{
	struct memory_daemon *daemon = &s->m->daemons.data[index];
	file_id image = daemon->startup.image;
	uint64_t heap;

	if (!image)
		return;
	heap = memory_model_heap(graph_find_elf(s->g, image),
				 graph_text(s->g, s->g->files[image].path));
	give(s, daemon->startup.package, heap, MEMORY_ESTIMATE);
	daemon->private_bytes = heap;
	find_maps(s, image);
	array_each (&s->queue, i) {
		file_id f = s->queue.data[i];
		uint64_t bytes = memory_model_private(graph_find_elf(s->g, f));

		daemon->private_bytes += bytes;
		give(s, graph_file_owner(s->g, f), bytes, MEMORY_ESTIMATE);
		array_push(&s->uses, (struct use){ f, index });
	}
}

/* What runs in a container costs the container's owner. */
static bool counts(const struct usage_memory *row)
{
	return row->scope != SCOPE_CONTAINER && row->executable && row->evidences;
}

static uint32_t count_daemons(const struct memory *m, file_id image)
{
	uint32_t count = 0;

	array_each (&m->daemons, i)
		count += m->daemons.data[i].startup.image == image;
	return count;
}

/* One measured row, for each of the daemons that run the executable its part. */
static void take_row(struct sum *s, const struct usage_memory *row, uint32_t count)
{
	pkg_id owner = graph_file_owner(s->g, row->file);
	uint64_t bytes = row->pss_bytes / row->evidences / count;

	array_each (&s->m->daemons, i) {
		struct memory_daemon *daemon = &s->m->daemons.data[i];

		if (daemon->startup.image != row->executable)
			continue;
		daemon->source = MEMORY_EVIDENCE;
		daemon->private_bytes += bytes;
		give(s, row->file ? owner : daemon->startup.package, bytes,
		     MEMORY_EVIDENCE);
	}
}

static void take_measured(struct sum *s)
{
	const struct usage *usage = s->options->usage;

	for (uint32_t i = 0; usage && i < usage->memory_count; i++) {
		const struct usage_memory *row = &usage->memory[i];
		uint32_t count;

		if (!counts(row))
			continue;
		count = count_daemons(s->m, row->executable);
		if (count == 0) {
			struct startup_daemon seen = {
				.program = row->executable,
				.image = row->executable,
				.package = graph_file_owner(s->g, row->executable),
				.edge = STARTUP_NO_EDGE,
			};

			array_push(&s->m->daemons,
				   (struct memory_daemon){ .startup = seen });
			count = 1;
		}
		take_row(s, row, count);
	}
}

static int by_file(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->daemon > y->daemon) - (x->daemon < y->daemon);
}

static void share(struct sum *s, const struct use *uses, uint32_t len)
{
	struct memory *m = s->m;
	struct memory_shared shared = { .file = uses[0].file,
					.at = (uint32_t)m->users.len,
					.len = len };
	bool is_program = false;

	for (uint32_t i = 0; i < len; i++) {
		array_push(&m->users, uses[i].daemon);
		is_program |=
			m->daemons.data[uses[i].daemon].startup.image == uses[0].file;
	}
	shared.bytes = memory_model_shared(graph_find_elf(s->g, shared.file), is_program);
	for (uint32_t i = 0; i < len; i++)
		m->daemons.data[uses[i].daemon].bytes += shared.bytes / len;
	give(s, graph_file_owner(s->g, shared.file), shared.bytes, MEMORY_ESTIMATE);
	array_push(&m->shared, shared);
}

/* Files of a root in memory are there anyway: a mapping of them costs nothing more. */
static void share_all(struct sum *s)
{
	size_t first = 0;

	array_sort(&s->uses, by_file);
	array_each (&s->uses, i) {
		if (i + 1 < s->uses.len &&
		    s->uses.data[i + 1].file == s->uses.data[i].file)
			continue;
		if (!s->options->root_in_memory)
			share(s, s->uses.data + first, (uint32_t)(i + 1 - first));
		first = i + 1;
	}
	array_each (&s->m->daemons, i)
		s->m->daemons.data[i].bytes += s->m->daemons.data[i].private_bytes;
}

static int by_number(const void *a, const void *b)
{
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;

	return (x > y) - (x < y);
}

/* Memory in common goes with the last package that starts a user of it. */
static void weigh_shared(struct memory *m, const struct memory_shared *shared)
{
	package_list holders = { 0 };
	size_t kept = 0;

	for (uint32_t i = 0; i < shared->len; i++)
		array_push(
			&holders,
			m->daemons.data[m->users.data[shared->at + i]].startup.package);
	array_sort(&holders, by_number);
	array_each (&holders, i)
		if (kept == 0 || holders.data[kept - 1] != holders.data[i])
			holders.data[kept++] = holders.data[i];
	if (holders.data[0] != 0)
		weigh_add(m->weigh, shared->bytes, holders.data, kept);
	array_release(&holders);
}

static void weigh_daemons(struct sum *s)
{
	struct memory *m = s->m;

	array_each (&m->daemons, i) {
		const struct memory_daemon *daemon = &m->daemons.data[i];

		m->total_bytes += daemon->private_bytes;
		if (daemon->startup.package)
			weigh_add(m->weigh, daemon->private_bytes,
				  &daemon->startup.package, 1);
	}
	array_each (&m->shared, i) {
		m->total_bytes += m->shared.data[i].bytes;
		weigh_shared(m, &m->shared.data[i]);
	}
}

static bool names_modules(const struct graph *g, file_id f)
{
	const char *path = graph_text(g, g->files[f].path);

	return strstr(path, "/modules-load.d/") || strcmp(path, "/etc/modules") == 0;
}

static const char *module_name(const struct graph *g, file_id f)
{
	const char *path = graph_text(g, g->files[f].path);

	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

/* Of several kernels one runs: of modules with one name the biggest counts. */
static bool is_bigger_twin(const struct sum *s, const uint64_t *bytes, size_t i)
{
	const char *name = module_name(s->g, s->queue.data[i]);

	array_each (&s->queue, k) {
		if (k == i || strcmp(module_name(s->g, s->queue.data[k]), name) != 0)
			continue;
		if (bytes[k] > bytes[i] || (bytes[k] == bytes[i] && k < i))
			return true;
	}
	return false;
}

static void find_modules(struct sum *s)
{
	const struct graph *g = s->g;

	idset_clear(&s->seen);
	s->queue.len = 0;
	for (uint32_t i = 0; i < g->edge_count; i++)
		if (g->edges[i].kind == EDGE_MODPROBE &&
		    graph_node_is_file(g, g->edges[i].from) &&
		    graph_node_is_file(g, g->edges[i].to) &&
		    names_modules(g, g->edges[i].from))
			map(s, g->edges[i].to);
	array_each (&s->queue, k) { /* which grows */
		file_id f = s->queue.data[k];

		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
			if (g->edges[i].kind == EDGE_MODULE_DEP &&
			    g->edges[i].strength == EDGE_HARD &&
			    graph_node_is_file(g, g->edges[i].to))
				map(s, g->edges[i].to);
	}
}

static void weigh_modules(struct sum *s)
{
	_cleanup_(freep) uint64_t *bytes = NULL;

	find_modules(s);
	bytes = mem_calloc(s->queue.len + 1, sizeof(*bytes));
	array_each (&s->queue, i)
		bytes[i] = memory_model_module(graph_find_elf(s->g, s->queue.data[i]));
	array_each (&s->queue, i) {
		pkg_id owner = graph_file_owner(s->g, s->queue.data[i]);

		if (is_bigger_twin(s, bytes, i))
			continue;
		give(s, owner, bytes[i], MEMORY_ESTIMATE);
		s->m->module_bytes += bytes[i];
		if (owner)
			weigh_add(s->m->weigh, bytes[i], &owner, 1);
	}
	s->m->total_bytes += s->m->module_bytes;
}

static void weigh_root(struct sum *s)
{
	_cleanup_(weigh_freep) struct weigh *files = NULL;
	struct memory *m = s->m;

	if (!s->options->root_in_memory)
		return;
	weigh_new(s->g, &files);
	weigh_add_all(m->weigh, files, 1, 1);
	for (pkg_id p = 1; p <= s->g->package_count; p++)
		give(s, p, files->alone[p], MEMORY_ESTIMATE);
	m->root_bytes = files->total_bytes;
	m->total_bytes += m->root_bytes;
}

static void name_sources(struct sum *s)
{
	struct memory *m = s->m;

	for (pkg_id p = 0; p <= s->g->package_count; p++)
		if (s->has_bytes[p] && !s->estimated[p])
			m->package_source[p] = MEMORY_EVIDENCE;
	m->source = MEMORY_EVIDENCE;
	array_each (&m->daemons, i)
		if (m->daemons.data[i].source == MEMORY_ESTIMATE)
			m->source = MEMORY_ESTIMATE;
	if (m->daemons.len == 0 || m->module_bytes || m->root_bytes)
		m->source = MEMORY_ESTIMATE;
}

void memory_new(const struct graph *g, const struct memory_options *options,
		struct memory **ret)
{
	struct memory *m = mem_calloc(1, sizeof(*m));
	struct sum s = { .g = g, .m = m, .options = options };

	m->graph = g;
	m->weigh = weigh_begin(g->package_count);
	m->package_bytes = mem_calloc(g->package_count + 1u, sizeof(uint64_t));
	m->package_source = mem_calloc(g->package_count + 1u, 1);
	s.estimated = mem_calloc(g->package_count + 1u, sizeof(bool));
	s.has_bytes = mem_calloc(g->package_count + 1u, sizeof(bool));
	idset_init(&s.seen, g->file_count + 1u);
	startup_find(g, &m->startup);
	array_each (&m->startup.daemons, i)
		array_push(&m->daemons, (struct memory_daemon){
						.startup = m->startup.daemons.data[i] });
	take_measured(&s);
	array_each (&m->daemons, i)
		if (m->daemons.data[i].source == MEMORY_ESTIMATE)
			estimate(&s, (uint32_t)i);
	share_all(&s);
	weigh_daemons(&s);
	weigh_modules(&s);
	weigh_root(&s);
	name_sources(&s);
	weigh_finish(m->weigh);
	idset_release(&s.seen);
	array_release(&s.uses);
	array_release(&s.queue);
	free(s.estimated);
	free(s.has_bytes);
	*ret = m;
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	startup_release(&m->startup);
	array_release(&m->daemons);
	array_release(&m->shared);
	array_release(&m->users);
	free(m->package_bytes);
	free(m->package_source);
	weigh_free(m->weigh);
	free(m);
}

void memory_freep(struct memory **m)
{
	memory_free(*m);
}

/* Does removing the packages leave the daemon as it is? A stopped one is another matter. */
static bool is_stopped(const struct memory *m, const struct idset *removed,
		       const bool *stopped, uint32_t daemon)
{
	pkg_id package = m->daemons.data[daemon].startup.package;

	return stopped && stopped[daemon] && (!package || !idset_has(removed, package));
}

/* What stopped daemons give back, beyond what the removed packages do. */
static uint64_t freed_by_stopping(const struct memory *m, const struct idset *removed,
				  const bool *stopped)
{
	uint64_t bytes = 0;

	array_each (&m->daemons, i)
		if (is_stopped(m, removed, stopped, (uint32_t)i))
			bytes += m->daemons.data[i].private_bytes;
	array_each (&m->shared, i) {
		const struct memory_shared *shared = &m->shared.data[i];
		bool used = false, counted = false;

		for (uint32_t k = 0; k < shared->len; k++) {
			uint32_t daemon = m->users.data[shared->at + k];
			pkg_id package = m->daemons.data[daemon].startup.package;

			if (is_stopped(m, removed, stopped, daemon))
				counted = true;
			else if (!package || !idset_has(removed, package))
				used = true;
		}
		if (counted && !used)
			bytes += shared->bytes;
	}
	return bytes;
}

uint64_t memory_after(const struct memory *m, const struct idset *removed,
		      const bool *stopped)
{
	return m->total_bytes - weigh_freed(m->weigh, removed) -
	       freed_by_stopping(m, removed, stopped);
}

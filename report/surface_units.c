#include "report/surface_units.h"

#include "base/array.h"
#include "base/text.h"

#include <string.h>

/* In the order of systemd's search (systemd.unit(5)). */
static const char *const DEFAULT_TARGETS[] = {
	"/etc/systemd/system/default.target",
	"/usr/lib/systemd/system/default.target",
	"/lib/systemd/system/default.target",
};

/* These wait for something before they start what they name. */
static const char *const WAITING[] = { ".socket", ".timer", ".path" };
/* Settings that name a unit without starting it now. */
static const char *const LATER[] = { "OnFailure=", "OnSuccess=", "Also=" };

static const char *path_of(const struct graph *g, uint32_t node)
{
	return graph_text(g, g->files[node].path);
}

static bool waits(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(WAITING); i++)
		if (text_ends(path, WAITING[i]))
			return true;
	return false;
}

static bool starts_now(const struct graph *g, const struct graph_edge *edge)
{
	const char *text = graph_text(g, edge->cite_text);

	if (edge->kind == EDGE_SYMLINK)
		return true;
	if (edge->kind != EDGE_UNIT || waits(path_of(g, edge->from)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(LATER); i++)
		if (text_starts(text, LATER[i]))
			return false;
	return true;
}

static bool is_masked(const struct graph *g, const char *path)
{
	_cleanup_(freep) char *name =
		mem_printf("/etc/systemd/system%s", strrchr(path, '/'));
	file_id f = graph_find_file(g, name);

	return f && g->files[f].type == FILE_SYMLINK &&
	       strcmp(graph_text(g, g->files[f].target), "/dev/null") == 0;
}

static void take(const struct graph *g, file_id f, struct idset *services,
		 struct idset *sockets)
{
	const char *path = path_of(g, f);

	if (g->files[f].type != FILE_REGULAR || !graph_file_on_disk(&g->files[f]))
		return;
	if (text_ends(path, ".service"))
		idset_add(services, f);
	else if (text_ends(path, ".socket"))
		idset_add(sockets, f);
}

void surface_find_units(const struct graph *g, struct idset *services,
			struct idset *sockets)
{
	ARRAY_OF(file_id) queue = { 0 };
	struct idset seen;
	file_id first = 0;

	idset_init(&seen, g->node_count + 1u);
	for (size_t i = 0; i < ARRAY_LEN(DEFAULT_TARGETS) && !first; i++)
		first = graph_find_file(g, DEFAULT_TARGETS[i]);
	if (first && idset_add(&seen, first))
		array_push(&queue, first);
	for (size_t at = 0; at < queue.len; at++) {
		file_id f = queue.data[at];

		if (is_masked(g, path_of(g, f)))
			continue;
		take(g, f, services, sockets);
		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++) {
			const struct graph_edge *edge = &g->edges[i];

			if (graph_node_is_file(g, edge->to) && starts_now(g, edge) &&
			    idset_add(&seen, edge->to))
				array_push(&queue, edge->to);
		}
	}
	array_release(&queue);
	idset_release(&seen);
}

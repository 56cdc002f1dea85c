#include "tui/models.h"

#include "report/node.h"

#include <string.h>
#include <sys/stat.h>

static unsigned int file_flags(const struct graph *g, const struct graph_file *file)
{
	const char *path = graph_text(g, file->path);
	size_t len = strlen(path);
	unsigned int flags = 0;

	if (file->category == CATEGORY_UNIT && len > 8 &&
	    strcmp(path + len - 8, ".service") == 0)
		flags |= MODEL_SERVICE;
	if (file->category == CATEGORY_KERNEL || file->category == CATEGORY_KERNEL_MODULE)
		flags |= MODEL_KERNEL;
	if (file->type == FILE_REGULAR && file->mode & (S_ISUID | S_ISGID))
		flags |= MODEL_SETUID;
	return flags;
}

static void look_at_users(struct models *m, pkg_id p, dep_list *list)
{
	size_t hard = 0;

	deps_of(m->deps, p, true, list);
	array_each (list, i) {
		hard += !list->data[i].weak;
		m->needed_by[p] += !list->data[i].weak && !list->data[i].choice;
	}
	if (hard == 0)
		m->package_flags[p] |= MODEL_LEAF;
	else if (m->needed_by[p] == 0)
		m->package_flags[p] |= MODEL_CHOICE;
}

static void find_package_flags(struct models *m)
{
	const struct graph *g = m->g;
	dep_list list = { 0 };

	m->package_flags = mem_calloc(g->package_count + 1u, sizeof(*m->package_flags));
	m->needed_by = mem_calloc(g->package_count + 1u, sizeof(*m->needed_by));
	for (pkg_id p = 1; p <= g->package_count; p++) {
		for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
			m->package_flags[p] |=
				(uint8_t)file_flags(g, &g->files[g->owned[i]]);
		look_at_users(m, p, &list);
	}
	array_release(&list);
}

#define NAMES_MAX 16

/* The library and the symlinks that lead to it: programs mostly name one of those. */
static size_t find_names(const struct graph *g, file_id file, file_id names[NAMES_MAX])
{
	size_t len = 0;

	names[len++] = file;
	for (size_t n = 0; n < len; n++) {
		for (uint32_t i = g->edge_in_start[names[n]];
		     i < g->edge_in_start[names[n] + 1] && len < NAMES_MAX; i++) {
			const struct graph_edge *edge = &g->edges[g->edge_in[i]];

			if (edge->kind == EDGE_SYMLINK &&
			    graph_node_is_file(g, edge->from))
				names[len++] = edge->from;
		}
	}
	return len;
}

/* @p last: by package, the library that was counted for it last. */
static void count_users(const struct graph *g, file_id name, struct library *lib,
			file_id *last)
{
	for (uint32_t i = g->edge_in_start[name]; i < g->edge_in_start[name + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];
		pkg_id owner;

		lib->soft += edge->kind == EDGE_DLOPEN || edge->kind == EDGE_PLUGIN;
		if (edge->kind != EDGE_NEEDED)
			continue;
		lib->files++;
		owner = graph_node_is_file(g, edge->from)
				? graph_file_owner(g, edge->from)
				: 0;
		lib->packages += owner && last[owner] != lib->file;
		last[owner] = lib->file;
	}
}

static void find_libraries(struct models *m)
{
	const struct graph *g = m->g;
	file_id *last = mem_calloc(g->package_count + 1u, sizeof(*last));

	for (file_id f = 1; f <= g->file_count; f++) {
		struct library lib = { .file = f };
		file_id names[NAMES_MAX];
		size_t len;

		if (g->files[f].category != CATEGORY_LIBRARY ||
		    !graph_file_on_disk(&g->files[f]))
			continue;
		len = find_names(g, f, names);
		for (size_t i = 0; i < len; i++)
			count_users(g, names[i], &lib, last);
		array_push(&m->libraries, lib);
	}
	free(last);
}

struct models *models_new(const struct graph *g)
{
	struct models *m = mem_calloc(1, sizeof(*m));

	m->g = g;
	m->deps = deps_new(g);
	m->files = file_tree_new(g);
	find_package_flags(m);
	find_libraries(m);
	return m;
}

void models_free(struct models *m)
{
	if (!m)
		return;
	deps_free(m->deps);
	file_tree_free(m->files);
	array_release(&m->libraries);
	free(m->package_flags);
	free(m->needed_by);
	free(m);
}

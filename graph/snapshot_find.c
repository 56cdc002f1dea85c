/*
 * The part of snapshot.h that finds things in a loaded graph.
 */
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/snapshot.h"

#include <string.h>

file_id graph_find_file(const struct graph *g, const char *path)
{
	file_id low = 1, high = g->file_count + 1;

	while (low < high) {
		file_id mid = low + (high - low) / 2;
		int order = strcmp(graph_text(g, g->files[mid].path), path);

		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* Is @p wanted one of the ways to write this package? */
static bool package_is_called(const struct graph *g, const struct graph_package *p,
			      const char *wanted)
{
	const char *name = graph_text(g, p->name), *arch = graph_text(g, p->arch);
	const char *nevra = graph_text(g, p->nevra);
	_cleanup_(freep) char *name_arch = NULL, *nvra = NULL;

	if (strcmp(name, wanted) == 0 || strcmp(nevra, wanted) == 0)
		return true;
	if (strncmp(name, wanted, strlen(name)) != 0)
		return false;
	if (strncmp(nevra, wanted, strlen(wanted)) == 0 && nevra[strlen(wanted)] == '.' &&
	    strcmp(nevra + strlen(wanted) + 1, arch) == 0)
		return true;
	name_arch = mem_printf("%s.%s", name, arch);
	nvra = mem_printf("%s-%s-%s.%s", name, graph_text(g, p->version),
			  graph_text(g, p->release), arch);
	if (strcmp(name_arch, wanted) == 0 || strcmp(nvra, wanted) == 0)
		return true;
	nvra[strlen(nvra) - strlen(arch) - 1] = '\0';
	return strcmp(nvra, wanted) == 0;
}

pkg_id graph_find_package(const struct graph *g, const char *name, size_t *ret_count)
{
	pkg_id first = 0;
	size_t count = 0;

	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!package_is_called(g, &g->packages[p], name))
			continue;
		if (count++ == 0)
			first = p;
	}
	if (ret_count)
		*ret_count = count;
	return first;
}

bool graph_file_on_disk(const struct graph_file *file)
{
	return file->state != STATE_MISSING && file->state != STATE_NOT_INSTALLED;
}

pkg_id graph_file_owner(const struct graph *g, file_id file)
{
	uint32_t first = g->owner_start[file], end = g->owner_start[file + 1];

	for (uint32_t i = first; i < end; i++)
		if (g->owners[i].rpm_state == 0)
			return g->owners[i].package;
	return first < end ? g->owners[first].package : 0;
}

bool graph_file_is_licence(const struct graph *g, file_id file)
{
	static const char *const NAMES[] = { "copyright", "COPYING", "LICENSE",
					     "LICENCE",	  "NOTICE",  "COPYRIGHT" };
	const char *path = graph_text(g, g->files[file].path);
	const char *name = strrchr(path, '/');

	if (g->files[file].category == CATEGORY_LICENCE || strstr(path, "/licenses/"))
		return true;
	for (size_t i = 0; name && i < ARRAY_LEN(NAMES); i++)
		if (text_starts(name + 1, NAMES[i]))
			return true;
	return false;
}

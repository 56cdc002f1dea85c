#include "report/budget_kind.h"

#include "base/text.h"
#include "graph/waste.h"
#include "rules/glob.h"
#include "trimmer/memory.h"
#include "trimmer/retained.h"

#include <string.h>

void budget_meter_init(struct budget_meter *meter, const struct measure *m)
{
	*meter = (struct budget_meter){ .m = m };
}

void budget_meter_release(struct budget_meter *meter)
{
	surface_free(meter->surface);
}

const struct surface *budget_meter_surface(struct budget_meter *meter)
{
	if (!meter->surface)
		meter->surface = surface_new(measure_graph(meter->m));
	return meter->surface;
}

void budget_selection_init(struct budget_selection *selection, const struct graph *g)
{
	*selection = (struct budget_selection){ 0 };
	idset_init(&selection->files, g->file_count + 1u);
	idset_init(&selection->packages, g->package_count + 1u);
}

void budget_selection_release(struct budget_selection *selection)
{
	idset_release(&selection->files);
	idset_release(&selection->packages);
	free(selection->amounts);
}

static void select_total(struct budget_meter *meter, const struct budget_limit *limit,
			 struct budget_selection *ret)
{
	(void)limit;
	measure_select_total(meter->m, &ret->files);
	ret->matches = idset_count(&ret->files);
}

static void select_unowned(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	(void)limit;
	measure_select_unowned(meter->m, &ret->files);
	ret->matches = idset_count(&ret->files);
}

static void select_path(struct budget_meter *meter, const struct budget_limit *limit,
			struct budget_selection *ret)
{
	measure_select_paths(meter->m, limit->pattern, &ret->files);
	ret->matches = idset_count(&ret->files);
}

/* The folder itself and all below it; "/" is everything. */
static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 0 && folder[len - 1] == '/')
		len--;
	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static void select_partition(struct budget_meter *meter, const struct budget_limit *limit,
			     struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);

	for (file_id f = 1; f <= g->file_count; f++)
		if (graph_file_on_disk(&g->files[f]) &&
		    is_below(graph_text(g, g->files[f].path), limit->pattern))
			idset_add(&ret->files, f);
	ret->matches = idset_count(&ret->files);
}

static void select_package(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	ret->matches = measure_select_packages(meter->m, limit->pattern, &ret->files);
}

static void add_packages(const struct graph *g, const char *glob, struct idset *packages)
{
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (measure_is_software(&g->packages[p]) &&
		    (!glob || glob_match(glob, graph_text(g, g->packages[p].name))))
			idset_add(packages, p);
}

static void select_packages(struct budget_meter *meter, const struct budget_limit *limit,
			    struct budget_selection *ret)
{
	const char *glob = limit->pattern[0] ? limit->pattern : NULL;

	add_packages(measure_graph(meter->m), glob, &ret->packages);
	ret->is_packages = true;
	ret->matches = idset_count(&ret->packages);
}

static void select_category(struct budget_meter *meter, const struct budget_limit *limit,
			    struct budget_selection *ret)
{
	int category = file_category_parse(limit->pattern);

	measure_select_category(meter->m, (enum file_category)category, &ret->files);
	ret->matches = idset_count(&ret->files);
}

static void select_surface(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	const struct surface *s = budget_meter_surface(meter);
	const struct idset *set = surface_set(s, (enum surface_id)limit->surface);

	ret->is_packages = SURFACE_KINDS[limit->surface].is_packages;
	idset_copy(ret->is_packages ? &ret->packages : &ret->files, set);
	ret->matches = idset_count(set);
}

static void select_foreign(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	surface_select_foreign(measure_graph(meter->m), limit->pattern, &ret->packages);
	ret->is_packages = true;
	ret->matches = idset_count(&ret->packages);
}

/* One file of each soname: the first by path. */
static void select_sonames(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);
	struct idset seen;

	(void)limit;
	idset_init(&seen, g->strings.count + 1u);
	for (uint32_t i = 0; i < g->elf_name_count; i++) {
		const struct graph_elf_name *name = &g->elf_names[i];

		if (name->soname && graph_file_on_disk(&g->files[name->file]) &&
		    idset_add(&seen, name->soname))
			idset_add(&ret->files, name->file);
	}
	idset_release(&seen);
	ret->matches = idset_count(&ret->files);
}

static void select_unstripped(struct budget_meter *meter,
			      const struct budget_limit *limit,
			      struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);

	(void)limit;
	for (uint32_t i = 0; i < g->elf_count; i++) {
		const struct graph_elf *elf = &g->elves[i];
		const struct graph_file *file = &g->files[elf->file];

		if (!elf->is_stripped && graph_file_on_disk(file) &&
		    (file->category == CATEGORY_EXECUTABLE ||
		     file->category == CATEGORY_LIBRARY))
			idset_add(&ret->files, elf->file);
	}
	ret->matches = idset_count(&ret->files);
}

static void select_duplicates(struct budget_meter *meter,
			      const struct budget_limit *limit,
			      struct budget_selection *ret)
{
	(void)limit;
	waste_copies(measure_graph(meter->m), &ret->files);
	ret->matches = idset_count(&ret->files);
}

/* What strip would give back; kernel modules and files to link need their symbols. */
static void select_symbols(struct budget_meter *meter, const struct budget_limit *limit,
			   struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);
	uint64_t *amounts = mem_calloc(g->package_count + 1u, sizeof(*amounts));

	(void)limit;
	ret->figure = waste_symbols(g, amounts);
	ret->amounts = amounts;
	ret->matches = 1;
}

static void select_retained(struct budget_meter *meter, const struct budget_limit *limit,
			    struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);
	struct demand_options options = { .caution = CAUTION_NORMAL };
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;

	add_packages(g, limit->pattern, &ret->packages);
	ret->matches = idset_count(&ret->packages);
	if (ret->matches == 0)
		return;
	weigh_new(g, &weigh);
	retained_new(g, weigh, &options, NULL, 0, &retained);
	ret->figure = retained_joint(retained, &ret->packages, NULL);
}

/* Without evidence of the graph: a budget is kept or not by the image alone. */
static void select_memory(struct budget_meter *meter, const struct budget_limit *limit,
			  struct budget_selection *ret)
{
	_cleanup_(memory_freep) struct memory *memory = NULL;

	(void)limit;
	memory_new(measure_graph(meter->m), &(struct memory_options){ 0 }, &memory);
	ret->figure = memory->total_bytes;
	ret->amounts = steal_ptr(&memory->package_bytes);
	ret->matches = 1;
}

/* Hard links once, as measure_files() does. */
static void select_compressed(struct budget_meter *meter,
			      const struct budget_limit *limit,
			      struct budget_selection *ret)
{
	const struct graph *g = measure_graph(meter->m);

	(void)limit;
	ret->figure = g->image.compressed_bytes;
	ret->amounts = mem_calloc(g->package_count + 1u, sizeof(*ret->amounts));
	for (file_id f = 1; f <= g->file_count; f++)
		if (measure_file_is_first(meter->m, f))
			ret->amounts[graph_file_owner(g, f)] +=
				g->files[f].compressed_bytes;
	ret->matches = 1;
}

#define EMPTY	 KIND_MAY_BE_EMPTY
#define EXCLUDES KIND_EXCLUDES
#define DISK	 KIND_NEEDS_DISK

static const struct budget_kind KINDS[] = {
	{ "total", NULL, NULL, EXCLUDES, select_total },
	{ "unowned", NULL, NULL, EMPTY | EXCLUDES | DISK, select_unowned },
	{ "packages", NULL, "package", 0, select_packages },
	{ "files", NULL, "file", EXCLUDES, select_total },
	{ "path:GLOB", "path:", NULL, EXCLUDES, select_path },
	{ "files:GLOB", "files:", "file", EXCLUDES, select_path },
	{ "partition:FOLDER", "partition:", NULL, EXCLUDES, select_partition },
	{ "package:GLOB", "package:", NULL, EXCLUDES, select_package },
	{ "packages:GLOB", "packages:", "package", 0, select_packages },
	{ "retained:GLOB", "retained:", NULL, KIND_HAS_FIGURE, select_retained },
	{ "category:NAME", "category:", NULL, EXCLUDES, select_category },
	{ "memory", NULL, NULL, KIND_HAS_FIGURE | DISK, select_memory },
	{ "compressed", NULL, NULL, KIND_HAS_FIGURE | DISK | KIND_NEEDS_LAYER,
	  select_compressed },
	{ "sonames", NULL, "soname", EXCLUDES | DISK, select_sonames },
	{ "unstripped", NULL, "file", EMPTY | EXCLUDES | DISK, select_unstripped },
	{ "symbols", NULL, NULL, KIND_HAS_FIGURE | EMPTY | DISK, select_symbols },
	{ "duplicates", NULL, NULL, EMPTY | EXCLUDES | DISK, select_duplicates },
	{ "foreign-vendor:GLOB", "foreign-vendor:", "package", EMPTY, select_foreign },
};

/* Names are those of SURFACE_KINDS. */
static const struct budget_kind KIND_SURFACE = { "surface", NULL, "file",
						 EMPTY | EXCLUDES, select_surface };

const struct budget_kind BUDGET_KIND_UNWANTED = { "unwanted", "unwanted:", "package",
						  EMPTY | KIND_INTERNAL,
						  select_packages };

const struct budget_kind *budget_kind_find(const char *what, int *ret_surface)
{
	*ret_surface = surface_parse(what);
	if (*ret_surface >= 0)
		return &KIND_SURFACE;
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		if (KINDS[i].prefix ? text_starts(what, KINDS[i].prefix)
				    : strcmp(what, KINDS[i].name) == 0)
			return &KINDS[i];
	return NULL;
}

void budget_kind_names(struct strbuf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		strbuf_printf(out, "%s%s", i ? ", " : "", KINDS[i].name);
	for (int i = 0; i < SURFACE_COUNT; i++)
		strbuf_printf(out, ", %s", SURFACE_KINDS[i].name);
}

const char *budget_kind_check(const struct budget_kind *kind, const char *pattern)
{
	if (kind->prefix && !pattern[0])
		return "something must stand behind the colon";
	if (kind->select == select_path && pattern[0] != '/')
		return "a path glob begins with '/'";
	if (kind->select == select_partition && pattern[0] != '/')
		return "a partition is the folder where it is mounted: it begins with "
		       "'/'";
	if (kind->select == select_category && file_category_parse(pattern) < 0)
		return "no category has this name ('tare report' shows them)";
	return NULL;
}

const char *budget_limit_noun(const struct budget_limit *limit)
{
	return limit->surface >= 0 ? SURFACE_KINDS[limit->surface].noun
				   : limit->kind->noun;
}

bool budget_limit_is_known(const struct budget_limit *limit, const struct graph *g)
{
	bool needs_disk = limit->surface >= 0 ? SURFACE_KINDS[limit->surface].needs_disk
					      : limit->kind->flags & KIND_NEEDS_DISK;

	bool needs_layer = limit->surface < 0 && limit->kind->flags & KIND_NEEDS_LAYER;

	return (!needs_disk || !g->image.metadata_only) &&
	       (!needs_layer || g->image.has_compressed);
}

static bool is_excluded(const struct budget_limit *limit, const char *path)
{
	for (const struct rule_node *glob = rule_texts(limit->exclude); glob;
	     glob = rule_texts_next(limit->exclude, glob))
		if (glob_match(glob->text, path))
			return true;
	return false;
}

/* A partition ends where another one of the budget begins. */
static bool is_elsewhere(const struct budget *budget, const struct budget_limit *limit,
			 const char *path)
{
	if (limit->kind->select != select_partition)
		return false;
	array_each (&budget->limits, i) {
		const struct budget_limit *other = &budget->limits.data[i];

		if (other->kind == limit->kind &&
		    strlen(other->pattern) > strlen(limit->pattern) &&
		    is_below(other->pattern, limit->pattern) &&
		    is_below(path, other->pattern))
			return true;
	}
	return false;
}

static void leave_out(const struct budget *budget, const struct budget_limit *limit,
		      const struct graph *g, struct idset *files)
{
	if (!limit->exclude && limit->kind->select != select_partition)
		return;
	idset_each (files, f) {
		const char *path = graph_text(g, g->files[f].path);

		if (is_excluded(limit, path) || is_elsewhere(budget, limit, path))
			idset_remove(files, f);
	}
}

uint64_t budget_limit_measure(const struct budget *budget,
			      const struct budget_limit *limit,
			      struct budget_meter *meter, struct budget_selection *ret)
{
	limit->kind->select(meter, limit, ret);
	leave_out(budget, limit, measure_graph(meter->m), &ret->files);
	if (limit->kind->flags & KIND_HAS_FIGURE)
		return ret->figure;
	if (ret->is_packages)
		return idset_count(&ret->packages);
	if (budget_limit_noun(limit))
		return idset_count(&ret->files);
	return measure_files(meter->m, &ret->files).disk_bytes;
}

uint64_t *budget_limit_parts(const struct budget_limit *limit, const struct graph *g,
			     struct budget_selection *selection)
{
	uint64_t *parts;

	if (limit->kind->flags & KIND_HAS_FIGURE)
		return selection->amounts ? steal_ptr(&selection->amounts) : NULL;
	parts = mem_calloc(g->package_count + 1u, sizeof(*parts));
	if (selection->is_packages)
		idset_each (&selection->packages, p)
			parts[p] = 1;
	else
		idset_each (&selection->files, f)
			parts[graph_file_owner(g, (file_id)f)] +=
				budget_limit_noun(limit) ? 1 : g->files[f].disk_bytes;
	return parts;
}

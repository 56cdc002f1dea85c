#include "graph/demand_compile.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static const char *const CAUTIONS[] = {
	[CAUTION_LOW] = "low",
	[CAUTION_NORMAL] = "normal",
	[CAUTION_HIGH] = "high",
};

const char *caution_name(enum caution caution)
{
	return CAUTIONS[caution];
}

int caution_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(CAUTIONS); i++)
		if (strcmp(CAUTIONS[i], name) == 0)
			return (int)i;
	return -1;
}

/* What a possible edge must come out of to count at normal caution. */
static const bool IS_CODE[CATEGORY_COUNT] = {
	[CATEGORY_EXECUTABLE] = true, [CATEGORY_LIBRARY] = true,
	[CATEGORY_SCRIPT] = true,     [CATEGORY_MODULE_SCRIPT] = true,
	[CATEGORY_BYTECODE] = true,   [CATEGORY_UNIT] = true,
	[CATEGORY_CONFIG] = true,     [CATEGORY_KERNEL_MODULE] = true,
	[CATEGORY_BOOT] = true,	      [CATEGORY_SYMLINK] = true,
};

bool demand_strong(const struct graph *g, const struct demand_options *options,
		   const struct graph_edge *edge)
{
	enum caution caution = options->caution;

	if (edge->strength != EDGE_POSSIBLE || caution == CAUTION_HIGH)
		return true;
	/* that somebody enabled a unit does not mean that its target needs it; and who
	 * names something on the bus goes on, as a rule, when nobody answers there */
	if (caution == CAUTION_LOW || edge->kind == EDGE_UNIT || edge->kind == EDGE_DBUS)
		return false;
	if (options->firm && !idset_has(options->firm, edge->from))
		return false;
	return graph_node_is_file(g, edge->from) &&
	       IS_CODE[g->files[edge->from].category];
}

/* Who reads what is there needs no package for it: see demand_reads(). */
static bool holds_without_owner(const struct graph *g, const struct graph_edge *edge)
{
	uint32_t at = 0;
	pkg_id owner;

	return edge->kind != EDGE_READS || !graph_node_is_file(g, edge->to) ||
	       !demand_next_holder(g, edge->to, &at, &owner);
}

bool demand_honours(const struct graph *g, const struct demand_options *options,
		    const struct graph_edge *edge)
{
	if (!holds_without_owner(g, edge))
		return false;
	/* what a scriptlet runs is asked for while installing, as Requires(post) is */
	if (edge->kind == EDGE_SCRIPTLET && !options->keep_install_time &&
	    options->caution != CAUTION_HIGH)
		return false;
	return demand_strong(g, options, edge);
}

bool demand_is_loader(const struct graph_edge *edge)
{
	return edge->strength == EDGE_HARD &&
	       (edge->kind == EDGE_NEEDED || edge->kind == EDGE_INTERPRETER ||
		edge->kind == EDGE_AUDIT);
}

bool demand_counts(const struct demand_options *options,
		   const struct graph_requirement *requirement)
{
	if (requirement->state != REQ_CHECKED || requirement->node == 0 ||
	    (requirement->phases & PHASE_MISSINGOK))
		return false;
	switch (requirement->strength) {
	case REQ_REQUIRES:
		return options->keep_install_time ||
		       !phases_install_only(requirement->phases);
	case REQ_RECOMMENDS:
	case REQ_SUPPLEMENTS:
		return options->weak || options->caution == CAUTION_HIGH;
	case REQ_CONFLICTS:
		return true;
	default:
		return false;
	}
}

bool demand_next_holder(const struct graph *g, file_id file, uint32_t *at, pkg_id *ret)
{
	if (!graph_file_on_disk(&g->files[file]))
		return false;
	for (; g->owner_start[file] + *at < g->owner_start[file + 1]; ++*at) {
		const struct graph_owner *owner = &g->owners[g->owner_start[file] + *at];

		if (owner->rpm_state != 0)
			continue;
		++*at;
		*ret = owner->package;
		return true;
	}
	return false;
}

/* What an unexplained requirement reaches of the provider: all that runs. */
static const bool IS_BROAD[CATEGORY_COUNT] = {
	[CATEGORY_EXECUTABLE] = true, [CATEGORY_LIBRARY] = true,
	[CATEGORY_SCRIPT] = true,     [CATEGORY_MODULE_SCRIPT] = true,
	[CATEGORY_UNIT] = true,
};

#define LINKS_MAX 8

/* The file that a symlink ends in, by the edges that the analysis made of it. */
static file_id follow_links(const struct graph *g, file_id file)
{
	for (int hops = 0; hops < LINKS_MAX; hops++) {
		file_id target = 0;

		if (g->files[file].category != CATEGORY_SYMLINK)
			return file;
		for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++)
			if (g->edges[i].kind == EDGE_SYMLINK &&
			    graph_node_is_file(g, g->edges[i].to))
				target = g->edges[i].to;
		if (target == 0)
			return file;
		file = target;
	}
	return file;
}

/* Others can name a command on PATH or in libexec; a program elsewhere is named by its
 * path, which is an edge of its own. */
static bool is_command(const struct graph *g, file_id file)
{
	static const char *const folders[] = { "/usr/local/sbin/", "/usr/local/bin/",
					       "/usr/sbin/",	   "/usr/bin/",
					       "/sbin/",	   "/bin/" };
	const char *path = graph_text(g, g->files[file].path);

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (text_starts(path, folders[i]))
			return true;
	return strstr(path, "/libexec/") != NULL;
}

static bool is_broad_file(const struct graph *g, file_id file)
{
	uint8_t category;

	if (!graph_file_on_disk(&g->files[file]))
		return false;
	category = g->files[follow_links(g, file)].category;
	if (category == CATEGORY_EXECUTABLE || category == CATEGORY_SCRIPT)
		return is_command(g, file);
	return IS_BROAD[category];
}

static void find_broad_files(struct demand *d)
{
	const struct graph *g = d->graph;
	uint32_t count = 0;

	d->broad_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	d->broad_files =
		mem_calloc(g->owned_start[g->package_count + 1] + 1u, sizeof(file_id));
	for (pkg_id p = 1; p <= g->package_count; p++) {
		d->broad_start[p] = count;
		for (uint32_t i = g->owned_start[p];
		     d->has_broad && i < g->owned_start[p + 1]; i++)
			if (is_broad_file(g, g->owned[i]))
				d->broad_files[count++] = g->owned[i];
	}
	d->broad_start[g->package_count + 1] = count;
}

static bool owns(const struct graph *g, pkg_id p, uint32_t node)
{
	if (!graph_node_is_file(g, node))
		return graph_node_package(g, node) == p;
	for (uint32_t i = g->owner_start[node]; i < g->owner_start[node + 1]; i++)
		if (g->owners[i].package == p)
			return true;
	return false;
}

typedef ARRAY_OF(uint32_t) edge_list;

static void add_loader_edges(const struct graph *g, pkg_id p, file_id file,
			     edge_list *edges)
{
	if (!graph_file_on_disk(&g->files[file]))
		return;
	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++)
		if (demand_is_loader(&g->edges[i]) && !owns(g, p, g->edges[i].to))
			array_push(edges, i);
}

static void find_loader_edges(struct demand *d)
{
	const struct graph *g = d->graph;
	edge_list edges = { 0 };

	d->loader_start = mem_calloc(g->package_count + 2u, sizeof(uint32_t));
	for (pkg_id p = 1; p <= g->package_count; p++) {
		d->loader_start[p] = (uint32_t)edges.len;
		for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
			add_loader_edges(g, p, g->owned[i], &edges);
	}
	d->loader_start[g->package_count + 1] = (uint32_t)edges.len;
	d->loader_edges = edges.data;
}

/* No package plan removes them, so what they need must stay. The analyzer's guess that a
 * package made the file exempts one. */
static void find_unowned(struct demand *d)
{
	const struct graph *g = d->graph;

	for (file_id f = 1; f <= g->file_count; f++) {
		bool is_program = false;
		uint32_t at = 0;
		pkg_id owner;

		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
			is_program |= demand_is_loader(&g->edges[i]);
		if (is_program && g->files[f].owner_guess == 0 &&
		    graph_file_on_disk(&g->files[f]) &&
		    !demand_next_holder(g, f, &at, &owner))
			array_push(&d->unowned, f);
	}
}

/* Rows of "clauses that have variable v as a condition". */
static void index_conditions(struct demand *d)
{
	uint32_t total = 0, *start;

	d->watch_start = start = mem_calloc(d->variable_count + 3u, sizeof(uint32_t));
	array_each (&d->clauses, c) {
		const struct demand_clause *clause = &d->clauses.data[c];

		for (uint32_t i = 0; i < clause->conditions; i++)
			start[d->variables.data[clause->at + i] + 2]++;
		total += clause->conditions;
	}
	for (uint32_t v = 2; v <= d->variable_count + 2; v++)
		start[v] += start[v - 1];
	d->watch = mem_calloc(total + 1u, sizeof(uint32_t));
	array_each (&d->clauses, c) {
		const struct demand_clause *clause = &d->clauses.data[c];

		for (uint32_t i = 0; i < clause->conditions; i++)
			d->watch[start[d->variables.data[clause->at + i] + 1]++] =
				(uint32_t)c;
	}
}

void demand_new(const struct graph *g, const struct demand_options *options,
		const struct idset *explained, struct demand **ret)
{
	struct demand *d = mem_calloc(1, sizeof(*d));

	d->graph = g;
	d->options = *options;
	d->has_broad = !g->image.metadata_only && g->edge_count > 0;
	d->variable_count = g->node_count + g->package_count;
	demand_compile(d, explained);
	demand_reads(d);
	index_conditions(d);
	find_broad_files(d);
	find_loader_edges(d);
	find_unowned(d);
	*ret = d;
}

void demand_free(struct demand *d)
{
	if (!d)
		return;
	array_release(&d->variables);
	array_release(&d->clauses);
	free(d->watch_start);
	free(d->watch);
	free(d->broad_start);
	free(d->broad_files);
	free(d->loader_start);
	free(d->loader_edges);
	array_release(&d->unowned);
	free(d);
}

void demand_freep(struct demand **d)
{
	demand_free(*d);
}

#include "base/text.h"
#include "rules/glob.h"
#include "rules/selector_tree.h"

#include <string.h>

static const char *const COMMAND_FOLDERS[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
};
static const char *const UNIT_FOLDERS[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

static void add_command(struct matcher *m, const char *name, struct idset *nodes)
{
	for (size_t i = 0; i < ARRAY_LEN(COMMAND_FOLDERS); i++) {
		_cleanup_(freep) char *path =
			mem_printf("%s/%s", COMMAND_FOLDERS[i], name);

		matcher_add_paths(m, path, matcher_is_program, nodes);
	}
}

static bool is_no_folder(const struct graph_file *file)
{
	return file->type != FILE_DIRECTORY;
}

/* Folders are shared by packages: a pattern that found them would keep all their owners. */
static void add_path(struct matcher *m, const char *pattern, struct idset *nodes)
{
	matcher_add_paths(m, pattern,
			  glob_is_pattern(pattern) ? is_no_folder : matcher_is_anything,
			  nodes);
}

static void add_unit_file(struct matcher *m, const char *name, struct idset *nodes)
{
	for (size_t i = 0; i < ARRAY_LEN(UNIT_FOLDERS); i++) {
		_cleanup_(freep) char *path = mem_printf("%s/%s", UNIT_FOLDERS[i], name);

		matcher_add_paths(m, path, matcher_is_file, nodes);
	}
}

/* An instance (getty@tty1.service) is made from its template (getty@.service). */
static void add_unit(struct matcher *m, const char *name, struct idset *nodes)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');
	_cleanup_(freep) char *template = NULL;

	add_unit_file(m, name, nodes);
	if (!at || !dot || dot <= at + 1)
		return;
	template = mem_printf("%.*s%s", (int)(at + 1 - name), name, dot);
	add_unit_file(m, template, nodes);
}

static void add_package_node(const struct graph *g, pkg_id package, struct idset *nodes)
{
	idset_add(nodes, graph_package_node(g, package));
}

static void add_package(struct matcher *m, const char *pattern, struct idset *nodes)
{
	const struct graph *g = matcher_graph(m);

	for (pkg_id p = 1; p <= g->package_count; p++)
		if (!g->packages[p].is_key &&
		    glob_match(pattern, graph_text(g, g->packages[p].name)))
			add_package_node(g, p, nodes);
}

/* Its name without "= 1.2"; a file that is asked for is its path. */
static bool capability_is_called(const char *text, const char *pattern)
{
	const char *space = strchr(text, ' ');
	_cleanup_(freep) char *name =
		mem_strndup(text, space ? (size_t)(space - text) : strlen(text));

	return strcmp(name, pattern) == 0 || glob_match(pattern, name);
}

static void add_capability(struct matcher *m, const char *pattern, struct idset *nodes)
{
	const struct graph *g = matcher_graph(m);

	for (cap_id c = 1; c <= g->capability_count; c++) {
		if (!capability_is_called(graph_text(g, g->capabilities[c]), pattern))
			continue;
		for (uint32_t i = g->provide_start[c]; i < g->provide_start[c + 1]; i++)
			add_package_node(g, g->provides[i], nodes);
		for (uint32_t i = g->provider_start[c]; i < g->provider_start[c + 1]; i++)
			add_package_node(g, g->providers[i].package, nodes);
	}
}

static void add_category(struct matcher *m, const char *name, struct idset *nodes)
{
	const struct graph *g = matcher_graph(m);
	int category = file_category_parse(name);

	for (file_id f = 1; f <= g->file_count; f++)
		if (g->files[f].category == category && graph_file_on_disk(&g->files[f]))
			idset_add(nodes, graph_file_node(g, f));
}

static void (*const LEAVES[])(struct matcher *m, const char *text,
			      struct idset *nodes) = {
	[SELECT_COMMAND] = add_command,
	[SELECT_PATH] = add_path,
	[SELECT_UNIT] = add_unit,
	[SELECT_SONAME] = matcher_add_libraries,
	[SELECT_MODULE] = matcher_add_modules,
	[SELECT_CAPABILITY] = add_capability,
	[SELECT_PACKAGE] = add_package,
	[SELECT_CATEGORY] = add_category,
};

static void select_nodes(const struct selector *sel, struct matcher *m,
			 struct idset *ret);

/* Packages become what they own. */
static void packages_to_files(const struct graph *g, struct idset *nodes)
{
	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!idset_has(nodes, graph_package_node(g, p)))
			continue;
		idset_remove(nodes, graph_package_node(g, p));
		for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
			if (graph_file_on_disk(&g->files[g->owned[i]]))
				idset_add(nodes, graph_file_node(g, g->owned[i]));
	}
}

static void intersect(struct idset *set, const struct idset *other)
{
	for (size_t i = 0; i < idset_words(set); i++)
		set->words[i] &= other->words[i];
}

static void subtract(struct idset *set, const struct idset *other)
{
	for (size_t i = 0; i < idset_words(set); i++)
		set->words[i] &= ~other->words[i];
}

static void merge(struct idset *set, const struct idset *other)
{
	for (size_t i = 0; i < idset_words(set); i++)
		set->words[i] |= other->words[i];
}

static void select_all(const struct selector *sel, struct matcher *m, struct idset *ret)
{
	const struct graph *g = matcher_graph(m);
	bool files = !selector_is_packages(sel), first = true;
	struct idset part;

	idset_init(&part, ret->size);
	for (int negative = 0; negative < 2; negative++) {
		array_each (&sel->children, i) {
			const struct selector *child = sel->children.data[i];

			if ((child->kind == SELECT_NOT) != negative)
				continue;
			idset_clear(&part);
			select_nodes(negative ? child->children.data[0] : child, m,
				     &part);
			if (files)
				packages_to_files(g, &part);
			if (negative)
				subtract(ret, &part);
			else if (first)
				idset_copy(ret, &part);
			else
				intersect(ret, &part);
			first = false;
		}
	}
	idset_release(&part);
}

static void select_each(const struct selector *sel, struct matcher *m, struct idset *ret)
{
	struct idset part;

	idset_init(&part, ret->size);
	array_each (&sel->children, i) {
		idset_clear(&part);
		select_nodes(sel->children.data[i], m, &part);
		merge(ret, &part);
		if (sel->kind == SELECT_FIRST && idset_next(ret, 0) < ret->size)
			break;
	}
	idset_release(&part);
}

/* Recursion is as deep as the rule file, which the parser bounds. */
static void select_nodes(const struct selector *sel, struct matcher *m, struct idset *ret)
{
	if (sel->kind < SELECT_ANY)
		LEAVES[sel->kind](m, sel->text, ret);
	else if (sel->kind == SELECT_ALL)
		select_all(sel, m, ret);
	else
		select_each(sel, m, ret);
}

size_t selector_match(const struct selector *sel, struct matcher *m, struct idset *nodes)
{
	struct idset found;
	size_t count;

	idset_init(&found, nodes->size);
	select_nodes(sel, m, &found);
	count = idset_count(&found);
	merge(nodes, &found);
	idset_release(&found);
	return count;
}

#include "report/node.h"

#include "base/array.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <string.h>

#define SHOWN_MATCHES 4	 /* of an ambiguous name */
#define LINKS_MAX     40 /* as the kernel */

const char *node_name(const struct graph *g, uint32_t node)
{
	if (graph_node_is_file(g, node))
		return graph_text(g, g->files[node].path);
	return graph_text(g, g->packages[graph_node_package(g, node)].nevra);
}

void node_edge_place(const struct graph *g, const struct graph_edge *edge,
		     struct strbuf *out)
{
	if (edge->cite_file)
		strbuf_puts(out, graph_text(g, g->files[edge->cite_file].path));
	else
		strbuf_puts(out, node_name(g, edge->from));
	if (edge->cite_line)
		strbuf_printf(out, ":%u", edge->cite_line);
}

/* Cut the last component off: ".." of "/a/b" is "/a", of the root the root. */
static void go_up(struct strbuf *path)
{
	const char *slash = strrchr(strbuf_text(path), '/');

	strbuf_truncate(path, slash ? (size_t)(slash - path->data) : 0);
}

/*
 * The canonical spelling of a path: symlinks of folders are followed by the graph alone,
 * as the analyzer did it when it wrote the paths. False for a loop.
 */
static bool canonical_path(const struct graph *g, const char *path, struct strbuf *out)
{
	_cleanup_(freep) char *rest = mem_strdup(path);
	unsigned int links = 0;
	size_t at = 0;

	while (rest[at += strspn(rest + at, "/")]) {
		size_t before = out->len, len = strcspn(rest + at, "/");
		char *word = rest + at;
		file_id f;

		at += len;
		if (len == 2 && memcmp(word, "..", 2) == 0) {
			go_up(out);
			continue;
		}
		if (len == 1 && word[0] == '.')
			continue;
		strbuf_putc(out, '/');
		strbuf_add(out, word, len);
		f = rest[at] ? graph_find_file(g, strbuf_text(out)) : 0;
		if (f && g->files[f].type == FILE_SYMLINK) {
			const char *target = graph_text(g, g->files[f].target);
			char *longer = mem_printf("%s/%s", target, rest + at);

			strbuf_truncate(out, target[0] == '/' ? 0 : before);
			free(rest);
			rest = longer;
			at = 0;
			if (++links > LINKS_MAX)
				return false;
		}
	}
	return true;
}

static file_id find_path(const struct graph *g, const char *path)
{
	_cleanup_(strbuf_release) struct strbuf canonical = { 0 };
	file_id file = graph_find_file(g, path);

	if (!file && canonical_path(g, path, &canonical))
		file = graph_find_file(g, strbuf_text(&canonical));
	return file;
}

static bool has_last_component(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash && strcmp(slash + 1, name) == 0;
}

/* Files called @p name in any folder, symlinks or all others. */
static int find_by_name(const struct graph *g, const char *name, bool symlinks,
			uint32_t *ret, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf shown = { 0 };
	size_t matches = 0;

	for (file_id f = 1; f <= g->file_count; f++) {
		const char *path = graph_text(g, g->files[f].path);

		if (g->files[f].type == FILE_DIRECTORY ||
		    (g->files[f].type == FILE_SYMLINK) != symlinks ||
		    !has_last_component(path, name))
			continue;
		if (matches++ < SHOWN_MATCHES)
			strbuf_printf(&shown, "%s%s", matches > 1 ? ", " : "", path);
		*ret = f;
	}
	if (matches > 1)
		return error_set(err, -ENOTUNIQ,
				 "'%s' could be %zu files (%s%s): give the path", name,
				 matches, strbuf_text(&shown),
				 matches > SHOWN_MATCHES ? " ..." : "");
	return matches == 1 ? 0 : -ENOENT;
}

static int not_found(const struct graph *g, const char *name, struct error *err)
{
	ARRAY_OF(const char *) known = { 0 };
	const char *near;

	for (pkg_id p = 1; p <= g->package_count; p++)
		array_push(&known, graph_text(g, g->packages[p].name));
	near = rule_did_you_mean(name, known.data, known.len);
	array_release(&known);
	if (near)
		return error_set(err, -ENOENT,
				 "the graph has no package or file '%s' (did you mean "
				 "'%s'?)",
				 name, near);
	return error_set(err, -ENOENT, "the graph has no package or file '%s'", name);
}

int node_find(const struct graph *g, const char *name, uint32_t *ret, struct error *err)
{
	file_id file;
	pkg_id package;
	int r;

	if (name[0] == '/') {
		file = find_path(g, name);
		*ret = file;
		return file ? 0
			    : error_set(err, -ENOENT, "the graph has no file '%s'", name);
	}
	package = graph_find_package(g, name, NULL);
	if (package) {
		*ret = graph_package_node(g, package);
		return 0;
	}
	r = find_by_name(g, name, false, ret, err);
	if (r == -ENOENT)
		r = find_by_name(g, name, true, ret, err);
	return r == -ENOENT ? not_found(g, name, err) : r;
}

#include "rules/matcher.h"
#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "rules/glob.h"

#include <string.h>

#define LINKS_MAX 40 /* as the kernel's limit for one path */

struct name_entry {
	const char *name; /* in the graph's or the matcher's pool */
	file_id file;
};

typedef ARRAY_OF(struct name_entry) name_index;

struct path_shape {
	uint32_t len, name; /* bytes; offset of the last component */
};

struct matcher {
	const struct graph *graph;
	struct path_shape *shapes; /* [file_count + 1]; NULL until a pattern asks */
	struct strpool names;
	name_index libraries, modules; /* by name, then file */
};

static const char *path_of(const struct matcher *m, file_id file)
{
	return graph_text(m->graph, m->graph->files[file].path);
}

bool matcher_is_program(const struct graph_file *file)
{
	return file->type == FILE_SYMLINK ||
	       (file->type == FILE_REGULAR && (file->mode & 0111));
}

bool matcher_is_file(const struct graph_file *file)
{
	return file->type == FILE_SYMLINK || file->type == FILE_REGULAR;
}

bool matcher_is_anything(const struct graph_file *file)
{
	(void)file;
	return true;
}

bool matcher_is_go_module(const char *path, const char *module)
{
	size_t len = strlen(module);

	return strncmp(path, module, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* The target of a symlink in place of its last component, in front of @p rest. */
static void splice_link(struct strbuf *done, char **rest, const char *target)
{
	char *spliced = mem_printf("%s/%s", target, *rest);

	if (target[0] == '/')
		strbuf_truncate(done, 0);
	free(*rest);
	*rest = spliced;
}

static void drop_last(struct strbuf *path)
{
	while (path->len > 0 && path->data[path->len - 1] != '/')
		strbuf_truncate(path, path->len - 1);
	if (path->len > 0)
		strbuf_truncate(path, path->len - 1);
}

/*
 * Rules say /lib or /sbin; the graph knows files by canonical paths. Symlinks of folders
 * are followed as far as the graph knows them.
 */
static char *canonical_folder(const struct matcher *m, const char *folder, size_t len)
{
	_cleanup_(strbuf_release) struct strbuf done = { 0 };
	_cleanup_(freep) char *rest = mem_strndup(folder, len);
	int links = 0;

	while (*rest) {
		size_t part = strcspn(rest, "/"), before = done.len;
		_cleanup_(freep) char *name = mem_strndup(rest, part);
		file_id file;

		memmove(rest, rest + part + (rest[part] == '/'),
			strlen(rest + part + (rest[part] == '/')) + 1);
		if (part == 0 || strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			drop_last(&done);
			continue;
		}
		strbuf_printf(&done, "/%s", name);
		file = graph_find_file(m->graph, done.data);
		if (!file || m->graph->files[file].type != FILE_SYMLINK ||
		    ++links > LINKS_MAX)
			continue;
		strbuf_truncate(&done, before);
		splice_link(&done, &rest,
			    graph_text(m->graph, m->graph->files[file].target));
	}
	return strbuf_detach(&done);
}

/* The first file whose path, cut to @p len bytes, is not before (beyond: is behind) those of
 * @p prefix. */
static file_id first_from(const struct matcher *m, const char *prefix, size_t len,
			  bool beyond)
{
	file_id low = 1, high = m->graph->file_count + 1;

	while (low < high) {
		file_id mid = low + (high - low) / 2;
		int order = strncmp(path_of(m, mid), prefix, len);

		if (order < 0 || (beyond && order == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Where each path ends, and where its last component begins: looked at for every pattern. */
static void measure_paths(struct matcher *m)
{
	if (m->shapes)
		return;
	m->shapes = mem_calloc(m->graph->file_count + 1u, sizeof(*m->shapes));
	for (file_id f = 1; f <= m->graph->file_count; f++) {
		const char *path = path_of(m, f);

		m->shapes[f].len = (uint32_t)strlen(path);
		m->shapes[f].name = (uint32_t)(strrchr(path, '/') - path) + 1;
	}
}

/* What a path must begin and end with to match at all: most do not. */
struct range {
	const char *pattern, *name, *tail; /* name: its last component */
	size_t len, name_len, tail_len; /* that are literal: at the beginnings, the end */
	bool all;			/* everything below a folder */
};

static bool in_range(const struct matcher *m, const struct range *range, file_id file)
{
	const struct path_shape *shape = &m->shapes[file];
	const char *path = path_of(m, file);

	if (range->all)
		return true;
	if (shape->len < range->tail_len || memcmp(path + shape->len - range->tail_len,
						   range->tail, range->tail_len) != 0)
		return false;
	if (shape->len - shape->name < range->name_len ||
	    memcmp(path + shape->name, range->name, range->name_len) != 0)
		return false;
	return glob_match(range->pattern, path);
}

static void add_range(struct matcher *m, const char *pattern, matcher_filter *wanted,
		      struct idset *nodes)
{
	struct range range = { .pattern = pattern,
			       .name = strrchr(pattern, '/') + 1,
			       .tail = glob_literal_tail(pattern),
			       .len = strcspn(pattern, GLOB_SPECIAL) };
	file_id end = first_from(m, pattern, range.len, true);

	range.name_len = strcspn(range.name, GLOB_SPECIAL);
	range.tail_len = strlen(range.tail);
	range.all =
		pattern[range.len - 1] == '/' && strcmp(pattern + range.len, "**") == 0;
	measure_paths(m);
	for (file_id f = first_from(m, pattern, range.len, false); f < end; f++) {
		const struct graph_file *file = &m->graph->files[f];

		if (in_range(m, &range, f) && graph_file_on_disk(file) && wanted(file))
			idset_add(nodes, graph_file_node(m->graph, f));
	}
}

void matcher_add_paths(struct matcher *m, const char *pattern, matcher_filter *wanted,
		       struct idset *nodes)
{
	size_t len = glob_literal_len(pattern);
	_cleanup_(freep) char *folder = NULL, *canonical = NULL;
	file_id file;

	while (len > 0 && pattern[len - 1] != '/')
		len--;
	folder = canonical_folder(m, pattern, len);
	canonical = mem_printf("%s/%s", folder, pattern + len);
	if (glob_is_pattern(canonical)) {
		add_range(m, canonical, wanted, nodes);
		return;
	}
	file = graph_find_file(m->graph, canonical);
	if (file && graph_file_on_disk(&m->graph->files[file]) &&
	    wanted(&m->graph->files[file]))
		idset_add(nodes, graph_file_node(m->graph, file));
}

static int compare_names(const void *a, const void *b)
{
	const struct name_entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->file > y->file) - (x->file < y->file);
}

/* A library is looked for by name in folders such as /usr/lib64 and below them only. */
static bool is_library_path(const char *path)
{
	static const char *const FOLDERS[] = { "/usr/lib", "/lib", "/usr/local/lib" };

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
		if (text_starts(path, FOLDERS[i]) &&
		    strchr(path + strlen(FOLDERS[i]), '/'))
			return true;
	return false;
}

char *matcher_module_name(const char *path)
{
	static const char *const SUFFIXES[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	const char *base = strrchr(path, '/');

	for (size_t i = 0; base && i < ARRAY_LEN(SUFFIXES); i++) {
		char *name;

		if (!text_ends(base, SUFFIXES[i]))
			continue;
		name = mem_strndup(base + 1, strlen(base + 1) - strlen(SUFFIXES[i]));
		for (char *c = name; *c; c++)
			*c = *c == '-' ? '_' : *c;
		return name;
	}
	return NULL;
}

/* Translators call Korean texts *.ko, too; what links a module has no category of its own. */
static char *module_name(const struct graph_file *file, const char *path)
{
	if (file->category != CATEGORY_KERNEL_MODULE && !strstr(path, "/lib/modules/"))
		return NULL;
	return matcher_module_name(path);
}

static void index_file(struct matcher *m, file_id file)
{
	const char *path = path_of(m, file), *base = strrchr(path, '/');
	_cleanup_(freep) char *module = module_name(&m->graph->files[file], path);

	if (module) {
		str_id id = strpool_add(&m->names, module);

		array_push(&m->modules,
			   (struct name_entry){ strpool_text(&m->names, id), file });
	} else if (base && strstr(base, ".so") && is_library_path(path)) {
		array_push(&m->libraries, (struct name_entry){ base + 1, file });
	}
}

struct matcher *matcher_new(const struct graph *g)
{
	struct matcher *m = mem_calloc(1, sizeof(*m));

	m->graph = g;
	strpool_init(&m->names);
	for (file_id f = 1; f <= g->file_count; f++)
		if (graph_file_on_disk(&g->files[f]) && matcher_is_file(&g->files[f]))
			index_file(m, f);
	for (uint32_t i = 0; i < g->elf_name_count; i++) {
		const struct graph_elf_name *elf = &g->elf_names[i];

		if (elf->soname && graph_file_on_disk(&g->files[elf->file]) &&
		    is_library_path(path_of(m, elf->file)))
			array_push(&m->libraries,
				   (struct name_entry){ graph_text(g, elf->soname),
							elf->file });
	}
	array_sort(&m->libraries, compare_names);
	array_sort(&m->modules, compare_names);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	array_release(&m->libraries);
	array_release(&m->modules);
	strpool_release(&m->names);
	free(m->shapes);
	free(m);
}

void matcher_freep(struct matcher **m)
{
	matcher_free(*m);
}

const struct graph *matcher_graph(const struct matcher *m)
{
	return m->graph;
}

static size_t first_name(const name_index *index, const char *prefix, size_t len)
{
	size_t low = 0, high = index->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strncmp(index->data[mid].name, prefix, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void add_named(struct matcher *m, const name_index *index, const char *pattern,
		      struct idset *nodes)
{
	size_t len = strcspn(pattern, "*?[\\");

	for (size_t i = first_name(index, pattern, len); i < index->len; i++) {
		const struct name_entry *entry = &index->data[i];

		if (strncmp(entry->name, pattern, len) != 0)
			break;
		if (glob_match(pattern, entry->name))
			idset_add(nodes, graph_file_node(m->graph, entry->file));
	}
}

void matcher_add_libraries(struct matcher *m, const char *soname, struct idset *nodes)
{
	add_named(m, &m->libraries, soname, nodes);
}

void matcher_add_modules(struct matcher *m, const char *module, struct idset *nodes)
{
	_cleanup_(freep) char *name = mem_strdup(module);
	bool in_set = false;

	for (char *c = name; *c; c++) {
		in_set = *c == '[' || (in_set && *c != ']');
		*c = *c == '-' && !in_set ? '_' : *c;
	}
	add_named(m, &m->modules, name, nodes);
}

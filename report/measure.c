#include "report/measure.h"

#include "base/array.h"
#include "rules/glob.h"

#include <string.h>

struct measure {
	const struct graph *g;
	uint32_t *inode; /* by file: number of its inode, 0 where it has one name only */
	uint32_t inode_count;
	struct idset repeated; /* files of which another name stands before them */
};

struct name_of_inode {
	uint64_t device, inode;
	file_id file;
};

static int by_inode(const void *a, const void *b)
{
	const struct name_of_inode *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->file < y->file ? -1 : 1;
}

static bool has_many_names(const struct graph_file *file)
{
	return file->type != FILE_DIRECTORY && file->link_count > 1 &&
	       graph_file_on_disk(file);
}

static void number_inodes(struct measure *m)
{
	ARRAY_OF(struct name_of_inode) names = { 0 };

	for (file_id f = 1; f <= m->g->file_count; f++)
		if (has_many_names(&m->g->files[f]))
			array_push(&names,
				   (struct name_of_inode){ m->g->files[f].device,
							   m->g->files[f].inode, f });
	array_sort(&names, by_inode);
	array_each (&names, i) {
		const struct name_of_inode *now = &names.data[i], *last = now - 1;

		if (i == 0 || now->device != last->device || now->inode != last->inode)
			m->inode_count++;
		else
			idset_add(&m->repeated, now->file);
		m->inode[now->file] = m->inode_count;
	}
	array_release(&names);
}

struct measure *measure_new(const struct graph *g)
{
	struct measure *m = mem_calloc(1, sizeof(*m));

	m->g = g;
	m->inode = mem_calloc(g->file_count + 1u, sizeof(*m->inode));
	idset_init(&m->repeated, g->file_count + 1u);
	number_inodes(m);
	return m;
}

void measure_free(struct measure *m)
{
	if (!m)
		return;
	free(m->inode);
	idset_release(&m->repeated);
	free(m);
}

void measure_freep(struct measure **m)
{
	measure_free(*m);
}

const struct graph *measure_graph(const struct measure *m)
{
	return m->g;
}

const char *measure_basis(const struct graph *g)
{
	return g->image.metadata_only ? "declared" : "disk";
}

bool measure_is_software(const struct graph_package *package)
{
	return !package->is_key;
}

static bool counts(const struct graph *g, file_id f)
{
	return graph_file_on_disk(&g->files[f]);
}

bool measure_file_is_first(const struct measure *m, file_id file)
{
	return counts(m->g, file) && !idset_has(&m->repeated, file);
}

uint64_t measure_file_bytes(const struct measure *m, file_id file)
{
	if (!measure_file_is_first(m, file))
		return 0;
	return m->g->files[file].disk_bytes;
}

struct measure_sum measure_files(const struct measure *m, const struct idset *files)
{
	struct measure_sum sum = { 0 };
	struct idset seen;

	idset_init(&seen, m->inode_count + 1u);
	idset_each (files, f) {
		if (!counts(m->g, (file_id)f))
			continue;
		sum.count++;
		if (!m->inode[f] || idset_add(&seen, m->inode[f]))
			sum.disk_bytes += m->g->files[f].disk_bytes;
	}
	idset_release(&seen);
	return sum;
}

void measure_select_total(const struct measure *m, struct idset *files)
{
	idset_clear(files);
	for (file_id f = 1; f <= m->g->file_count; f++)
		if (counts(m->g, f))
			idset_add(files, f);
}

static bool is_owned(const struct graph *g, file_id f)
{
	return g->owner_start[f] < g->owner_start[f + 1];
}

void measure_select_unowned(const struct measure *m, struct idset *files)
{
	idset_clear(files);
	for (file_id f = 1; f <= m->g->file_count; f++)
		if (counts(m->g, f) && !is_owned(m->g, f))
			idset_add(files, f);
}

void measure_select_category(const struct measure *m, enum file_category category,
			     struct idset *files)
{
	idset_clear(files);
	for (file_id f = 1; f <= m->g->file_count; f++)
		if (m->g->files[f].category == category && counts(m->g, f))
			idset_add(files, f);
}

void measure_select_paths(const struct measure *m, const char *glob, struct idset *files)
{
	size_t fixed = glob_literal_len(glob);

	idset_clear(files);
	for (file_id f = 1; f <= m->g->file_count; f++) {
		const char *path = graph_text(m->g, m->g->files[f].path);

		if (strncmp(path, glob, fixed) == 0 && counts(m->g, f) &&
		    glob_match(glob, path))
			idset_add(files, f);
	}
}

static void add_owned(const struct graph *g, pkg_id p, struct idset *files)
{
	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
		if (counts(g, g->owned[i]))
			idset_add(files, g->owned[i]);
}

uint32_t measure_select_packages(const struct measure *m, const char *glob,
				 struct idset *files)
{
	const struct graph *g = m->g;
	uint32_t matches = 0;

	idset_clear(files);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!measure_is_software(&g->packages[p]) ||
		    (glob && !glob_match(glob, graph_text(g, g->packages[p].name))))
			continue;
		matches++;
		add_owned(g, p, files);
	}
	return matches;
}

struct measure_sum measure_total(const struct measure *m)
{
	struct measure_sum sum;
	struct idset files;

	idset_init(&files, m->g->file_count + 1u);
	measure_select_total(m, &files);
	sum = measure_files(m, &files);
	idset_release(&files);
	return sum;
}

struct measure_sum measure_packages(const struct measure *m)
{
	struct measure_sum sum;
	struct idset files;

	idset_init(&files, m->g->file_count + 1u);
	sum.count = measure_select_packages(m, NULL, &files);
	sum.disk_bytes = measure_files(m, &files).disk_bytes;
	idset_release(&files);
	return sum;
}

struct measure_sum measure_unowned(const struct measure *m)
{
	struct measure_sum sum;
	struct idset files;

	idset_init(&files, m->g->file_count + 1u);
	measure_select_unowned(m, &files);
	sum = measure_files(m, &files);
	idset_release(&files);
	return sum;
}

struct measure_sum measure_category(const struct measure *m, enum file_category category)
{
	struct measure_sum sum;
	struct idset files;

	idset_init(&files, m->g->file_count + 1u);
	measure_select_category(m, category, &files);
	sum = measure_files(m, &files);
	idset_release(&files);
	return sum;
}

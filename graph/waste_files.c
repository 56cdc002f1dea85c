/* Files that are there several times, and programs that nobody stripped. */
#include "graph/waste_internal.h"

#include "base/mem.h"
#include "base/units.h"
#include "graph/inode_names.h"

#define DOCUMENTATION_MIN (1u << 20)

/* Copies of one content that stay, by inode. */
typedef ARRAY_OF(file_id) copy_list;

static int by_inode(const void *va, const void *vb, void *arg)
{
	const struct graph *g = arg;
	file_id a = *(const file_id *)va, b = *(const file_id *)vb;
	const struct graph_file *x = &g->files[a], *y = &g->files[b];

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (a > b) - (a < b);
}

static int by_id(const void *va, const void *vb)
{
	file_id a = *(const file_id *)va, b = *(const file_id *)vb;

	return (a > b) - (a < b);
}

/* Of each inode the first name, by path. Licences do not count: each package must have its
 * own. */
static void find_copies(const struct waste_search *s, uint32_t from, uint32_t end,
			copy_list *ret)
{
	const struct graph *g = s->g;
	size_t kept = 0;

	ret->len = 0;
	for (uint32_t i = from; i < end; i++)
		if (waste_has(s, g->marks[i].file) &&
		    !graph_file_is_licence(g, g->marks[i].file))
			array_push(ret, g->marks[i].file);
	if (ret->len > 1)
		qsort_r(ret->data, ret->len, sizeof(file_id), by_inode, (void *)g);
	array_each (ret, i) {
		const struct graph_file *file = &g->files[ret->data[i]];
		const struct graph_file *last =
			kept ? &g->files[ret->data[kept - 1]] : NULL;

		if (!last || last->device != file->device || last->inode != file->inode)
			ret->data[kept++] = ret->data[i];
	}
	ret->len = kept;
	array_sort(ret, by_id);
}

/* The end of the run of one content that begins at @p from. */
static uint32_t run_end(const struct graph *g, uint32_t from)
{
	uint32_t end = from + 1;

	while (end < g->mark_count && g->marks[end].mark == MARK_SAME_CONTENT &&
	       g->marks[end].value == g->marks[from].value)
		end++;
	return end;
}

static uint32_t count_owners(const struct graph *g, const copy_list *copies)
{
	struct idset owners;
	uint32_t count;

	idset_init(&owners, g->package_count + 1u);
	array_each (copies, i)
		idset_add(&owners, graph_file_owner(g, copies->data[i]));
	count = (uint32_t)idset_count(&owners);
	idset_release(&owners);
	return count;
}

/* Whoever minds its bytes leaves documentation out altogether. */
static bool are_documentation(const struct graph *g, const copy_list *copies)
{
	array_each (copies, i) {
		uint8_t category = g->files[copies->data[i]].category;

		if (category != CATEGORY_DOCUMENTATION && category != CATEGORY_MAN &&
		    category != CATEGORY_INFO)
			return false;
	}
	return true;
}

static void report_copies(const struct waste_search *s, const copy_list *copies)
{
	const struct graph *g = s->g;
	uint64_t bytes = 0, each = g->files[copies->data[0]].disk_bytes;
	uint32_t owners;
	char size[UNITS_TEXT_MAX];

	for (size_t i = 1; i < copies->len; i++)
		bytes += g->files[copies->data[i]].disk_bytes;
	if (bytes < (are_documentation(g, copies) ? DOCUMENTATION_MIN : WASTE_BYTES_MIN))
		return;
	owners = count_owners(g, copies);
	waste_add(s,
		  (struct waste){
			  .rule = "duplicate-file",
			  .file = copies->data[0],
			  .bytes = bytes,
			  .remedy = owners > 1
					    ? "put it into one package that the others "
					      "need, or drop what has the copy"
					    : "link one to the other where the package "
					      "is built (%fdupes)",
		  },
		  "is there %zu times, as %s, in %u package%s; each copy takes %s",
		  copies->len, graph_text(g, g->files[copies->data[1]].path), owners,
		  owners > 1 ? "s" : "", waste_size(size, each));
}

void waste_find_duplicates(const struct waste_search *s)
{
	const struct graph *g = s->g;
	copy_list copies = { 0 };
	uint32_t end;

	for (uint32_t i = 0; i < g->mark_count; i = end) {
		end = run_end(g, i);
		if (g->marks[i].mark != MARK_SAME_CONTENT)
			continue;
		find_copies(s, i, end, &copies);
		if (copies.len > 1)
			report_copies(s, &copies);
	}
	array_release(&copies);
}

void waste_copies(const struct graph *g, struct idset *ret)
{
	const struct waste_search s = { .g = g };
	copy_list copies = { 0 };
	uint32_t end;

	for (uint32_t i = 0; i < g->mark_count; i = end) {
		end = run_end(g, i);
		if (g->marks[i].mark != MARK_SAME_CONTENT)
			continue;
		find_copies(&s, i, end, &copies);
		for (size_t k = 1; k < copies.len; k++)
			idset_add(ret, copies.data[k]);
	}
	array_release(&copies);
}

struct unstripped {
	uint64_t bytes;
	uint32_t files;
	file_id example; /* that has most of it */
	uint64_t most;
};

/* All names of an inode but the first. */
static void find_further_names(const struct graph *g, struct idset *ret)
{
	struct inode_names names;

	idset_init(ret, g->file_count + 1u);
	inode_names_find(g, &names);
	array_each (&names.inodes, i)
		for (uint32_t k = 1; k < names.inodes.data[i].len; k++)
			idset_add(ret, names.files.data[names.inodes.data[i].at + k]);
	inode_names_release(&names);
}

/* Programs and libraries: strip breaks what is still to be linked, and modules need their
 * symbols. */
static bool can_be_stripped(const struct waste_search *s, const struct graph_elf *elf)
{
	uint8_t category = s->g->files[elf->file].category;

	return !elf->is_stripped && elf->debug_bytes > 0 && waste_has(s, elf->file) &&
	       (category == CATEGORY_EXECUTABLE || category == CATEGORY_LIBRARY) &&
	       (elf->type == ELF_EXECUTABLE || elf->type == ELF_PIE ||
		elf->type == ELF_SHARED);
}

static void report_unstripped(const struct waste_search *s, const struct unstripped *sum,
			      pkg_id package)
{
	waste_add(s,
		  (struct waste){
			  .rule = "unstripped",
			  .file = package ? 0 : sum->example,
			  .package = package,
			  .bytes = sum->bytes,
			  .remedy = package ? "let the package's build strip them "
					      "(brp-strip), not the image: rpm -V would "
					      "tell"
					    : "strip --strip-unneeded",
		  },
		  "%u program%s or librar%s not stripped: symbol tables and debug "
		  "sections, most of them in %s",
		  sum->files, sum->files > 1 ? "s" : "",
		  sum->files > 1 ? "ies are" : "y is",
		  graph_text(s->g, s->g->files[sum->example].path));
}

static void sum_unstripped(const struct waste_search *s, struct unstripped *sums)
{
	const struct graph *g = s->g;
	struct idset further;

	find_further_names(g, &further);
	for (uint32_t i = 0; i < g->elf_count; i++) {
		const struct graph_elf *elf = &g->elves[i];
		struct unstripped *sum;

		if (!can_be_stripped(s, elf) || idset_has(&further, elf->file))
			continue;
		sum = &sums[graph_file_owner(g, elf->file)];
		sum->bytes += elf->debug_bytes;
		sum->files++;
		if (elf->debug_bytes > sum->most) {
			sum->most = elf->debug_bytes;
			sum->example = elf->file;
		}
	}
	idset_release(&further);
}

void waste_find_unstripped(const struct waste_search *s)
{
	const struct graph *g = s->g;
	struct unstripped *sums = mem_calloc(g->package_count + 1u, sizeof(*sums));

	sum_unstripped(s, sums);
	for (pkg_id p = 0; p <= g->package_count; p++)
		if (sums[p].files)
			report_unstripped(s, &sums[p], p);
	free(sums);
}

uint64_t waste_symbols(const struct graph *g, uint64_t *ret_of)
{
	const struct waste_search s = { .g = g };
	struct unstripped *sums = mem_calloc(g->package_count + 1u, sizeof(*sums));
	uint64_t bytes = 0;

	sum_unstripped(&s, sums);
	for (pkg_id p = 0; p <= g->package_count; p++) {
		ret_of[p] = sums[p].bytes;
		bytes += sums[p].bytes;
	}
	free(sums);
	return bytes;
}

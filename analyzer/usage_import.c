#include "analyzer/usage_import.h"

#include "base/text.h"
#include "graph/follow.h"
#include "graph/usage.h"
#include "rules/matcher.h"

#include <string.h>

/* One of several names of a file. */
struct hard_link {
	uint64_t device, inode;
	file_id file;
};

struct module {
	char *name; /* with '_' for '-', without ".ko" */
	file_id file;
};

struct usage_importer {
	const struct graph *graph;
	ARRAY_OF(struct hard_link) links;
	ARRAY_OF(struct module) modules;
	/* of the evidence at hand */
	use_rows uses;
	memory_rows memory;
	uint64_t unknown;
	/* paths that were looked up: evidence of many nodes names the same ones */
	struct strpool paths;
	ARRAY_OF(struct followed *) found; /* by id in paths */
};

#define FOUND_MAX (1u << 20) /* paths remembered */

static int compare_links(const void *a, const void *b)
{
	const struct hard_link *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->file > y->file) - (x->file < y->file);
}

static int compare_modules(const void *a, const void *b)
{
	const struct module *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->file > y->file) - (x->file < y->file);
}

struct usage_importer *usage_importer_new(const struct graph *g)
{
	struct usage_importer *importer = mem_calloc(1, sizeof(*importer));

	importer->graph = g;
	strpool_init(&importer->paths);
	array_push(&importer->found, NULL);
	for (file_id f = 1; f <= g->file_count; f++) {
		const struct graph_file *file = &g->files[f];
		char *name = file->category == CATEGORY_KERNEL_MODULE
				     ? matcher_module_name(graph_text(g, file->path))
				     : NULL;

		if (name)
			array_push(&importer->modules, (struct module){ name, f });
		if (file->link_count > 1 && file->type == FILE_REGULAR)
			array_push(&importer->links,
				   (struct hard_link){ file->device, file->inode, f });
	}
	array_sort(&importer->links, compare_links);
	array_sort(&importer->modules, compare_modules);
	return importer;
}

void usage_importer_free(struct usage_importer *importer)
{
	if (!importer)
		return;
	array_each (&importer->modules, i)
		free(importer->modules.data[i].name);
	array_each (&importer->found, i)
		free(importer->found.data[i]);
	array_release(&importer->found);
	strpool_release(&importer->paths);
	array_release(&importer->links);
	array_release(&importer->modules);
	array_release(&importer->uses);
	array_release(&importer->memory);
	free(importer);
}

void usage_importer_freep(struct usage_importer **importer)
{
	usage_importer_free(*importer);
}

void usage_report_release(struct usage_report *report)
{
	for (size_t i = 0; i < report->example_count; i++)
		free(report->examples[i]);
	*report = (struct usage_report){ 0 };
}

/* Where a path leads, remembered; valid until the next call. */
static const struct followed *follow(struct usage_importer *importer, const char *path)
{
	str_id id = strpool_find(&importer->paths, path);
	struct followed *found, way;
	size_t size;

	if (id)
		return importer->found.data[id];
	if (importer->paths.count >= FOUND_MAX) {
		array_each (&importer->found, i)
			free(importer->found.data[i]);
		importer->found.len = 0;
		array_push(&importer->found, NULL);
		strpool_release(&importer->paths);
		strpool_init(&importer->paths);
	}
	graph_follow(importer->graph, path, &way);
	/* most ways have no link at all: keep what is used of the array */
	size = offsetof(struct followed, links) + way.link_count * sizeof(way.links[0]);
	found = mem_alloc(size);
	memcpy(found, &way, size);
	strpool_add(&importer->paths, path);
	array_push(&importer->found, found);
	return found;
}

static bool is_outside(const char *path)
{
	static const char *const FOLDERS[] = { "/proc", "/sys", "/dev", "/run" };

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		size_t len = strlen(FOLDERS[i]);

		if (strncmp(path, FOLDERS[i], len) == 0 &&
		    (path[len] == '/' || path[len] == '\0'))
			return true;
	}
	return false;
}

static void note_unknown(struct usage_importer *importer, const char *path,
			 struct usage_report *report)
{
	if (is_outside(path)) {
		report->outside++;
		return;
	}
	importer->unknown++;
	report->unknown++;
	if (report->example_count < IMPORT_EXAMPLES)
		report->examples[report->example_count++] = mem_strdup(path);
}

static void add_row(struct usage_importer *importer, const struct use_row *row)
{
	const struct graph_file *file = &importer->graph->files[row->file];
	struct hard_link wanted = { file->device, file->inode, 0 };
	size_t low = 0, high = importer->links.len;
	struct use_row other = *row;

	array_push(&importer->uses, *row);
	if (file->link_count < 2 || file->type != FILE_REGULAR)
		return;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_links(&importer->links.data[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < importer->links.len; low++) {
		const struct hard_link *link = &importer->links.data[low];

		if (link->device != wanted.device || link->inode != wanted.inode)
			break;
		other.file = link->file;
		if (other.file != row->file)
			array_push(&importer->uses, other);
	}
}

static void import_use(struct usage_importer *importer, const struct evidence *ev,
		       const struct evidence_use *use, struct usage_report *report)
{
	const struct graph *g = importer->graph;
	file_id by = use->by ? follow(importer, evidence_text(ev, use->by))->file : 0;
	const char *path = evidence_text(ev, use->path);
	const struct followed *way = follow(importer, path);
	struct use_row row = {
		.use = use->use, .scope = use->scope, .by = by, .count = use->count
	};

	if (!way->file) {
		note_unknown(importer, path, report);
		return;
	}
	for (size_t i = 0; i < way->link_count; i++) {
		row.file = way->links[i];
		add_row(importer, &row);
	}
	report->uses++;
	row.file = way->file;
	if (g->files[row.file].type != FILE_DIRECTORY)
		add_row(importer, &row);
}

static void import_memory(struct usage_importer *importer, const struct evidence *ev,
			  const struct evidence_memory *row)
{
	struct memory_row added = {
		.scope = row->scope,
		.processes = row->processes,
		.pss_bytes = row->pss_bytes,
		.private_dirty_bytes = row->private_dirty_bytes,
	};

	if (row->executable)
		added.executable =
			follow(importer, evidence_text(ev, row->executable))->file;
	if (row->file)
		added.file = follow(importer, evidence_text(ev, row->file))->file;
	array_push(&importer->memory, added);
}

static bool of_kernel(const struct graph *g, file_id file, const char *kernel)
{
	_cleanup_(freep) char *folder = mem_printf("/modules/%s/", kernel);

	return !kernel[0] || strstr(graph_text(g, g->files[file].path), folder);
}

static void import_module(struct usage_importer *importer, const struct evidence *ev,
			  const char *name, struct usage_report *report)
{
	_cleanup_(freep) char *wanted = mem_strdup(name);
	size_t low = 0, high = importer->modules.len;
	bool found = false;

	for (char *c = wanted; *c; c++)
		*c = *c == '-' ? '_' : *c;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(importer->modules.data[mid].name, wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < importer->modules.len; low++) {
		const struct module *module = &importer->modules.data[low];

		if (strcmp(module->name, wanted) != 0)
			break;
		if (!of_kernel(importer->graph, module->file,
			       evidence_text(ev, ev->kernel)))
			continue;
		add_row(importer, &(struct use_row){ .file = module->file,
						     .use = USE_MAPPED,
						     .scope = SCOPE_HOST,
						     .count = 1 });
		found = true;
	}
	if (found)
		report->uses++;
	else
		note_unknown(importer, name, report);
}

static int write_rows(struct usage_importer *importer, struct usage_writer *writer,
		      struct evidence_row *row, struct usage_report *report,
		      struct error *err)
{
	int r;

	use_rows_normalize(&importer->uses);
	memory_rows_normalize(&importer->memory);
	row->uses = &importer->uses;
	row->memory = &importer->memory;
	r = usage_writer_add(writer, row, err);
	importer->uses.len = importer->memory.len = 0;
	if (r == 0)
		report->added++;
	return r;
}

int usage_import(struct usage_importer *importer, struct usage_writer *writer,
		 const struct evidence *ev, struct usage_report *report,
		 struct error *err)
{
	char digest[EVIDENCE_DIGEST_LEN + 1];
	struct evidence_row row = {
		.digest = digest,
		.source = ev->source,
		.node = evidence_text(ev, ev->node),
		.begin = ev->begin,
		.end = ev->end,
		.complete = ev->complete,
		.whole_node = ev->whole_node,
		.lost = ev->lost,
	};
	int r = evidence_digest(ev, digest, err);

	if (r < 0)
		return r;
	if (usage_writer_has(writer, digest)) {
		report->known++;
		return 1;
	}
	importer->unknown = 0;
	array_each (&ev->uses, i)
		import_use(importer, ev, &ev->uses.data[i], report);
	array_each (&ev->memory, i)
		import_memory(importer, ev, &ev->memory.data[i]);
	array_each (&ev->modules, i)
		import_module(importer, ev, evidence_text(ev, ev->modules.data[i]),
			      report);
	report->skipped += ev->skipped;
	report->elsewhere += ev->elsewhere;
	report->lost += ev->lost;
	row.unknown_paths = importer->unknown;
	return write_rows(importer, writer, &row, report, err);
}

/* Merging another graph's evidence. */
struct graph_merge {
	struct usage_importer *importer;
	struct usage_writer *writer;
	struct usage_report *report;
	const struct usage *usage;
	file_id *same; /* file of this graph, by file of the other one; 0: none */
};

static int merge_evidence(uint32_t index, const use_rows *uses, const memory_rows *memory,
			  void *arg, struct error *err)
{
	struct graph_merge *merge = arg;
	const struct usage_evidence *from = &merge->usage->evidence[index];
	struct evidence_row row = {
		.digest = usage_text(merge->usage, from->digest),
		.source = usage_text(merge->usage, from->source),
		.node = usage_text(merge->usage, from->node),
		.begin = from->begin,
		.end = from->end,
		.complete = from->complete,
		.whole_node = from->whole_node,
		.lost = from->lost,
		.unknown_paths = from->unknown_paths,
	};
	int r;

	if (usage_writer_has(merge->writer, row.digest)) {
		merge->report->known++;
		return 0;
	}
	array_each (uses, i) {
		struct use_row use = uses->data[i];

		use.file = merge->same[use.file];
		use.by = merge->same[use.by];
		if (use.file)
			array_push(&merge->importer->uses, use);
		merge->report->uses += use.file != 0;
		merge->report->unknown += use.file == 0;
		row.unknown_paths += use.file == 0;
	}
	array_each (memory, i) {
		struct memory_row held = memory->data[i];

		held.executable = merge->same[held.executable];
		held.file = merge->same[held.file];
		array_push(&merge->importer->memory, held);
	}
	merge->report->lost += from->lost;
	r = write_rows(merge->importer, merge->writer, &row, merge->report, err);
	return r < 0 ? r : 0;
}

int usage_import_graph(struct usage_importer *importer, struct usage_writer *writer,
		       struct store *from, struct usage_report *report, struct error *err)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(usage_freep) struct usage *usage = NULL;
	_cleanup_(freep) file_id *same = NULL;
	struct graph_merge merge = { importer, writer, report, NULL, NULL };
	int r = graph_load(from, &g, err);

	if (r == 0)
		r = usage_load(from, g, &usage, err);
	if (r < 0)
		return r;
	same = mem_calloc(g->file_count + 1u, sizeof(*same));
	for (file_id f = 1; f <= g->file_count; f++)
		same[f] =
			graph_find_file(importer->graph, graph_text(g, g->files[f].path));
	merge.usage = usage;
	merge.same = same;
	return usage_each_evidence(from, g, usage, merge_evidence, &merge, err);
}

#include "analyzer/walk.h"

#include "analyzer/edges.h"
#include "analyzer/walk_folder.h"
#include "analyzer/weigh.h"
#include "base/io.h"
#include "base/parallel.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Longer paths are weighed, not entered: their sum would grow with the square of depth. */
#define PATH_BYTES_MAX 16384
#define PARALLEL_MIN   32 /* folders at one depth for which more threads are worth it */

const char *const WALK_BOUNDARIES[] = {
	"/proc",
	"/sys",
	"/dev",
	"/run",
	"/ostree/repo",
	"/sysroot/ostree/repo",
	"/var/lib/buildkit",
	"/var/lib/containerd",
	"/var/lib/containers/storage",
	"/var/lib/docker",
	"/var/lib/kubelet/plugins/kubernetes.io",
	"/var/lib/kubelet/pods",
	"/var/lib/machines",
	"/var/lib/rancher/k3s/agent/containerd",
	NULL,
};

struct walk {
	struct rootfs *root;
	const struct walk_options *options;
	struct tree *tree;
	struct walk_result *result;
	struct walk_folder *threads;
	unsigned int thread_count;
	ARRAY_OF(uint32_t) level; /* folders at one depth: indexes of entries */
	ARRAY_OF(uint32_t) aside; /* folders that are weighed and not entered */
	struct weigh_linked_list linked;
};

static const struct walk_rule OTHER_FILE_SYSTEM = {
	"other-file-system", SEVERITY_WARNING,
	"analyze with --cross-file-systems, or mount it elsewhere and analyze it by "
	"itself"
};
static const struct walk_rule DEEP_FOLDER = {
	"deep-folder", SEVERITY_WARNING, "look at who made it; such depth has no use"
};

static void add_problem(struct walk *walk, const struct walk_rule *rule, str_id path,
			char *text)
{
	array_push(&walk->result->problems,
		   (struct walk_problem){ rule->name, rule->remedy, rule->severity, path,
					  text });
	if (rule->severity <= SEVERITY_WARNING)
		walk->result->complete = false;
}

static bool is_in(const char *const *list, const char *path)
{
	for (; *list; list++)
		if (strcmp(*list, path) == 0)
			return true;
	return false;
}

static bool is_listed(const struct walk *walk, const char *path)
{
	const char *const *mine = walk->options->boundaries;

	if (mine && is_in(mine, path))
		return true;
	return !walk->options->no_default_boundaries && is_in(WALK_BOUNDARIES, path);
}

static bool is_elsewhere(const struct walk *walk, const struct tree_entry *entry)
{
	return entry->device != rootfs_device(walk->root);
}

static bool is_virtual(const struct walk *walk, const char *path)
{
	_cleanup_(closep) int fd = rootfs_open_dir(walk->root, path, NULL);

	return fd >= 0 && weigh_is_virtual(fd);
}

/* A folder that was just added: to be entered at the next depth, or set aside? */
static void place_folder(struct walk *walk, uint32_t index)
{
	struct tree_entry *entry = &walk->tree->entries.data[index];
	const char *path = tree_text(walk->tree, entry->path);

	if (is_listed(walk, path)) {
		array_push(&walk->aside, index);
	} else if (is_elsewhere(walk, entry) && is_virtual(walk, path)) {
		entry->is_boundary = true;
		entry->disk_bytes = 0;
	} else if (is_elsewhere(walk, entry) && !walk->options->cross_file_systems) {
		entry->is_boundary = true;
		entry->disk_bytes = 0; /* its blocks are on the other one */
		add_problem(walk, &OTHER_FILE_SYSTEM, entry->path,
			    mem_strdup("is on another file system and was not entered"));
	} else if (strlen(path) > PATH_BYTES_MAX) {
		add_problem(walk, &DEEP_FOLDER, entry->path,
			    mem_printf("has a path of %zu bytes and was not entered",
				       strlen(path)));
		array_push(&walk->aside, index);
	} else {
		array_push(&walk->level, index);
	}
}

static void add_entry(struct walk *walk, const struct walk_folder *seen,
		      const struct tree_entry *found)
{
	const char *text = strbuf_text(&seen->text);
	struct tree_entry *entry = tree_add(walk->tree, text + found->path);
	str_id path = entry->path, target = 0;

	/* In a thread's list the strings are offsets into its text. */
	if (found->type == FILE_SYMLINK)
		target = strpool_add(&walk->tree->strings, text + found->target);
	*entry = *found;
	entry->path = path;
	entry->target = target;
	if (entry->type == FILE_DIRECTORY)
		place_folder(walk, (uint32_t)walk->tree->entries.len - 1);
	else if (is_elsewhere(walk, entry) && !walk->options->cross_file_systems)
		entry->disk_bytes = 0; /* a file that something is mounted on */
}

/* Put what the threads saw at one depth into the tree; the folders among it are next. */
static void gather(struct walk *walk)
{
	walk->level.len = 0;
	for (unsigned int t = 0; t < walk->thread_count; t++) {
		struct walk_folder *seen = &walk->threads[t];

		array_each (&seen->entries, i)
			add_entry(walk, seen, &seen->entries.data[i]);
		array_each (&seen->problems, i) {
			struct walk_folder_problem *p = &seen->problems.data[i];
			struct tree_entry *entry = &walk->tree->entries.data[p->entry];

			entry->unreadable |= p->unreadable;
			add_problem(walk, p->rule, entry->path, steal_ptr(&p->text));
		}
		seen->entries.len = 0;
		seen->problems.len = 0;
		strbuf_clear(&seen->text);
	}
}

static void read_one(void *arg, size_t item, unsigned int thread)
{
	struct walk *walk = arg;
	uint32_t index = walk->level.data[item];
	const struct tree_entry *entry = &walk->tree->entries.data[index];

	if (progress_stopped(walk->options->progress))
		return;
	walk_folder_read(&walk->threads[thread], index, entry,
			 tree_text(walk->tree, entry->path));
	if (thread == 0)
		progress_report(walk->options->progress, "walk",
				walk->tree->entries.len + walk->threads[0].entries.len,
				0);
}

static int start(struct walk *walk, struct error *err)
{
	struct tree_entry *entry;
	struct stat st;

	if (fstat(rootfs_fd(walk->root), &st) < 0)
		return error_errno(err, "cannot look at the root");
	entry = tree_add(walk->tree, "/");
	walk_fill_entry(entry, &st);
	array_push(&walk->level, 0);
	return 0;
}

static int walk_levels(struct walk *walk, struct error *err)
{
	while (walk->level.len > 0) {
		bool few = walk->level.len < PARALLEL_MIN;

		parallel_for(walk->level.len, few ? 1 : walk->thread_count, read_one,
			     walk);
		for (unsigned int t = 0; t < walk->thread_count; t++)
			if (walk->threads[t].failed < 0)
				return error_set(err, walk->threads[t].failed,
						 "cannot walk the root: %s",
						 strerror(-walk->threads[t].failed));
		gather(walk);
	}
	return 0;
}

/* Place 0 is the tree, place i + 1 the boundary i. */
static void weigh_tree(struct walk *walk)
{
	array_each (&walk->tree->entries, i) {
		const struct tree_entry *entry = &walk->tree->entries.data[i];

		if (entry->link_count > 1 && entry->type != FILE_DIRECTORY)
			array_push(&walk->linked.items,
				   (struct weigh_linked){ entry->device, entry->inode,
							  entry->disk_bytes, 0 });
		else
			walk->result->disk_bytes += entry->disk_bytes;
	}
	walk->result->entries = walk->tree->entries.len;
}

static void weigh_boundary(struct walk *walk, uint32_t index)
{
	struct tree_entry *entry = &walk->tree->entries.data[index];
	struct weigh weigh = {
		.device = rootfs_device(walk->root),
		.cross = walk->options->cross_file_systems,
		.place = (uint32_t)walk->result->boundaries.len + 1,
		.linked = &walk->linked,
	};

	if (is_elsewhere(walk, entry)) {
		entry->is_boundary = true;
		entry->disk_bytes = 0;
		if (!weigh.cross)
			return;
	}
	weigh_folder(&weigh, rootfs_open_dir(walk->root,
					     tree_text(walk->tree, entry->path), NULL));
	if (weigh.unreadable) {
		entry->unreadable = true;
		add_problem(walk, &WALK_UNREADABLE_FOLDER, entry->path,
			    mem_printf("has %" PRIu64 " folders that cannot be weighed",
				       weigh.unreadable));
	}
	if (weigh.entries == 0 && !weigh.unreadable)
		return;
	entry->is_boundary = true;
	array_push(
		&walk->result->boundaries,
		(struct walk_boundary){ entry->path, weigh.entries, weigh.disk_bytes });
}

static int compare_texts(const struct tree *tree, str_id a, str_id b)
{
	return strcmp(tree_text(tree, a), tree_text(tree, b));
}

static int compare_boundaries(const void *a, const void *b, void *tree)
{
	const struct walk_boundary *x = a, *y = b;

	return compare_texts(tree, x->path, y->path);
}

static int compare_problems(const void *a, const void *b, void *tree)
{
	const struct walk_problem *x = a, *y = b;
	int r = compare_texts(tree, x->path, y->path);

	if (r == 0)
		r = strcmp(x->rule, y->rule);
	return r ? r : strcmp(x->text, y->text);
}

static void weigh_all(struct walk *walk)
{
	struct walk_result *result = walk->result;
	uint64_t *bytes;

	array_each (&walk->aside, i)
		weigh_boundary(walk, walk->aside.data[i]);
	weigh_tree(walk);
	bytes = mem_calloc(result->boundaries.len + 1, sizeof(*bytes));
	weigh_linked(&walk->linked, bytes);
	result->disk_bytes += bytes[0];
	array_each (&result->boundaries, i) {
		result->boundaries.data[i].disk_bytes += bytes[i + 1];
		result->boundary_bytes += result->boundaries.data[i].disk_bytes;
	}
	free(bytes);
}

static void walk_init(struct walk *walk)
{
	walk->thread_count =
		walk->options->threads ? walk->options->threads : parallel_threads();
	walk->threads = mem_calloc(walk->thread_count, sizeof(*walk->threads));
	for (unsigned int t = 0; t < walk->thread_count; t++)
		walk->threads[t].root = walk->root;
}

static void walk_release(struct walk *walk)
{
	for (unsigned int t = 0; t < walk->thread_count; t++)
		walk_folder_release(&walk->threads[t]);
	free(walk->threads);
	array_release(&walk->level);
	array_release(&walk->aside);
	array_release(&walk->linked.items);
}

int walk_root(struct rootfs *root, const struct walk_options *options, struct tree *tree,
	      struct walk_result *ret, struct error *err)
{
	_cleanup_(walk_release) struct walk walk = {
		.root = root, .options = options, .tree = tree, .result = ret
	};
	int r;

	assert(tree->entries.len == 0);
	*ret = (struct walk_result){ .complete = true };
	walk_init(&walk);
	r = start(&walk, err);
	if (r < 0)
		return r;
	r = walk_levels(&walk, err);
	if (r < 0)
		return r;
	weigh_all(&walk);
	tree_sort(tree);
	array_sort_with(&ret->boundaries, compare_boundaries, tree);
	array_sort_with(&ret->problems, compare_problems, tree);
	return 0;
}

void walk_result_release(struct walk_result *result)
{
	array_each (&result->problems, i)
		free(result->problems.data[i].text);
	array_release(&result->problems);
	array_release(&result->boundaries);
}

void walk_findings(const struct walk_result *result, const struct tree *tree,
		   struct finding_list *findings)
{
	array_each (&result->problems, i) {
		const struct walk_problem *problem = &result->problems.data[i];
		const char *path = tree_text(tree, problem->path);

		finding_list_add(findings,
				 &(struct finding_row){
					 .rule = problem->rule,
					 .severity = problem->severity,
					 .file = tree_id(tree, tree_find(tree, path)),
					 .subject = path,
					 .text = problem->text,
					 .remedy = problem->remedy });
	}
}

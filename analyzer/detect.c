#include "analyzer/detect.h"

#include "analyzer/detect_list.h"
#include "base/io.h"
#include "base/parallel.h"

#include <errno.h>
#include <locale.h>
#include <unistd.h>

void detect_edge(const struct detect *d, struct detect_sink *out,
		 const struct tree_entry *from, const struct tree_entry *to,
		 struct edge_row how)
{
	how.from_file = tree_id(d->tree, from);
	how.to_file = tree_id(d->tree, to);
	if (!how.cite_text)
		how.cite_text = tree_text(d->tree, to->path);
	edge_list_add(&out->edges, &how);
}

#define MAX_TARGETS 16

struct reference {
	const struct detect *d;
	struct detect_sink *out;
	const struct detect_input *in;
	struct edge_row how;
};

static size_t add_all(const struct reference *ref, const struct tree_entry **found,
		      size_t n)
{
	for (size_t i = 0; i < n; i++)
		detect_edge(ref->d, ref->out, ref->in->entry, found[i], ref->how);
	return n;
}

/* Targets with one answer. */
static const struct tree_entry *(*const FIND_ONE[])(const struct resolve_index *,
						    const char *, size_t) = {
	[TARGET_COMMAND] = resolve_command, [TARGET_PATH] = resolve_path,
	[TARGET_UNIT] = resolve_unit,	    [TARGET_BUS_NAME] = resolve_bus_name,
	[TARGET_CAPABILITY] = NULL,
};

/* A folder is named without being needed; so is a symlink that leads to one. */
static bool is_file(const struct detect *d, const struct tree_entry *entry)
{
	if (entry->type == FILE_SYMLINK)
		entry = tree_resolve(d->tree, tree_text(d->tree, entry->path), 0);
	return entry && entry->on_disk && entry->type != FILE_DIRECTORY;
}

size_t detect_find(const struct detect *d, enum detect_target target, const char *text,
		   size_t len, const struct tree_entry **ret, size_t max)
{
	if (target == TARGET_SONAME)
		return resolve_soname(d->resolve, text, len, ret, max);
	if (target == TARGET_MODULE)
		return resolve_module(d->resolve, text, len, ret, max);
	ret[0] = FIND_ONE[target](d->resolve, text, len);
	return ret[0] && (target != TARGET_PATH || is_file(d, ret[0]));
}

/* Packages whose provides have exactly this name. */
static size_t add_capability(const struct reference *ref, const char *text, size_t len)
{
	const struct rpm_image *rpm = ref->d->rpm;
	str_id name = strpool_find_len(&rpm->strings, text, len);
	struct edge_row how = ref->how;
	size_t n = 0;

	if (!name)
		return 0;
	how.from_file = ref->in->file;
	array_each (&rpm->packages, p) {
		const struct rpm_package *pkg = &rpm->packages.data[p];

		for (uint32_t i = 0; i < pkg->provides_len; i++) {
			cap_id cap = rpm->provides.data[pkg->provides_at + i];

			if (rpm->capabilities.data[cap].name != name)
				continue;
			how.to_package = (pkg_id)p + 1;
			edge_list_add(&ref->out->edges, &how);
			n++;
			break;
		}
	}
	return n;
}

size_t detect_reference(const struct detect *d, struct detect_sink *out,
			const struct detect_input *in, enum detect_target target,
			const char *text, size_t len, struct edge_row how)
{
	const struct tree_entry *found[MAX_TARGETS];
	_cleanup_(freep) char *cited = how.cite_text ? NULL : mem_strndup(text, len);
	struct reference ref = { d, out, in, how };

	if (cited)
		ref.how.cite_text = cited;
	if (target == TARGET_CAPABILITY)
		return add_capability(&ref, text, len);
	return add_all(&ref, found,
		       detect_find(d, target, text, len, found, MAX_TARGETS));
}

/* One thread's state. */
struct detect_thread {
	struct detect_sink sink;
	char *buffer; /* DETECT_MAX_BYTES + 1, made when first needed */
};

struct run {
	const struct detect *d;
	const struct detector *const *detectors;
	size_t detector_count;
	struct detect_thread *threads;
	locale_t bytes; /* patterns match bytes, wherever tare runs; it is faster, too */
};

/* Whole contents up to the limit; -errno when it cannot be read. */
static ssize_t read_contents(const struct run *run, struct detect_thread *t,
			     const char *path)
{
	_cleanup_(closep) int fd = rootfs_open_nofollow(run->d->root, path, NULL);
	ssize_t n;

	if (fd < 0)
		return fd;
	if (!t->buffer)
		t->buffer = mem_alloc(DETECT_MAX_BYTES + 1);
	n = io_pread(fd, t->buffer, DETECT_MAX_BYTES, 0);
	if (n >= 0)
		t->buffer[n] = '\0';
	return n;
}

/* The contents pass has already reported files that cannot be read. */
static void look_at_file(struct run *run, size_t i, unsigned int thread)
{
	struct detect_thread *t = &run->threads[thread];
	const struct tree_entry *entry = &run->d->tree->entries.data[i];
	struct detect_input in = { .entry = entry, .file = (file_id)i + 1 };
	bool loaded = false;

	if (!entry->on_disk || entry->type != FILE_REGULAR || entry->is_boundary)
		return;
	in.path = tree_text(run->d->tree, entry->path);
	for (size_t k = 0; k < run->detector_count; k++) {
		const struct detector *detector = run->detectors[k];

		if (!detector->wants || !detector->wants(run->d, entry, in.path))
			continue;
		if (!loaded && !detector->reads_itself) {
			ssize_t n = read_contents(run, t, in.path);

			if (n < 0)
				return;
			in.data = t->buffer;
			in.len = (size_t)n;
			loaded = true;
		}
		detector->file(run->d, &in, &t->sink);
	}
}

void detect_sink_init(struct detect_sink *sink)
{
	edge_list_init(&sink->edges);
	finding_list_init(&sink->findings);
	service_list_init(&sink->services);
	mark_list_init(&sink->marks);
}

void detect_sink_release(struct detect_sink *sink)
{
	edge_list_release(&sink->edges);
	finding_list_release(&sink->findings);
	service_list_release(&sink->services);
	mark_list_release(&sink->marks);
}

static void look_in_bytes(void *arg, size_t i, unsigned int thread)
{
	struct run *run = arg;
	locale_t before = uselocale(run->bytes);

	look_at_file(run, i, thread);
	uselocale(before);
}

static void look_at_whole(struct run *run)
{
	locale_t before = uselocale(run->bytes);

	for (size_t k = 0; k < run->detector_count; k++)
		if (run->detectors[k]->whole)
			run->detectors[k]->whole(run->d, &run->threads[0].sink);
	uselocale(before);
}

static void thread_init(struct detect_thread *t)
{
	*t = (struct detect_thread){ 0 };
	detect_sink_init(&t->sink);
}

static void thread_merge(struct detect_thread *t, struct detect_sink *ret)
{
	edge_list_merge(&ret->edges, &t->sink.edges);
	finding_list_merge(&ret->findings, &t->sink.findings);
	service_list_merge(&ret->services, &t->sink.services);
	mark_list_merge(&ret->marks, &t->sink.marks);
	detect_sink_release(&t->sink);
	free(t->buffer);
}

int detect_run(struct detect *d, unsigned int threads, struct detect_sink *ret,
	       struct error *err)
{
	struct run run = { .d = d,
			   .detectors = DETECTORS,
			   .detector_count = DETECTOR_COUNT };

	(void)err;
	module_path_python(&d->python, d->tree);
	module_path_perl(&d->perl, d->tree);
	if (threads == 0)
		threads = parallel_threads();
	run.threads = mem_calloc(threads, sizeof(*run.threads));
	for (unsigned int t = 0; t < threads; t++)
		thread_init(&run.threads[t]);
	run.bytes = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	parallel_for(d->tree->entries.len, threads, look_in_bytes, &run);
	look_at_whole(&run);
	for (unsigned int t = 0; t < threads; t++)
		thread_merge(&run.threads[t], ret);
	free(run.threads);
	if (run.bytes)
		freelocale(run.bytes);
	module_path_release(&d->python);
	module_path_release(&d->perl);
	return 0;
}

#include "analyzer/analyze.h"

#include "analyzer/archive_root.h"
#include "analyzer/classify.h"
#include "analyzer/content.h"
#include "analyzer/detect.h"
#include "analyzer/detect_rules.h"
#include "analyzer/duplicates.h"
#include "analyzer/elf_pass.h"
#include "analyzer/join.h"
#include "analyzer/layer_size.h"
#include "analyzer/linker.h"
#include "analyzer/module_alias.h"
#include "analyzer/os_release.h"
#include "analyzer/owner_guess.h"
#include "analyzer/rpm_declared.h"
#include "analyzer/rpm_history.h"
#include "analyzer/rpm_match.h"
#include "analyzer/rpm_source.h"
#include "analyzer/shebang.h"
#include "analyzer/walk.h"
#include "analyzer/write_elf.h"
#include "analyzer/write_graph.h"

#include "base/text.h"

#include <errno.h>

/* Everything of one analysis; passes take what they need from it. */
struct analysis {
	const struct analyze_options *options;
	struct archived_root *archived; /* NULL: the root is a folder */
	struct rootfs *root;
	struct lookup lookup;
	struct detect_rules *rules;
	struct rpm_location rpmdb;
	struct rpm_image rpm;
	struct tree tree;
	struct walk_result walk;
	struct ownership_list owners;
	struct elf_table elf;
	struct linker_result links;
	struct detect_sink found; /* by all passes */
	struct os_release os;
	uint64_t compressed_bytes; /* of all files; with options->compressed */
	bool complete;
};

static void analysis_init(struct analysis *a, const struct analyze_options *options)
{
	*a = (struct analysis){ .options = options, .complete = true };
	rpm_image_init(&a->rpm);
	tree_init(&a->tree);
	detect_sink_init(&a->found);
}

static void analysis_release(struct analysis *a)
{
	os_release_release(&a->os);
	linker_release(&a->links);
	elfpass_release(&a->elf);
	array_release(&a->owners.items);
	walk_result_release(&a->walk);
	tree_release(&a->tree);
	rpm_image_release(&a->rpm);
	rpm_location_release(&a->rpmdb);
	detect_rules_free(a->rules);
	lookup_release(&a->lookup);
	detect_sink_release(&a->found);
	rootfs_free(a->root);
	archived_root_free(a->archived);
}

static int open_root(struct analysis *a, struct error *err)
{
	const struct analyze_options *o = a->options;
	int r = archived_root_open(o->root, o->image, o->progress, &a->archived, err);

	if (r < 0)
		return r;
	return rootfs_new(a->archived ? archived_root_folder(a->archived) : o->root,
			  &a->root, err);
}

/* Rule files first: a mistake of the user's must not cost a whole scan. */
static int open_inputs(struct analysis *a, struct error *err)
{
	int r = lookup_init(&a->lookup, NULL, err);

	if (r == 0)
		r = detect_rules_load(&a->lookup, &a->rules, err);
	if (r == 0)
		r = open_root(a, err);
	if (r == 0)
		r = rpm_locate(a->root, a->options->dbpath, &a->rpmdb, err);
	return r;
}

/* A new step of the work begins, unless nobody wants the result any more. */
static int step(const struct analysis *a, const char *phase, struct error *err)
{
	progress_report(a->options->progress, phase, 0, 0);
	if (progress_stopped(a->options->progress))
		return error_set(err, -EINTR, "interrupted: no graph was written");
	return 0;
}

static int read_rpmdb(struct analysis *a, struct error *err)
{
	int r;

	r = step(a, "rpmdb", err);
	if (r == 0)
		r = rpm_source_read(a->root, &a->rpmdb, &a->rpm, err);
	if (r == 0 && !a->options->metadata_only)
		r = rpm_history_read(a->root, &a->rpm, err);
	if (r < 0)
		return r;
	if (a->rpm.unreadable_count > 0)
		a->complete = false;
	return 0;
}

static int walk(struct analysis *a, struct error *err)
{
	const struct walk_options options = {
		.boundaries = a->options->boundaries,
		.cross_file_systems = a->options->cross_file_systems,
		.threads = a->options->threads,
		.progress = a->options->progress,
	};
	int r;

	if (a->options->metadata_only)
		return 0;
	r = walk_root(a->root, &options, &a->tree, &a->walk, err);
	a->complete &= a->walk.complete;
	if (r == 0 && a->archived)
		archived_root_restore(a->archived, &a->tree, &a->walk);
	return r;
}

/* The canonical spelling of a path that a requirement names. */
static char *canonical(void *arg, const char *path)
{
	return tree_canonical(arg, path);
}

static int join(struct analysis *a, struct error *err)
{
	join_rpm(&a->tree, &a->rpm, a->options->metadata_only, &a->owners);
	join_findings(&a->tree, &a->rpm, &a->owners, &a->found.findings);
	walk_findings(&a->walk, &a->tree, &a->found.findings);
	if (a->archived && !archived_root_findings(a->archived, &a->found.findings))
		a->complete = false;
	return rpm_match(&a->rpm, canonical, &a->tree, err);
}

/* The passes that look into every file, with what they keep meanwhile. */
struct contents {
	struct content content;
	struct content_pass passes[5];
	struct classify *classify;
	struct shebang_pass shebang;
	struct duplicates duplicates;
	struct layer_size sizes;
	unsigned int threads;
};

static void contents_release(struct contents *c)
{
	classify_free(c->classify);
	layersize_release(&c->sizes);
}

static void add_pass(struct contents *c, content_fn *fn, void *arg)
{
	c->passes[c->content.pass_count++] = (struct content_pass){ fn, arg };
}

static int begin_contents(struct analysis *a, struct contents *c, struct error *err)
{
	int r;

	c->content = (struct content){
		.root = a->root,
		.tree = &a->tree,
		.passes = c->passes,
		.findings = &a->found.findings,
		.progress = a->options->progress,
		.threads = a->options->threads,
	};
	c->threads = content_threads(&c->content);
	r = elfpass_init(&a->elf, c->threads, err);
	if (r == 0 && a->options->compressed)
		r = layersize_init(&c->sizes, &a->tree, c->threads, a->options->progress,
				   err);
	if (r < 0)
		return r;
	c->classify = classify_new(&a->tree, c->threads, a->options->no_libmagic);
	shebang_init(&c->shebang, c->threads);
	duplicates_init(&c->duplicates, &a->tree, c->threads);
	add_pass(c, classify_content, c->classify);
	add_pass(c, elfpass_file, &a->elf);
	add_pass(c, shebang_file, &c->shebang);
	add_pass(c, duplicates_file, &c->duplicates);
	if (a->options->compressed)
		add_pass(c, layersize_file, &c->sizes);
	return 0;
}

/* Look into every file once: what it is, what it needs, what it weighs. */
static int read_contents(struct analysis *a, struct error *err)
{
	_cleanup_(contents_release) struct contents c = { 0 };
	int r = begin_contents(a, &c, err);

	if (r < 0)
		return r;
	classify_entries(c.classify);
	a->complete &= content_run(&c.content) == 0;
	classify_finish(c.classify);
	elfpass_finish(&a->elf, &a->tree, &a->found.findings);
	shebang_finish(&c.shebang, &a->tree, &a->found.edges, &a->found.findings);
	duplicates_finish(&c.duplicates, &a->rpm, &a->owners, &a->found.marks);
	if (a->options->compressed)
		a->complete &= layersize_finish(&c.sizes, &a->found.findings,
						&a->compressed_bytes) == 0;
	return 0;
}

static void resolve_needed(struct analysis *a)
{
	const struct linker_input in = { a->root, &a->tree, &a->elf };

	linker_run(&in, &a->links, &a->found.edges, &a->found.findings);
}

static int detect(struct analysis *a, struct error *err)
{
	struct resolve_index *index = resolve_index_new(&a->tree);
	struct detect d = {
		.root = a->root,
		.tree = &a->tree,
		.rpm = &a->rpm,
		.owners = &a->owners,
		.resolve = index,
		.rules = a->rules,
		.elf = &a->elf,
	};
	int r = step(a, "detectors", err);

	if (r == 0 && !a->options->no_detectors) {
		module_alias_read(a->root, &a->tree, index);
		r = detect_run(&d, a->options->threads, &a->found, err);
	}
	resolve_index_free(index);
	return r;
}

/* Without a disk: what the headers say that files need of each other. */
static void declared_needs(struct analysis *a)
{
	struct rpm_declared *declared = rpm_declared_new(&a->rpm);
	file_id *file_of = mem_calloc(a->rpm.files.len, sizeof(*file_of));
	struct rpm_declared_need need;

	array_each (&a->owners.items, i)
		file_of[a->owners.items.data[i].rpm_file] = a->owners.items.data[i].file;
	while (rpm_declared_next(declared, &need)) {
		if (need.provider == RPM_FILE_NONE || !file_of[need.file] ||
		    !file_of[need.provider])
			continue;
		edge_list_add(&a->found.edges,
			      &(struct edge_row){ .from_file = file_of[need.file],
						  .to_file = file_of[need.provider],
						  .kind = need.kind == RPM_DECLARED_SONAME
								  ? EDGE_NEEDED
								  : EDGE_SHEBANG,
						  .strength = EDGE_LIKELY,
						  .cite_text = need.name });
	}
	free(file_of);
	rpm_declared_free(declared);
}

static int look_at_files(struct analysis *a, struct error *err)
{
	int r;

	if (a->options->metadata_only) {
		classify_declared(&a->tree, &a->rpm, &a->owners);
		declared_needs(a);
		return 0;
	}
	r = os_release_read(a->root, &a->os, err);
	if (r == 0)
		r = read_contents(a, err);
	if (r == 0)
		r = step(a, "linker", err);
	if (r < 0)
		return r;
	owner_guess(&a->tree);
	resolve_needed(a);
	return detect(a, err);
}

static uint64_t declared_bytes(const struct tree *tree)
{
	uint64_t sum = 0;

	array_each (&tree->entries, i)
		sum += tree->entries.data[i].disk_bytes;
	return sum;
}

static int write_image(struct analysis *a, struct store *st, struct error *err)
{
	bool declared = a->options->metadata_only;
	const struct image_row row = {
		.root = a->options->root,
		.os_id = a->os.id,
		.os_version = a->os.version_id,
		.os_variant = a->os.variant_id,
		.os_name = a->os.pretty_name,
		.architecture = rpm_image_architecture(&a->rpm),
		.rpmdb_backend = rpm_backend_name(a->rpmdb.backend),
		.rpmdb_path = a->rpmdb.path,
		.rpmdb_headers = a->rpm.header_count,
		.rpmdb_unreadable = a->rpm.unreadable_count,
		.metadata_only = declared,
		.complete = a->complete,
		.entries = declared ? a->tree.entries.len : a->walk.entries,
		.disk_bytes = declared ? declared_bytes(&a->tree) : a->walk.disk_bytes,
		.boundary_bytes = a->walk.boundary_bytes,
		.compressed_bytes = a->compressed_bytes,
		.has_compressed = a->options->compressed,
	};

	return store_set_image(st, &row, err);
}

static int add_option(struct store *st, const char *name, const char *value,
		      struct error *err)
{
	_cleanup_(freep) char *text = text_printable_dup(value);

	return store_add_option(st, name, text, err);
}

/* How the graph was made: what differs between two of them may come from here. */
static int write_options(const struct analysis *a, struct store *st, struct error *err)
{
	const struct analyze_options *o = a->options;
	_cleanup_(freep) char *rules = detect_rules_version(a->rules);
	const struct {
		const char *name, *value; /* NULL: the option was not used */
	} rows[] = {
		{ "detectors", rules },
		{ "archive", a->archived ? archived_root_form(a->archived) : NULL },
		{ "image", o->image },
		{ "dbpath", o->dbpath },
		{ "cross-file-systems", o->cross_file_systems ? "yes" : NULL },
		{ "compressed", o->compressed ? "gzip-6" : NULL },
		{ "no-libmagic", o->no_libmagic ? "yes" : NULL },
		{ "no-detectors", o->no_detectors ? "yes" : NULL },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(rows); i++)
		if (rows[i].value)
			r = add_option(st, rows[i].name, rows[i].value, err);
	for (size_t i = 0; r == 0 && !o->metadata_only && WALK_BOUNDARIES[i]; i++)
		r = add_option(st, "boundary", WALK_BOUNDARIES[i], err);
	for (size_t i = 0; r == 0 && o->boundaries && o->boundaries[i]; i++)
		r = add_option(st, "boundary", o->boundaries[i], err);
	return r;
}

static int write_all(struct analysis *a, struct error *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	int r = store_create(a->options->output, &st, err);

	if (r == 0)
		r = step(a, "write", err);
	if (r == 0)
		r = write_image(a, st, err);
	if (r == 0)
		r = write_options(a, st, err);
	if (r == 0)
		r = write_files(st, &a->tree, &a->rpm, &a->owners, err);
	if (r == 0)
		r = write_packages(st, &a->rpm, &a->tree, err);
	if (r == 0)
		r = write_elf(st, &a->elf, &a->links, err);
	if (r == 0)
		r = write_edges(st, &a->found.edges, err);
	if (r == 0)
		r = write_findings(st, &a->found.findings, err);
	if (r == 0)
		r = write_services(st, &a->found.services, err);
	if (r == 0)
		r = write_marks(st, &a->found.marks, err);
	if (r == 0)
		r = step(a, "index", err);
	if (r == 0)
		r = store_weigh_packages(st, err);
	return r == 0 ? store_commit(st, err) : r;
}

/* Problems of headers become findings. */
static void rpm_findings(struct analysis *a)
{
	array_each (&a->rpm.problems, i) {
		const struct rpm_problem *p = &a->rpm.problems.data[i];
		bool incomplete = strcmp(p->rule, RPM_PROBLEM_DATABASE) == 0;
		const char *subject =
			p->package ? rpm_image_text(
					     &a->rpm,
					     a->rpm.packages.data[p->package - 1].nevra)
				   : "rpmdb";

		finding_list_add(&a->found.findings,
				 &(struct finding_row){
					 .rule = p->rule,
					 .severity = incomplete ? SEVERITY_ERROR
								: SEVERITY_WARNING,
					 .package = p->package,
					 .subject = subject,
					 .text = rpm_image_text(&a->rpm, p->text),
					 .remedy = incomplete
							   ? "restore the rpmdb, or "
							     "reinstall the package"
							   : "reinstall the package, or "
							     "tell its maker" });
	}
}

static void summarize(const struct analysis *a, struct analyze_summary *ret)
{
	*ret = (struct analyze_summary){
		.packages = a->rpm.packages.len,
		.entries = a->tree.entries.len,
		.elf_files = a->elf.infos.len,
		.edges = a->found.edges.items.len,
		.findings = a->found.findings.items.len,
		.disk_bytes = a->options->metadata_only ? declared_bytes(&a->tree)
							: a->walk.disk_bytes,
	};
}

static int run(struct analysis *a, struct analyze_summary *ret, struct error *err)
{
	int r = store_probe(a->options->output, err);

	if (r == 0)
		r = open_inputs(a, err);
	if (r == 0)
		r = read_rpmdb(a, err);
	if (r == 0)
		r = walk(a, err);
	if (r == 0)
		r = step(a, "join", err);
	if (r == 0)
		r = join(a, err);
	if (r == 0)
		r = look_at_files(a, err);
	if (r < 0)
		return r;
	rpm_findings(a);
	edge_list_finish(&a->found.edges);
	finding_list_finish(&a->found.findings);
	service_list_finish(&a->found.services);
	mark_list_finish(&a->found.marks);
	summarize(a, ret);
	return write_all(a, err);
}

int analyze_root(const struct analyze_options *options, struct analyze_summary *ret,
		 struct error *err)
{
	struct analysis a;
	int r;

	analysis_init(&a, options);
	r = run(&a, ret, err);
	if (r == 0 && !a.complete)
		r = 1;
	analysis_release(&a);
	return r;
}

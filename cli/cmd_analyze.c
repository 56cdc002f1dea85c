/*
 * analyze – weigh a root and write its graph.
 */
#include "analyzer/analyze.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <errno.h>
#include <string.h>

struct analyze_command_options {
	struct common_options common;
	const char *dbpath, *image;
	text_array boundaries;
	uint64_t threads;
	bool cross_file_systems, metadata_only, compressed, no_libmagic;
};

#define MEMBER(name) offsetof(struct analyze_command_options, name)
#define THREADS_MAX  256

static const struct option_row ROWS[] = {
	{ 'o', OPTION_TEXT, "output", "FILE", offsetof(struct common_options, output),
	  .help = "the graph to write (default: tare.db)" },
	{ 0, OPTION_TEXT, "dbpath", "PATH", MEMBER(dbpath),
	  .help = "the RPM database, a folder or file inside the root (default: "
		  "searched)" },
	{ 0, OPTION_TEXT, "image", "NAME", MEMBER(image),
	  .help = "of several images in an archive: a tag, a digest or a platform "
		  "(linux/arm64)" },
	{ 0, OPTION_LIST, "boundary", "PATH", MEMBER(boundaries),
	  .help = "weigh this folder of the root, do not enter it (repeat it)" },
	{ 0, OPTION_FLAG, "cross-file-systems", NULL, MEMBER(cross_file_systems),
	  .help = "enter other file systems that are mounted in the root" },
	{ 0, OPTION_FLAG, "metadata-only", NULL, MEMBER(metadata_only),
	  .help = "read the RPM database alone: declared files and sizes" },
	{ 0, OPTION_FLAG, "compressed", NULL, MEMBER(compressed),
	  .help = "compress every file to know its size in an image layer (slow: reads "
		  "all)" },
	{ 0, OPTION_FLAG, "no-libmagic", NULL, MEMBER(no_libmagic),
	  .help = "do not ask libmagic what a file is: faster, less exact" },
	{ 'j', OPTION_NUMBER, "threads", "COUNT", MEMBER(threads),
	  .help = "use as many threads (default: one for each processor)" },
};

static const struct option_group GROUP = { "Analyze options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_UNITS, &GROUP_GENERAL,
						     NULL };

static int check_options(const struct analyze_command_options *options, struct error *err)
{
	if (options->threads > THREADS_MAX)
		return error_set(err, -EINVAL, "option '--threads': at most %d",
				 THREADS_MAX);
	if (options->compressed && options->metadata_only)
		return error_set(err, -EINVAL,
				 "options '--compressed' and '--metadata-only' exclude "
				 "each other");
	if (options->common.output && strcmp(options->common.output, "-") == 0)
		return error_set(
			err, -EINVAL,
			"a graph is a database: it cannot be written to standard "
			"output");
	return 0;
}

static int print_summary(const struct invocation *inv, const struct analyze_summary *sum,
			 const char *path, struct error *err)
{
	const struct analyze_command_options *options = inv->options;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (inv->common->quiet)
		return 0;
	style_counted(&text, sum->packages, "package");
	strbuf_puts(&text, ", ");
	style_counted(&text, sum->entries, "file");
	strbuf_puts(&text, options->metadata_only ? ", declared: " : ", on disk: ");
	style_size(&text, &inv->style, sum->disk_bytes);
	strbuf_puts(&text, "\n");
	style_counted(&text, sum->elf_files, "ELF file");
	strbuf_puts(&text, ", ");
	style_counted(&text, sum->edges, "edge");
	strbuf_puts(&text, ", ");
	style_counted(&text, sum->findings, "finding");
	strbuf_puts(&text, "\ngraph: ");
	style_bytes(&text, &inv->style, MARK_PLAIN, path);
	strbuf_putc(&text, '\n');
	return output_text(NULL, &text, err);
}

/* Options and progress of the run; analyze_root()'s result. */
static int analyze(const struct invocation *inv, const char *path,
		   struct analyze_summary *sum, struct error *err)
{
	const struct analyze_command_options *options = inv->options;
	struct analyze_options request = {
		.root = inv->args.data[0],
		.output = path,
		.image = options->image,
		.dbpath = options->dbpath,
		.cross_file_systems = options->cross_file_systems,
		.metadata_only = options->metadata_only,
		.compressed = options->compressed,
		.no_libmagic = options->no_libmagic,
		.threads = (unsigned int)options->threads,
	};
	text_array boundaries = { 0 };
	struct progress_bar bar;
	int r;

	array_each (&options->boundaries, i)
		array_push(&boundaries, options->boundaries.data[i]);
	array_push(&boundaries, NULL);
	request.boundaries = boundaries.data;
	progress_bar_begin(&bar, inv->may_show_progress, inv->common->verbose);
	interrupt_begin();
	bar.progress.stop = interrupt_flag();
	request.progress = &bar.progress;
	r = analyze_root(&request, sum, err);
	progress_bar_end(&bar);
	if (r == -EINTR && !inv->common->quiet)
		output_error(err);
	interrupt_end();
	array_release(&boundaries);
	return r;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const char *path = inv->common->output ? inv->common->output : STORE_DEFAULT_PATH;
	struct analyze_summary sum = { 0 };
	int r;

	if (check_options(inv->options, err) < 0)
		return EXIT_USAGE;
	r = analyze(inv, path, &sum, err);
	if (r < 0 || print_summary(inv, &sum, path, err) < 0)
		return EXIT_INPUT;
	if (r > 0) {
		error_set(
			err, -EIO,
			"the analysis is incomplete: something could not be read ('tare "
			"list findings -g %s' says what)",
			path);
		return EXIT_INPUT;
	}
	return EXIT_OK;
}

const struct command CMD_ANALYZE = {
	.name = "analyze",
	.arguments = "ROOT|ARCHIVE",
	.summary = "Weigh an installed RPM root and write its graph",
	.details = "An ARCHIVE is a tar or cpio archive of a root, one of docker save, "
		   "or an "
		   "OCI\n"
		   "layout; \"-\" reads it from standard input. It is unpacked below "
		   "$TMPDIR\n"
		   "(/var/tmp) while the analysis runs.\n\n"
		   "Nothing below ROOT is executed, written, or followed out of it. Run "
		   "it as\n"
		   "root, or as whoever may read all of ROOT: what cannot be read makes "
		   "the\n"
		   "graph incomplete and the exit status 3.",
	.groups = GROUPS,
	.options_size = sizeof(struct analyze_command_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

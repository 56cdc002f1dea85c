/*
 * observe – write down what a live host uses.
 */
#include "analyzer/evidence_file.h"
#include "analyzer/observe.h"
#include "base/io.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct observe_command_options {
	struct common_options common;
	const char *root, *duration, *node;
	uint64_t sample;
	bool no_memory;
};

#define MEMBER(name) offsetof(struct observe_command_options, name)

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "root", "DIR", MEMBER(root),
	  .help = "the root to watch (default: /)" },
	{ 0, OPTION_TEXT, "for", "DURATION", MEMBER(duration),
	  .help = "stop after 90s, 10m, 8h or 7d (default: when a signal comes)" },
	{ 0, OPTION_TEXT, "node", "NAME", MEMBER(node),
	  .help = "the node's name (default: the host's)" },
	{ 0, OPTION_NUMBER, "sample", "SECONDS", MEMBER(sample),
	  .help = "between two looks at the processes (default: 60)" },
	{ 0, OPTION_FLAG, "no-memory", NULL, MEMBER(no_memory),
	  .help = "note mapped files, but not how much memory they take" },
};

static const struct option_group GROUP = { "Observe options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

/* "90", "90s", "10m", "8h", "7d" */
static int parse_duration(const char *text, uint64_t *ret, struct error *err)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} UNITS[] = {
		{ '\0', 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }
	};
	uint64_t number = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && number < 1000000000; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	for (size_t i = 0; at > text && i < ARRAY_LEN(UNITS); i++) {
		if (*at != UNITS[i].unit || (*at && at[1]) || number == 0)
			continue;
		*ret = number * UNITS[i].seconds;
		return 0;
	}
	return error_set(err, -EINVAL, "'%s' is no duration: 90s, 10m, 8h, 7d", text);
}

static void say_limits(const struct invocation *inv, const struct evidence *ev,
		       const struct observe_report *report)
{
	if (!report->watching)
		output_note("opens are not seen (%s): that needs CAP_SYS_ADMIN",
			    strerror(report->watch_error));
	if (report->unreadable)
		output_note("processes that cannot be looked into: %" PRIu64
			    "; that needs CAP_SYS_PTRACE",
			    report->unreadable);
	if (report->unwatched)
		output_note("mounts that cannot be watched: %" PRIu64, report->unwatched);
	if (report->late)
		output_note("file systems that were mounted later: %" PRIu64
			    "; opens before that may be missing",
			    report->late);
	if (report->unsteady)
		output_note("file systems that do not report new names of files "
			    "(overlays): %" PRIu64
			    "; a file that is renamed may be known by one name only",
			    report->unsteady);
	if (ev->lost)
		output_note("incomplete: %" PRIu64 " losses, %" PRIu64
			    " of them of the kernel's queue",
			    ev->lost, report->overflows);
	if (!inv->common->quiet)
		output_note("%zu uses of files, %zu rows of memory", ev->uses.len,
			    ev->memory.len);
}

static void say_ready(void *arg)
{
	const struct invocation *inv = arg;

	if (!inv->common->quiet)
		output_note("observing");
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct observe_command_options *options = inv->options;
	struct observe_options ask = {
		.root = options->root ? options->root : "/",
		.node = options->node,
		.sample_seconds = options->sample,
		.no_memory = options->no_memory,
		.stop = interrupt_flag(),
		.ready = say_ready,
		.arg = (void *)inv,
	};
	const char *output = inv->common->output ? inv->common->output : "-";
	_cleanup_(evidence_release) struct evidence ev;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct observe_report report;
	int r = 0;

	evidence_init(&ev, "observe");
	if (options->duration)
		r = parse_duration(options->duration, &ask.seconds, err);
	if (r < 0)
		return EXIT_USAGE;
	interrupt_begin(); /* a signal ends the watching, not the program */
	r = observe(&ask, &ev, &report, err);
	if (r < 0)
		return EXIT_INPUT;
	evidence_sort(&ev);
	evidence_write(&ev, &text);
	r = output_text(output, &text, err);
	say_limits(inv, &ev, &report);
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_OBSERVE = {
	.name = "observe",
	.arguments = "",
	.summary = "Write down what a live host uses",
	.details = "Watches opens and executions, mapped files, memory and modules until "
		   "the\n"
		   "time is over or a signal comes, then writes an evidence file for\n"
		   "'tare usage import'. Nothing else is written.",
	.groups = GROUPS,
	.options_size = sizeof(struct observe_command_options),
	.run = run,
};

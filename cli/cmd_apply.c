/*
 * apply – carry a plan out on a copy of its root, or, when asked twice, on the root.
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "report/apply_check.h"
#include "report/verdict.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIVE_FOLDER "/var/lib/tare"
#define LIVE_STATE  LIVE_FOLDER "/apply"

struct apply_options {
	struct common_options common;
	const char *root, *state, *graph_after, *test;
	int scriptlets;
	bool keep, resume, live, really;
};

#define MEMBER(name) offsetof(struct apply_options, name)

static const char *const FORMATS[] = { "text", "json", NULL };
static const char *const SCRIPTLETS[] = { "off", "on", "sandbox", NULL };

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "root", "ROOT", MEMBER(root),
	  .help = "the root that the plan was made for; it is only read" },
	{ 'o', OPTION_TEXT, "output", "DIR", offsetof(struct common_options, output),
	  .help = "the folder to make: a trimmed copy of ROOT" },
	{ 0, OPTION_CHOICE, "scriptlets", "HOW", MEMBER(scriptlets),
	  .choices = SCRIPTLETS,
	  .help = "off (default), on (with all rights, as rpm does it), or sandbox" },
	{ 0, OPTION_TEXT, "prove", "COMMAND", MEMBER(test),
	  .help = "a test that must pass on the result ($TARE_ROOT); where it fails, "
		  "find "
		  "what it misses" },
	{ 0, OPTION_FLAG, "keep", NULL, MEMBER(keep),
	  .help = "keep what goes, so that 'tare undo' can bring it back" },
	{ 0, OPTION_TEXT, "state", "FOLDER", MEMBER(state),
	  .help = "journal and what is kept (default: DIR.tare-apply; live: " LIVE_STATE
		  ")" },
	{ 0, OPTION_FLAG, "resume", NULL, MEMBER(resume),
	  .help = "an earlier run was interrupted: take its half back and begin again" },
	{ 0, OPTION_TEXT, "graph-after", "FILE", MEMBER(graph_after),
	  .help = "write the graph of the result there" },
	{ 0, OPTION_FLAG, "live", NULL, MEMBER(live),
	  .help = "change ROOT itself; asks for --really, too" },
	{ 0, OPTION_FLAG, "really", NULL, MEMBER(really),
	  .help = "with --live: yes, change ROOT itself" },
	FORMAT_ROW(FORMATS, "text (default) or json"),
};

static const struct option_group GROUP = { "Apply options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_GRAPH, &GROUP_UNITS,
						     &GROUP_GENERAL, NULL };

static int check_options(const struct apply_options *o, struct error *err)
{
	if (!o->root)
		return error_set(err, -EINVAL,
				 "option '--root' is missing: it names the "
				 "root that the plan was made for");
	if (o->live && o->common.output)
		return error_set(err, -EINVAL, "either '--output' (a copy) or '--live'");
	if (!o->live && !o->common.output)
		return error_set(
			err, -EINVAL,
			"option '--output' is missing: it names the copy to make");
	if (o->live && o->test)
		return error_set(err, -EINVAL,
				 "'--prove' needs a copy: prove the plan "
				 "first, then apply it with '--live'");
	if (o->live != o->really)
		return error_set(err, -EINVAL,
				 "'--live' changes '%s' itself: it takes '--live' and "
				 "'--really'",
				 o->root);
	if ((o->live || o->keep) && o->scriptlets != SCRIPTLETS_OFF)
		return error_set(
			err, -EINVAL,
			"nobody can take back what scriptlets do: '--scriptlets' "
			"goes neither with '--keep' nor with '--live'");
	return 0;
}

/* The plan must be about this root, to the last item. */
static enum exit_status verify(const struct invocation *inv, const struct graph *g,
			       const struct plan_doc *doc, struct error *err)
{
	const struct apply_options *o = inv->options;
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;
	int r = rootfs_new(o->root, &root, err);

	if (r == 0)
		r = verify_plan(g, doc, root, &report, err);
	if (r < 0)
		return EXIT_INPUT;
	if (report->rpm.result == VERIFY_NOT_POSSIBLE) {
		error_set(err, -ENOTSUP, "RPM cannot erase packages here: %s",
			  report->rpm.text);
		return EXIT_INPUT;
	}
	if (report->passed && report->count[VERIFY_PACKAGE][VERIFY_NOOP] == 0)
		return EXIT_OK;
	error_set(
		err, -ESTALE,
		"the plan is refuted or stale (%u removals unsafe, %u not installed; %u "
		"files and %u services unsafe): 'tare verify' says why; make a new plan",
		report->count[VERIFY_PACKAGE][VERIFY_UNSAFE],
		report->count[VERIFY_PACKAGE][VERIFY_NOOP],
		report->count[VERIFY_FILE][VERIFY_UNSAFE],
		report->count[VERIFY_SERVICE][VERIFY_UNSAFE]);
	return EXIT_VIOLATED;
}

static int print(const struct invocation *inv, const struct apply_result *result,
		 const struct apply_check *check, struct error *err)
{
	const struct apply_options *o = inv->options;
	const char *target = o->live ? o->root : o->common.output;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	json_t *json;
	int r;

	if (inv->common->format == FORMAT_JSON) {
		json = apply_json(result, check, target);
		r = output_json(NULL, json, err);
		json_decref(json);
		return r;
	}
	if (inv->common->quiet && check->passed)
		return 0;
	apply_print(result, check, target, &inv->style, &text);
	return output_text(NULL, &text, err);
}

static int apply(const struct invocation *inv, const struct graph *g,
		 const struct plan_doc *doc, struct apply_check *check,
		 struct apply_result *result, struct error *err)
{
	const struct apply_options *o = inv->options;
	struct progress_bar bar;
	struct apply_request request = {
		.graph = g,
		.doc = doc,
		.root = o->root,
		.target = o->common.output,
		.state = o->state  ? o->state
			 : o->live ? LIVE_STATE
				   : NULL,
		.keep = o->keep,
		.resume = o->resume,
		.scriptlets = (enum scriptlets)o->scriptlets,
		.judge = apply_check_judge,
		.arg = check,
	};
	int r;

	if (o->live && !o->state && mkdir(LIVE_FOLDER, 0755) < 0 && errno != EEXIST)
		return error_errno(err, "cannot make '%s'", LIVE_FOLDER);
	progress_bar_begin(&bar, inv->may_show_progress, inv->common->verbose);
	interrupt_begin();
	bar.progress.stop = interrupt_flag();
	request.progress = check->progress = &bar.progress;
	r = apply_run(&request, result, err);
	progress_bar_end(&bar);
	if (r == -EINTR && !inv->common->quiet)
		output_error(err);
	interrupt_end();
	return r;
}

static enum exit_status status_of(int r, const struct apply_result *result)
{
	(void)result;
	if (r == APPLY_REFUSED || r == -ESTALE || r == -EBUSY)
		return EXIT_VIOLATED;
	if (r == -EEXIST || r == -EINVAL)
		return EXIT_USAGE;
	return r < 0 ? EXIT_INPUT : EXIT_OK;
}

static enum exit_status carry_out(const struct invocation *inv, struct store *store,
				  const struct graph *g, const struct plan_doc *doc,
				  struct error *err)
{
	const struct apply_options *o = inv->options;
	struct apply_check check = { .before = store,
				     .graph = g,
				     .graph_path = o->graph_after,
				     .test = o->test,
				     .may_differ = o->scriptlets != SCRIPTLETS_OFF };
	struct apply_result result = { 0 };
	int r = apply(inv, g, doc, &check, &result, err);
	enum exit_status status = status_of(r, &result);

	if (r >= 0 && print(inv, &result, &check, err) < 0)
		status = EXIT_INPUT;
	apply_result_release(&result);
	apply_check_release(&check);
	return status;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct apply_options *o = inv->options;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	enum exit_status status;
	int r;

	if (check_options(o, err) < 0)
		return EXIT_USAGE;
	if (geteuid() != 0) {
		error_set(err, -EPERM,
			  "apply copies owners, devices and capabilities: run "
			  "it as root");
		return EXIT_INPUT;
	}
	r = plan_json_read_file(inv->args.data[0], &doc, err);
	if (r == 0)
		r = command_load_graph(inv, &store, &g, err);
	if (r == 0 && (!g->image.complete || g->image.metadata_only))
		r = error_set(err, -EIO,
			      "the graph is of an incomplete analysis, so "
			      "nothing can be proven");
	if (r < 0)
		return EXIT_INPUT;
	status = verify(inv, g, doc, err);
	return status != EXIT_OK ? status : carry_out(inv, store, g, doc, err);
}

const struct command CMD_APPLY = {
	.name = "apply",
	.arguments = "PLAN.json",
	.summary = "Carry a plan out on a copy",
	.details =
		"ROOT is copied, the copy is trimmed, analysed again, and becomes DIR "
		"only when\n"
		"nothing is missing in it. Interrupted at any time, DIR is whole or not "
		"there.\n"
		"Exit status 1 when the plan is stale or the result was refused.",
	.groups = GROUPS,
	.options_size = sizeof(struct apply_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

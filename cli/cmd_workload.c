/*
 * workload – what the objects of a cluster or host need of a root, as a profile.
 */
#include "cli/command.h"
#include "cli/output.h"
#include "report/workload_text.h"
#include "workload/profile_text.h"

#include <errno.h>
#include <string.h>

struct workload_options {
	struct common_options common;
	text_array rule_folders;
	const char *root, *node;
};

enum { FORMAT_AUTO, FORMAT_WORKLOAD_JSON, FORMAT_WORKLOAD_TEXT, FORMAT_PROFILE };
static const char *const FORMATS[] = { "auto", "json", "text", "profile", NULL };

#define MEMBER(name) offsetof(struct workload_options, name)

static const struct option_row ROWS[] = {
	{ 0, OPTION_TEXT, "root", "ROOT", MEMBER(root),
	  .help = "read this root's static pods, Quadlet units and runtime handlers, "
		  "too" },
	{ 0, OPTION_TEXT, "node", "SELECTOR", MEMBER(node),
	  .help = "only objects that can run on these nodes: a name, or labels as "
		  "pool=a,zone in (b,c)" },
	FORMAT_ROW(FORMATS, "profile; text; json; auto (default): text, but the profile "
			    "with -o FILE"),
	{ 0, OPTION_LIST, "rules", "DIR", MEMBER(rule_folders),
	  .help = "search rule files there first (repeat it)" },
};

static const struct option_group GROUP = { "Workload options", ROWS, ARRAY_LEN(ROWS) };
static const struct option_group *const GROUPS[] = { &GROUP, &GROUP_GRAPH, &GROUP_OUTPUT,
						     &GROUP_GENERAL, NULL };

static bool writes_profile(const struct common_options *common)
{
	if (common->format == FORMAT_AUTO)
		return common->output && strcmp(common->output, "-") != 0;
	return common->format == FORMAT_PROFILE;
}

/* A profile is called as its file; on standard output it is "workload". */
static int profile_name(const struct common_options *common, char **ret,
			struct error *err)
{
	const char *path = common->output ? common->output : "-";
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	bool is_yaml = dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
	char *name;

	if (strcmp(path, "-") == 0) {
		*ret = mem_strdup("workload");
		return 0;
	}
	name = mem_strndup(base, is_yaml ? (size_t)(dot - base) : 0);
	if (profile_text_name_ok(name)) {
		*ret = name;
		return 0;
	}
	free(name);
	return error_set(err, -EINVAL,
			 "a profile's file is called NAME.yaml, with small letters, "
			 "digits, '-' and '.' in its name, not '%s'",
			 base);
}

static int read_all(const struct invocation *inv, struct workload *w, struct error *err)
{
	const struct workload_options *options = inv->options;
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	int r = 0;

	if (options->node)
		r = workload_narrow(w, options->node, inv->args.data, inv->args.len, err);
	if (r == 0 && options->root)
		r = rootfs_new(options->root, &root, err);
	for (size_t i = 0; i < inv->args.len && r == 0; i++)
		r = workload_read_file(w, inv->args.data[i], err);
	if (r == 0 && root)
		r = workload_read_root(w, root, err);
	if (r == 0 && root)
		r = workload_read_handlers(w, root, err);
	return r == 0 ? workload_finish(w, err) : r;
}

/* What is true of the whole run and stands in no row. */
static void say_notes(const struct invocation *inv, const struct workload *w)
{
	const struct workload_options *options = inv->options;

	if (inv->common->quiet)
		return;
	if (w->scope && scope_nodes(w->scope) == 0)
		output_note("tare: no Node among the objects is '%s': all of them count",
			    options->node);
	if (w->needs.list.len == 0)
		output_note("tare: the objects need nothing of a host");
}

static int print_view(const struct invocation *inv, const struct workload *w,
		      const struct graph *g, struct error *err)
{
	const struct workload_options *options = inv->options;
	_cleanup_(lookup_release) struct lookup lookup = { 0 };
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct workload_view view = { w, g, &lookup };
	json_t *json;
	int r = command_lookup(&options->rule_folders, &lookup, err);

	if (r < 0)
		return r;
	if (inv->common->format != FORMAT_WORKLOAD_JSON) {
		workload_print(&view, &inv->style, &text);
		return output_text(inv->common->output, &text, err);
	}
	json = workload_json(&view);
	r = output_json(inv->common->output, json, err);
	json_decref(json);
	return r;
}

static int print_profile(const struct invocation *inv, const struct workload *w,
			 const char *name, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	bool to_file = inv->common->output && strcmp(inv->common->output, "-") != 0;
	int r = profile_text(w, name, &text, err);

	if (r == 0)
		r = output_text(inv->common->output, &text, err);
	if (r == 0 && to_file && !inv->common->quiet)
		output_note("profile %s: use it as --profile %s%s, beside the one of "
			    "the host",
			    name, strchr(inv->common->output, '/') ? "" : "./",
			    inv->common->output);
	return r;
}

static enum exit_status run(const struct invocation *inv, struct error *err)
{
	const struct workload_options *options = inv->options;
	_cleanup_(workload_release) struct workload w;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(freep) char *name = NULL;
	bool profile = writes_profile(inv->common);

	workload_init(&w);
	if (inv->args.len == 0 && !options->root) {
		error_set(err, -EINVAL,
			  "name a file with objects, '-' for standard input, or --root");
		return EXIT_USAGE;
	}
	if (profile && profile_name(inv->common, &name, err) < 0)
		return EXIT_USAGE;
	if (inv->common->graph && command_load_graph(inv, NULL, &g, err) < 0)
		return EXIT_INPUT;
	if (read_all(inv, &w, err) < 0)
		return EXIT_INPUT;
	say_notes(inv, &w);
	if (profile)
		return print_profile(inv, &w, name, err) < 0 ? EXIT_INPUT : EXIT_OK;
	return print_view(inv, &w, g, err) < 0 ? EXIT_INPUT : EXIT_OK;
}

const struct command CMD_WORKLOAD = {
	.name = "workload",
	.arguments = "[FILE|-]...",
	.summary = "Write a profile from Kubernetes objects, Quadlet and compose files",
	.details =
		"Reads what kubectl get -o json or yaml prints, manifests, Quadlet units "
		"and\n"
		"compose files, and says what they need of a host: volumes, "
		"confinement,\n"
		"devices, runtime handlers, ports. With -o NAME.yaml it is written as a\n"
		"profile for plan, with the object and field that ask for each thing.",
	.groups = GROUPS,
	.options_size = sizeof(struct workload_options),
	.max_args = ANY_NUMBER,
	.run = run,
};

#include "cli/planning_options.h"

#include "graph/usage.h"

#include <errno.h>

#define MEMBER(name) offsetof(struct planning_options, name)

static const char *const CAUTION_CHOICES[] = { "normal", "low", "high", NULL };
static const enum caution CAUTIONS[] = { CAUTION_NORMAL, CAUTION_LOW, CAUTION_HIGH };

static const struct option_row ROWS[] = {
	{ 'p', OPTION_LIST, "profile", "NAME", MEMBER(profiles),
	  .help = "what the host is for: a profile, policy or rule file (repeat it)" },
	{ 'k', OPTION_LIST, "keep", "FILE", MEMBER(keep_files),
	  .help = "a keep file: packages and paths that must stay (repeat it)" },
	{ 0, OPTION_FLAG, "no-profile", NULL, MEMBER(no_profile),
	  .help = "assume no profile where none is given: keep files alone" },
	{ 0, OPTION_LIST, "fact", "NAME[=VALUE]", MEMBER(facts),
	  .help = "something the rules may ask for, as kubernetes=1.31 (repeat it)" },
	{ 0, OPTION_LIST, "hardware", "CLASS", MEMBER(hardware),
	  .help = "what the machine is: hyperv, kvm, vmware, ec2, bare-metal; its "
		  "drivers stay (repeat it)" },
	{ 0, OPTION_LIST, "rules", "DIR", MEMBER(rule_folders),
	  .help = "search rule files there first (repeat it)" },
	{ 0, OPTION_CHOICE, "caution", "LEVEL", MEMBER(caution), CAUTION_CHOICES,
	  .help = "which edges count: low, normal (default) or high" },
	{ 0, OPTION_FLAG, "weak", NULL, MEMBER(weak),
	  .help = "keep what kept packages recommend, too" },
	{ 0, OPTION_FLAG, "keep-install-time", NULL, MEMBER(keep_install_time),
	  .help = "keep what is required for installing alone, too" },
	{ 0, OPTION_FLAG, "no-usage", NULL, MEMBER(no_usage),
	  .help = "leave usage evidence out: what was seen in use may go" },
};

const struct option_group GROUP_PLANNING = { "What must stay", ROWS, ARRAY_LEN(ROWS) };

static const char *const RISK_CHOICES[] = { "high", "medium", "low", "none", NULL };
static const enum plan_risk RISKS[] = { RISK_HIGH, RISK_MEDIUM, RISK_LOW, RISK_NONE };

static const struct option_row CHOICE_ROWS[] = {
	{ 0, OPTION_LIST, "exclude", "GLOB", MEMBER(excludes),
	  .help = "packages, or paths that begin with '/', that stay (repeat it)" },
	{ 0, OPTION_LIST, "only", "GLOB", MEMBER(onlys),
	  .help = "nothing goes but these packages or paths (repeat it)" },
	{ 0, OPTION_CHOICE, "max-risk", "LEVEL", MEMBER(max_risk), RISK_CHOICES,
	  .help = "nothing goes at more risk: none, low, medium or high (default)" },
	{ 't', OPTION_LIST, "trim", "RULE", MEMBER(trims),
	  .help = "files of what stays: a trim rule, all, none, or safe, which is the "
		  "default; -RULE takes one away again (repeat it)" },
	{ 0, OPTION_LIST, "keep-locale", "LOCALE", MEMBER(locales),
	  .help = "trims keep translations into it: de, pt_BR (repeat it)" },
};

const struct option_group GROUP_CHOICE = { "What may go", CHOICE_ROWS,
					   ARRAY_LEN(CHOICE_ROWS) };

void planning_options_request(const struct planning_options *options, text_array *folders,
			      struct planning_request *ret)
{
	array_each (&options->rule_folders, i)
		array_push(folders, options->rule_folders.data[i]);
	array_push(folders, NULL);
	*ret = (struct planning_request){
		.rule_folders = folders->data,
		.profiles = options->profiles.data,
		.profile_count = options->profiles.len,
		.keep_files = options->keep_files.data,
		.keep_file_count = options->keep_files.len,
		.facts = { options->facts.data, options->facts.len },
		.no_profile = options->no_profile,
		.no_usage = options->no_usage,
		.hardware = options->hardware.data,
		.hardware_count = options->hardware.len,
		.trims = options->trims.data,
		.trim_count = options->trims.len,
		.locales = options->locales.data,
		.locale_count = options->locales.len,
		.excludes = options->excludes.data,
		.exclude_count = options->excludes.len,
		.onlys = options->onlys.data,
		.only_count = options->onlys.len,
		.limits_risk = true,
		.max_risk = RISKS[options->max_risk],
		.target_bytes = options->target_bytes,
		.plan = { .caution = CAUTIONS[options->caution],
			  .weak = options->weak,
			  .keep_install_time = options->keep_install_time,
			  .keep_services = options->keep_services,
			  .weigh = (enum plan_weigh)options->weigh,
			  .memory.root_in_memory = options->memory_root },
	};
}

bool planning_is_users_mistake(int code)
{
	return code == -EINVAL || code == -ENOENT || code == -ESRCH || code == -ELOOP ||
	       code == -ENOTDIR;
}

enum exit_status planning_options_make(const struct planning_options *options,
				       struct store *store, const struct graph *g,
				       struct planning **ret, struct error *err)
{
	_cleanup_(usage_freep) struct usage *usage = NULL;
	text_array folders = { 0 };
	struct planning_request request;
	int r;

	if (!g->image.complete) {
		error_set(
			err, -EINVAL,
			"the analysis is incomplete: no plan can be trusted ('tare list "
			"findings' says what could not be read)");
		return EXIT_INPUT;
	}
	planning_options_request(options, &folders, &request);
	if (store && !options->no_usage && usage_load(store, g, &usage, err) < 0) {
		array_release(&folders);
		return EXIT_INPUT;
	}
	request.usage = usage;
	request.plan.memory.usage = usage;
	r = planning_make(g, &request, ret, err);
	array_release(&folders);
	if (r == 0)
		return EXIT_OK;
	return planning_is_users_mistake(r) ? EXIT_USAGE : EXIT_INPUT;
}

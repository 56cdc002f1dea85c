#include "report/planning.h"

#include "base/text.h"
#include "report/planning_choose.h"
#include "report/style.h"
#include "report/usage_tables.h"

#include <errno.h>

/* Assumed in this order where nobody names a profile. */
#define ASSUMED_MAX 3
static const struct {
	const char *names[ASSUMED_MAX];
	size_t count;
} ASSUMED[] = {
	{ { "containerd-host" }, 1 },
	{ { "minimal-userland", "containerd", "cni" }, 3 }, /* a root without a kernel */
	{ { "minimal-boot" }, 1 },
	{ { "minimal-userland" }, 1 },
};

static const char *const NO_FOLDERS[] = { NULL };

static struct intent_request to_intent_request(const struct planning *p,
					       const struct planning_request *request)
{
	return (struct intent_request){
		.lookup = &p->lookup,
		.profiles = p->asked.data,
		.profile_count = p->asked.len,
		.keep_files = request->keep_files,
		.keep_file_count = request->keep_file_count,
		.facts = { p->facts.data, p->facts.len },
		.no_recognise = request->no_profile,
		.excludes = request->excludes,
		.exclude_count = request->exclude_count,
	};
}

static void ask_for(struct planning *p, const char *const *profiles, size_t count)
{
	p->asked.len = 0;
	for (size_t i = 0; i < count; i++)
		array_push(&p->asked, profiles[i]);
	array_each (&p->hardware, i)
		array_push(&p->asked, p->hardware.data[i]);
}

static void collect_facts(struct planning *p, const struct planning_request *request)
{
	for (size_t i = 0; i < request->facts.len; i++)
		array_push(&p->facts, request->facts.data[i]);
	for (size_t i = 0; i < request->hardware_count; i++)
		array_push(&p->hardware, mem_printf("hardware-%s", request->hardware[i]));
	if (p->hardware.len > 0)
		array_push(&p->facts, "hardware");
}

/* Keep files must find their things whatever profile is assumed. */
static int check_keep_files(const struct graph *g, const struct intent_request *request,
			    struct error *err)
{
	_cleanup_(intent_freep) struct intent *intent = NULL;
	struct intent_request ask = *request;

	ask.profile_count = 0;
	return ask.keep_file_count || ask.exclude_count
		       ? intent_resolve(g, &ask, &intent, err)
		       : 0;
}

/* -ESRCH means that the profile speaks of things that this root does not have. */
static int assume_profile(const struct graph *g, struct planning *p,
			  const struct planning_request *request, struct error *err)
{
	struct intent_request ask = to_intent_request(p, request);
	int r = check_keep_files(g, &ask, err);

	if (r < 0)
		return r;
	r = -ESRCH;
	for (size_t i = 0; i < ARRAY_LEN(ASSUMED) && r == -ESRCH; i++) {
		ask_for(p, ASSUMED[i].names, ASSUMED[i].count);
		ask = to_intent_request(p, request);
		r = intent_resolve(g, &ask, &p->intent, err);
	}
	if (r == -ESRCH)
		return error_set(
			err, r,
			"no shipped profile fits this root by itself: name one with "
			"--profile ('tare rules list' shows them)");
	if (r < 0)
		return r;
	error_clear(err); /* of the assumptions that did not fit */
	p->assumed = true;
	return 0;
}

int planning_intent(const struct graph *g, const struct planning_request *request,
		    struct planning **ret, struct error *err)
{
	_cleanup_(planning_freep) struct planning *p = mem_calloc(1, sizeof(*p));
	struct intent_request ask;
	int r;

	r = lookup_init(&p->lookup,
			request->rule_folders ? request->rule_folders : NO_FOLDERS, err);
	if (r < 0)
		return r;
	collect_facts(p, request);
	ask_for(p, request->profiles, request->profile_count);
	ask = to_intent_request(p, request);
	if (request->profile_count || request->no_profile)
		r = intent_resolve(g, &ask, &p->intent, err);
	else
		r = assume_profile(g, p, request, err);
	if (r < 0)
		return r;
	if (request->usage)
		plan_protect_used(g, p->intent, request->usage, &request->plan);
	*ret = steal_ptr(&p);
	return 0;
}

int planning_make(const struct graph *g, const struct planning_request *request,
		  struct planning **ret, struct error *err)
{
	_cleanup_(planning_freep) struct planning *p = NULL;
	int r = planning_intent(g, request, &p, err);

	if (r == 0)
		r = trim_rules_load(&p->lookup, request->trims, request->trim_count,
				    &p->trims, err);
	if (r == 0)
		r = planning_choose(g, request, p, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&p);
	return 0;
}

void planning_free(struct planning *p)
{
	if (!p)
		return;
	plan_free(p->plan);
	intent_free(p->intent);
	lookup_release(&p->lookup);
	array_release(&p->asked);
	array_each (&p->hardware, i)
		free(p->hardware.data[i]);
	array_release(&p->hardware);
	array_release(&p->facts);
	array_release(&p->allowed.rules);
	trim_rules_release(&p->trims);
	free(p);
}

void planning_freep(struct planning **p)
{
	planning_free(*p);
}

void planning_say_profiles(const struct planning *p, struct strbuf *out)
{
	size_t asked = p->asked.len;
	size_t applied = p->intent->profiles.len - p->intent->recognised.len;

	array_each (&p->asked, i)
		strbuf_printf(out, "%s%s", i ? ", " : "", p->asked.data[i]);
	if (asked == 0)
		strbuf_puts(out, "none");
	if (asked > 0 && applied > asked)
		strbuf_printf(out, " and %zu that %s include%s", applied - asked,
			      asked == 1 ? "it" : "they", asked == 1 ? "s" : "");
	if (p->assumed)
		strbuf_puts(out, " (assumed: no --profile was given)");
	array_each (&p->intent->recognised, i) {
		strbuf_printf(out, ", %s because of ",
			      p->intent->recognised.data[i].profile);
		text_printable(out, p->intent->recognised.data[i].path);
	}
}

void planning_say_left_out(const struct planning *p, struct strbuf *out)
{
	array_each (&p->intent->left_out, i)
		strbuf_printf(out, "%s%s", i ? ", " : "\nLeft out    ",
			      p->intent->left_out.data[i]);
	if (p->intent->left_out.len)
		strbuf_puts(out, ": the conditions of their includes do not hold");
}

void planning_say_usage(const struct planning *p, struct strbuf *out)
{
	const struct intent_usage *usage = &p->intent->usage;

	if (usage->evidence == 0)
		return;
	strbuf_puts(out, "\nEvidence    ");
	style_counted(out, usage->evidence, "piece");
	strbuf_puts(out, " of ");
	style_counted(out, usage->nodes, "node");
	if (usage->begin >= 0 || usage->end >= 0) {
		strbuf_puts(out, ", ");
		usage_say_time(usage->begin, out);
		strbuf_puts(out, " to ");
		usage_say_time(usage->end, out);
		strbuf_puts(out, " UTC");
	}
	strbuf_puts(out, ", protects ");
	style_counted(out, usage->files, "file");
	if (usage->incomplete)
		strbuf_printf(out, "; %u incomplete", usage->incomplete);
}

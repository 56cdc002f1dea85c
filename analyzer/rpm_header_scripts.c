#include "analyzer/rpm_header.h"
#include "analyzer/rpm_tags.h"
#include "base/macros.h"
#include "base/strbuf.h"

#define TRIGGERS_MAX 10000u /* scripts of one kind in one package */

static const struct {
	rpmTagVal body, program;
	const char *kind;
} SCRIPTLETS[] = {
	{ RPMTAG_PRETRANS, RPMTAG_PRETRANSPROG, "pretrans" },
	{ RPMTAG_PREIN, RPMTAG_PREINPROG, "pre" },
	{ RPMTAG_POSTIN, RPMTAG_POSTINPROG, "post" },
	{ RPMTAG_PREUN, RPMTAG_PREUNPROG, "preun" },
	{ RPMTAG_POSTUN, RPMTAG_POSTUNPROG, "postun" },
	{ RPMTAG_POSTTRANS, RPMTAG_POSTTRANSPROG, "posttrans" },
	{ 5103, 5105, "preuntrans" }, /* since RPM 4.19 */
	{ 5104, 5106, "postuntrans" },
	{ RPMTAG_VERIFYSCRIPT, RPMTAG_VERIFYSCRIPTPROG, "verify" },
};

struct trigger_tags {
	rpmTagVal scripts, programs, names, versions, flags, index;
	const char *prefix; /* of the kind */
};

static const struct trigger_tags TRIGGERS[] = {
	{ RPMTAG_TRIGGERSCRIPTS, RPMTAG_TRIGGERSCRIPTPROG, RPMTAG_TRIGGERNAME,
	  RPMTAG_TRIGGERVERSION, RPMTAG_TRIGGERFLAGS, RPMTAG_TRIGGERINDEX, "" },
	{ RPMTAG_FILETRIGGERSCRIPTS, RPMTAG_FILETRIGGERSCRIPTPROG, RPMTAG_FILETRIGGERNAME,
	  RPMTAG_FILETRIGGERVERSION, RPMTAG_FILETRIGGERFLAGS, RPMTAG_FILETRIGGERINDEX,
	  "file" },
	{ RPMTAG_TRANSFILETRIGGERSCRIPTS, RPMTAG_TRANSFILETRIGGERSCRIPTPROG,
	  RPMTAG_TRANSFILETRIGGERNAME, RPMTAG_TRANSFILETRIGGERVERSION,
	  RPMTAG_TRANSFILETRIGGERFLAGS, RPMTAG_TRANSFILETRIGGERINDEX, "transfile" },
};

static const struct {
	uint32_t flag;
	const char *kind;
} TRIGGER_KINDS[] = {
	{ RPMSENSE_TRIGGERPREIN, "triggerprein" },
	{ RPMSENSE_TRIGGERIN, "triggerin" },
	{ RPMSENSE_TRIGGERUN, "triggerun" },
	{ RPMSENSE_TRIGGERPOSTUN, "triggerpostun" },
};

static void add(struct rpm_intern *in, const char *kind, const char *interpreter,
		const char *condition, const char *body)
{
	array_push(
		&in->image->scriptlets,
		(struct rpm_scriptlet){ .kind = strpool_add(&in->image->strings, kind),
					.interpreter = rpm_intern_text(in, interpreter),
					.condition = rpm_intern_text(in, condition),
					.body = mem_strdup(body) });
}

static void read_plain(struct rpm_intern *in, Header h, size_t which)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };
	struct tag_strings body, program;

	tag_strings_get(h, SCRIPTLETS[which].body, &body);
	tag_strings_get(h, SCRIPTLETS[which].program, &program);
	for (size_t i = 0; i < program.len; i++)
		strbuf_printf(&words, "%s%s", i ? " " : "", program.texts[i]);
	if (body.len || words.len)
		add(in, SCRIPTLETS[which].kind, words.len ? words.data : "/bin/sh", "",
		    tag_string(&body, 0, ""));
	tag_strings_release(&body);
	tag_strings_release(&program);
}

/* One trigger script with all the conditions that run it. */
struct trigger {
	struct strbuf condition;
	uint32_t flags;
};

static void add_condition(struct trigger *trigger, const char *name, const char *evr,
			  uint32_t flags)
{
	uint8_t sense = (uint8_t)((flags & RPMSENSE_SENSEMASK) >> 1);

	trigger->flags |= flags;
	strbuf_printf(&trigger->condition, "%s%s", trigger->condition.len ? ", " : "",
		      name);
	if (sense && *evr)
		strbuf_printf(&trigger->condition, " %s %s", rpm_sense_name(sense), evr);
}

static void collect(struct rpm_intern *in, Header h, const struct trigger_tags *tags,
		    struct trigger *triggers, size_t count)
{
	struct tag_strings names, versions;
	struct tag_numbers flags, index;

	tag_strings_get(h, tags->names, &names);
	tag_strings_get(h, tags->versions, &versions);
	tag_numbers_get(h, tags->flags, &flags);
	tag_numbers_get(h, tags->index, &index);
	for (size_t i = 0; i < names.len; i++) {
		uint64_t script = tag_number(&index, i, i);

		if (script < count)
			add_condition(&triggers[script], names.texts[i],
				      tag_string(&versions, i, ""),
				      (uint32_t)tag_number(&flags, i, 0));
		else
			rpm_intern_problem(in, RPM_PROBLEM_HEADER,
					   "the trigger on '%.200s' has no script",
					   names.texts[i]);
	}
	tag_strings_release(&names);
	tag_strings_release(&versions);
	tag_numbers_release(&flags);
	tag_numbers_release(&index);
}

static const char *kind_of(uint32_t flags)
{
	for (size_t i = 0; i < ARRAY_LEN(TRIGGER_KINDS); i++)
		if (flags & TRIGGER_KINDS[i].flag)
			return TRIGGER_KINDS[i].kind;
	return "trigger";
}

static void read_triggers(struct rpm_intern *in, Header h,
			  const struct trigger_tags *tags)
{
	struct tag_strings scripts, programs;
	struct trigger *triggers;
	size_t count;

	tag_strings_get(h, tags->scripts, &scripts);
	tag_strings_get(h, tags->programs, &programs);
	count = MIN2(scripts.len, TRIGGERS_MAX);
	if (count < scripts.len)
		rpm_intern_problem(in, RPM_PROBLEM_HEADER, "it has %zu trigger scripts",
				   scripts.len);
	triggers = mem_calloc(count, sizeof(*triggers));
	collect(in, h, tags, triggers, count);
	for (size_t i = 0; i < count; i++) {
		_cleanup_(freep) char *kind =
			mem_printf("%s%s", tags->prefix, kind_of(triggers[i].flags));

		add(in, kind, tag_string(&programs, i, "/bin/sh"),
		    strbuf_text(&triggers[i].condition), scripts.texts[i]);
		strbuf_release(&triggers[i].condition);
	}
	free(triggers);
	tag_strings_release(&scripts);
	tag_strings_release(&programs);
}

void rpm_header_scriptlets(struct rpm_intern *in, Header h, struct rpm_package *pkg)
{
	pkg->scriptlets_at = (uint32_t)in->image->scriptlets.len;
	for (size_t i = 0; i < ARRAY_LEN(SCRIPTLETS); i++)
		read_plain(in, h, i);
	for (size_t i = 0; i < ARRAY_LEN(TRIGGERS); i++)
		read_triggers(in, h, &TRIGGERS[i]);
	pkg->scriptlets_len = (uint32_t)in->image->scriptlets.len - pkg->scriptlets_at;
}

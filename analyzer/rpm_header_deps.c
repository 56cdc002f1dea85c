#include "analyzer/rpm_header.h"
#include "analyzer/rpm_rich.h"
#include "analyzer/rpm_tags.h"
#include "base/macros.h"
#include "base/text.h"

#include <string.h>

/* SUSE's weak dependencies before RPM 4.12 set this for the stronger of two kinds. */
#define RPMSENSE_STRONG (1u << 27)

#define TEXT_MAX 65536u /* bytes of a capability's name or version */

struct relation {
	rpmTagVal names, versions, flags;
	enum req_strength strength;
	int strong; /* the strength with RPMSENSE_STRONG; -1: no such bit */
};

static const struct relation RELATIONS[] = {
	{ RPMTAG_REQUIRENAME, RPMTAG_REQUIREVERSION, RPMTAG_REQUIREFLAGS, REQ_REQUIRES,
	  -1 },
	{ RPMTAG_RECOMMENDNAME, RPMTAG_RECOMMENDVERSION, RPMTAG_RECOMMENDFLAGS,
	  REQ_RECOMMENDS, -1 },
	{ RPMTAG_SUGGESTNAME, RPMTAG_SUGGESTVERSION, RPMTAG_SUGGESTFLAGS, REQ_SUGGESTS,
	  -1 },
	{ RPMTAG_SUPPLEMENTNAME, RPMTAG_SUPPLEMENTVERSION, RPMTAG_SUPPLEMENTFLAGS,
	  REQ_SUPPLEMENTS, -1 },
	{ RPMTAG_ENHANCENAME, RPMTAG_ENHANCEVERSION, RPMTAG_ENHANCEFLAGS, REQ_ENHANCES,
	  -1 },
	{ RPMTAG_OLDSUGGESTSNAME, RPMTAG_OLDSUGGESTSVERSION, RPMTAG_OLDSUGGESTSFLAGS,
	  REQ_SUGGESTS, REQ_RECOMMENDS },
	{ RPMTAG_OLDENHANCESNAME, RPMTAG_OLDENHANCESVERSION, RPMTAG_OLDENHANCESFLAGS,
	  REQ_ENHANCES, REQ_SUPPLEMENTS },
	{ RPMTAG_CONFLICTNAME, RPMTAG_CONFLICTVERSION, RPMTAG_CONFLICTFLAGS,
	  REQ_CONFLICTS, -1 },
	{ RPMTAG_OBSOLETENAME, RPMTAG_OBSOLETEVERSION, RPMTAG_OBSOLETEFLAGS,
	  REQ_OBSOLETES, -1 },
};

static const struct {
	uint32_t rpm, phase;
} PHASES[] = {
	{ RPMSENSE_SCRIPT_PRE, PHASE_PRE },
	{ RPMSENSE_SCRIPT_POST, PHASE_POST },
	{ RPMSENSE_SCRIPT_PREUN, PHASE_PREUN },
	{ RPMSENSE_SCRIPT_POSTUN, PHASE_POSTUN },
	{ RPMSENSE_PRETRANS, PHASE_PRETRANS },
	{ RPMSENSE_POSTTRANS, PHASE_POSTTRANS },
	{ RPMSENSE_SCRIPT_VERIFY, PHASE_VERIFY },
	{ RPMSENSE_INTERP, PHASE_INTERP },
	{ RPMSENSE_META, PHASE_META },
	{ RPMSENSE_MISSINGOK, PHASE_MISSINGOK },
	{ RPMSENSE_PREREQ, PHASE_PREREQ },
};

/* What no packager wrote: generators, scriptlets' interpreters, rpmbuild's bookkeeping. */
#define GENERATED                                                                        \
	(RPMSENSE_FIND_REQUIRES | RPMSENSE_INTERP | RPMSENSE_RPMLIB | RPMSENSE_CONFIG |  \
	 RPMSENSE_KEYRING)

/* Name, version and flags of one kind of dependency, as three arrays of one length. */
struct triple {
	struct tag_strings names, versions;
	struct tag_numbers flags;
};

static void triple_get(struct rpm_intern *in, Header h, const struct relation *relation,
		       struct triple *ret)
{
	tag_strings_get(h, relation->names, &ret->names);
	tag_strings_get(h, relation->versions, &ret->versions);
	tag_numbers_get(h, relation->flags, &ret->flags);
	if ((ret->versions.len && ret->versions.len != ret->names.len) ||
	    (ret->flags.len && ret->flags.len != ret->names.len))
		rpm_intern_problem(in, RPM_PROBLEM_HEADER,
				   "it has %zu names, %zu versions and %zu flags of %s",
				   ret->names.len, ret->versions.len, ret->flags.len,
				   req_strength_name(relation->strength));
}

static void triple_release(struct triple *triple)
{
	tag_strings_release(&triple->names);
	tag_strings_release(&triple->versions);
	tag_numbers_release(&triple->flags);
}

static bool usable(struct rpm_intern *in, const char *name, const char *evr)
{
	size_t len = strlen(name);

	if (len > 0 && len <= TEXT_MAX && strlen(evr) <= TEXT_MAX)
		return true;
	rpm_intern_problem(in, RPM_PROBLEM_HEADER, "it has a dependency with a %s name",
			   len ? "very long" : "missing");
	return false;
}

static uint32_t phases_of(uint32_t flags)
{
	uint32_t phases = 0;

	for (size_t i = 0; i < ARRAY_LEN(PHASES); i++)
		if (flags & PHASES[i].rpm)
			phases |= PHASES[i].phase;
	return phases;
}

static str_id requirement_text(struct rpm_intern *in, cap_id capability)
{
	const struct rpm_capability *cap = &in->image->capabilities.data[capability];
	const char *name = rpm_image_text(in->image, cap->name);
	_cleanup_(freep) char *text = NULL;

	if (!cap->sense)
		return cap->name;
	text = mem_printf("%s %s %s", name, rpm_sense_name(cap->sense),
			  rpm_image_text(in->image, cap->evr));
	return strpool_add(&in->image->strings, text);
}

/* The tree, or the text as one capability where RPM cannot parse it. */
static void set_expression(struct rpm_intern *in, struct rpm_requirement *req,
			   const char *name, const char *evr, uint32_t flags)
{
	cap_id cap;

	req->state = REQ_CHECKED;
	if (name[0] == '(') {
		req->node = rpm_rich_parse(in, name);
		req->text = rpm_intern_text(in, name);
		if (req->node)
			return;
		req->state = REQ_BAD;
		flags = 0;
	} else if ((flags & RPMSENSE_RPMLIB) || text_starts(name, "rpmlib(")) {
		req->state = REQ_RPMLIB;
	}
	cap = rpm_intern_capability(in, name, evr, flags);
	req->node = rpm_intern_leaf(in, cap);
	req->text = requirement_text(in, cap);
}

static void add_requirements(struct rpm_intern *in, const struct triple *triple,
			     const struct relation *relation)
{
	for (size_t i = 0; i < triple->names.len; i++) {
		const char *name = triple->names.texts[i];
		const char *evr = tag_string(&triple->versions, i, "");
		uint32_t flags = (uint32_t)tag_number(&triple->flags, i, 0);
		struct rpm_requirement req = { .package = in->package,
					       .strength = relation->strength,
					       .manual = !(flags & GENERATED),
					       .phases = phases_of(flags) };

		if (!usable(in, name, evr))
			continue;
		if (relation->strong >= 0 && (flags & RPMSENSE_STRONG))
			req.strength = (uint8_t)relation->strong;
		set_expression(in, &req, name, evr, flags);
		array_push(&in->image->requirements, req);
	}
}

void rpm_header_requirements(struct rpm_intern *in, Header h, struct rpm_package *pkg)
{
	pkg->requirements_at = (uint32_t)in->image->requirements.len;
	for (size_t i = 0; i < ARRAY_LEN(RELATIONS); i++) {
		struct triple triple;

		triple_get(in, h, &RELATIONS[i], &triple);
		add_requirements(in, &triple, &RELATIONS[i]);
		triple_release(&triple);
	}
	pkg->requirements_len =
		(uint32_t)in->image->requirements.len - pkg->requirements_at;
}

/* A package may say the same twice; it counts once. */
static bool first_time(struct rpm_intern *in, cap_id capability)
{
	if (capability >= in->provided_by.len)
		array_extend(&in->provided_by, capability + 1 - in->provided_by.len);
	if (in->provided_by.data[capability] == in->package)
		return false;
	in->provided_by.data[capability] = in->package;
	return true;
}

void rpm_header_provides(struct rpm_intern *in, Header h, struct rpm_package *pkg)
{
	static const struct relation relation = { RPMTAG_PROVIDENAME,
						  RPMTAG_PROVIDEVERSION,
						  RPMTAG_PROVIDEFLAGS, REQ_REQUIRES, -1 };
	struct triple triple;

	pkg->provides_at = (uint32_t)in->image->provides.len;
	triple_get(in, h, &relation, &triple);
	for (size_t i = 0; i < triple.names.len; i++) {
		const char *name = triple.names.texts[i];
		const char *evr = tag_string(&triple.versions, i, "");
		uint32_t flags = (uint32_t)tag_number(&triple.flags, i, 0);
		cap_id cap;

		if (!usable(in, name, evr))
			continue;
		cap = rpm_intern_capability(in, name, evr, flags);
		if (first_time(in, cap))
			array_push(&in->image->provides, cap);
	}
	triple_release(&triple);
	pkg->provides_len = (uint32_t)in->image->provides.len - pkg->provides_at;
}

/*
 * planning – from what the user asked for to a plan: rule look-up, intent, plan. The
 * command line and the screens come here with the same request and get the same plan.
 *
 *	struct planning_request ask = { .profiles = names, .profile_count = n };
 *	_cleanup_(planning_freep) struct planning *p = NULL;
 *	r = planning_make(g, &ask, &p, err);
 *	use(p->plan);
 *
 * Without a profile one is assumed: the first of containerd-host; minimal-userland with
 * containerd and cni; minimal-boot; minimal-userland whose required entries all select
 * something in the graph. `assumed` says so, and whoever
 * prints must say it too. With no_profile nothing is assumed and keep files stand alone.
 */
#pragma once

#include "base/strbuf.h"
#include "rules/intent.h"
#include "trimmer/plan.h"

struct planning_request {
	const char *const *rule_folders; /* NULL-terminated; NULL: none */
	const char *const *profiles;	 /* names or paths */
	size_t profile_count;
	const char *const *keep_files;
	size_t keep_file_count;
	struct facts facts;
	bool no_profile;
	bool no_usage;		   /* leave the graph's evidence out */
	const struct usage *usage; /* evidence that protects; NULL: none */
	struct plan_options plan; /* without trims, facts, locales: they come from here */
	const char *const *trims; /* see trim_rules_load() */
	size_t trim_count;
	const char *const *locales; /* that trims keep */
	size_t locale_count;
	const char *const *excludes; /* globs of packages or paths that stay */
	size_t exclude_count;
	const char *const *onlys; /* globs of packages or paths: nothing else goes */
	size_t only_count;
	bool limits_risk; /* nothing goes whose risk is above max_risk */
	enum plan_risk max_risk;
	uint64_t target_bytes; /* free as much with as little risk as can be; 0: all */
	/* Classes of hardware: the profiles hardware-NAME apply, and the fact "hardware"
	 * holds. */
	const char *const *hardware;
	size_t hardware_count;
};

struct planning {
	struct lookup lookup;
	struct intent *intent;
	struct trim_rules trims;
	struct trim_rules allowed; /* those within the limit of risk; borrows them */
	ARRAY_OF(char *) hardware; /* names of profiles: "hardware-kvm" ... */
	ARRAY_OF(const char *) facts;
	ARRAY_OF(const char *) asked; /* names of profiles, those of hardware last */
	bool assumed;		      /* nobody named the profile */
	struct plan *plan;	      /* NULL after planning_intent() */
	enum plan_risk max_risk;      /* that the plan was allowed */
	uint64_t target_bytes;	      /* of the request */
	uint64_t freed_bytes;	      /* by packages and trims; below the request's target
					 when that cannot be reached */
};

/** Look-up and intent only. As planning_make(). */
int planning_intent(const struct graph *g, const struct planning_request *request,
		    struct planning **ret, struct error *err);
/**
 * All of it.
 * @return 0; -EINVAL, -ENOENT, -ESRCH, -ELOOP: the request or its rule files are wrong;
 *         another -errno when they cannot be read
 */
int planning_make(const struct graph *g, const struct planning_request *request,
		  struct planning **ret, struct error *err);
void planning_free(struct planning *p);
void planning_freep(struct planning **p);
/** "containerd-host and 13 that it includes (assumed: no --profile was given)" */
void planning_say_profiles(const struct planning *p, struct strbuf *out);
/** "\nLeft out    nfs-volumes: ..."; nothing where every include applies. */
void planning_say_left_out(const struct planning *p, struct strbuf *out);
/** "\nEvidence    12 pieces of 3 nodes, 2026-01-01 to 2026-01-31, protects 1,234 files";
 * nothing where there is none. */
void planning_say_usage(const struct planning *p, struct strbuf *out);

/*
 * planning_options – the options that say what must stay: the same for plan, why, and
 * every command that makes a plan on the way.
 *
 *	struct why_options { struct planning_options planning; ... };	the first member
 */
#pragma once

#include "cli/command.h"
#include "report/planning.h"

struct planning_options {
	struct common_options common;
	text_array profiles, keep_files, facts, rule_folders, hardware;
	text_array trims, locales, excludes, onlys; /* of GROUP_CHOICE, with the rest */
	int max_risk;				    /* index into the choices */
	uint64_t target_bytes; /* not an option of its own: see cmd_plan.c */
	bool no_profile, no_usage, weak, keep_install_time;
	int caution; /* index into the option's choices */
	/* options of plan alone */
	int weigh; /* enum plan_weigh */
	bool memory_root, keep_services;
};

extern const struct option_group GROUP_PLANNING;
extern const struct option_group GROUP_CHOICE; /* what of it may go */

/** As planning.h wants it; @p folders holds a list of it and is released after use. */
void planning_options_request(const struct planning_options *options, text_array *folders,
			      struct planning_request *ret);
/** The request or its rule files are wrong, says planning_make(). */
bool planning_is_users_mistake(int code);
/**
 * Make the plan they ask for. Evidence of memory in use is read from @p st, the store of
 * the graph; NULL: without evidence.
 * @return EXIT_OK with *ret to free; EXIT_USAGE or EXIT_INPUT with *err set
 */
enum exit_status planning_options_make(const struct planning_options *options,
				       struct store *store, const struct graph *g,
				       struct planning **ret, struct error *err);

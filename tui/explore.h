/*
 * explore – the explorer on the terminal: `tare explore`.
 *
 *	struct tui_options options = { .graph_path = "tare.db" };
 *	r = tui_explore(&options, err);
 *
 * Reads the graph and rule files; writes one file at most: a plan, where a person says so.
 */
#pragma once

#include "base/units.h"
#include "report/planning.h"
#include "tui/term.h"

struct tui_options {
	const char *graph_path;
	struct planning_request planning; /* what must stay; see report/planning.h */
	const char *plan_path;		  /* a plan to begin with; NULL: none */
	const char *compare_path;	  /* another graph; NULL: none */
	const char *budget_path;	  /* NULL: none */
	const char *keys_path; /* NULL: $XDG_CONFIG_HOME/tare/keys where there is one */
	struct term_options term;
	enum units_style units;
};

/**
 * Run until the person quits.
 * @return 0; -ENOTTY or -EINVAL when the terminal will not do (see term_new()); -ENOENT,
 * -EINVAL ... when the graph, a rule, key or budget file cannot be used
 */
int tui_explore(const struct tui_options *options, struct error *err);

/*
 * detect_rules – detectors that need no C: YAML files in rules/detectors.
 *
 *	detector: cron
 *	summary: commands of system cron tables
 *	files: ["/etc/cron.d/?*", /etc/crontab]
 *	kind: cron
 *	read_by: [command: cron, command: crond]
 *	comment: "#"
 *	lines:
 *	  - match: '^([^ \t]+[ \t]+){5}[^ \t]+[ \t]+(/[^ \t;|&]+)'
 *	    group: 2
 *	    resolves: command
 *	    strength: likely
 *
 * For every line of every file that a glob of `files` matches, each `match` (POSIX extended
 * regular expression, tried again behind its last hit) names something: the text of `group`,
 * put into each template of `as` ("libxt_{}.so") where there is one, split at blanks and commas
 * when `words` is true. `resolves` says what it is: command, path, unit, soname, module,
 * bus-name (of D-Bus) or capability. What the root has becomes an edge from the file, cited with its line. What it has
 * not becomes a finding when `missing` gives that finding's rule id.
 *
 * `category` narrows the files to one category ("config"), so that a cache beside them is left
 * alone. `read_by` says who reads these files where they are there: an edge "reads", which holds
 * while the file's package stays (always for a file that nobody owns), `read_strength` strong
 * ("likely" unless said otherwise). `loaded_by` says who loads all of them, whoever owns them:
 * plugins in a folder, by "possible" edges that keep their packages.
 */
#pragma once

#include "analyzer/detect.h"
#include "rules/lookup.h"

struct detect_rules;

/**
 * Load all detector rule files that @p lookup finds.
 * @return 0; -EINVAL with file:line:column; -EIO
 */
int detect_rules_load(const struct lookup *lookup, struct detect_rules **ret,
		      struct error *err);
/** One rule file from memory, added to @p rules (made where *rules is NULL). */
int detect_rules_parse(const char *name, const char *text, size_t len,
		       struct detect_rules **rules, struct error *err);
/** "39 rule files, <hash of their texts>": tells two sets of rules apart; new memory. */
char *detect_rules_version(const struct detect_rules *rules);
void detect_rules_free(struct detect_rules *rules);
void detect_rules_freep(struct detect_rules **rules);

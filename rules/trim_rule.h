/*
 * trim_rule – one file of rules/trims/: which files of what stays can go, what that costs
 * and how they come back. trimmer/file_trim.h finds the files.
 *
 *	trim: man
 *	title: manual pages
 *	why: only people read them; a host that runs containers has none at its console
 *	mechanism: excludedocs
 *	default: true
 *	risk: none
 *	risk-reason: no program opens them
 *	rpm-verify: "missing d <path> for each of them"
 *	restore: dnf reinstall of the packages, without tsflags=nodocs
 *	features: [manual pages]
 *	files:
 *	  - path: /usr/share/man/ **	(without the space)
 *	unless-reached:
 *	  - command: man
 *	links:
 *	  - path: /etc/alternatives/ *.gz
 *	keep:
 *	  - path: /usr/share/man/man8/tare.8
 *	    why: the operator asked for it
 *
 * tare-trims(5) describes every key.
 */
#pragma once

#include "base/array.h"
#include "base/strbuf.h"
#include "base/strpool.h"
#include "rules/condition.h"
#include "rules/lookup.h"

enum trim_mechanism { TRIM_EXCLUDEDOCS, TRIM_INSTALL_LANGS, TRIM_REMOVE };
enum trim_risk { TRIM_RISK_NONE, TRIM_RISK_LOW, TRIM_RISK_MEDIUM, TRIM_RISK_HIGH };

const char *trim_mechanism_name(enum trim_mechanism mechanism); /* "excludedocs" ... */

typedef ARRAY_OF(struct selector *) selector_list;

/* Texts belong to it. */
struct trim_rule {
	const char *id, *title, *why, *risk_reason, *rpm_verify, *restore;
	enum trim_mechanism mechanism;
	enum trim_risk risk;
	bool is_default;	/* in the set "safe" */
	bool keeps_folders;	/* folders that become empty stay */
	bool by_locale;		/* what lies under the name of a kept locale stays */
	const char **features;	/* NULL-terminated: what is lost */
	struct condition *when; /* NULL: always */
	selector_list files;	/* what goes: any of them */
	selector_list links;	/* symlinks that may go with what they point to */
	selector_list unless; /* `unless-reached`: the rule does nothing when the closure
				 reaches one of these */
	selector_list keep;   /* what stays of that, with what it needs */
	uint64_t
		follow; /* 1 << EDGE_*: what stays and has such an edge keeps its target */
	uint64_t only_with; /* 1 << EDGE_*: goes only where such an edge leads to what
				   stays; 0: no condition */
	char *path;	    /* the file, as messages call it */
	struct rule_doc *doc;
	struct strpool texts;
};

/** Read a rule; its name must be that of its file. Free with trim_rule_free(). */
int trim_rule_read(const char *path, struct trim_rule **ret, struct error *err);
/** From memory; @p name is what messages call the file. */
int trim_rule_parse(const char *name, const char *text, size_t len,
		    struct trim_rule **ret, struct error *err);
void trim_rule_free(struct trim_rule *rule);
void trim_rule_freep(struct trim_rule **rule);

/* Rules that were chosen, by id. */
struct trim_rules {
	ARRAY_OF(struct trim_rule *) rules; /* owned */
};

/**
 * Read the rules that @p names choose, each once.
 *
 * @param names  names or paths of rules, or "safe" (those with default: true), "all",
 *               "none"; "-NAME" takes one away again. From left to right.
 * @return 0; -ENOENT a rule that is not there; -EINVAL one that is wrong
 */
int trim_rules_load(const struct lookup *lookup, const char *const *names, size_t count,
		    struct trim_rules *ret, struct error *err);
void trim_rules_release(struct trim_rules *rules);

/** Readable text, as `tare rules show` prints it. */
void trim_rule_show(const struct trim_rule *rule, struct strbuf *out);

/**
 * Is a folder or file with this name of that locale? "de_DE.UTF-8" keeps de, de_DE and
 * de_DE.utf8; "de" keeps de_AT, too.
 * @param len  of @p name
 */
bool trim_locale_matches(const char *locale, const char *name, size_t len);

/*
 * profile – one rule file that says what must stay: a workload profile (`profile: NAME`),
 * a policy (`policy: NAME`) or a keep file in YAML (neither).
 *
 *	profile: csi-nfs
 *	summary: NFS volumes that the node mounts itself
 *	include: [name-resolution]
 *	recognise: [{go-module: example.org/nfs, name: nfs-agent}]
 *	keep:
 *	  - command: mount.nfs
 *	    why: "kubelet runs mount -t nfs, which runs this helper"
 *	    feature: NFS volumes
 *	  - module: [nfs, nfsv4]
 *	    why: the file system itself
 *	    feature: NFS volumes
 *	    optional: true
 *	protected:
 *	  - package: kernel*
 *	    why: a trim must never touch it
 *	unwanted:
 *	  - package: telnet-server
 *	    why: clear-text logins
 *
 * tare-rules(5) describes every key.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "rules/condition.h"
#include "rules/lookup.h"

enum profile_kind {
	PROFILE_WORKLOAD,
	PROFILE_POLICY,
	PROFILE_KEEP_FILE,
};

/* One thing that must stay (or, in `unwanted`, should go). */
struct profile_entry {
	struct selector *selector;
	const char *why, *feature; /* feature "" only where the file is a keep file */
	struct condition *when;	   /* NULL: always */
	bool optional;		   /* matching nothing is fine */
	uint32_t line, column;
};

typedef ARRAY_OF(struct profile_entry) profile_entries;

/* A Go program that brings the profile in where no package owns it. */
struct profile_program {
	const char *go_module; /* path of the module or of a folder in it */
	const char *name;      /* glob for the file's name */
};

/* Another profile that applies, too. */
struct profile_include {
	const struct rule_node *name;
	const char *why; /* "" where not given */
	bool optional;	 /* entries of it that select nothing are misses, no errors */
	struct condition *when; /* NULL: always */
	char *path;		/* of the other file, once it is loaded */
};

struct profile {
	enum profile_kind kind;
	const char *name, *summary, *feature; /* "" where not given */
	char *path;			      /* the file, as messages call it */
	struct rule_doc *doc;		      /* NULL for a plain keep file */
	struct strpool texts;
	struct condition *when; /* of the whole profile; NULL: always */
	ARRAY_OF(struct profile_include) includes;
	ARRAY_OF(const char *) facts; /* that hold where the profile applies */
	bool asked;		      /* by the caller, not only by includes */
	/* after profile_list_settle(): */
	const char *because; /* why it is included, of who included it first; "" */
	bool lenient;	     /* asked for by nobody but includes that are optional */
	ARRAY_OF(struct profile_program) recognise;
	profile_entries keep;
	profile_entries protect; /* packages only */
	profile_entries unwanted;
};

/**
 * Read a profile or policy; a keep file is refused, and so is a profile whose name is not
 * that of its file. Free with profile_free().
 */
int profile_read(const char *path, struct profile **ret, struct error *err);
/** From memory; @p name is what messages call the file; every kind is accepted. */
int profile_parse(const char *name, const char *text, size_t len, struct profile **ret,
		  struct error *err);
/**
 * Read a keep file: *.yaml and *.yml as YAML, everything else as plain text: on each line
 * the name or glob of packages, or a path glob that begins with '/', then "# why".
 */
int keep_file_read(const char *path, struct profile **ret, struct error *err);
/** A plain keep file from memory. */
int keep_file_parse(const char *name, const char *text, size_t len, struct profile **ret,
		    struct error *err);
/** An empty keep file that messages call @p name: for makers of rules from other input. */
struct profile *profile_new(const char *name);
void profile_free(struct profile *profile);
void profile_freep(struct profile **profile);

/* Profiles in the order in which they apply: an included one stands before its includer.
 */
struct profile_list {
	ARRAY_OF(struct profile *) profiles; /* owned */
};

/**
 * Read the profiles and policies @p names (names or paths) and all that they include,
 * under whatever condition, each once.
 * @return 0; -ENOENT a profile that is not there (with the place that includes it);
 * -ELOOP one that includes itself; -EINVAL
 */
int profile_list_load(const struct lookup *lookup, const char *const *names, size_t count,
		      struct profile_list *ret, struct error *err);
/**
 * Take out what only includes bring whose `when:` does not hold, and hand down what
 * includes say to what they bring. The facts are those of @p facts and of all profiles
 * that apply without a condition.
 * @param left_out  NULL, or what was taken out is moved there
 */
void profile_list_settle(struct profile_list *list, struct matcher *m,
			 const struct facts *facts, struct profile_list *left_out);
/** The one called @p name, or NULL. */
const struct profile *profile_list_find(const struct profile_list *list,
					const char *name);
void profile_list_release(struct profile_list *list);

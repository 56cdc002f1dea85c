/*
 * verify – prove a plan again, against the graph it came from or a newer one.
 *
 * Every removal is looked up by NEVRA: still valid, now a no-op (the package is gone), or
 * unsafe (something that stays needs it). Two judges, each with its problems in words:
 *
 * - the graph: no requirement of a kept package is newly broken, and no file that stays
 *   has a hard edge into a file that goes;
 * - RPM: its own transaction check of the erase, on a private copy of the root's
 * database.
 *
 * So is every file and every service: one that is gone is a no-op; one that has become a
 * licence, configuration, another type of file, or that something uses (or starts) now of
 * which the plan does not know, is unsafe.
 *
 *	_cleanup_(verify_report_freep) struct verify_report *report = NULL;
 *	r = verify_plan(g, doc, root, &report, err);		root NULL: the graph alone
 *	if (!report->passed) ...
 */
#pragma once

#include "base/array.h"
#include "base/rootfs.h"
#include "trimmer/plan_json.h"

enum verify_kind { VERIFY_PACKAGE, VERIFY_FILE, VERIFY_SERVICE, VERIFY_KIND_COUNT };
enum verify_status { VERIFY_VALID, VERIFY_NOOP, VERIFY_UNSAFE, VERIFY_STATUS_COUNT };
enum verify_result {
	VERIFY_NOT_RUN,	     /* no root was given */
	VERIFY_NOT_POSSIBLE, /* the text says why: a backend without indexes ... */
	VERIFY_PASSED,
	VERIFY_FAILED,
};

const char *verify_kind_name(enum verify_kind kind); /* "package" ... */
const char *verify_status_name(
	enum verify_status status); /* "valid", "no-op", "unsafe" */
const char *verify_result_name(enum verify_result result); /* "not run" ... "passed" */

struct verify_item {
	enum verify_kind kind;
	char *name;	/* NEVRA, path or unit */
	pkg_id package; /* of a package: in the graph, 0 for a no-op */
	enum verify_status status;
	char *reason; /* one line, printable; "" when valid */
};

struct verify_problem {
	char *subject; /* the kept package or file */
	char *text;    /* one line, printable */
};

struct verify_check {
	enum verify_result result;
	char *text; /* of VERIFY_NOT_POSSIBLE; "" otherwise */
	ARRAY_OF(struct verify_problem) problems;
	/* RPM's check only: where RPM and the graph's path table do not agree about a
	 * file requirement (RPM looks at the folders of this machine); no failure */
	ARRAY_OF(struct verify_problem) notes;
};

struct verify_report {
	/* packages, files, services, each in the plan's order */
	ARRAY_OF(struct verify_item) items;
	uint32_t count[VERIFY_KIND_COUNT][VERIFY_STATUS_COUNT];
	uint64_t disk_bytes_freed; /* jointly, in this graph, by the valid packages */
	struct verify_check graph, rpm;
	bool passed; /* nothing unsafe and no check failed */
};

/**
 * Prove a plan that was read.
 * @param root  the root the graph was made from, for RPM's check; NULL: not run
 * @return 0 with a report, also when the plan is refuted; -errno when the environment
 * fails
 */
int verify_plan(const struct graph *g, const struct plan_doc *doc, struct rootfs *root,
		struct verify_report **ret, struct error *err);
/** The same for a set of packages of this graph. */
int verify_removal(const struct graph *g, const struct idset *removed,
		   struct rootfs *root, struct verify_report **ret, struct error *err);
void verify_report_free(struct verify_report *report);
void verify_report_freep(struct verify_report **report);

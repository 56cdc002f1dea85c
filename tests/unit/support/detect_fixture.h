/*
 * detect_fixture – a small root made by a test, and what the detectors find in it.
 *
 *	struct detect_fixture f;
 *
 *	fixture_init(&f);
 *	fixture_file(&f, "/usr/bin/awk", "", 0755, CATEGORY_EXECUTABLE);
 *	fixture_file(&f, "/usr/bin/job", "#!/bin/sh\nawk\n", 0755, CATEGORY_SCRIPT);
 *	fixture_run(&f, NULL);
 *	assert_true(fixture_has(&f, "exec likely /usr/bin/job -> /usr/bin/awk :2 runs awk"));
 *	fixture_release(&f);
 */
#pragma once

#include "analyzer/detect.h"
#include "analyzer/elf_pass.h"
#include "base/strbuf.h"

struct detect_fixture {
	char *folder;
	struct tree tree;
	struct rpm_image rpm;
	struct ownership_list owners;
	struct elf_table elf;
	struct detect_sink found;
	struct strbuf text; /* one line for each edge and finding */
};

void fixture_init(struct detect_fixture *f);
void fixture_release(struct detect_fixture *f);
/** A regular file; folders above it are made. */
void fixture_file(struct detect_fixture *f, const char *path, const char *content,
		  uint32_t mode, enum file_category category);
void fixture_link(struct detect_fixture *f, const char *path, const char *target);
/** A package that owns the paths (NULL-terminated), which must exist. Call before the run. */
void fixture_package(struct detect_fixture *f, const char *name,
		     const char *const *paths);
/** A weak requirement of a package (1: the first that was made). */
void fixture_recommends(struct detect_fixture *f, pkg_id package, const char *name);
/** Run all C detectors and the rules of @p rules (YAML; NULL: none). */
void fixture_run(struct detect_fixture *f, const char *rules);
/**
 * Is this line there? "<kind> <strength> <from> -> <to> :<line> <citation>" without the ":<line>"
 * where there is none; a package is "package NAME". "finding <rule> <subject>: <text>".
 * "mark <mark> <path>: <value>".
 * "service <unit> type '<type>' runs <program>; <conditions>".
 */
bool fixture_has(const struct detect_fixture *f, const char *line);
/** How many edges, findings and marks there are. */
size_t fixture_count(const struct detect_fixture *f);

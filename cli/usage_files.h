/*
 * usage_files – the inputs of `tare usage import` and `merge`: files of any format, folders
 * of them, other graphs.
 */
#pragma once

#include "analyzer/evidence_format.h"
#include "analyzer/usage_import.h"
#include "cli/options.h"

struct usage_options {
	struct common_options common;
	const char *format, *node, *begin, *end, *sort;
	int coverage; /* index: file, node, part */
	uint64_t top;
};

struct usage_files {
	const struct usage_options *options;
	struct usage_importer *importer;
	struct usage_writer *writer;
	struct usage_report *report;
	bool graphs; /* other graphs are inputs, too */
};

/** Are the options right? @return 0; -EINVAL */
int usage_files_check(const struct usage_options *options, struct error *err);
/** Add a file, "-" for standard input, or all files of a folder (in the order of their
 * names). */
int usage_files_add(struct usage_files *files, const char *path, struct error *err);

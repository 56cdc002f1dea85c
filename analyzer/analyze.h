/*
 * analyze – a root in, a graph out: runs the passes in their order and writes what they
 *found.
 *
 *	struct analyze_options o = { .root = "/mnt/image", .output = "tare.db" };
 *	r = analyze_root(&o, &err);
 *
 * Nothing below the root is written or executed. The graph appears under its name when it
 *is whole; before that the old one stays.
 */
#pragma once

#include "base/error.h"
#include "base/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What an analysis found, for one line at the end. */
struct analyze_summary {
	uint64_t packages, entries, elf_files, edges, findings, disk_bytes;
};

struct analyze_options {
	const char *root;   /* a folder of the host, or what archive_root.h can unpack */
	const char *image;  /* of several in an archive; NULL: the only one */
	const char *output; /* the graph to write */
	const char *dbpath; /* folder of the rpmdb inside the root; NULL: search */
	const char *const *
		boundaries; /* further paths to weigh without entering; NULL-terminated */
	bool cross_file_systems;
	bool metadata_only; /* the rpmdb alone: nothing else below the root is looked at
			     */
	bool compressed; /* compress every file to know its size in an image layer: reads
			       all of the root */
	bool no_libmagic;
	bool no_detectors; /* to measure what detectors cost: no graph to plan with, its
			      table "option" says so */
	unsigned int threads;		 /* 0: all */
	const struct progress *progress; /* NULL: none */
};

/**
 * Analyse.
 * @return 0; 1 when the graph was written but something could not be read (image.complete
 * is 0, the findings say what); -errno when there is no new graph
 */
int analyze_root(const struct analyze_options *options, struct analyze_summary *ret,
		 struct error *err);

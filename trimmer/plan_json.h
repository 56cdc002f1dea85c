/*
 * plan_json – the plan as an artefact: stable JSON (schema "tare-plan/1", described by
 * trimmer/plan.schema.json), and reading it back without the graph it was made from.
 *
 *	char *text = plan_json_write(plan, NULL);	the caller frees it
 *	r = plan_json_read_file("plan.json", &doc, err);
 *	for (size_t i = 0; i < doc->packages.len; i++) ...
 */
#pragma once

#include "base/array.h"
#include "trimmer/plan.h"

#define PLAN_SCHEMA "tare-plan/1"

struct verify_report;

typedef ARRAY_OF(const char *) plan_doc_texts;

struct plan_doc_item {
	const char *nevra, *name, *reason, *risk;
	bool remove;
	uint64_t disk_bytes, memory_bytes;
	uint64_t compressed_bytes; /* 0 unless plan_doc.has_compressed */
};

struct plan_doc_file {
	const char *path; /* canonical: begins with '/', no "." or "..", no empty part */
	const char *type; /* "regular", "directory", "symlink" */
	const char *rule, *package; /* package: NEVRA or "" */
	uint64_t disk_bytes, compressed_bytes;
	plan_doc_texts users; /* who of what stays uses it: see users.h */
};

struct plan_doc_trim {
	const char *id, *title, *mechanism, *risk, *rpm_verify, *restore;
	uint64_t files, disk_bytes;
	uint64_t listed_files, listed_bytes; /* counted in the list files: the same */
};

struct plan_doc_service {
	const char *unit;   /* a file name that ends in ".service" */
	const char *action; /* "disable", "mask" */
	const char *memory_source, *reason, *risk;
	uint64_t memory_bytes;
	plan_doc_texts places; /* of its citations: what starts it */
	plan_doc_texts users;
};

/* A plan that was read. Texts belong to it. */
struct plan_doc {
	const char *image_root, *image_version, *caution;
	ARRAY_OF(const char *) profiles;
	ARRAY_OF(struct plan_doc_item) packages;    /* in the order of the file */
	ARRAY_OF(struct plan_doc_trim) trims;	    /* by id */
	ARRAY_OF(struct plan_doc_file) files;	    /* by path, each once */
	ARRAY_OF(struct plan_doc_service) services; /* by unit */
	uint64_t packages_before, packages_removed, disk_bytes_before, disk_bytes_freed,
		files_removed, trim_bytes_freed, memory_bytes_before, memory_bytes_freed,
		database_bytes_freed, bound;
	bool has_compressed; /* else nobody measured these and they are 0 */
	uint64_t compressed_bytes_before, compressed_bytes_freed,
		trim_compressed_bytes_freed;
	const char *weigh, *memory_source;
	bool memory_root;
	bool weak, keep_install_time;
	bool optimal;
	const char *rpm_check, *graph_check;
	void *json; /* keeps the texts */
};

/**
 * The JSON text, with a newline at its end. Deterministic.
 * @param report  fills proof.rpm_check and proof.graph_check; NULL: "not run"
 */
char *plan_json_write(const struct plan *plan, const struct verify_report *report);
/**
 * Read a plan strictly: an unknown schema, a missing or unknown field, a wrong type or an
 * impossible value is -EINVAL with the place ("packages[3].action: ...").
 */
int plan_json_read(const char *data, size_t len, struct plan_doc **ret,
		   struct error *err);
/** The same from a file of the host; errors begin with its path. "-": standard input. */
int plan_json_read_file(const char *path, struct plan_doc **ret, struct error *err);
void plan_doc_free(struct plan_doc *doc);
void plan_doc_freep(struct plan_doc **doc);

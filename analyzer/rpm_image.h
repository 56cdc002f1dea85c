/*
 * rpm_image – what an rpmdb says, as plain arrays: packages, their files, capabilities,
 * requirement trees, scriptlets. Filled by rpm_source.c and completed by rpm_match.c
 * (which finds the providers by RPM's own comparison).
 *
 * Packages are in the order of (name, epoch, version, release, arch) by strcmp and
 * number, then header number; a package's index + 1 is its pkg_id. The runs of files,
 * provides, requirements and scriptlets are in the order of the packages. Capabilities
 * and expression nodes have ids from 1, in the order in which the headers are read, parts
 * before the node that uses them.
 *
 * Texts are valid UTF-8 (bytes that are not are shown as \xNN), but for paths, link
 * targets and scriptlet bodies, which are the header's bytes. Nothing holds a NUL.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/model.h"

#include <stdbool.h>

struct rpm_file {
	str_id path;		/* absolute, no empty, "." or ".." component */
	str_id link_target;	/* of a symlink */
	str_id digest;		/* "sha256:<hex>", 0 without */
	uint32_t flags;		/* OWN_* */
	uint32_t state;		/* RPMFILE_STATE_*; 0 normal */
	uint32_t color, mode;	/* mode: st_mode with the type bits */
	uint32_t inode, device; /* as declared: hard links within the package */
	uint64_t size_bytes;
	str_id language; /* FILELANGS, 0 without */
	/* from FILECLASS / FILEREQUIRE / FILEPROVIDE: for metadata-only graphs */
	str_id file_class;
	uint32_t depends_at, depends_len; /* into rpm_image.file_depends */
};

struct rpm_file_depend {
	bool provides; /* else requires */
	str_id name;   /* capability name, "libc.so.6(GLIBC_2.34)(64bit)" */
};

struct rpm_package {
	str_id name, version, release, arch, nevra, summary, license, vendor, source_rpm;
	int64_t epoch; /* < 0: none */
	int64_t install_time;
	uint64_t declared_bytes; /* LONGSIZE */
	uint64_t header_bytes;	 /* in the database */
	uint32_t header_number;
	str_id install_reason; /* 0: not known */
	bool is_signed, is_key;
	uint32_t files_at, files_len; /* into rpm_image.files */
	uint32_t provides_at, provides_len;
	uint32_t requirements_at, requirements_len;
	uint32_t scriptlets_at, scriptlets_len;
};

#define SENSE_LESS    1
#define SENSE_GREATER 2
#define SENSE_EQUAL   4

struct rpm_capability {
	str_id name, evr;
	uint8_t sense; /* SENSE_* bits; 0: no version, then evr is 0 too */
};

struct rpm_requirement {
	pkg_id package;
	uint8_t strength, state; /* enum req_strength, req_state */
	bool manual;
	uint32_t phases; /* PHASE_* */
	str_id text;	 /* as RPM prints it */
	node_id node;
};

struct rpm_node {
	uint8_t op; /* enum node_operator */
	node_id left, right, otherwise;
	cap_id capability;
};

struct rpm_provider {
	cap_id capability;
	pkg_id package;
	str_id path; /* canonical path that was asked for, 0 for an ordinary provide */
};

struct rpm_scriptlet {
	str_id kind, interpreter, condition;
	char *body; /* owned */
};

struct rpm_problem {	  /* becomes a finding */
	const char *rule; /* RPM_PROBLEM_* */
	pkg_id package;	  /* 0: none */
	str_id text;
};

/* What is damaged in the database itself: the image is not complete. */
#define RPM_PROBLEM_DATABASE "bad-rpmdb"
/* Values of a header that cannot be what they should be; they were left out or clipped. */
#define RPM_PROBLEM_HEADER "bad-header"
/* A rich dependency that RPM cannot parse: RPM takes it as satisfied once installed. */
#define RPM_PROBLEM_REQUIREMENT "bad-requirement"
/* A package manager's history that says why packages were installed. */
#define RPM_PROBLEM_HISTORY "bad-history"

struct rpm_image {
	struct strpool strings;
	ARRAY_OF(struct rpm_package) packages;
	ARRAY_OF(struct rpm_file) files;
	ARRAY_OF(struct rpm_file_depend) file_depends;
	ARRAY_OF(struct rpm_capability) capabilities; /* [0] unused */
	ARRAY_OF(cap_id) provides;		      /* runs by package */
	ARRAY_OF(struct rpm_requirement) requirements;
	ARRAY_OF(struct rpm_node) nodes;	 /* [0] unused */
	ARRAY_OF(struct rpm_provider) providers; /* by capability, then package */
	ARRAY_OF(struct rpm_scriptlet) scriptlets;
	ARRAY_OF(struct rpm_problem) problems;
	const char *backend;	   /* "sqlite", "bdb", "ndb" */
	char *db_path;		   /* inside the root, canonical; owned */
	uint64_t header_count;	   /* in the database, as far as they could be counted */
	uint64_t unreadable_count; /* > 0: the image is not complete */
};

/** "", "<", ">", "=", "<=", ">=", "<>" or "<=>" */
const char *rpm_sense_name(uint8_t sense);

void rpm_image_init(struct rpm_image *image);
/** Of most packages that have one; NULL: of none. */
const char *rpm_image_architecture(const struct rpm_image *image);
void rpm_image_release(struct rpm_image *image);
static inline const char *rpm_image_text(const struct rpm_image *image, str_id id)
{
	return strpool_text(&image->strings, id);
}

/*
 * snapshot – a whole graph in memory, read once from the store and never changed: arrays
 *that are indexed by id, and for every relation one flat array with the place where each
 *id's part begins. The algorithms of graph/ and trimmer/ work on it.
 *
 *	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
 *		use(g->owners[i]);		packages that own file f
 *
 * Index 0 of every array is "none". A node is a file or a package in one number: file f
 *is node f, package p is node file_count + p (see graph_file_node() and
 *graph_package_node()).
 */
#pragma once

#include "base/error.h"
#include "base/strpool.h"
#include "graph/model.h"
#include "graph/store.h"

#include <stdbool.h>

struct graph_image {
	str_id root, os_id, os_version, os_variant, os_name, architecture;
	str_id rpmdb_backend, rpmdb_path, tool_version;
	uint64_t rpmdb_headers, rpmdb_unreadable, entries, disk_bytes, boundary_bytes;
	uint64_t compressed_bytes; /* of all files as an image layer */
	bool has_compressed;	   /* else nothing of the root was measured so */
	bool metadata_only, complete;
};

struct graph_package {
	str_id name, version, release, arch, nevra, summary, license, vendor, source_rpm;
	int64_t epoch; /* < 0: none */
	int64_t install_time;
	uint64_t declared_bytes;
	uint64_t disk_bytes;	   /* of the files that it alone owns */
	uint64_t compressed_bytes; /* of the same as an image layer */
	bool has_compressed;	   /* else compressed_bytes is not known */
	uint64_t header_bytes;	   /* in the RPM database */
	bool is_signed, is_key;
};

struct graph_file {
	str_id path, target, owner_guess;
	str_id capabilities; /* cap_to_text form, 0: none */
	uint64_t size_bytes, disk_bytes, device, inode;
	uint64_t compressed_bytes; /* of a regular file as part of an image layer */
	uint32_t mode, link_count;
	uint8_t type, category, state; /* enum file_type, file_category, file_state */
	bool has_compressed;	       /* else compressed_bytes is not known */
};

struct graph_owner {
	pkg_id package;
	uint32_t flags; /* OWN_* */
	uint32_t rpm_state;
};

struct graph_edge {
	uint32_t from, to; /* nodes */
	uint8_t kind, strength;
	file_id cite_file;
	uint32_t cite_line;
	str_id cite_text;
};

struct graph_requirement {
	pkg_id package;
	uint8_t strength, state; /* enum req_strength, req_state */
	bool manual;
	uint32_t phases; /* PHASE_* */
	node_id node;
	str_id text;
};

struct graph_req_node {
	uint8_t op; /* enum node_operator */
	node_id left, right, otherwise;
	cap_id capability;
};

struct graph_provider {
	pkg_id package;
	file_id file; /* that is the capability, 0 for an ordinary provide */
};

/* What an ELF file calls itself; only files that have one of the two names. */
struct graph_elf_name {
	file_id file;
	str_id soname;
	str_id go_module, go_version; /* of a Go program: from .go.buildinfo */
};

/* How an ELF file was built, and what it is made of, in bytes. */
struct graph_elf {
	file_id file;
	uint32_t hardening; /* HARDEN_* */
	uint8_t type;	    /* enum elf_type */
	bool is_static, is_stripped, is_go;
	uint64_t text_bytes, rodata_bytes, relro_bytes, data_bytes, bss_bytes,
		debug_bytes; /* debug_bytes: what strip would remove */
	uint64_t relocation_count;
};

/* What a systemd unit or a drop-in says of the process it starts. */
struct graph_service {
	file_id file, program; /* program 0: none, or not found */
	uint8_t type;	       /* enum service_type */
	str_id conditions;     /* one a line; 0: none */
};

/* What an analysis saw of single files; those of one mark and value stand together. */
struct graph_mark {
	file_id file;
	uint8_t mark; /* enum file_mark */
	str_id value;
};

struct graph_scriptlet {
	pkg_id package;
	str_id kind;	  /* preun, postun, triggerun ...: see schema.sql */
	str_id condition; /* of a trigger */
};

struct graph {
	struct strpool strings;
	struct graph_image image;

	uint32_t package_count, file_count, capability_count, requirement_count,
		req_node_count;
	uint32_t edge_count, node_count; /* node_count = file_count + package_count */

	struct graph_package *packages; /* [1 .. package_count] */
	struct graph_file *files;	/* [1 .. file_count], in the order of paths */
	str_id *capabilities;		/* [1 .. capability_count], "name op evr" */

	uint32_t *owner_start;	    /* [file_count + 2] */
	struct graph_owner *owners; /* by file, then package */
	uint32_t *owned_start;	    /* [package_count + 2] */
	file_id *owned;		    /* by package, then file */

	uint32_t *requirement_start; /* [package_count + 2] */
	struct graph_requirement
		*requirements;		  /* by package, then id; index is not the id */
	struct graph_req_node *req_nodes; /* [1 .. req_node_count] */
	uint32_t *provider_start;	  /* [capability_count + 2] */
	struct graph_provider *providers; /* by capability, then package */

	uint32_t *provide_start; /* [capability_count + 2] */
	pkg_id *provides;	 /* by capability, then package: what packages declare */

	uint32_t scriptlet_count;
	struct graph_scriptlet *scriptlets; /* by package, then position; no bodies */

	uint32_t elf_name_count;
	struct graph_elf_name *elf_names; /* by file */

	uint32_t elf_count, service_count;
	struct graph_elf *elves;	/* [0 .. elf_count - 1], by file */
	struct graph_service *services; /* [0 .. service_count - 1], by file */

	uint32_t mark_count;
	struct graph_mark *marks; /* by mark (its name), value (its text), file */

	uint32_t *edge_start;	  /* [node_count + 2]: edges from a node */
	struct graph_edge *edges; /* by from, to, kind */
	uint32_t *edge_in_start;  /* [node_count + 2] */
	uint32_t *edge_in;	  /* indexes of edges, by to */
};

/** Read everything. *ret is freed with graph_free(). */
int graph_load(struct store *st, struct graph **ret, struct error *err);
/**
 * Read the image and the packages alone: milliseconds, where the files take seconds. Nodes
 * have the numbers that they have in the whole graph, but every other array is NULL and
 * no package owns a file.
 */
int graph_load_packages(struct store *st, struct graph **ret, struct error *err);
void graph_free(struct graph *g);
void graph_freep(struct graph **g);

static inline const char *graph_text(const struct graph *g, str_id id)
{
	return strpool_text(&g->strings, id);
}

static inline uint32_t graph_file_node(const struct graph *g, file_id f)
{
	(void)g;
	return f;
}

static inline uint32_t graph_package_node(const struct graph *g, pkg_id p)
{
	return g->file_count + p;
}

static inline bool graph_node_is_file(const struct graph *g, uint32_t node)
{
	return node <= g->file_count;
}

/** The package of a package node. */
static inline pkg_id graph_node_package(const struct graph *g, uint32_t node)
{
	return node - g->file_count;
}

/** The file at exactly this canonical path, or 0. */
file_id graph_find_file(const struct graph *g, const char *path);
/**
 * The package called @p name: a name, name.arch, NEVRA or NEVR (with or without epoch).
 * @return the id; 0 when there is none. Of several with one name the first by NEVRA; the
 * number of matches is put into *ret_count where it is not NULL.
 */
pkg_id graph_find_package(const struct graph *g, const char *name, size_t *ret_count);
/** True when the file is on the disk now (present or changed, not missing or not
 * installed). */
bool graph_file_on_disk(const struct graph_file *file);
/**
 * The package of a file: of several the first (by id) whose rpmdb state of it is normal, else
 * the first that declares it; 0 of an unowned file, and of file 0.
 */
pkg_id graph_file_owner(const struct graph *g, file_id file);
/** What the ELF file is made of; NULL when it is none. */
const struct graph_elf *graph_find_elf(const struct graph *g, file_id file);
/** A licence or copyright notice, by category or name, wherever it lies. */
bool graph_file_is_licence(const struct graph *g, file_id file);
/** What the unit or drop-in says of its process; NULL when nothing. */
const struct graph_service *graph_find_service(const struct graph *g, file_id file);

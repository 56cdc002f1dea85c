/*
 * store_write – adding the rows of an analysis. Texts are borrowed for the call only. Ids
 * are given by the caller (dense, from 1, in the total order that graph/schema.sql
 * names), except for edges and findings, which are numbered in the order they come: pass
 * them in a total order.
 *
 * Strings that end in "bytes of the root" (paths, targets, bodies) may be any bytes
 * without NUL. All functions return 0 or a negative errno with the SQL in *err.
 */
#pragma once

#include "graph/model.h"
#include "graph/store.h"

struct image_row {
	const char *root; /* bytes */
	const char *os_id, *os_version, *os_variant,
		*os_name; /* NULL where os-release has none */
	const char *architecture;
	const char *rpmdb_backend, *rpmdb_path;
	uint64_t rpmdb_headers, rpmdb_unreadable;
	bool metadata_only, complete;
	uint64_t entries, disk_bytes, boundary_bytes, compressed_bytes;
	bool has_compressed; /* else compressed_bytes was not measured */
};

struct package_row {
	pkg_id id;
	const char *name, *version, *release, *arch;
	int64_t epoch; /* < 0: none */
	const char *nevra;
	const char *summary, *license, *vendor, *source_rpm;
	uint64_t declared_bytes, disk_bytes;
	int64_t install_time;
	const char *install_reason; /* NULL: not known */
	bool is_signed, is_key;
	uint64_t header_bytes; /* in the RPM database */
};

struct file_row {
	file_id id;
	const char *path; /* bytes */
	enum file_type type;
	uint32_t mode, uid, gid;
	uint64_t size_bytes, disk_bytes, device, inode, link_count;
	int64_t mtime;
	const char *target; /* bytes; NULL unless a symlink */
	enum file_category category;
	const char *media_type; /* NULL: not known */
	enum file_classifier classified_by;
	enum file_state state;
	const char *capabilities, *owner_guess; /* NULL: none */
	bool has_compressed;			/* else the next was not measured */
	uint64_t compressed_bytes;
};

struct ownership_row {
	file_id file;
	pkg_id package;
	uint32_t flags; /* OWN_* */
	uint32_t rpm_state, color, declared_mode;
	uint64_t declared_bytes;
	const char *declared_path; /* bytes; NULL where it equals the file's path */
	const char *digest;	   /* "sha256:<hex>"; NULL: none */
};

struct capability_row {
	cap_id id;
	const char *name, *sense, *evr; /* sense "" and evr "" without a version */
};

struct requirement_row {
	req_id id;
	pkg_id package;
	enum req_strength strength;
	uint32_t phases; /* PHASE_* */
	bool manual;	 /* written by a packager, not by a dependency generator */
	const char *text;
	node_id node;
	enum req_state state;
};

struct node_row {
	node_id id;
	enum node_operator op;
	node_id left, right, otherwise; /* 0: none */
	cap_id capability;		/* 0 unless op is NODE_CAPABILITY */
};

struct scriptlet_row {
	pkg_id package;
	uint32_t position;
	const char *kind, *interpreter, *condition;
	const char *body; /* bytes */
};

struct elf_row {
	file_id file;
	int class; /* 32 or 64 */
	bool big_endian;
	const char *machine;
	enum elf_type type;
	const char *soname, *interpreter, *runpath, *rpath,
		*build_id; /* bytes; NULL: none */
	bool is_static, is_stripped, has_dlopen;
	const char *go_module, *go_version; /* NULL: not a Go program */
	uint32_t hardening;		    /* HARDEN_* */
	uint64_t text_bytes, rodata_bytes, relro_bytes, data_bytes, bss_bytes,
		debug_bytes;
	uint64_t relocation_count;
};

struct needed_row {
	file_id file;
	uint32_t position;
	const char *soname; /* bytes */
	file_id resolved;   /* 0: not found */
	enum needed_via via;
};

struct edge_row {
	file_id from_file; /* exactly one of the two from_ is set, and of the two to_ */
	pkg_id from_package;
	file_id to_file;
	pkg_id to_package;
	enum edge_kind kind;
	enum edge_strength strength;
	file_id cite_file;     /* 0: the citation is in the from side itself */
	uint32_t cite_line;    /* 0: no lines */
	const char *cite_text; /* made printable here */
};

struct service_row {
	file_id file; /* a unit or a drop-in */
	enum service_type type;
	file_id program;	/* 0: none */
	const char *conditions; /* "ConditionPathExists=/x" ..., each printable, joined by
				   newlines */
};

struct mark_row {
	file_id file;
	enum file_mark mark;
	const char *value; /* made printable here */
};

struct finding_row {
	const char *rule;
	enum severity severity;
	file_id file;	/* 0: none */
	pkg_id package; /* 0: none */
	const char *subject, *text,
		*remedy; /* made printable here; "" where there is none */
	uint64_t bytes;	 /* that the remedy saves; 0 of all that are stored */
};

int store_set_image(struct store *st, const struct image_row *row, struct error *err);
int store_add_option(struct store *st, const char *name, const char *value,
		     struct error *err);
int store_add_package(struct store *st, const struct package_row *row, struct error *err);
int store_add_file(struct store *st, const struct file_row *row, struct error *err);
int store_add_ownership(struct store *st, const struct ownership_row *row,
			struct error *err);
int store_add_capability(struct store *st, const struct capability_row *row,
			 struct error *err);
int store_add_provide(struct store *st, pkg_id package, cap_id capability,
		      struct error *err);
int store_add_requirement(struct store *st, const struct requirement_row *row,
			  struct error *err);
int store_add_node(struct store *st, const struct node_row *row, struct error *err);
/** @p file is the file that provides a path capability, 0 for an ordinary provide. */
int store_add_provider(struct store *st, cap_id capability, pkg_id package, file_id file,
		       struct error *err);
int store_add_scriptlet(struct store *st, const struct scriptlet_row *row,
			struct error *err);
int store_add_elf(struct store *st, const struct elf_row *row, struct error *err);
int store_add_needed(struct store *st, const struct needed_row *row, struct error *err);
/** @p soname "" for a definition. Adding the same twice is no error. */
int store_add_elf_version(struct store *st, file_id file, const char *soname,
			  const char *version, struct error *err);
int store_add_edge(struct store *st, const struct edge_row *row, struct error *err);
int store_add_service(struct store *st, const struct service_row *row, struct error *err);
int store_add_mark(struct store *st, const struct mark_row *row, struct error *err);
int store_add_finding(struct store *st, const struct finding_row *row, struct error *err);
/** Set disk_bytes and compressed_bytes of every package from the file and ownership rows
 * (see schema.sql). */
int store_weigh_packages(struct store *st, struct error *err);

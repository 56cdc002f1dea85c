/*
 * measure_surface – supply chain and attack surface of an image as sets of files and
 * packages: what nobody signed, what runs with more rights, what is started by default,
 * what an intruder would find to work with, what was built without protection. Counted
 * before and after a plan.
 *
 *	_cleanup_(surface_freep) struct surface *s = surface_new(g);
 *	for (i = 0; i < SURFACE_COUNT; i++)
 *		print(SURFACE_KINDS[i].title, surface_count(s, i));
 *
 * Only what is on the disk counts. A graph from metadata alone has no ELF files and no
 * changed files: surface_is_known() says which kinds it cannot answer.
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

enum surface_id {
	/* supply chain */
	SURFACE_UNSIGNED, /* packages without a signature header */
	SURFACE_FOREIGN,  /* packages whose vendor is not the one of most packages */
	SURFACE_CHANGED, /* type or size is not what the rpmdb says; no config, no ghost */
	/* attack surface */
	SURFACE_SETUID,	      /* regular files: set-user-ID, or set-group-ID */
	SURFACE_CAPABILITIES, /* files with file capabilities */
	SURFACE_WRITABLE,     /* by everybody: no symlinks, no sticky folders */
	SURFACE_DAEMONS, /* services that start at boot (graph/startup.h), no one-shots */
	SURFACE_SOCKETS, /* socket units that start at boot */
	SURFACE_INTERPRETERS, /* programs on PATH, each file once; shells too */
	SURFACE_COMPILERS,
	SURFACE_DEBUGGERS,
	SURFACE_COMMANDS, /* names on PATH that can be executed */
	/* ELF programs and libraries that were built without ... */
	SURFACE_NO_RELRO,
	SURFACE_NO_PIE,	   /* programs at a fixed address */
	SURFACE_NO_CANARY, /* import no stack protector; without static and Go ones */
	SURFACE_NO_NX,	   /* an executable stack */
	SURFACE_COUNT
};

struct surface_kind {
	const char *name;  /* "setuid": in budgets, columns, JSON */
	const char *title; /* "Setuid and setgid files" */
	const char *group; /* "supply chain", "attack surface", "hardening" */
	const char *noun;  /* "package", "file", "command": one of what it counts */
	bool is_packages;  /* the set has pkg_id; else file_id */
	bool needs_disk;   /* unknown in a graph from metadata alone */
};
extern const struct surface_kind SURFACE_KINDS[SURFACE_COUNT];

struct surface;

/** Borrows the graph; everything is found here. */
struct surface *surface_new(const struct graph *g);
void surface_free(struct surface *s);
void surface_freep(struct surface **s);

/** The kind called @p name, or -1. */
int surface_parse(const char *name);
/** False where this graph cannot say (see needs_disk). */
bool surface_is_known(const struct surface *s, enum surface_id id);
/** The set itself, of file_id (size file_count + 1) or pkg_id (package_count + 1). */
const struct idset *surface_set(const struct surface *s, enum surface_id id);
uint64_t surface_count(const struct surface *s, enum surface_id id);
/**
 * How many are left when these packages went (pkg_id set) and these files (file_id set;
 * NULL: none): a file goes with its last owner; one without an owner stays.
 */
uint64_t surface_count_after(const struct surface *s, enum surface_id id,
			     const struct idset *packages, const struct idset *files);
/** The vendor of most packages (of several the first by name), "" where they have none. */
const char *surface_vendor(const struct surface *s);
/** Packages that are software and whose vendor does not match a glob of rules/glob.h. */
void surface_select_foreign(const struct graph *g, const char *vendor,
			    struct idset *packages);

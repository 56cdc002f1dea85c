/*
 * linker_search – folders and how a name is found in them. Internal to linker*.c.
 */
#pragma once

#include "analyzer/ldconf.h"
#include "analyzer/linker.h"
#include "base/strbuf.h"

/* A symlink, a configuration file or another copy that a match makes use of. */
struct link_use {
	uint32_t entry;		/* index into the tree */
	uint8_t kind, strength; /* enum edge_kind, edge_strength */
	file_id cite_file;	/* with the line; 0: in the object itself */
	uint32_t cite_line;
	str_id cite; /* 0: "NEEDED <name>" */
};

struct use_list {
	struct link_use *data;
	size_t len, cap;
};

/* One way in which a name was found. */
struct link_match {
	uint32_t target;	    /* index into the tree, of the regular file */
	uint8_t via;		    /* enum needed_via */
	str_id folder;		    /* in which it was found: $ORIGIN of what it loads */
	uint32_t uses_at, uses_len; /* into linker.uses */
};

/* Indexes into linker.matches; NO_MATCH is the answer "nothing". */
typedef uint32_t match_id;
#define NO_MATCH 0

/* Instead of an index into linker.lists. */
#define NO_LIST UINT32_MAX

struct link_dir {
	str_id path; /* canonical */
	uint8_t via;
	struct use_list uses;	   /* symlinks, configuration files */
	ARRAY_OF(str_id) variants; /* hwcaps folders in it, lowest level first */
};

struct dir_list {
	struct link_dir *data;
	size_t len, cap;
};

enum libc {
	LIBC_UNKNOWN,
	LIBC_GLIBC,
	LIBC_MUSL,
};

/* All objects that can be loaded into one process. */
struct platform {
	uint16_t machine;
	uint8_t class;
	bool big_endian;
	enum libc libc;
	uint32_t loader;	 /* entry index + 1 of the interpreter; 0: none */
	char *lib;		 /* what $LIB is */
	struct dir_list dirs;	 /* ld.so.conf and the default folders */
	ARRAY_OF(match_id) memo; /* by name id: match + 1; 0 = not searched yet */
};

struct linker {
	const struct linker_input *in;
	struct ldconf conf;
	struct strpool names; /* sonames, folders, citations */
	ARRAY_OF(struct platform) platforms;
	ARRAY_OF(struct dir_list) lists;     /* of RPATH and RUNPATH */
	ARRAY_OF(uint32_t) list_by_key;	     /* by name id: index + 1 into lists */
	ARRAY_OF(struct link_match) matches; /* [0] is NO_MATCH */
	struct use_list uses;
	struct entry_list links; /* scratch */
	struct strbuf path;	 /* scratch */
	bool stopped; /* the last search_dirs() met a file that ends the search */
};

/** Free folders. */
void dirs_release(struct dir_list *dirs);
/** Index into linker.platforms for a loadable file; -1: cannot be loaded at all. */
int platform_of(const struct linker *linker, const struct elfinfo *info);
/** Find the platforms of all files, their loaders and their search lists. */
void platforms_find(struct linker *linker, struct finding_list *findings);
void platforms_release(struct linker *linker);

/**
 * Add a folder of a search list; those that are not there or are there already add
 * nothing.
 * @param path  absolute; symlinks are followed
 * @param conf  NULL, or the line of ld.so.conf that has it
 */
void dirs_add(struct linker *linker, const struct platform *platform,
	      struct dir_list *dirs, const char *path, enum needed_via via,
	      const struct ldconf_dir *conf);
/**
 * The folders of an RPATH or RUNPATH.
 * @param origin  folder that $ORIGIN stands for
 * @return index into linker.lists
 */
uint32_t dirs_of_path(struct linker *linker, int platform, const char *text,
		      const char *origin, enum needed_via via);

/**
 * Find a name in one list; the first folder that has it decides. Where that file is one that
 * the loader gives up at, linker->stopped is set and nobody looks further.
 */
match_id search_dirs(struct linker *linker, int platform, uint32_t list,
		     const char *name);
/** Find it in ld.so.conf and the default folders. */
match_id search_default(struct linker *linker, int platform, const char *name,
			bool without_default);
/** search_dirs() where @p list is not NO_LIST, then search_default(). */
match_id search_list(struct linker *linker, int platform, uint32_t list, const char *name,
		     bool without_default);
/** A name with a '/' in it; $ORIGIN is expanded. */
match_id search_path(struct linker *linker, int platform, const char *name,
		     const char *origin);
/** Could this regular file be loaded into a process of the platform? */
bool fits(const struct linker *linker, const struct platform *platform,
	  const struct tree_entry *entry);
/**
 * The text with $ORIGIN, $LIB and $PLATFORM (also in braces) replaced; new memory.
 */
char *expand_tokens(const struct platform *platform, const char *text, const char *origin,
		    const char *platform_name);
/** Names for $PLATFORM on this machine, NULL-terminated; never empty. */
const char *const *platform_names(const struct platform *platform);
/** Folders with better copies, below a folder of libraries; NULL-terminated. */
const char *const *platform_variants(const struct platform *platform);
/** True for what musl's loader answers itself: "libc.so", "libpthread.so" ... */
bool is_musl_builtin(const char *name);

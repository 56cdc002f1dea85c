/*
 * module_path – where interpreters look for modules in the root: folders of Python and Perl
 * modules found by the shape of their paths, and look-up of a dotted or coloned module name in
 * them. Built once, used from several threads.
 */
#pragma once

#include "analyzer/tree.h"

/* A file below one of the folders. */
struct module_hit {
	const struct tree_entry *entry; /* NULL: none */
	uint32_t folder;		/* index into folders: the first that has it */
};

struct module_path {
	const struct tree *tree;
	ARRAY_OF(const char *) folders; /* canonical, without '/' at the end; borrowed */
	struct strpool names;		/* paths below a folder */
	ARRAY_OF(struct module_hit) hits; /* by name */
	struct strpool compiled_names;	  /* full paths without tag and ending */
	ARRAY_OF(const struct tree_entry *) compiled;
};

/** Folders that the interpreter searches: `python3.11`, `lib-dynload`, `site-packages` ... */
void module_path_python(struct module_path *path, const struct tree *tree);
/** Folders of @INC: those that hold `strict.pm`, `vendor_perl`, `/usr/share/perl5` ... */
void module_path_perl(struct module_path *path, const struct tree *tree);
void module_path_release(struct module_path *path);

/**
 * The file called @p name ("json/__init__.py") below the first folder that has one. Of a
 * compiled module the name has no tag: "_ssl.so" is _ssl.cpython-311-x86_64-linux-gnu.so.
 */
struct module_hit module_path_find(const struct module_path *path, const char *name);
/** The file at this path, on disk, or NULL. */
const struct tree_entry *module_path_file(const struct module_path *path,
					  const char *full);
/** The compiled module at this path without tag and ending ("/x/_ssl"), or NULL; Python's. */
const struct tree_entry *module_path_compiled(const struct module_path *path,
					      const char *stem);
/** The first entry on disk whose path begins with @p prefix and ends with @p suffix, or NULL. */
const struct tree_entry *module_path_prefix(const struct module_path *path,
					    const char *prefix, const char *suffix);

/*
 * tree – every entry of one root: what the walk saw, what the rpmdb adds, and what the
 * later passes find out about it. Filled in this order:
 *
 *	walk_root()	one entry for everything on disk: stat fields, link targets
 *	tree_sort()	order by path, to answer tree_canonical()
 *	tree_add()	entries that only the rpmdb knows (join.c)
 *	tree_sort()	again; from here on an entry's index + 1 is its file id
 *	classify, elf	each pass sets its own fields of each entry
 *
 * Strings are in one pool. Threads may work on different entries at the same time, and
 * may all find and resolve, but nobody may add strings to the pool then: such passes keep
 * their strings per entry and add them after.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/model.h"

#include <stdbool.h>

struct tree_entry {
	str_id path;   /* canonical: no component but the last is a symlink */
	str_id target; /* of a symlink, as written; 0 otherwise */
	uint8_t type;  /* enum file_type */
	uint8_t category, classified_by, state; /* enums of graph/model.h */
	bool on_disk;				/* the walk saw it */
	bool is_boundary;			/* weighed as a whole, not entered */
	bool is_owned;				/* some package has it (join) */
	bool is_hidden;	     /* of the rpmdb alone, and nobody could look there (join) */
	bool unreadable;     /* the walk or a pass was refused access */
	bool has_compressed; /* else compressed_bytes was not measured */
	uint32_t mode;	     /* permission bits with setuid, setgid, sticky */
	uint32_t uid, gid, link_count;
	uint64_t size_bytes, disk_bytes, device, inode;
	uint64_t compressed_bytes; /* see layer_size.h */
	int64_t mtime;
	str_id media_type, capabilities, owner_guess;
	uint32_t own_flags; /* OWN_* of all owners together (join) */
	uint32_t elf;	    /* index + 1 into the ELF pass's results, 0: none */
};

struct tree {
	struct strpool strings;
	ARRAY_OF(struct tree_entry) entries;
	ARRAY_OF(uint32_t) by_path; /* by str_id: index + 1 of the entry, 0 none */
	bool sorted;
};

void tree_init(struct tree *tree);
void tree_release(struct tree *tree);
/** Append an entry; the pointer is valid until the next one is added. */
struct tree_entry *tree_add(struct tree *tree, const char *path);
/**
 * Order by path bytes (strcmp); may be called again after adding more. Two entries with
 * one path are a programming error.
 */
void tree_sort(struct tree *tree);
/** The entry at exactly this canonical path, or NULL. Only after tree_sort(). */
struct tree_entry *tree_find(const struct tree *tree, const char *path);
/** Id of an entry of a sorted tree. */
file_id tree_id(const struct tree *tree, const struct tree_entry *entry);
static inline const char *tree_text(const struct tree *tree, str_id id)
{
	return strpool_text(&tree->strings, id);
}

/**
 * Resolve a path inside the root by the tree alone: symlinks are followed as the kernel
 * would in the root ("/lib64/ld.so" -> "/usr/lib64/ld-2.36.so"), at most 40 of them.
 * What is not on the disk (STATE_MISSING, STATE_NOT_INSTALLED) is not found. A canonical
 * path costs one look into a hash table.
 *
 * @param flags  TREE_NOFOLLOW: a symlink in the last place is the answer itself
 * @return the entry; NULL when there is none, a loop, or a folder that was not walked
 */
#define TREE_NOFOLLOW (1u << 0)
struct tree_entry *tree_resolve(const struct tree *tree, const char *path,
				unsigned int flags);
/**
 * tree_resolve() that also tells the way: the index of every symlink that was followed,
 * in order, is appended to @p links ("/lib" and "/usr/lib/libz.so.1" for
 * "/lib/libz.so.1"). Links on a way that ends nowhere are appended as well.
 */
struct entry_list {
	uint32_t *data;
	size_t len, cap;
};
struct tree_entry *tree_resolve_via(const struct tree *tree, const char *path,
				    struct entry_list *links);
/**
 * The canonical spelling of @p path: symlinks of all folders resolved, the last component
 * kept as it is, whether or not it exists ("/bin/sh" -> "/usr/bin/sh" under a merged
 * /usr). New memory; NULL for a loop. Between two tree_sort() it knows the entries of the
 * first.
 */
char *tree_canonical(const struct tree *tree, const char *path);
/**
 * True when nobody can say what is at @p path: a folder above it is a boundary or could
 * not be read.
 */
bool tree_is_hidden(const struct tree *tree, const char *path);

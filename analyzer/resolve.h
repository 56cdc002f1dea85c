/*
 * resolve – what a name found in a file of the root means: a command on PATH, a path, a unit, a
 * soname, a kernel module. Answers are entries of the tree, looked up in indexes that are built
 * once; nothing touches the disk.
 *
 *	_cleanup_(resolve_index_freep) struct resolve_index *index = resolve_index_new(&tree);
 *	entry = resolve_command(index, "modprobe", 8);
 */
#pragma once

#include "analyzer/tree.h"

struct resolve_index;

/** The folders of system units, the first wins; NULL-terminated. */
extern const char *const RESOLVE_UNIT_FOLDERS[];

/** Index a sorted tree (borrowed; must not change afterwards). Free with resolve_index_free(). */
struct resolve_index *resolve_index_new(const struct tree *tree);
void resolve_index_free(struct resolve_index *index);
void resolve_index_freep(struct resolve_index **index);

/**
 * The file that running @p name would find: a bare name in the folders of PATH, in the order
 * /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin; a name that begins with
 * '/' as a path. The answer may be a symlink entry, but ends at a regular file with an execute
 * bit. NULL where there is none.
 */
const struct tree_entry *resolve_command(const struct resolve_index *index,
					 const char *name, size_t len);
/**
 * The entry at an absolute path, folders' symlinks followed, the last one not: an edge to a
 * symlink goes on through the symlink's own edge. NULL where there is none.
 */
const struct tree_entry *resolve_path(const struct resolve_index *index, const char *path,
				      size_t len);
/**
 * The unit file of that name: /etc/systemd/system, /run/systemd/system, /usr/local/lib/systemd/
 * system, /usr/lib/systemd/system; "name@instance.service" falls back to "name@.service".
 */
const struct tree_entry *resolve_unit(const struct resolve_index *index, const char *name,
				      size_t len);
/**
 * Every entry in a library folder whose last component is @p soname, at most @p max of them;
 * several for several word sizes. Library folders are those with "lib" in their path.
 * @return how many were put into @p ret
 */
size_t resolve_soname(const struct resolve_index *index, const char *soname, size_t len,
		      const struct tree_entry **ret, size_t max);
/**
 * Every kernel module of that name below /usr/lib/modules (one for each kernel); '-' and '_'
 * are equal, the name has no ".ko". At most @p max.
 */
size_t resolve_module(const struct resolve_index *index, const char *name, size_t len,
		      const struct tree_entry **ret, size_t max);
/**
 * Let resolve_module() find modules by what depmod's modules.alias calls them ("alias fs-nfs
 * nfs"), where no module has that name. Aliases with wildcards are for devices and left out.
 * Once for each kernel, before the index is used.
 *
 * @param folder  of the kernel: "/usr/lib/modules/6.1.0"; its modules alone are meant
 */
void resolve_add_aliases(struct resolve_index *index, const char *folder,
			 const char *text, size_t len);
/**
 * The file in a folder system-services of D-Bus that starts the owner of this well-known bus
 * name: by its own name "<bus name>.service" (dbus-daemon(1)). NULL where there is none.
 */
const struct tree_entry *resolve_bus_name(const struct resolve_index *index,
					  const char *name, size_t len);

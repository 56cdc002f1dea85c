/*
 * module_alias – modules.alias of each kernel in the root (modprobe(8), depmod(8)), so that
 * "modprobe fs-nfs" is understood. A root without it knows modules by their names alone.
 */
#pragma once

#include "analyzer/resolve.h"
#include "base/rootfs.h"

#define MODULE_ALIAS_MAX (16u << 20) /* bytes; a bigger file is left out */

/** Read them all into @p index; what cannot be read is left out. */
void module_alias_read(struct rootfs *root, const struct tree *tree,
		       struct resolve_index *index);

/*
 * tree_meta – give one entry the owner, mode, extended attributes and times of another.
 */
#pragma once

#include <sys/stat.h>

/**
 * Make @p to like @p from, of which lstat(2) said @p st. Attributes that @p to has and
 * @p from has not (an ACL that the folder hands down) go.
 *
 * @param from,to  descriptors of the entries, O_PATH is enough (needs /proc then)
 * @return 0 or -errno
 */
int tree_meta_copy(int from, int to, const struct stat *st);

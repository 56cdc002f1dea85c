/*
 * tree_glob – the paths of a tree that match a pattern, as glob(3) would find them if the
 * root were "/": by components, '*' never matches a '/' or a leading '.', symlinks to
 * folders are gone through.
 */
#pragma once

#include "analyzer/tree.h"

#define TREE_GLOB_MAX  4096  /* matches on the way */
#define TREE_GLOB_LOOK 65536 /* entries of folders looked at */

/**
 * Call fn(arg, path) for each match in the order of strcmp(); the path is spelled as the
 * pattern does and may end with a symlink. Patterns that would match more than
 * TREE_GLOB_MAX paths on the way, or need more than TREE_GLOB_LOOK looks, give nothing.
 *
 * @param pattern  absolute
 * @return 0; -E2BIG for such a pattern; -EINVAL for one that is not absolute
 */
int tree_glob(const struct tree *tree, const char *pattern,
	      void (*fn)(void *arg, const char *path), void *arg);

/*
 * glob – patterns for whole paths and for names.
 *
 *	*   any characters but '/'		?    one character but '/'
 *	**  as a whole component: any number of components, none too
 *	[a-z] [!a-z]  one of, none of		\x   x itself
 *
 * Bytes are compared, in every locale the same; a leading dot is nothing special.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Characters that are special to glob_match(). */
#define GLOB_SPECIAL "*?[\\"

/** True when @p path as a whole matches. Names without '/' are paths of one component. */
bool glob_match(const char *pattern, const char *path);
/** True when @p pattern has a character that is special to glob_match(). */
bool glob_is_pattern(const char *pattern);
/**
 * Bytes of @p pattern that every match begins with: up to the last '/' before the first
 * special character; all of it when there is none.
 */
size_t glob_literal_len(const char *pattern);
/** What every match ends with: the bytes behind the last special character. */
const char *glob_literal_tail(const char *pattern);

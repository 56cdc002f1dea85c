/*
 * ini_reader – the "Key=value" files of systemd, D-Bus and the XDG desktop: sections in
 * brackets, '#' and ';' comment lines, a backslash at the end of a line that continues it
 * (systemd.syntax(7)). Input is hostile: any bytes, any length.
 *
 *	static void item(void *arg, const struct ini_item *it) { ... }
 *	ini_read(data, len, item, arg);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INI_MAX_VALUE 65536 /* bytes of one value with its continuations; more is cut */

struct ini_item {
	const char *section; /* "" before the first one */
	const char *key;     /* no spaces at its ends */
	const char
		*value; /* no spaces at its ends, continuation lines joined by a space */
	uint32_t line;	/* of the key, from 1 */
};

typedef void ini_fn(void *arg, const struct ini_item *item);

/** Call @p fn for every item; lines that are none are passed over. */
void ini_read(const char *data, size_t len, ini_fn *fn, void *arg);

/**
 * Split off the next word of a value, with systemd's quotes and backslashes undone.
 *
 * @param text  advanced behind the word
 * @param out   gets the word, cut at @p size - 1 bytes
 * @return false when there is no further word
 */
bool ini_word(const char **text, char *out, size_t size);

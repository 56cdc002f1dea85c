/*
 * classify_path – what a path alone says about a file: man page, locale, unit, header.
 *
 * The tables know folders ("/usr/share/man/"), names in them ("vmlinuz*" in /boot) and
 * endings (".pyc"). "/usr", "/usr/local" and "/opt/<name>" in front make no difference,
 * so the same rule fits merged and unmerged /usr.
 *
 *	struct path_class c = classify_path("/usr/lib/modules/6.1/kernel/fs/ext4.ko.xz");
 *	c.category == CATEGORY_KERNEL_MODULE, !c.weak
 */
#pragma once

#include "graph/model.h"

#include <stdbool.h>

struct path_class {
	bool known;
	bool weak;	   /* what is in the file may say better: "tool.py" with "#!" */
	uint8_t category;  /* enum file_category */
	const char *media; /* media type; NULL: the path does not say */
};

/** @param path  canonical, of a regular file */
struct path_class classify_path(const char *path);
/** Media type by the ending of the name, or NULL. */
const char *classify_path_media(const char *path);
/** Call fn for each media type of the tables. */
void classify_path_each_media(void (*fn)(void *arg, const char *media), void *arg);

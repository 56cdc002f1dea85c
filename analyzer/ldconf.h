/*
 * ldconf – /etc/ld.so.conf and what it includes, read as ldconfig reads them.
 *
 *	include ld.so.conf.d/[a-z]*.conf
 *	/usr/lib64/iscsi		a folder; "=libc6" behind it is an old form
 *	hwcap 0 nosegneg		ignored, as ldconfig does since 2.31
 *	# comment, also behind other text
 *
 * Patterns of include lines match inside the root, relative ones beside the file that has
 * them. Each file is read once, so files that include each other come to an end. What
 * ld.so really reads is the cache that ldconfig makes of this; a cache that is older than
 * the root's folders is not looked at.
 */
#pragma once

#include "analyzer/edges.h"
#include "analyzer/tree.h"
#include "base/rootfs.h"

#define LDCONF_FILE_MAX (64u << 10) /* bytes of one file */
#define LDCONF_FILES	1024
#define LDCONF_PATTERNS 256 /* include patterns of all files together */

struct ldconf_file {
	uint32_t entry;		/* index into the tree */
	uint32_t included_by;	/* index into files + 1; 0: the first file */
	uint32_t included_line; /* the include line there */
};

struct ldconf_dir {
	str_id path;	     /* absolute, as written, no '/' at the end */
	uint32_t file, line; /* index into files */
};

struct ldconf {
	struct strpool strings;
	ARRAY_OF(struct ldconf_file) files;
	ARRAY_OF(struct ldconf_dir) dirs; /* in the order of the search */
};

void ldconf_init(struct ldconf *conf);
void ldconf_release(struct ldconf *conf);
/**
 * Read @p path ("/etc/ld.so.conf") of the root; without such a file there are no folders.
 * What cannot be read is a finding "unreadable-file"; more than LDCONF_FILES files or
 * LDCONF_PATTERNS patterns, or one that matches thousands, are a finding "bad-ldconf".
 */
void ldconf_read(struct ldconf *conf, struct rootfs *root, const struct tree *tree,
		 const char *path, struct finding_list *findings);

enum ldconf_line {
	LDCONF_EMPTY,  /* nothing, a comment, hwcap */
	LDCONF_DIR,    /* one folder */
	LDCONF_INCLUDE /* patterns, separated by blanks */
};

/**
 * Understand one line of @p len bytes, without its newline.
 * @param ret_text  where the folder or the first pattern begins; *ret_len bytes
 */
enum ldconf_line ldconf_parse(const char *line, size_t len, const char **ret_text,
			      size_t *ret_len);
/**
 * The next word of a list separated by any of @p separators; moves *text and *len behind
 * it. False at the end. Used for include patterns and /etc/ld.so.preload.
 */
bool ldconf_word(const char **text, size_t *len, const char *separators,
		 const char **ret_word, size_t *ret_len);

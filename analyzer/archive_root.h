/*
 * archive_root – an installed system that is not a folder: an archive of one, or a container
 * image, is unpacked into a private folder, which goes when the analysis is over.
 *
 * What may be named: a tar or cpio archive of a root, an archive of `docker save`, an OCI
 * layout as a folder or an archive; compressed with gzip, bzip2, xz, zstd or lz4; "-" reads
 * the archive from standard input.
 *
 *	r = archived_root_open("image.tar", NULL, progress, &archived, err);
 *	folder = archived ? archived_root_folder(archived) : "image.tar";
 *	walk_root(... folder ...);
 *	if (archived)
 *		archived_root_restore(archived, &tree, &seen);
 *	archived_root_free(archived);
 */
#pragma once

#include "analyzer/walk.h"

struct archived_root;

/**
 * Unpack.
 * @param path   of the host
 * @param image  of several images the one that is meant (archive_image.h); may be NULL
 * @param ret    NULL when @p path is a plain folder
 * @return 0; -EINVAL, -ENOENT, -EEXIST, -ENOSPC, -EINTR or another -errno with a text that
 *         begins with the path; a path that cannot be looked at is left to rootfs_new()
 */
int archived_root_open(const char *path, const char *image,
		       const struct progress *progress, struct archived_root **ret,
		       struct error *err);
/** The folder that it is unpacked in. */
const char *archived_root_folder(const struct archived_root *archived);
/** "archive", "docker-archive" or "oci". */
const char *archived_root_form(const struct archived_root *archived);
/** Give a walk of the folder the owners, modes and types of the archive. */
void archived_root_restore(struct archived_root *archived, struct tree *tree,
			   struct walk_result *seen);
/** What could not be unpacked, as findings. @return true when there was none */
bool archived_root_findings(const struct archived_root *archived,
			    struct finding_list *findings);
/** Removes the folder. */
void archived_root_free(struct archived_root *archived);

/*
 * archive_image – container images: which layers one consists of, lowest first.
 *
 * Two forms of folders are known, as they lie on a disk or come out of an archive:
 * "docker-archive" (manifest.json, of docker save) and "oci" (oci-layout and index.json:
 * github.com/opencontainers/image-spec, image-layout.md, image-index.md, manifest.md).
 */
#pragma once

#include "base/array.h"
#include "base/rootfs.h"

enum image_form { IMAGE_NONE, IMAGE_DOCKER, IMAGE_OCI };

const char *image_form_name(enum image_form form); /* "none", "docker-archive", "oci" */
/** What the folder holds; IMAGE_NONE may be an installed system. */
enum image_form image_form_of(struct rootfs *folder);

typedef ARRAY_OF(char *) layer_list; /* paths in the folder, owned */

/**
 * The layers of one image.
 * @param name  which: a tag, a digest or its beginning, a platform ("linux/arm64"); NULL:
 *              there must be only one
 * @param ret   release with image_layers_release(), also after an error
 * @return 0; -EINVAL when the folder is damaged or has a form that tare does not know;
 *         -ENOENT when no image is called so; -EEXIST when several are (the text lists them)
 */
int image_layers(struct rootfs *folder, enum image_form form, const char *name,
		 layer_list *ret, struct error *err);
void image_layers_release(layer_list *layers);

/* What names the layers of an image: any bytes as index.json, its manifest, manifest.json. */
#include "analyzer/archive_image.h"
#include "base/io.h"
#include "base/tree_walk.h"

#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define BLOB "/blobs/sha256/aaaa"

static void put(const char *top, const char *name, const void *data, size_t len)
{
	_cleanup_(freep) char *path = mem_printf("%s%s", top, name);

	io_write_file(path, data, len, NULL);
}

static void make_folders(const char *top)
{
	static const char *const FOLDERS[] = { "/blobs", "/blobs/sha256" };

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		_cleanup_(freep) char *path = mem_printf("%s%s", top, FOLDERS[i]);

		mkdir(path, 0700);
	}
}

/* Layers are paths without a way out. */
static void check(const layer_list *layers)
{
	array_each (layers, i)
		if (layers->data[i][0] != '/' || strstr(layers->data[i], "/../"))
			__builtin_trap();
}

static void find(const char *top, enum image_form form, const char *name)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	layer_list layers = { 0 };
	struct error err = { 0 };

	if (rootfs_new(top, &root, NULL) < 0)
		return;
	if (image_layers(root, form, name, &layers, &err) < 0 && !err.text[0])
		__builtin_trap();
	check(&layers);
	image_layers_release(&layers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *top;

	if (io_tempdir(&top, NULL) < 0)
		return 0;
	make_folders(top);
	put(top, "/manifest.json", data, len);
	put(top, "/index.json", data, len);
	put(top, BLOB, data, len);
	find(top, IMAGE_DOCKER, NULL);
	find(top, IMAGE_OCI, NULL);
	find(top, IMAGE_OCI, "linux/amd64");
	tree_remove(top, NULL);
	free(top);
	return 0;
}

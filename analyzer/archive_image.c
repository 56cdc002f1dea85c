#include "analyzer/archive_image.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define JSON_BYTES_MAX (4u << 20)
#define INDEX_DEPTH    4 /* of indexes in indexes */
#define DIGEST_MIN     6 /* characters that are enough to name an image */

/* Annotations that hold a name: the tag, and what containerd writes with the repository. */
static const char *const NAME_KEYS[] = { "org.opencontainers.image.ref.name",
					 "io.containerd.image.name" };

const char *image_form_name(enum image_form form)
{
	static const char *const NAMES[] = { "none", "docker-archive", "oci" };

	return NAMES[form];
}

static bool has(struct rootfs *folder, const char *path)
{
	struct stat st;

	return rootfs_lstat(folder, path, &st, NULL) == 0 && S_ISREG(st.st_mode);
}

/* Images have no folders of these names beside their layers. */
static bool is_system(struct rootfs *folder)
{
	struct stat st;

	return rootfs_lstat(folder, "/usr", &st, NULL) == 0 ||
	       rootfs_lstat(folder, "/etc", &st, NULL) == 0;
}

enum image_form image_form_of(struct rootfs *folder)
{
	if (has(folder, "/oci-layout") && has(folder, "/index.json"))
		return IMAGE_OCI;
	if (has(folder, "/manifest.json") && !is_system(folder))
		return IMAGE_DOCKER;
	return IMAGE_NONE;
}

void image_layers_release(layer_list *layers)
{
	array_each (layers, i)
		free(layers->data[i]);
	array_release(layers);
}

/* One image that could be meant. */
struct candidate {
	const json_t *entry; /* of manifest.json, or a descriptor */
	char *names;	     /* printable, for the list in an error */
	bool is_meant;
};

struct choice {
	struct rootfs *folder;
	const char *name; /* may be NULL */
	ARRAY_OF(struct candidate) candidates;
	ARRAY_OF(json_t *) documents; /* owned; candidates borrow from them */
};

static void choice_release(struct choice *choice)
{
	array_each (&choice->candidates, i)
		free(choice->candidates.data[i].names);
	array_each (&choice->documents, i)
		json_decref(choice->documents.data[i]);
	array_release(&choice->candidates);
	array_release(&choice->documents);
}

static int load(struct choice *choice, const char *path, const json_t **ret,
		struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	json_t *json;
	size_t len;
	int r = rootfs_read(choice->folder, path, JSON_BYTES_MAX, &data, &len, err);

	if (r < 0)
		return r;
	r = json_parse(data, len, &json, err);
	if (r < 0)
		return error_prefix(err, r, "'%s' of the image", path);
	array_push(&choice->documents, json);
	*ret = json;
	return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int malformed(struct error *err, const char *what)
{
	return error_set(err, -EINVAL, "the image's %s is malformed", what);
}

/* "sha256:<hex>" as the path of a blob, or NULL; nothing else leads anywhere. */
static char *blob_path(const char *digest)
{
	size_t algorithm = strspn(digest, "abcdefghijklmnopqrstuvwxyz0123456789");
	const char *hex = digest + algorithm + 1;

	if (algorithm == 0 || digest[algorithm] != ':' || !*hex ||
	    strspn(hex, "0123456789abcdef") != strlen(hex))
		return NULL;
	return mem_printf("/blobs/%.*s/%s", (int)algorithm, digest, hex);
}

static bool is_called(const char *called, const char *name)
{
	const char *hex = strchr(called, ':');

	if (strcmp(called, name) == 0)
		return true;
	if (strncmp(called, "sha256:", 7) != 0 || strlen(name) < DIGEST_MIN)
		return false;
	return strncmp(called, name, strlen(name)) == 0 ||
	       strncmp(hex + 1, name, strlen(name)) == 0;
}

static void add_name(struct choice *choice, struct candidate *candidate,
		     struct strbuf *names, const char *called)
{
	_cleanup_(freep) char *shown = text_printable_dup(called);

	if (!*called)
		return;
	strbuf_printf(names, "%s%s", names->len ? " " : "", shown);
	if (!choice->name || is_called(called, choice->name))
		candidate->is_meant = true;
}

static void add_candidate(struct choice *choice, struct candidate *candidate,
			  struct strbuf *names)
{
	if (!choice->name)
		candidate->is_meant = true;
	candidate->names = names->len ? strbuf_detach(names) : mem_strdup("(no name)");
	array_push(&choice->candidates, *candidate);
}

static int find_docker(struct choice *choice, struct error *err)
{
	const json_t *list, *entry, *tag;
	size_t i, j;
	int r = load(choice, "/manifest.json", &list, err);

	if (r < 0)
		return r;
	if (!json_is_array(list))
		return error_set(err, -EINVAL,
				 "manifest.json is none of docker save: a list of images "
				 "is expected");
	json_array_foreach(list, i, entry)
	{
		struct candidate candidate = { .entry = entry };
		struct strbuf names = { 0 };

		json_array_foreach(json_object_get(entry, "RepoTags"), j,
				   tag) if (json_is_string(tag))
			add_name(choice, &candidate, &names, json_string_value(tag));
		add_candidate(choice, &candidate, &names);
	}
	return 0;
}

/* BuildKit puts what it knows of a build beside the images: no system is in there. */
static bool is_attestation(const json_t *descriptor)
{
	const json_t *platform = json_object_get(descriptor, "platform");

	return strcmp(text_of(platform, "os"), "unknown") == 0;
}

static bool is_index(const json_t *descriptor)
{
	const char *type = text_of(descriptor, "mediaType");

	return text_ends(type, ".image.index.v1+json") ||
	       text_ends(type, ".manifest.list.v2+json");
}

static void add_descriptor(struct choice *choice, const json_t *descriptor,
			   const json_t *annotations)
{
	const json_t *platform = json_object_get(descriptor, "platform");
	struct candidate candidate = { .entry = descriptor };
	struct strbuf names = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(NAME_KEYS); i++)
		add_name(choice, &candidate, &names, text_of(annotations, NAME_KEYS[i]));
	if (json_is_object(platform)) {
		_cleanup_(freep) char *name =
			mem_printf("%s/%s", text_of(platform, "os"),
				   text_of(platform, "architecture"));

		add_name(choice, &candidate, &names, name);
	}
	add_name(choice, &candidate, &names, text_of(descriptor, "digest"));
	add_candidate(choice, &candidate, &names);
}

/* An index that is still to be read. */
struct pending {
	char *path;		   /* owned */
	const json_t *annotations; /* of the descriptor that named it */
	int depth;
};
typedef ARRAY_OF(struct pending) pending_list;

static int read_index(struct choice *choice, const struct pending *at,
		      pending_list *pending, struct error *err)
{
	const json_t *index, *descriptor;
	size_t i;
	int r = load(choice, at->path, &index, err);

	if (r < 0)
		return r;
	if (!json_is_array(json_object_get(index, "manifests")))
		return malformed(err, "index");
	json_array_foreach(json_object_get(index, "manifests"), i, descriptor)
	{
		const json_t *annotations = json_object_get(descriptor, "annotations");
		char *path = blob_path(text_of(descriptor, "digest"));

		if (!path)
			return malformed(err, "index (a digest)");
		if (!annotations)
			annotations = at->annotations;
		if (is_index(descriptor) && at->depth < INDEX_DEPTH) {
			array_push(pending,
				   (struct pending){ path, annotations, at->depth + 1 });
			continue;
		}
		free(path);
		if (!is_attestation(descriptor))
			add_descriptor(choice, descriptor, annotations);
	}
	return 0;
}

static int find_oci(struct choice *choice, struct error *err)
{
	pending_list pending = { 0 };
	int r = 0;

	array_push(&pending, (struct pending){ mem_strdup("/index.json"), NULL, 0 });
	for (size_t i = 0; r == 0 && i < pending.len; i++) {
		const struct pending at = pending.data[i];

		r = read_index(choice, &at, &pending, err);
	}
	array_each (&pending, i)
		free(pending.data[i].path);
	array_release(&pending);
	return r;
}

/* The one that is meant; names of all when that is not one. */
static int choose(const struct choice *choice, const json_t **ret, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf list = { 0 };
	size_t meant = 0;

	array_each (&choice->candidates, i) {
		const struct candidate *candidate = &choice->candidates.data[i];

		strbuf_printf(&list, "%s%s", i ? "; " : "", candidate->names);
		if (!candidate->is_meant)
			continue;
		*ret = candidate->entry;
		meant++;
	}
	if (meant == 1)
		return 0;
	if (choice->candidates.len == 0)
		return error_set(err, -EINVAL, "there is no image in it");
	if (meant == 0)
		return error_set(err, -ENOENT,
				 "no image in it is called '%s'; there are: %s",
				 choice->name, strbuf_text(&list));
	return error_set(err, -EEXIST,
			 "holds %zu images%s: name one with --image; there are: %s",
			 meant, choice->name ? " of that name" : "", strbuf_text(&list));
}

static int docker_layers(const json_t *entry, layer_list *ret, struct error *err)
{
	const json_t *layers = json_object_get(entry, "Layers"), *layer;
	size_t i;

	if (!json_is_array(layers))
		return malformed(err, "manifest (no list of layers)");
	json_array_foreach(layers, i, layer)
	{
		const char *path = json_string_value(layer);

		if (!path)
			return malformed(err, "list of layers");
		array_push(ret, rootfs_clean_path(path));
	}
	return 0;
}

/* Layers that have something else than an archive in them, or not here. */
static int check_layer(const json_t *layer, struct error *err)
{
	const char *type = text_of(layer, "mediaType");
	_cleanup_(freep) char *shown = text_printable_dup(type);

	if (strstr(type, ".tar") && !strstr(type, "encrypted"))
		return 0;
	return error_set(err, -EINVAL,
			 "has a layer of the type '%s', which tare cannot read", shown);
}

static int oci_layers(struct choice *choice, const json_t *descriptor, layer_list *ret,
		      struct error *err)
{
	_cleanup_(freep) char *path = blob_path(text_of(descriptor, "digest"));
	const json_t *manifest, *layers, *layer;
	size_t i;
	int r = load(choice, path, &manifest, err);

	if (r < 0)
		return r;
	layers = json_object_get(manifest, "layers");
	if (!json_is_array(layers))
		return malformed(err, "manifest (no list of layers)");
	json_array_foreach(layers, i, layer)
	{
		char *blob = blob_path(text_of(layer, "digest"));

		if (!blob)
			return malformed(err, "manifest (a digest)");
		array_push(ret, blob);
		r = check_layer(layer, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int image_layers(struct rootfs *folder, enum image_form form, const char *name,
		 layer_list *ret, struct error *err)
{
	_cleanup_(choice_release) struct choice choice = { .folder = folder,
							   .name = name };
	const json_t *entry = NULL;
	int r = form == IMAGE_OCI ? find_oci(&choice, err) : find_docker(&choice, err);

	if (r == 0)
		r = choose(&choice, &entry, err);
	if (r < 0)
		return r;
	r = form == IMAGE_OCI ? oci_layers(&choice, entry, ret, err)
			      : docker_layers(entry, ret, err);
	if (r == 0 && ret->len == 0)
		r = malformed(err, "manifest (no layers)");
	return r;
}

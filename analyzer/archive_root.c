#include "analyzer/archive_root.h"

#include "analyzer/archive_image.h"
#include "analyzer/archive_unpack.h"
#include "analyzer/edges.h"
#include "base/io.h"
#include "base/text.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULE "archive-member"

struct archived_root {
	char *top;    /* private folder that goes in the end; holds the others */
	char *outer;  /* what an archive of an image holds */
	char *folder; /* the system */
	struct unpack unpack;
	enum image_form form;
};

const char *archived_root_folder(const struct archived_root *archived)
{
	return archived->folder;
}

const char *archived_root_form(const struct archived_root *archived)
{
	return archived->form ? image_form_name(archived->form) : "archive";
}

void archived_root_free(struct archived_root *archived)
{
	if (!archived)
		return;
	unpack_release(&archived->unpack);
	if (archived->top) {
		tree_remove(archived->top, NULL);
		free(archived->top);
	}
	free(archived->outer);
	free(archived->folder);
	free(archived);
}

static void archived_root_freep(struct archived_root **archived)
{
	archived_root_free(*archived);
}

static int make_folder(const struct archived_root *archived, const char *name, char **ret,
		       struct error *err)
{
	char *path = mem_printf("%s/%s", archived->top, name);

	*ret = path;
	return mkdir(path, 0700) < 0 ? error_errno(err, "cannot make '%s'", path) : 0;
}

static int unpack_one(struct archived_root *archived, struct rootfs *image,
		      const char *layer, struct error *err)
{
	_cleanup_(closep) int fd = rootfs_open(image, layer, err);
	_cleanup_(freep) char *shown = text_printable_dup(layer);
	int r = fd < 0 ? fd : unpack_layer(&archived->unpack, fd, err);

	return r < 0 ? error_prefix(err, r, "layer '%s'", shown) : 0;
}

static int unpack_image(struct archived_root *archived, const char *folder,
			const char *name, const struct progress *progress,
			struct error *err)
{
	_cleanup_(rootfs_freep) struct rootfs *image = NULL;
	_cleanup_(image_layers_release) layer_list layers = { 0 };
	int r = rootfs_new(folder, &image, err);

	if (r == 0)
		r = image_layers(image, archived->form, name, &layers, err);
	if (r == 0)
		r = make_folder(archived, "root", &archived->folder, err);
	if (r == 0)
		r = unpack_init(&archived->unpack, archived->folder, progress, err);
	for (size_t i = 0; r == 0 && i < layers.len; i++)
		r = unpack_one(archived, image, layers.data[i], err);
	return r;
}

/* An archive: of a system, or of an image, which one sees when it is unpacked. */
static int open_archive(struct archived_root *archived, int fd, const char *image,
			const struct progress *progress, struct error *err)
{
	int r = make_folder(archived, "outer", &archived->outer, err);

	if (r == 0)
		r = unpack_init(&archived->unpack, archived->outer, progress, err);
	if (r == 0)
		r = unpack_members(&archived->unpack, fd, err);
	if (r < 0)
		return r;
	archived->form = image_form_of(archived->unpack.root);
	if (archived->form == IMAGE_NONE) {
		archived->folder = steal_ptr(&archived->outer);
		return image ? error_set(err, -EINVAL,
					 "holds no container images: --image has no use")
			     : 0;
	}
	unpack_release(&archived->unpack);
	r = unpack_image(archived, archived->outer, image, progress, err);
	if (r == 0)
		tree_remove(archived->outer, NULL); /* the space is needed */
	return r;
}

static enum image_form form_of_folder(const char *path)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;

	if (rootfs_new(path, &root, NULL) < 0)
		return IMAGE_NONE;
	return image_form_of(root);
}

/* @return 0, *ret -1 for what rootfs_new() has better words for */
static int open_input(const char *path, int *ret, bool *ret_folder, struct error *err)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		*ret = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
		return 0;
	}
	if (stat(path, &st) < 0)
		return 0;
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		return error_set(err, -EINVAL,
				 "'%s' is a device: mount it, and analyze the folder",
				 path);
	*ret_folder = S_ISDIR(st.st_mode);
	*ret = open(path, O_RDONLY | O_CLOEXEC);
	return 0;
}

static int explain(const char *path, int code, struct error *err)
{
	_cleanup_(freep) char *text = NULL;

	if (code == -EINTR)
		return code;
	if (code == -ENOSPC && err) {
		text = mem_strdup(err->text);
		error_set(err, code, "%s; set TMPDIR to a folder with more space", text);
	}
	return error_prefix(err, code, "'%s'", path);
}

int archived_root_open(const char *path, const char *image,
		       const struct progress *progress, struct archived_root **ret,
		       struct error *err)
{
	_cleanup_(archived_root_freep) struct archived_root *archived = NULL;
	_cleanup_(closep) int fd = -1;
	bool is_folder = false;
	int r = open_input(path, &fd, &is_folder, err);

	*ret = NULL;
	if (r < 0 || fd < 0)
		return r;
	archived = mem_calloc(1, sizeof(*archived));
	if (is_folder)
		archived->form = form_of_folder(path);
	if (is_folder && archived->form == IMAGE_NONE)
		return image ? error_set(err, -EINVAL,
					 "'%s' holds no container images: --image has no "
					 "use",
					 path)
			     : 0;
	r = io_tempdir_large(&archived->top, err);
	if (r == 0)
		r = is_folder ? unpack_image(archived, path, image, progress, err)
			      : open_archive(archived, fd, image, progress, err);
	if (r < 0)
		return explain(path, r, err);
	*ret = steal_ptr(&archived);
	return 0;
}

void archived_root_restore(struct archived_root *archived, struct tree *tree,
			   struct walk_result *seen)
{
	unpack_restore(&archived->unpack, tree, seen);
}

bool archived_root_findings(const struct archived_root *archived,
			    struct finding_list *findings)
{
	const struct unpack *unpack = &archived->unpack;
	_cleanup_(freep) char *more = NULL;

	array_each (&unpack->problems, i)
		finding_list_add(findings,
				 &(struct finding_row){
					 .rule = RULE,
					 .severity = SEVERITY_WARNING,
					 .subject = unpack->problems.data[i].path,
					 .text = unpack->problems.data[i].text,
					 .remedy = "look at who made the archive" });
	if (unpack->problem_count <= unpack->problems.len)
		return unpack->problem_count == 0;
	more = mem_printf("%" PRIu64 " more members could not be unpacked",
			  unpack->problem_count - unpack->problems.len);
	finding_list_add(findings, &(struct finding_row){
					   .rule = RULE,
					   .severity = SEVERITY_WARNING,
					   .subject = "archive",
					   .text = more,
					   .remedy = "look at who made the archive" });
	return false;
}

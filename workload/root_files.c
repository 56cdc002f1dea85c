/*
 * root_files.c – static pods and Quadlet units that lie in a root.
 */
#include "workload/workload.h"

#include "base/io.h"
#include "workload/quadlet.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES (8u << 20)
#define FILES_MAX      10000 /* of one folder */

static const struct {
	const char *folder;
	bool quadlet;
} FOLDERS[] = {
	{ "/etc/kubernetes/manifests", false },
	{ "/etc/containers/systemd", true },
	{ "/etc/containers/systemd/users", true },
	{ "/usr/share/containers/systemd", true },
	{ "/usr/share/containers/systemd/users", true },
	{ "/usr/local/share/containers/systemd", true },
};

int workload_read_inside(struct workload *w, struct rootfs *root, const char *path,
			 struct error *err)
{
	_cleanup_(freep) char *clean = rootfs_clean_path(path);
	_cleanup_(freep) char *text = NULL;
	size_t len;
	int r = rootfs_read(root, clean, FILE_MAX_BYTES, &text, &len, err);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	if (memchr(text, '\0', len))
		return error_set(err, -EINVAL, "%s: a NUL byte in a text file", clean);
	return workload_read_text(w, clean, text, len, err);
}

void workload_names_release(workload_names *list)
{
	array_each (list, i)
		free(list->data[i]);
	array_release(list);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* kubelet reads every file whose name does not begin with a dot. */
static bool is_wanted(const char *name, bool quadlet)
{
	return name[0] != '.' && (!quadlet || quadlet_is(name));
}

int workload_list_folder(struct rootfs *root, const char *folder, bool quadlet,
			 workload_names *ret, struct error *err)
{
	_cleanup_(closedirp) DIR *dir = NULL;
	const struct dirent *entry;
	int fd = rootfs_open_dir(root, folder, NULL);

	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return error_set(err, fd, "cannot open '%s' in the root: %s", folder,
				 strerror(-fd));
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return error_set(err, -EIO, "cannot list '%s'", folder);
	}
	while ((entry = readdir(dir)) && ret->len < FILES_MAX)
		if (is_wanted(entry->d_name, quadlet))
			array_push(ret, mem_printf("%s/%s", folder, entry->d_name));
	array_sort(ret, compare_names);
	return 0;
}

static bool is_file(struct rootfs *root, const char *path)
{
	struct stat st;

	return rootfs_stat(root, path, &st, NULL) == 0 && S_ISREG(st.st_mode);
}

int workload_read_root(struct workload *w, struct rootfs *root, struct error *err)
{
	int r = 0;

	w->root = root;
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS) && r == 0; i++) {
		_cleanup_(workload_names_release) workload_names list = { 0 };

		r = workload_list_folder(root, FOLDERS[i].folder, FOLDERS[i].quadlet,
					 &list, err);
		for (size_t k = 0; k < list.len && r == 0; k++)
			if (is_file(root, list.data[k]))
				r = workload_read_inside(w, root, list.data[k], err);
	}
	w->root = NULL;
	return r;
}

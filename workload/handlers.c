/*
 * handlers.c – what stands behind a runtime handler, from the configuration of containerd,
 * CRI-O and Docker in a root.
 */
#include "workload/readers.h"
#include "workload/workload.h"

#include "base/json.h"
#include "base/toml.h"

#include <errno.h>
#include <string.h>

/* A file may not be there; one that is damaged is something to tell. */
static void note_damage(struct workload *w, const char *path, const struct error *problem)
{
	_cleanup_(freep) char *text = mem_printf(
		"a runtime's configuration that cannot be read: %s", problem->text);
	struct need like = { .count = 1, .cited = { path } };

	need_like(&w->needs, ROW_HANDLER_OTHER, &(struct row_keep){ "warning", text, "" },
		  &like);
}

/* "io.containerd.kata.v2" is the program containerd-shim-kata-v2. */
static void add_shim(struct workload *w, const char *name, const struct toml_node *type,
		     const char *cited)
{
	const char *version = strrchr(type->text, '.'), *at = version;
	_cleanup_(freep) char *program = NULL;

	while (at && at > type->text && at[-1] != '.')
		at--;
	if (type->text[0] == '/')
		workload_add_handler(w, name, type->text, cited);
	if (type->text[0] == '/' || !at || at == type->text)
		return;
	program = mem_printf("containerd-shim-%.*s-%s", (int)(version - at), at,
			     version + 1);
	workload_add_handler(w, name, program, cited);
}

static const struct toml_node *text_of(const struct toml_node *table, const char *key)
{
	const struct toml_node *node = table ? toml_get(table, key) : NULL;

	return node && node->type == TOML_STRING && node->len > 0 &&
			       strlen(node->text) == node->len
		       ? node
		       : NULL;
}

static void add_runtime(struct workload *w, const char *path,
			const struct toml_node *runtime)
{
	const struct toml_node *type = text_of(runtime, "runtime_type");
	const struct toml_node *options = toml_get(runtime, "options");
	const struct toml_node *binary = text_of(options, "BinaryName");
	const struct toml_node *program = text_of(runtime, "runtime_path");
	_cleanup_(freep) char *cited = mem_printf("%s:%u", path, runtime->line);

	if (type && strchr(type->text, '.'))
		add_shim(w, runtime->key, type, cited);
	if (binary)
		workload_add_handler(w, runtime->key, binary->text, cited);
	if (program)
		workload_add_handler(w, runtime->key, program->text, cited);
	if (!type && !binary && !program) /* CRI-O: the program is called so */
		workload_add_handler(w, runtime->key, runtime->key, cited);
}

static int read_toml(struct workload *w, const char *path, const char *text, size_t len,
		     struct error *err)
{
	_cleanup_(toml_freep) struct toml *doc = NULL;
	int r = toml_parse(text, len, &doc, err);

	for (const struct toml_node *n = r < 0 ? NULL : toml_root(doc); n;
	     n = toml_next(n))
		if (n->type == TOML_TABLE && n->key && n->parent && n->parent->key &&
		    strcmp(n->parent->key, "runtimes") == 0)
			add_runtime(w, path, n);
	return r;
}

/* A setting of dockerd that rules ask for. */
static void docker_fact(struct workload *w, const char *fact, const char *path)
{
	struct need like = { .count = 1, .cited = { path } };

	need_like(&w->needs, ROW_RUNTIME_DOCKER, NULL, &like);
	need_like(&w->needs, ROW_RUNTIME_DOCKER, &(struct row_keep){ "fact", fact, "" },
		  &like);
}

static void read_docker_settings(struct workload *w, const json_t *doc, const char *path)
{
	static const char *const OVERLAYS[] = { "overlay2", "overlayfs", "overlay" };
	const char *storage = json_string_value(json_object_get(doc, "storage-driver"));
	const char *remap = json_string_value(json_object_get(doc, "userns-remap"));
	const char *log = json_string_value(json_object_get(doc, "log-driver"));
	bool plain = !storage || !*storage;
	struct need like = { .count = 1, .cited = { path } };

	for (size_t i = 0; i < ARRAY_LEN(OVERLAYS) && !plain; i++)
		plain = strcmp(OVERLAYS[i], storage) == 0;
	if (!plain)
		docker_fact(w, "docker.storage", path);
	if (remap && *remap)
		docker_fact(w, "docker.userns-remap", path);
	if (log && log_driver_keep(log)) {
		need_like(&w->needs, ROW_LOG_DRIVER, NULL, &like);
		need_like(&w->needs, ROW_LOG_DRIVER, log_driver_keep(log), &like);
	}
}

static int read_json(struct workload *w, const char *path, const char *text, size_t len,
		     struct error *err)
{
	json_t *doc = NULL, *runtime;
	const char *name;
	int r = json_parse(text, len, &doc, err);

	json_object_foreach(json_object_get(doc, "runtimes"), name, runtime)
	{
		const char *program = json_string_value(json_object_get(runtime, "path"));

		if (program && *program)
			workload_add_handler(w, name, program, path);
	}
	if (r == 0)
		read_docker_settings(w, doc, path);
	json_decref(doc);
	return r;
}

static const struct {
	const char *path;
	int (*read)(struct workload *w, const char *path, const char *text, size_t len,
		    struct error *err);
} FILES[] = {
	{ "/etc/containerd/config.toml", read_toml },
	{ "/etc/containerd/conf.d", read_toml },
	{ "/etc/crio/crio.conf", read_toml },
	{ "/etc/crio/crio.conf.d", read_toml },
	{ "/etc/docker/daemon.json", read_json },
};

static void read_file(struct workload *w, struct rootfs *root, size_t which,
		      const char *path)
{
	_cleanup_(freep) char *text = NULL;
	struct error problem = { 0 };
	size_t len;
	int r = rootfs_read(root, path, TOML_MAX_BYTES, &text, &len, &problem);

	if (r == -ENOENT)
		return;
	if (r == 0)
		r = FILES[which].read(w, path, text, len, &problem);
	if (r < 0)
		note_damage(w, path, &problem);
}

int workload_read_handlers(struct workload *w, struct rootfs *root, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(FILES) && r == 0; i++) {
		_cleanup_(workload_names_release) workload_names list = { 0 };
		struct stat st;

		if (rootfs_stat(root, FILES[i].path, &st, NULL) < 0)
			continue;
		if (!S_ISDIR(st.st_mode)) {
			read_file(w, root, i, FILES[i].path);
			continue;
		}
		r = workload_list_folder(root, FILES[i].path, false, &list, err);
		for (size_t k = 0; k < list.len; k++)
			read_file(w, root, i, list.data[k]);
	}
	return r;
}

#include "workload/workload.h"

#include "base/io.h"
#include "base/text.h"
#include "workload/object_source.h"
#include "workload/quadlet.h"
#include "workload/readers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define QUADLET_MAX_BYTES (1u << 20)
#define LIST_DEPTH_MAX	  4

/* One file while it is read. */
struct reading {
	struct workload *w;
	const char *name;
	bool nodes_only; /* the first reading of workload_narrow() */
	unsigned int depth;
};

void workload_init(struct workload *w)
{
	*w = (struct workload){ 0 };
	needs_init(&w->needs);
}

void workload_release(struct workload *w)
{
	needs_release(&w->needs);
	array_release(&w->kinds);
	array_release(&w->classes);
	array_release(&w->handlers);
	array_release(&w->sources);
	scope_free(w->scope);
}

static const char *own_text(struct workload *w, const char *text)
{
	return strpool_text(&w->needs.texts, strpool_add(&w->needs.texts, text));
}

static struct workload_kind *count_kind(struct workload *w, const char *kind)
{
	array_each (&w->kinds, i)
		if (strcmp(w->kinds.data[i].kind, kind) == 0) {
			w->kinds.data[i].count++;
			return &w->kinds.data[i];
		}
	array_push(&w->kinds, (struct workload_kind){ own_text(w, kind), 1, 0, true });
	return &w->kinds.data[w->kinds.len - 1];
}

/* A pod, or the template of one. @return false when it cannot run there */
static bool take_pod(struct workload *w, const struct spot *pod)
{
	struct spot metadata = spot_get(pod, "metadata"), spec = spot_get(pod, "spec");
	struct spot os = spot_get(&spec, "os");
	const char *name = os.json ? spot_get_text(&os, "name") : NULL;

	if (!spot_is_map(&spec) || (name && strcmp(name, "windows") == 0))
		return true;
	if (w->scope && !scope_has_pod(w->scope, &metadata, &spec))
		return false;
	w->pods++;
	need(&w->needs, ROW_KUBERNETES, pod);
	read_pod(&w->needs, &metadata, &spec);
	return true;
}

static bool take_template(struct workload *w, const struct spot *object)
{
	struct spot spec = spot_get(object, "spec");
	struct spot template = spot_get(&spec, "template");
	struct spot claims = spot_get(&spec, "volumeClaimTemplates");

	for (size_t i = 0; i < spot_count(&claims); i++) {
		struct spot claim = spot_at(&claims, i), inner = spot_get(&claim, "spec");

		read_claim(&w->needs, &inner);
	}
	return take_pod(w, &template);
}

static bool take_pod_template(struct workload *w, const struct spot *object)
{
	struct spot template = spot_get(object, "template");

	return take_pod(w, &template);
}

static bool take_cron_job(struct workload *w, const struct spot *object)
{
	struct spot spec = spot_get(object, "spec");
	struct spot job = spot_get(&spec, "jobTemplate");

	return take_template(w, &job);
}

static bool take_persistent_volume(struct workload *w, const struct spot *object)
{
	struct spot spec = spot_get(object, "spec");

	if (w->scope && !scope_has_volume(w->scope, &spec))
		return false;
	read_persistent_volume(&w->needs, &spec);
	return true;
}

static bool take_claim(struct workload *w, const struct spot *object)
{
	struct spot spec = spot_get(object, "spec");

	read_claim(&w->needs, &spec);
	return true;
}

static bool take_storage_class(struct workload *w, const struct spot *object)
{
	read_storage_class(&w->needs, object);
	return true;
}

static bool take_driver(struct workload *w, const struct spot *object)
{
	struct spot metadata = spot_get(object, "metadata");
	struct spot name = spot_get(&metadata, "name");

	read_csi_driver(&w->needs, &name);
	return true;
}

static bool take_drivers(struct workload *w, const struct spot *object)
{
	struct spot spec = spot_get(object, "spec"), drivers = spot_get(&spec, "drivers");

	for (size_t i = 0; i < spot_count(&drivers); i++) {
		struct spot driver = spot_at(&drivers, i);
		struct spot name = spot_get(&driver, "name");

		read_csi_driver(&w->needs, &name);
	}
	return true;
}

static bool take_class(struct workload *w, const struct spot *object)
{
	struct spot handler = spot_get(object, "handler");
	const char *name = spot_text(&handler);
	_cleanup_(strbuf_release) struct strbuf cited = { 0 };

	if (!name)
		return true;
	spot_cite(&handler, &cited);
	array_push(&w->classes,
		   (struct workload_class){ own_text(w, object->object->name),
					    own_text(w, name),
					    own_text(w, strbuf_text(&cited)) });
	return true;
}

static bool take_node(struct workload *w, const struct spot *object)
{
	if (w->scope && !scope_has_node(w->scope, object))
		return false;
	read_node(&w->needs, object);
	return true;
}

static bool take_service(struct workload *w, const struct spot *object)
{
	read_service(&w->needs, object);
	return true;
}

static bool take_map(struct workload *w, const struct spot *object)
{
	read_proxy_map(&w->needs, object);
	return true;
}

static const struct {
	const char *kind;
	bool (*take)(struct workload *w, const struct spot *object);
} KINDS[] = {
	{ "Pod", take_pod },
	{ "Deployment", take_template },
	{ "DaemonSet", take_template },
	{ "StatefulSet", take_template },
	{ "ReplicaSet", take_template },
	{ "ReplicationController", take_template },
	{ "Job", take_template },
	{ "CronJob", take_cron_job },
	{ "PodTemplate", take_pod_template },
	{ "PersistentVolume", take_persistent_volume },
	{ "PersistentVolumeClaim", take_claim },
	{ "StorageClass", take_storage_class },
	{ "CSIDriver", take_driver },
	{ "CSINode", take_drivers },
	{ "RuntimeClass", take_class },
	{ "Node", take_node },
	{ "Service", take_service },
	{ "ConfigMap", take_map },
};

static int take_object(void *arg, const struct object_found *found, struct error *err);

/* A list that came as one object: its keys were written in an unusual way. */
static int take_list(struct reading *reading, const struct object_found *found,
		     const struct spot *items, struct error *err)
{
	int r = 0;

	if (reading->depth++ >= LIST_DEPTH_MAX)
		return error_set(err, -EINVAL, "%s:%zu: lists in lists", reading->name,
				 found->line);
	for (size_t i = 0; i < spot_count(items) && r == 0; i++) {
		struct object_found inner = { json_array_get(items->json, i), found->line,
					      NULL };

		r = take_object(reading, &inner, err);
	}
	reading->depth--;
	return r;
}

static void take_kind(struct workload *w, const struct spot *root)
{
	struct workload_kind *kind = count_kind(w, root->object->kind);

	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		if (strcmp(KINDS[i].kind, kind->kind) == 0) {
			kind->elsewhere += !KINDS[i].take(w, root);
			return;
		}
	kind->read = false;
}

static int take_object(void *arg, const struct object_found *found, struct error *err)
{
	struct reading *reading = arg;
	struct workload *w = reading->w;
	const char *slash = strrchr(reading->name, '/');
	struct object object = { .json = found->json,
				 .file = reading->name,
				 .line = found->line,
				 .kind = found->kind };
	struct spot root = object_begin(&object);
	struct spot items = spot_get(&root, "items");
	struct spot services = spot_get(&root, "services");

	if (items.json && text_ends(object.kind, "List"))
		return take_list(reading, found, &items, err);
	if (reading->nodes_only) {
		if (strcmp(object.kind, "Node") == 0)
			scope_add_node(w->scope, &root);
	} else if (*object.kind) {
		take_kind(w, &root);
	} else if (services.json) {
		object.kind = "Compose";
		object.name = slash ? slash + 1 : reading->name;
		count_kind(w, "Compose file");
		read_compose(&w->needs, &root);
	} else {
		spot_problem(&root, "a Kubernetes object (with 'kind') or a compose file "
				    "(with 'services'): it");
	}
	if (object.problem.code)
		return error_set(err, object.problem.code, "%s", object.problem.text);
	return 0;
}

static int take_kube_file(void *arg, const char *path, struct error *err);

static int read_quadlet(struct workload *w, const char *name, const char *text,
			size_t len, struct error *err)
{
	struct reading reading = { .w = w, .name = name };

	count_kind(w, "Quadlet unit");
	return quadlet_read(&w->needs, name, text, len, take_kube_file, &reading, err);
}

int workload_read_text(struct workload *w, const char *name, const char *text, size_t len,
		       struct error *err)
{
	struct reading reading = { .w = w, .name = name };

	if (quadlet_is(name))
		return read_quadlet(w, name, text, len, err);
	return objects_parse(name, text, len, take_object, &reading, err);
}

static int open_input(const char *path, struct error *err)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? error_errno(err, "cannot open '%s'", path) : fd;
}

static int read_objects(struct reading *reading, struct error *err)
{
	_cleanup_(closep) int fd = open_input(reading->name, err);

	return fd < 0 ? fd : objects_read(reading->name, fd, take_object, reading, err);
}

int workload_read_file(struct workload *w, const char *path, struct error *err)
{
	struct reading reading = { .w = w, .name = path };
	_cleanup_(freep) char *text = NULL;
	size_t len;
	int r;

	array_push(&w->sources, own_text(w, path));
	if (!quadlet_is(path))
		return read_objects(&reading, err);
	r = io_read_file(path, QUADLET_MAX_BYTES, &text, &len, err);
	return r < 0 ? r : read_quadlet(w, path, text, len, err);
}

/* Of a .kube unit: a file beside it, or an absolute path. */
static int take_kube_file(void *arg, const char *path, struct error *err)
{
	struct reading *unit = arg;
	const char *slash = strrchr(unit->name, '/');
	_cleanup_(freep) char *full =
		*path == '/' || !slash ? mem_strdup(path)
				       : mem_printf("%.*s/%s", (int)(slash - unit->name),
						    unit->name, path);
	struct reading reading = { .w = unit->w, .name = full };

	if (strchr(path, '%') || strstr(path, "://"))
		return 0; /* a user's own file, or one of the network */
	if (unit->w->root)
		return workload_read_inside(unit->w, unit->w->root, full, err);
	return read_objects(&reading, err);
}

int workload_narrow(struct workload *w, const char *selector, const char *const *paths,
		    size_t count, struct error *err)
{
	int r = scope_new(selector, &w->scope, err);

	for (size_t i = 0; i < count && r == 0; i++) {
		struct reading reading = { w, paths[i], true, 0 };

		if (strcmp(paths[i], "-") == 0)
			return error_set(err, -EINVAL,
					 "with --node the objects are read twice: give a "
					 "file in place of '-'");
		if (!quadlet_is(paths[i]))
			r = read_objects(&reading, err);
	}
	return r;
}

void workload_add_handler(struct workload *w, const char *name, const char *program,
			  const char *citation)
{
	array_push(&w->handlers,
		   (struct workload_handler){ own_text(w, name), own_text(w, program),
					      own_text(w, citation) });
}

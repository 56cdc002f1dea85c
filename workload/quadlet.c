#include "workload/quadlet.h"

#include "base/ini_reader.h"
#include "base/text.h"
#include "workload/readers.h"

#include <errno.h>
#include <string.h>

static const char *const SUFFIXES[] = { ".container", ".pod",	".volume", ".network",
					".kube",      ".build", ".image" };

bool quadlet_is(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++)
		if (text_ends(path, SUFFIXES[i]))
			return true;
	return false;
}

struct unit {
	struct needs *needs;
	struct object object;
	struct spot root;
	const char *path;
	quadlet_kube_fn *kube;
	void *arg;
	struct error *err;
	int result;
};

/* A key of a unit, as a place that can be cited. */
static struct spot key_spot(struct unit *unit, const struct ini_item *item)
{
	return (struct spot){ .object = &unit->object,
			      .up = &unit->root,
			      .key = item->key };
}

static void on_volume(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	_cleanup_(freep) char *source =
		mem_strndup(item->value, strcspn(item->value, ":"));

	/* %h and relative paths are a user's own files; a name is a volume */
	if (*source == '/' && !strchr(source, '%'))
		need_host_path(unit->needs, source, NULL, &spot);
}

/* "type=bind,source=/srv,target=/data" */
static void on_mount(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	bool bind = strstr(item->value, "type=bind") != NULL;
	const char *at = strstr(item->value, "source=");
	_cleanup_(freep) char *path = NULL;

	at = at ? at + strlen("source=") : strstr(item->value, "src=");
	if (!bind || !at)
		return;
	at += text_starts(at, "src=") ? strlen("src=") : 0;
	path = mem_strndup(at, strcspn(at, ","));
	if (*path == '/' && !strchr(path, '%'))
		need_host_path(unit->needs, path, NULL, &spot);
}

static void on_device(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	const char *value = item->value + (*item->value == '-');
	_cleanup_(freep) char *path = mem_strndup(value, strcspn(value, ":"));

	if (strstr(value, "nvidia.com/gpu"))
		need(unit->needs, ROW_GPU_NVIDIA, &spot);
	else if (*path == '/')
		need_host_path(unit->needs, path, "CharDevice", &spot);
	else
		need(unit->needs, ROW_DRA, &spot);
}

static void on_network(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcmp(item->value, "host") == 0)
		need(unit->needs, ROW_HOST_NETWORK, &spot);
}

static void on_port(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	need(unit->needs, ROW_HOST_PORT, &spot);
}

static void on_capability(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	const char *rest = item->value;
	char word[64];

	while (ini_word(&rest, word, sizeof(word)))
		need_capability(unit->needs, word, &spot);
}

static void on_sysctl(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	const char *rest = item->value;
	char word[256];

	while (ini_word(&rest, word, sizeof(word))) {
		word[strcspn(word, "=")] = '\0';
		need_sysctl(unit->needs, word, &spot);
	}
}

static void on_seccomp(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (*item->value == '/')
		need_seccomp_file(unit->needs, item->value, &spot);
}

static void on_apparmor(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcmp(item->value, "unconfined") != 0)
		need_apparmor(unit->needs, item->value, &spot);
}

static void on_label(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	need(unit->needs, ROW_SELINUX, &spot);
}

static void on_init(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcasecmp(item->value, "true") == 0 || strcmp(item->value, "yes") == 0)
		need(unit->needs, ROW_CONTAINER_INIT, &spot);
}

static void on_log(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcmp(item->value, "journald") == 0)
		need_more(unit->needs, ROW_LOG_DRIVER,
			  &(struct row_keep){ "unit", "systemd-journald.service",
					      "takes the lines" },
			  &spot);
}

static void on_user_names(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcmp(item->value, "host") != 0)
		need(unit->needs, ROW_USER_NAMESPACES, &spot);
}

static void on_args(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	const char *rest = item->value;
	char word[256];

	while (ini_word(&rest, word, sizeof(word))) {
		if (strcmp(word, "--privileged") == 0)
			need(unit->needs, ROW_PRIVILEGED, &spot);
		else if (text_starts(word, "--gpus"))
			need(unit->needs, ROW_GPU_NVIDIA, &spot);
		else if (text_starts(word, "--runtime="))
			need_class(unit->needs, word + strlen("--runtime="), &spot);
		else if (strcmp(word, "--pid=host") == 0)
			need(unit->needs, ROW_HOST_PID, &spot);
	}
}

/* Device=server:/path with Type=nfs */
static void on_type(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	json_t *text = json_bytes(item->value);

	spot.json = text;
	read_mount_type(unit->needs, &spot);
	json_decref(text);
}

static void on_driver(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);
	_cleanup_(freep) char *module = escape_glob(item->value);

	if (strcmp(item->value, "macvlan") == 0 || strcmp(item->value, "ipvlan") == 0 ||
	    strcmp(item->value, "bridge") == 0)
		need_more(unit->needs, ROW_NETWORK_LINK,
			  &(struct row_keep){ "module", module,
					      "the kind of the network's links" },
			  &spot);
}

static void on_ipv6(struct unit *unit, const struct ini_item *item)
{
	struct spot spot = key_spot(unit, item);

	if (strcasecmp(item->value, "true") == 0 || strcmp(item->value, "yes") == 0)
		need(unit->needs, ROW_NETWORK_IPV6, &spot);
}

static void on_yaml(struct unit *unit, const struct ini_item *item)
{
	if (unit->result == 0 && unit->kube)
		unit->result = unit->kube(unit->arg, item->value, unit->err);
}

static const struct {
	const char *section, *key;
	void (*read)(struct unit *unit, const struct ini_item *item);
} KEYS[] = {
	{ "Container", "Volume", on_volume },
	{ "Pod", "Volume", on_volume },
	{ "Container", "Mount", on_mount },
	{ "Container", "AddDevice", on_device },
	{ "Container", "Network", on_network },
	{ "Pod", "Network", on_network },
	{ "Container", "PublishPort", on_port },
	{ "Pod", "PublishPort", on_port },
	{ "Kube", "PublishPort", on_port },
	{ "Container", "AddCapability", on_capability },
	{ "Container", "Sysctl", on_sysctl },
	{ "Container", "SeccompProfile", on_seccomp },
	{ "Container", "AppArmor", on_apparmor },
	{ "Container", "SecurityLabelType", on_label },
	{ "Container", "SecurityLabelLevel", on_label },
	{ "Container", "RunInit", on_init },
	{ "Container", "LogDriver", on_log },
	{ "Kube", "LogDriver", on_log },
	{ "Container", "UserNS", on_user_names },
	{ "Pod", "UserNS", on_user_names },
	{ "Kube", "UserNS", on_user_names },
	{ "Container", "PodmanArgs", on_args },
	{ "Container", "GlobalArgs", on_args },
	{ "Volume", "Type", on_type },
	{ "Network", "Driver", on_driver },
	{ "Network", "IPv6", on_ipv6 },
	{ "Kube", "Yaml", on_yaml },
};

static void on_item(void *arg, const struct ini_item *item)
{
	struct unit *unit = arg;

	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
		if (strcmp(KEYS[i].section, item->section) == 0 &&
		    strcmp(KEYS[i].key, item->key) == 0)
			KEYS[i].read(unit, item);
}

int quadlet_read(struct needs *needs, const char *path, const char *text, size_t len,
		 quadlet_kube_fn *kube, void *arg, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct unit unit = {
		.needs = needs,
		.object = { .file = path,
			    .kind = "Quadlet",
			    .space = "",
			    .name = slash ? slash + 1 : path },
		.path = path,
		.kube = kube,
		.arg = arg,
		.err = err,
	};

	unit.root.object = &unit.object;
	if (memchr(text, '\0', len))
		return error_set(err, -EINVAL, "%s: a NUL byte in a text file", path);
	need(needs, ROW_RUNTIME_PODMAN, &unit.root);
	if (strstr(path, "containers/systemd/users/") || strstr(path, "/.config/"))
		need(needs, ROW_RUNTIME_ROOTLESS, &unit.root);
	ini_read(text, len, on_item, &unit);
	if (unit.object.problem.code)
		return error_set(err, unit.object.problem.code, "%s",
				 unit.object.problem.text);
	return unit.result;
}

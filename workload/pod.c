/*
 * pod.c – a pod's own fields and those of its containers.
 */
#include "workload/readers.h"

#include "base/text.h"

#include <string.h>

static const char *const CONTAINER_LISTS[] = { "containers", "initContainers",
					       "ephemeralContainers" };

/* A list or map from which tare needs nothing but that it is there. */
static void need_if_any(struct needs *needs, enum workload_row row,
			const struct spot *spec, const char *key)
{
	struct spot list = spot_get(spec, key);

	if (spot_count(&list) > 0)
		need(needs, row, &list);
}

static void need_if(struct needs *needs, enum workload_row row, const struct spot *spec,
		    const char *key)
{
	struct spot flag = spot_get(spec, key);

	if (spot_true(&flag))
		need(needs, row, &flag);
}

static void read_ports(struct needs *needs, const struct spot *container)
{
	struct spot ports = spot_get(container, "ports");

	for (size_t i = 0; i < spot_count(&ports); i++) {
		struct spot port = spot_at(&ports, i), host = spot_get(&port, "hostPort");

		if (host.json && !json_is_integer(host.json))
			spot_problem(&host, "a number");
		if (json_integer_value(host.json) > 0)
			need(needs, ROW_HOST_PORT, &host);
	}
}

static void read_mounts(struct needs *needs, const struct spot *container)
{
	struct spot mounts = spot_get(container, "volumeMounts");
	struct spot devices = spot_get(container, "volumeDevices");

	for (size_t i = 0; i < spot_count(&mounts); i++) {
		struct spot mount = spot_at(&mounts, i);
		struct spot how = spot_get(&mount, "mountPropagation");
		const char *text = spot_text(&how);

		if (text && strcmp(text, "Bidirectional") == 0)
			need(needs, ROW_VOLUME_PROPAGATION, &how);
	}
	if (spot_count(&devices) > 0)
		need(needs, ROW_VOLUME_BLOCK, &devices);
}

static void read_container(struct needs *needs, const struct spot *container)
{
	struct spot security = spot_get(container, "securityContext");
	struct spot resources = spot_get(container, "resources");

	read_ports(needs, container);
	read_mounts(needs, container);
	read_security(needs, &security);
	read_resources(needs, &resources);
	read_proxy_words(needs, container);
}

static bool is_privileged(const struct spot *container)
{
	static const char *const STRONG[] = { "ALL", "SYS_ADMIN", "SYS_PTRACE",
					      "SYS_CHROOT" };
	struct spot security = spot_get(container, "securityContext");
	struct spot privileged = spot_get(&security, "privileged");
	struct spot capabilities = spot_get(&security, "capabilities");
	struct spot add = spot_get(&capabilities, "add");

	if (spot_true(&privileged))
		return true;
	for (size_t i = 0; i < spot_count(&add); i++) {
		struct spot item = spot_at(&add, i);
		const char *name = spot_text(&item);

		name = name && text_starts(name, "CAP_") ? name + 4 : name;
		for (size_t k = 0; k < ARRAY_LEN(STRONG) && name; k++)
			if (strcmp(STRONG[k], name) == 0)
				return true;
	}
	return false;
}

/* The whole file system of the host as a volume: chroot enters it. */
static bool mounts_root(const struct spot *spec)
{
	struct spot volumes = spot_get(spec, "volumes");

	for (size_t i = 0; i < spot_count(&volumes); i++) {
		struct spot volume = spot_at(&volumes, i);
		struct spot host = spot_get(&volume, "hostPath");
		const char *path = host.json ? spot_get_text(&host, "path") : NULL;

		if (path && strspn(path, "/") == strlen(path))
			return true;
	}
	return false;
}

static void read_entering(struct needs *needs, const struct spot *spec)
{
	struct spot host_pid = spot_get(spec, "hostPID");
	bool enters = spot_true(&host_pid) || mounts_root(spec);

	for (size_t k = 0; k < ARRAY_LEN(CONTAINER_LISTS) && enters; k++) {
		struct spot list = spot_get(spec, CONTAINER_LISTS[k]);

		for (size_t i = 0; i < spot_count(&list); i++) {
			struct spot container = spot_at(&list, i);

			if (is_privileged(&container))
				read_host_exec(needs, &container);
		}
	}
}

static void read_class(struct needs *needs, const struct spot *spec)
{
	struct spot class = spot_get(spec, "runtimeClassName");
	const char *name = spot_text(&class);

	if (name && *name)
		need_class(needs, name, &class);
}

static void read_host_fields(struct needs *needs, const struct spot *spec)
{
	struct spot users = spot_get(spec, "hostUsers");
	struct spot dns = spot_get(spec, "dnsPolicy");
	const char *policy = spot_text(&dns);

	need_if(needs, ROW_HOST_PID, spec, "hostPID");
	need_if(needs, ROW_HOST_NETWORK, spec, "hostNetwork");
	need_if_any(needs, ROW_PULL_SECRET, spec, "imagePullSecrets");
	need_if_any(needs, ROW_DRA, spec, "resourceClaims");
	if (json_is_false(users.json))
		need(needs, ROW_USER_NAMESPACES, &users);
	if (policy && strcmp(policy, "Default") == 0)
		need(needs, ROW_DNS_DEFAULT, &dns);
}

void read_pod(struct needs *needs, const struct spot *metadata, const struct spot *spec)
{
	struct spot annotations = spot_get(metadata, "annotations");
	struct spot security = spot_get(spec, "securityContext");
	struct spot volumes = spot_get(spec, "volumes");

	read_host_fields(needs, spec);
	read_class(needs, spec);
	read_security(needs, &security);
	read_security_annotations(needs, &annotations);
	for (size_t i = 0; i < spot_count(&volumes); i++) {
		struct spot volume = spot_at(&volumes, i);

		read_volume(needs, &volume);
	}
	for (size_t k = 0; k < ARRAY_LEN(CONTAINER_LISTS); k++) {
		struct spot list = spot_get(spec, CONTAINER_LISTS[k]);

		for (size_t i = 0; i < spot_count(&list); i++) {
			struct spot container = spot_at(&list, i);

			read_container(needs, &container);
		}
	}
	read_entering(needs, spec);
}

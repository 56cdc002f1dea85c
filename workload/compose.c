/*
 * compose.c – compose files (compose-spec): services, their volumes and networks.
 */
#include "workload/readers.h"

#include "base/text.h"

#include <string.h>

/* A text, or a list of texts: each is given to @p use. */
static void each_text(struct needs *needs, const struct spot *value,
		      void (*use)(struct needs *needs, const char *text,
				  const struct spot *spot))
{
	if (json_is_string(value->json)) {
		use(needs, json_string_value(value->json), value);
		return;
	}
	for (size_t i = 0; i < spot_count(value); i++) {
		struct spot item = spot_at(value, i);
		const char *text = spot_text(&item);

		if (text)
			use(needs, text, &item);
	}
}

static void use_path(struct needs *needs, const char *text, const struct spot *spot)
{
	_cleanup_(freep) char *path = mem_strndup(text, strcspn(text, ":"));

	if (*path == '/')
		need_host_path(needs, path, NULL, spot);
}

static void read_volumes(struct needs *needs, const struct spot *service)
{
	struct spot volumes = spot_get(service, "volumes");

	for (size_t i = 0; i < spot_count(&volumes); i++) {
		struct spot volume = spot_at(&volumes, i), source;
		const char *type;

		if (json_is_string(volume.json)) {
			use_path(needs, json_string_value(volume.json), &volume);
			continue;
		}
		source = spot_get(&volume, "source");
		type = spot_get_text(&volume, "type");
		if (type && strcmp(type, "bind") == 0 && spot_text(&source))
			use_path(needs, spot_text(&source), &source);
		else if (type && strcmp(type, "tmpfs") == 0)
			need(needs, ROW_VOLUME_MEMORY, &volume);
	}
}

static void use_device(struct needs *needs, const char *text, const struct spot *spot)
{
	_cleanup_(freep) char *path = mem_strndup(text, strcspn(text, ":"));

	if (strstr(text, "nvidia.com/gpu"))
		need(needs, ROW_GPU_NVIDIA, spot);
	else if (*path == '/')
		need_host_path(needs, path, "CharDevice", spot);
	else
		need(needs, ROW_DRA, spot);
}

static void use_security(struct needs *needs, const char *text, const struct spot *spot)
{
	const char *value = strpbrk(text, "=:");

	if (!value || strcmp(value + 1, "unconfined") == 0)
		return;
	value++;
	if (text_starts(text, "seccomp") && *value == '/')
		need_seccomp_file(needs, value, spot);
	else if (text_starts(text, "apparmor"))
		need_apparmor(needs, value, spot);
	else if (text_starts(text, "label"))
		need(needs, ROW_SELINUX, spot);
}

static void use_sysctl(struct needs *needs, const char *text, const struct spot *spot)
{
	_cleanup_(freep) char *name = mem_strndup(text, strcspn(text, "="));

	need_sysctl(needs, name, spot);
}

static void read_sysctls(struct needs *needs, const struct spot *service)
{
	struct spot sysctls = spot_get(service, "sysctls"), member;

	if (!json_is_object(sysctls.json)) {
		each_text(needs, &sysctls, use_sysctl);
		return;
	}
	spot_each(&sysctls, iter, member) need_sysctl(needs, member.key, &member);
}

static void read_gpus(struct needs *needs, const struct spot *service)
{
	struct spot gpus = spot_get(service, "gpus");
	struct spot deploy = spot_get(service, "deploy");
	struct spot resources = spot_get(&deploy, "resources");
	struct spot reserved = spot_get(&resources, "reservations");
	struct spot devices = spot_get(&reserved, "devices");

	if (gpus.json)
		need(needs, ROW_GPU_NVIDIA, &gpus);
	for (size_t i = 0; i < spot_count(&devices); i++) {
		struct spot device = spot_at(&devices, i);
		const char *driver = spot_get_text(&device, "driver");

		need(needs,
		     !driver || strcmp(driver, "nvidia") == 0 ? ROW_GPU_NVIDIA : ROW_DRA,
		     &device);
	}
}

const struct row_keep *log_driver_keep(const char *driver)
{
	static const struct {
		const char *driver;
		struct row_keep keep;
	} DRIVERS[] = {
		{ "journald", { "unit", "systemd-journald.service", "takes the lines" } },
		{ "syslog", { "command", "rsyslogd", "takes the lines" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(DRIVERS); i++)
		if (strcmp(DRIVERS[i].driver, driver) == 0)
			return &DRIVERS[i].keep;
	return NULL;
}

static void read_log(struct needs *needs, const struct spot *service)
{
	struct spot logging = spot_get(service, "logging");
	struct spot driver = spot_get(&logging, "driver");
	const char *name = spot_text(&driver);

	if (name && log_driver_keep(name))
		need_more(needs, ROW_LOG_DRIVER, log_driver_keep(name), &driver);
}

static bool text_is(const struct spot *spot, const char *wanted)
{
	const char *text = spot_text(spot);

	return text && strcmp(text, wanted) == 0;
}

static void read_modes(struct needs *needs, const struct spot *service)
{
	struct spot network = spot_get(service, "network_mode");
	struct spot pid = spot_get(service, "pid"),
		    users = spot_get(service, "userns_mode");
	struct spot init = spot_get(service, "init"), ports = spot_get(service, "ports");
	struct spot privileged = spot_get(service, "privileged");
	struct spot runtime = spot_get(service, "runtime");
	struct spot tmpfs = spot_get(service, "tmpfs");
	const char *handler = spot_text(&runtime);

	if (text_is(&network, "host"))
		need(needs, ROW_HOST_NETWORK, &network);
	if (text_is(&pid, "host"))
		need(needs, ROW_HOST_PID, &pid);
	if (spot_text(&users) && !text_is(&users, "host"))
		need(needs, ROW_USER_NAMESPACES, &users);
	if (spot_true(&init))
		need(needs, ROW_CONTAINER_INIT, &init);
	if (spot_count(&ports) > 0)
		need(needs, ROW_HOST_PORT, &ports);
	if (spot_true(&privileged))
		need(needs, ROW_PRIVILEGED, &privileged);
	if (tmpfs.json)
		need(needs, ROW_VOLUME_MEMORY, &tmpfs);
	if (handler)
		need_class(needs, handler, &runtime);
}

static void use_capability(struct needs *needs, const char *text, const struct spot *spot)
{
	need_capability(needs, text, spot);
}

static void read_compose_service(struct needs *needs, const struct spot *service)
{
	struct spot devices = spot_get(service, "devices");
	struct spot security = spot_get(service, "security_opt");
	struct spot capabilities = spot_get(service, "cap_add");

	if (!spot_is_map(service))
		return;
	read_volumes(needs, service);
	read_modes(needs, service);
	read_sysctls(needs, service);
	read_gpus(needs, service);
	read_log(needs, service);
	each_text(needs, &devices, use_device);
	each_text(needs, &security, use_security);
	each_text(needs, &capabilities, use_capability);
}

static void read_compose_volume(struct needs *needs, const struct spot *volume)
{
	struct spot options = spot_get(volume, "driver_opts");
	struct spot type = spot_get(&options, "type");

	read_mount_type(needs, &type);
}

static void read_compose_network(struct needs *needs, const struct spot *network)
{
	static const struct row_keep LINKS[] = {
		{ "module", "macvlan", "the kind of the network's links" },
		{ "module", "ipvlan", "the kind of the network's links" },
		{ "module", "bridge", "the kind of the network's links" },
	};
	struct spot driver = spot_get(network, "driver");
	struct spot ipv6 = spot_get(network, "enable_ipv6");

	for (size_t i = 0; i < ARRAY_LEN(LINKS); i++)
		if (text_is(&driver, LINKS[i].values))
			need_more(needs, ROW_NETWORK_LINK, &LINKS[i], &driver);
	if (text_is(&driver, "overlay"))
		need_more(needs, ROW_NETWORK_LINK,
			  &(struct row_keep){ "module", "vxlan",
					      "overlay networks are VXLANs" },
			  &driver);
	if (spot_true(&ipv6))
		need(needs, ROW_NETWORK_IPV6, &ipv6);
}

void read_compose(struct needs *needs, const struct spot *root)
{
	static const struct {
		const char *key;
		void (*read)(struct needs *needs, const struct spot *spot);
	} PARTS[] = {
		{ "services", read_compose_service },
		{ "volumes", read_compose_volume },
		{ "networks", read_compose_network },
	};

	for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
		struct spot part = spot_get(root, PARTS[i].key), member;

		if (!part.json || !spot_is_map(&part))
			continue;
		if (i == 0)
			need(needs, ROW_RUNTIME_DOCKER, &part);
		spot_each(&part, iter, member) if (member.json) PARTS[i].read(needs,
									      &member);
	}
}

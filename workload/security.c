/*
 * security.c – confinement, capabilities, kernel settings, devices.
 */
#include "workload/readers.h"

#include "base/rootfs.h"
#include "base/text.h"

#include <string.h>

#define KUBELET_SECCOMP "/var/lib/kubelet/seccomp/"
#define APPARMOR_KEY	"container.apparmor.security.beta.kubernetes.io/"
#define SECCOMP_POD_KEY "seccomp.security.alpha.kubernetes.io/pod"
#define SECCOMP_KEY	"container.seccomp.security.alpha.kubernetes.io/"

void need_seccomp_file(struct needs *needs, const char *path, const struct spot *spot)
{
	_cleanup_(freep) char *clean = rootfs_clean_path(path);
	_cleanup_(freep) char *glob = escape_glob(clean);

	need_more(needs, ROW_SECCOMP_LOCALHOST,
		  &(struct row_keep){ "path", glob, "the runtime reads the profile" },
		  spot);
}

static void need_kubelet_seccomp(struct needs *needs, const char *profile,
				 const struct spot *spot)
{
	_cleanup_(freep) char *path = mem_printf(KUBELET_SECCOMP "%s", profile);
	_cleanup_(freep) char *clean = rootfs_clean_path(path);

	if (text_starts(clean, KUBELET_SECCOMP))
		need_seccomp_file(needs, clean, spot);
	else
		spot_problem(spot, "a path below kubelet's folder of profiles");
}

void need_apparmor(struct needs *needs, const char *profile, const struct spot *spot)
{
	_cleanup_(freep) char *path = mem_printf("/etc/apparmor.d/%s", profile);
	_cleanup_(freep) char *clean = rootfs_clean_path(path);
	_cleanup_(freep) char *glob = escape_glob(clean);

	if (!text_starts(clean, "/etc/apparmor.d/")) {
		spot_problem(spot, "the name of a profile");
		return;
	}
	need_more(needs, ROW_APPARMOR_LOCALHOST,
		  &(struct row_keep){ "path", glob,
				      "the profile, where its file has its name" },
		  spot);
}

static bool text_is(const char *text, const char *wanted)
{
	return text && strcmp(text, wanted) == 0;
}

/* `seccompProfile` and `appArmorProfile` look the same. */
struct confinement {
	const char *key;
	enum workload_row by_default;
	void (*local)(struct needs *needs, const char *profile, const struct spot *spot);
};

static const struct confinement CONFINEMENTS[] = {
	{ "seccompProfile", ROW_SECCOMP_DEFAULT, need_kubelet_seccomp },
	{ "appArmorProfile", ROW_APPARMOR_DEFAULT, need_apparmor },
};

static void read_profile(struct needs *needs, const struct spot *context,
			 const struct confinement *confinement)
{
	struct spot profile = spot_get(context, confinement->key);
	struct spot type = spot_get(&profile, "type");
	struct spot file = spot_get(&profile, "localhostProfile");
	const char *how = spot_text(&type), *name = spot_text(&file);

	if (text_is(how, "RuntimeDefault"))
		need(needs, confinement->by_default, &type);
	if (text_is(how, "Localhost") && name)
		confinement->local(needs, name, &file);
}

/* Names without the dots and words that Kubernetes lets every pod set. */
static const char *const SAFE_SYSCTLS[] = {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.ping_group_range",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_wmem",
};

static const struct {
	const char *prefix, *module;
} SYSCTL_MODULES[] = {
	{ "net.netfilter.nf_conntrack", "nf_conntrack" },
	{ "net.bridge.", "br_netfilter" },
	{ "net.ipv4.vs.", "ip_vs" },
	{ "net.sctp.", "sctp" },
	{ "net.mpls.", "mpls_router" },
	{ "fs.nfs.", "nfs" },
	{ "sunrpc.", "sunrpc" },
};

void need_sysctl(struct needs *needs, const char *name, const struct spot *spot)
{
	for (size_t i = 0; i < ARRAY_LEN(SAFE_SYSCTLS); i++)
		if (strcmp(SAFE_SYSCTLS[i], name) == 0) {
			need(needs, ROW_SYSCTL_SAFE, spot);
			return;
		}
	need(needs, ROW_SYSCTL_UNSAFE, spot);
	for (size_t i = 0; i < ARRAY_LEN(SYSCTL_MODULES); i++)
		if (text_starts(name, SYSCTL_MODULES[i].prefix))
			need_more(needs, ROW_SYSCTL_UNSAFE,
				  &(struct row_keep){ "module", SYSCTL_MODULES[i].module,
						      "the setting is this module's" },
				  spot);
}

static const struct {
	const char *name;
	enum workload_row row;
} CAPABILITIES[] = {
	{ "SYS_MODULE", ROW_CAP_SYS_MODULE },
	{ "NET_ADMIN", ROW_CAP_NET_ADMIN },
	{ "BPF", ROW_CAP_BPF },
	{ "PERFMON", ROW_CAP_BPF },
};

void need_capability(struct needs *needs, const char *name, const struct spot *spot)
{
	const char *plain = text_starts(name, "CAP_") ? name + 4 : name;

	for (size_t i = 0; i < ARRAY_LEN(CAPABILITIES); i++)
		if (strcasecmp(CAPABILITIES[i].name, plain) == 0 ||
		    strcasecmp(plain, "ALL") == 0)
			need(needs, CAPABILITIES[i].row, spot);
}

static void read_capabilities(struct needs *needs, const struct spot *context)
{
	struct spot capabilities = spot_get(context, "capabilities");
	struct spot add = spot_get(&capabilities, "add");

	for (size_t i = 0; i < spot_count(&add); i++) {
		struct spot item = spot_at(&add, i);
		const char *name = spot_text(&item);

		if (name)
			need_capability(needs, name, &item);
	}
}

void read_security(struct needs *needs, const struct spot *context)
{
	struct spot selinux = spot_get(context, "seLinuxOptions");
	struct spot change = spot_get(context, "seLinuxChangePolicy");
	struct spot privileged = spot_get(context, "privileged");
	struct spot sysctls = spot_get(context, "sysctls");

	if (!context->json)
		return;
	for (size_t i = 0; i < ARRAY_LEN(CONFINEMENTS); i++)
		read_profile(needs, context, &CONFINEMENTS[i]);
	if (spot_is_map(&selinux) && json_object_size(selinux.json) > 0)
		need(needs, ROW_SELINUX, &selinux);
	if (spot_text(&change))
		need(needs, ROW_SELINUX, &change);
	if (spot_true(&privileged))
		need(needs, ROW_PRIVILEGED, &privileged);
	read_capabilities(needs, context);
	for (size_t i = 0; i < spot_count(&sysctls); i++) {
		struct spot item = spot_at(&sysctls, i), name = spot_get(&item, "name");
		const char *text = spot_text(&name);

		if (text)
			need_sysctl(needs, text, &name);
	}
}

/* How confinement was asked for before it had fields. */
void read_security_annotations(struct needs *needs, const struct spot *annotations)
{
	struct spot member;

	if (!spot_is_map(annotations))
		return;
	spot_each(annotations, iter, member)
	{
		bool apparmor = text_starts(member.key, APPARMOR_KEY);
		bool seccomp = strcmp(member.key, SECCOMP_POD_KEY) == 0 ||
			       text_starts(member.key, SECCOMP_KEY);
		const char *value = apparmor || seccomp ? spot_text(&member) : NULL;

		if (!value || strcmp(value, "unconfined") == 0)
			continue;
		if (!text_starts(value, "localhost/"))
			need(needs, apparmor ? ROW_APPARMOR_DEFAULT : ROW_SECCOMP_DEFAULT,
			     &member);
		else if (apparmor)
			need_apparmor(needs, value + strlen("localhost/"), &member);
		else
			need_kubelet_seccomp(needs, value + strlen("localhost/"),
					     &member);
	}
}

/* Names of resources; "" ends what is no device at all. */
static const struct {
	const char *prefix;
	enum workload_row row;
} RESOURCES[] = {
	{ "nvidia.com/", ROW_GPU_NVIDIA },   { "amd.com/", ROW_GPU_AMD },
	{ "gpu.intel.com/", ROW_GPU_INTEL }, { "rdma/", ROW_RDMA },
	{ "sgx.intel.com/", ROW_SGX },	     { "kubernetes.azure.com/sgx", ROW_SGX },
	{ "hugepages-", ROW_HUGE_PAGES },
};

static void read_resource(struct needs *needs, const struct spot *amount)
{
	const char *name = amount->key;

	for (size_t i = 0; i < ARRAY_LEN(RESOURCES); i++)
		if (text_starts(name, RESOURCES[i].prefix)) {
			need(needs, RESOURCES[i].row, amount);
			return;
		}
	if (strchr(name, '/') && !strstr(name, "kubernetes.io/"))
		need(needs, ROW_DEVICE_OTHER, amount);
}

void read_resources(struct needs *needs, const struct spot *resources)
{
	struct spot limits = spot_get(resources, "limits"), member;
	struct spot claims = spot_get(resources, "claims");

	/* extended resources cannot be overcommitted: requests have no others */
	if (spot_is_map(&limits))
		spot_each(&limits, iter, member) read_resource(needs, &member);
	if (spot_count(&claims) > 0)
		need(needs, ROW_DRA, &claims);
}

#include "analyzer/detect_container.h"

/*
 * containerd-config.toml(5), docs/cri/config.md, docs/NRI.md and docs/stream_processors.md of
 * containerd. The tables of plugins have dots in their names ("io.containerd.grpc.v1.cri" in
 * versions 1 and 2, "io.containerd.cri.v1.runtime" in version 3), so only what follows counts.
 */
static const struct container_key CONTAINERD[] = {
	{ "imports", NAMES_GLOB, EDGE_LIKELY, NULL },
	{ "runtimes.*.runtime_type", NAMES_SHIM, EDGE_HARD, NULL },
	{ "default_runtime.runtime_type", NAMES_SHIM, EDGE_HARD, NULL },
	{ "untrusted_workload_runtime.runtime_type", NAMES_SHIM, EDGE_LIKELY, NULL },
	{ "runtime_path", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "runtime_engine", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "options.BinaryName", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "options.CriuPath", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "options.ConfigPath", NAMES_PATH, EDGE_HARD, NULL },
	{ "base_runtime_spec", NAMES_PATH, EDGE_HARD, NULL },
	{ "linux.shim", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "linux.runtime", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "cni_conf_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "cni.conf_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "cni.conf_template", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "cni.bin_dir", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "cni.bin_dirs", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "cdi_spec_dirs", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "registry.config_path", NAMES_FOLDERS, EDGE_LIKELY, NULL },
	{ "tls.ca_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "tls.cert_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "tls.key_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "x509_key_pair_streaming.tls_cert_file", NAMES_PATH, EDGE_HARD, NULL },
	{ "x509_key_pair_streaming.tls_key_file", NAMES_PATH, EDGE_HARD, NULL },
	{ "grpc.tcp_tls_ca", NAMES_PATH, EDGE_HARD, NULL },
	{ "grpc.tcp_tls_cert", NAMES_PATH, EDGE_HARD, NULL },
	{ "grpc.tcp_tls_key", NAMES_PATH, EDGE_HARD, NULL },
	{ "stream_processors.*.path", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "plugin_path", NAMES_FOLDER, EDGE_LIKELY, NULL },	   /* NRI */
	{ "plugin_config_path", NAMES_FOLDER, EDGE_LIKELY, NULL }, /* NRI */
	{ "bindir.bin_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },	   /* image verifiers */
	/* a proxy plugin is a socket; these names are what its makers ship */
	{ "proxy_plugins.*", NAMES_KEY, EDGE_LIKELY, "containerd-{}-grpc" },
	{ "proxy_plugins.*", NAMES_KEY, EDGE_LIKELY, "{}-snapshotter" },
	{ "rdt_config_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "blockio_config_file", NAMES_PATH, EDGE_LIKELY, NULL },
};

/* crio.conf(5) */
static const struct container_key CRIO[] = {
	{ "crio.runtime.default_runtime", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "crio.runtime.conmon", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "crio.runtime.pinns_path", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "crio.runtime.seccomp_profile", NAMES_PATH, EDGE_HARD, NULL },
	{ "crio.runtime.decryption_keys_path", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.runtime.hooks_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.runtime.cdi_spec_dirs", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.runtime.default_mounts_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.runtime.irqbalance_config_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.runtime.rdt_config_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.runtime.blockio_config_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "runtimes.*.runtime_path", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "runtimes.*.monitor_path", NAMES_COMMAND, EDGE_HARD, NULL },
	{ "runtimes.*.runtime_config_path", NAMES_PATH, EDGE_HARD, NULL },
	{ "runtimes.*", NAMES_KEY, EDGE_LIKELY, "{}" },
	{ "crio.network.network_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.network.plugin_dirs", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "crio.image.signature_policy", NAMES_PATH, EDGE_HARD, NULL },
	{ "crio.image.signature_policy_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.image.global_auth_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.image.pause_image_auth_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.api.stream_tls_cert", NAMES_PATH, EDGE_HARD, NULL },
	{ "crio.api.stream_tls_key", NAMES_PATH, EDGE_HARD, NULL },
	{ "crio.api.stream_tls_ca", NAMES_PATH, EDGE_HARD, NULL },
	{ "crio.metrics.metrics_cert", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.metrics.metrics_key", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "crio.nri.nri_plugin_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.nri.nri_plugin_config_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "crio.storage_option", NAMES_BEHIND, EDGE_LIKELY, NULL },
};

/* containers.conf(5) */
static const struct container_key CONTAINERS[] = {
	{ "engine.runtime", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "engine.runtimes.*", NAMES_COMMAND, EDGE_POSSIBLE, NULL },
	{ "engine.conmon_path", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "engine.network_cmd_path", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "engine.hooks_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "engine.cdi_spec_dirs", NAMES_FOLDER, EDGE_LIKELY, NULL },
	{ "engine.helper_binaries_dir", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "engine.compose_providers", NAMES_COMMAND, EDGE_POSSIBLE, NULL },
	{ "containers.init_path", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "engine.init_path", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "containers.seccomp_profile", NAMES_PATH, EDGE_HARD, NULL },
	{ "containers.base_hosts_file", NAMES_PATH, EDGE_LIKELY, NULL },
	{ "network.network_backend", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "network.network_backend", NAMES_COMMAND, EDGE_LIKELY,
	  "/usr/libexec/podman/{}" },
	{ "network.network_backend", NAMES_COMMAND, EDGE_LIKELY, "/usr/lib/podman/{}" },
	{ "network.default_rootless_network_cmd", NAMES_COMMAND, EDGE_LIKELY, NULL },
	{ "network.cni_plugin_dirs", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "network.netavark_plugin_dirs", NAMES_FOLDER, EDGE_POSSIBLE, NULL },
	{ "network.network_config_dir", NAMES_FOLDER, EDGE_LIKELY, NULL },
};

/* containers-storage.conf(5) */
static const struct container_key STORAGE[] = {
	{ "mount_program", NAMES_COMMAND, EDGE_LIKELY, NULL },
};

/* containers-registries.conf(5) */
static const struct container_key REGISTRIES[] = {
	{ "credential-helpers", NAMES_COMMAND, EDGE_LIKELY, "docker-credential-{}" },
};

#define CONFIG(files, keys)                                                              \
	{                                                                                \
		files, keys, ARRAY_LEN(keys)                                             \
	}
const struct container_config CONTAINER_CONFIGS[] = {
	CONFIG("/etc/containerd/config.toml", CONTAINERD),
	CONFIG("/etc/containerd/conf.d/*.toml", CONTAINERD),
	CONFIG("/usr/share/containerd/*.toml", CONTAINERD),
	CONFIG("/etc/crio/crio.conf", CRIO),
	CONFIG("/etc/crio/crio.conf.d/*", CRIO),
	CONFIG("/usr/share/crio/crio.conf.d/*", CRIO),
	CONFIG("/etc/containers/containers.conf", CONTAINERS),
	CONFIG("/etc/containers/containers.conf.d/*.conf", CONTAINERS),
	CONFIG("/usr/share/containers/containers.conf", CONTAINERS),
	CONFIG("/usr/share/containers/containers.conf.d/*.conf", CONTAINERS),
	CONFIG("/etc/containers/storage.conf", STORAGE),
	CONFIG("/usr/share/containers/storage.conf", STORAGE),
	CONFIG("/etc/containers/registries.conf", REGISTRIES),
	CONFIG("/etc/containers/registries.conf.d/*.conf", REGISTRIES),
};
#undef CONFIG

const size_t CONTAINER_CONFIG_COUNT = ARRAY_LEN(CONTAINER_CONFIGS);

/*
 * rows – what a workload can ask of a host, as a table: one row for each kind of need,
 * with what it takes. The name of a row is a fact that rules may ask for
 * (`when: {fact: volume.nfs}`).
 *
 * A new need is a line in WORKLOAD_ROWS, a row in rows.c, the place in a reader
 * (pod.c, volume.c ...) that calls need() with it, and a case in
 * tests/unit/workload/cases: a test fails while a row has none.
 */
#pragma once

#include <stddef.h>

/*  enumerator		    fact */
#define WORKLOAD_ROWS(X)                                                                 \
	X(KUBERNETES, "kubernetes.pods")                                                 \
	X(RUNTIME_CONTAINERD, "runtime.containerd")                                      \
	X(RUNTIME_CRIO, "runtime.cri-o")                                                 \
	X(RUNTIME_DOCKER, "runtime.docker")                                              \
	X(RUNTIME_PODMAN, "runtime.podman")                                              \
	X(RUNTIME_ROOTLESS, "runtime.rootless")                                          \
	X(VOLUME_HOST_PATH, "volume.host-path")                                          \
	X(VOLUME_HOST_BROAD, "volume.host-path-broad")                                   \
	X(VOLUME_SOCKET, "volume.host-socket")                                           \
	X(VOLUME_DEVICE, "volume.host-device")                                           \
	X(VOLUME_LOCAL, "volume.local")                                                  \
	X(VOLUME_NFS, "volume.nfs")                                                      \
	X(VOLUME_NFS_V3, "volume.nfs-v3")                                                \
	X(VOLUME_NFS_V4, "volume.nfs-v4")                                                \
	X(VOLUME_SMB, "volume.smb")                                                      \
	X(VOLUME_ISCSI, "volume.iscsi")                                                  \
	X(VOLUME_MULTIPATH, "volume.multipath")                                          \
	X(VOLUME_FC, "volume.fc")                                                        \
	X(VOLUME_CEPHFS, "volume.cephfs")                                                \
	X(VOLUME_RBD, "volume.rbd")                                                      \
	X(VOLUME_GLUSTERFS, "volume.glusterfs")                                          \
	X(VOLUME_REMOVED, "volume.removed")                                              \
	X(VOLUME_FLEX, "volume.flex")                                                    \
	X(VOLUME_GITREPO, "volume.gitrepo")                                              \
	X(VOLUME_IMAGE, "volume.image")                                                  \
	X(VOLUME_API, "volume.api")                                                      \
	X(VOLUME_EMPTY, "volume.empty-dir")                                              \
	X(VOLUME_CLAIM, "volume.claim")                                                  \
	X(VOLUME_MEMORY, "volume.memory")                                                \
	X(VOLUME_BLOCK, "volume.block")                                                  \
	X(VOLUME_FS_TYPE, "volume.fs-type")                                              \
	X(VOLUME_PROPAGATION, "volume.propagation")                                      \
	X(VOLUME_UNKNOWN, "volume.unknown")                                              \
	X(CSI_AZUREDISK, "csi.azuredisk")                                                \
	X(CSI_AZUREFILE, "csi.azurefile")                                                \
	X(CSI_AZUREFILE_SMB, "csi.azurefile-smb")                                        \
	X(CSI_AZUREFILE_NFS, "csi.azurefile-nfs")                                        \
	X(CSI_BLOB, "csi.blob")                                                          \
	X(CSI_NFS, "csi.nfs")                                                            \
	X(CSI_SMB, "csi.smb")                                                            \
	X(CSI_ISCSI, "csi.iscsi")                                                        \
	X(CSI_DISK, "csi.disk")                                                          \
	X(CSI_RBD, "csi.rbd")                                                            \
	X(CSI_CEPHFS, "csi.cephfs")                                                      \
	X(CSI_LVM, "csi.lvm")                                                            \
	X(CSI_NODELESS, "csi.nodeless")                                                  \
	X(CSI_UNKNOWN, "csi.unknown")                                                    \
	X(HUGE_PAGES, "pod.huge-pages")                                                  \
	X(HOST_PID, "pod.host-pid")                                                      \
	X(HOST_EXEC, "pod.host-exec")                                                    \
	X(HOST_EXEC_UNKNOWN, "pod.host-exec-unknown")                                    \
	X(HOST_NETWORK, "pod.host-network")                                              \
	X(HOST_PORT, "pod.host-port")                                                    \
	X(DNS_DEFAULT, "pod.dns-default")                                                \
	X(USER_NAMESPACES, "pod.user-namespaces")                                        \
	X(PRIVILEGED, "pod.privileged")                                                  \
	X(CAP_SYS_MODULE, "capability.sys-module")                                       \
	X(CAP_NET_ADMIN, "capability.net-admin")                                         \
	X(CAP_BPF, "capability.bpf")                                                     \
	X(SECCOMP_LOCALHOST, "seccomp.localhost")                                        \
	X(SECCOMP_DEFAULT, "seccomp.default")                                            \
	X(APPARMOR_LOCALHOST, "apparmor.localhost")                                      \
	X(APPARMOR_DEFAULT, "apparmor.default")                                          \
	X(SELINUX, "selinux")                                                            \
	X(SYSCTL_SAFE, "sysctl.safe")                                                    \
	X(SYSCTL_UNSAFE, "sysctl.unsafe")                                                \
	X(PULL_SECRET, "pod.pull-secret")                                                \
	X(HANDLER_RUNC, "handler.runc")                                                  \
	X(HANDLER_CRUN, "handler.crun")                                                  \
	X(HANDLER_KATA, "handler.kata")                                                  \
	X(HANDLER_GVISOR, "handler.gvisor")                                              \
	X(HANDLER_WASM, "handler.wasm")                                                  \
	X(HANDLER_OTHER, "handler.other")                                                \
	X(GPU_NVIDIA, "gpu.nvidia")                                                      \
	X(GPU_AMD, "gpu.amd")                                                            \
	X(GPU_INTEL, "gpu.intel")                                                        \
	X(RDMA, "device.rdma")                                                           \
	X(SGX, "device.sgx")                                                             \
	X(DEVICE_OTHER, "device.other")                                                  \
	X(DRA, "device.claims")                                                          \
	X(PROXY_IPTABLES, "kube-proxy.iptables")                                         \
	X(PROXY_IPVS, "kube-proxy.ipvs")                                                 \
	X(PROXY_NFTABLES, "kube-proxy.nftables")                                         \
	X(NETWORK_IPV6, "network.ipv6")                                                  \
	X(NETWORK_LINK, "network.link")                                                  \
	X(CONTAINER_INIT, "container.init")                                              \
	X(LOG_DRIVER, "container.log-driver")

enum workload_row {
#define X(name, fact) ROW_##name,
	WORKLOAD_ROWS(X)
#undef X
		ROW_COUNT
};

/* Something that must stay: a selector's key, its values with blanks between, why. */
struct row_keep {
	const char *key, *values, *why;
};

#define ROW_PROFILES 3
#define ROW_KEEPS    5

struct row {
	const char
		*feature; /* what stops without it; NULL: it takes nothing of the host */
	const char *profiles[ROW_PROFILES]; /* that it brings along */
	struct row_keep keep[ROW_KEEPS];
	const char *warning; /* what tare cannot know; NULL: nothing */
};

/** The fact's name. */
const char *row_fact(enum workload_row row);
const struct row *row_info(enum workload_row row);

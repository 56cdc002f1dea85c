#include "workload/rows.h"

static const char *const FACTS[] = {
#define X(name, fact) [ROW_##name] = (fact),
	WORKLOAD_ROWS(X)
#undef X
};

#define SMB_MODULES "cifs cifs_md4 cifs_arc4 cmac ccm"

/* What the profiles that are named here keep stands there, with its reasons. */
static const struct row ROWS[ROW_COUNT] = {
	[ROW_KUBERNETES] = { "running pods", { "kubelet" } },
	[ROW_RUNTIME_CONTAINERD] = { "running containers with containerd",
				     { "containerd" } },
	[ROW_RUNTIME_CRIO] = { "running containers with CRI-O", { "cri-o" } },
	[ROW_RUNTIME_DOCKER] = { "running containers with Docker", { "docker" } },
	[ROW_RUNTIME_PODMAN] = { "running containers with podman", { "podman" } },
	[ROW_RUNTIME_ROOTLESS] = { "containers of users who are not root",
				   { "podman-rootless" } },
	[ROW_VOLUME_HOST_PATH] = { "host paths in containers" },
	[ROW_VOLUME_HOST_BROAD] = { .warning = "any file below it may be used: name what "
					       "is needed in a keep file" },
	[ROW_VOLUME_SOCKET] = { "sockets of the host in containers" },
	[ROW_VOLUME_DEVICE] = { "devices of the host in containers" },
	[ROW_VOLUME_LOCAL] = { "local volumes" },
	[ROW_VOLUME_NFS] = { "NFS volumes", { "nfs-volumes" } },
	[ROW_VOLUME_NFS_V3] = { "locks on NFSv3 volumes" },
	[ROW_VOLUME_NFS_V4] = { "NFSv4 identities" },
	[ROW_VOLUME_SMB] = { "SMB volumes", { "smb-volumes" } },
	[ROW_VOLUME_ISCSI] = { "iSCSI volumes", { "iscsi-volumes" } },
	[ROW_VOLUME_MULTIPATH] = { "volumes over several paths", { "multipath" } },
	[ROW_VOLUME_FC] = { "Fibre Channel volumes", { "fc-volumes" } },
	[ROW_VOLUME_CEPHFS] = { "CephFS volumes (in-tree, before Kubernetes 1.31)",
				.keep = { { "command", "mount.ceph",
					    "kubelet before 1.31 runs mount -t ceph" },
					  { "module", "ceph libceph",
					    "the file system" } } },
	[ROW_VOLUME_RBD] = { "RBD volumes (in-tree, before Kubernetes 1.31)",
			     .keep = { { "command", "rbd",
					 "kubelet before 1.31 maps images with it" },
				       { "module", "rbd libceph",
					 "the block device" } } },
	[ROW_VOLUME_GLUSTERFS] = { "GlusterFS volumes (in-tree, before Kubernetes 1.26)",
				   .keep = { { "command", "mount.glusterfs",
					       "mount -t glusterfs runs this helper" },
					     { "module", "fuse",
					       "the helper is a FUSE program" } } },
	[ROW_VOLUME_REMOVED] = { .warning = "no Kubernetes that is still met mounts "
					    "this type of volume" },
	[ROW_VOLUME_FLEX] = { "flexvolumes", { "block-volumes" } },
	[ROW_VOLUME_GITREPO] = { "gitRepo volumes", { "kubelet" } },
	[ROW_VOLUME_IMAGE] = { NULL },
	[ROW_VOLUME_API] = { NULL },
	[ROW_VOLUME_EMPTY] = { NULL },
	[ROW_VOLUME_CLAIM] = { NULL },
	[ROW_VOLUME_MEMORY] = { "volumes in memory",
				.keep = { { "command", "mount umount",
					    "kubelet mounts a tmpfs" } } },
	[ROW_VOLUME_BLOCK] = { "block volumes",
			       .keep = { { "command", "losetup",
					   "volumes with volumeMode Block are attached "
					   "to a loop device" },
					 { "module", "loop",
					   "loop devices; built in on some "
					   "kernels" } } },
	[ROW_VOLUME_FS_TYPE] = { "file systems of volumes" },
	[ROW_VOLUME_PROPAGATION] = { "mounts that containers share with the host",
				     .keep = { { "command", "mount",
						 "node set-up runs mount --make-shared "
						 "on kubelet's folder" } } },
	[ROW_VOLUME_UNKNOWN] = { .warning = "a type of volume that tare does not know" },
	[ROW_CSI_AZUREDISK] = { "Azure disk volumes", { "csi-azuredisk" } },
	[ROW_CSI_AZUREFILE] = { "Azure file volumes", { "csi-azurefile" } },
	[ROW_CSI_AZUREFILE_SMB] = { "Azure file volumes over SMB" },
	[ROW_CSI_AZUREFILE_NFS] = { "Azure file volumes over NFS" },
	[ROW_CSI_BLOB] = { "Azure blob volumes", { "csi-blob" } },
	[ROW_CSI_NFS] = { "NFS CSI volumes", { "csi-nfs" } },
	[ROW_CSI_SMB] = { "SMB CSI volumes",
			  { "smb-upcalls" },
			  { { "module", SMB_MODULES,
			      "the driver mounts from its own image, with the node's "
			      "kernel" } } },
	[ROW_CSI_ISCSI] = { "iSCSI CSI volumes", { "csi-iscsi" } },
	[ROW_CSI_DISK] = { "disks of CSI drivers",
			   .keep = { { "module", "ext4 xfs nvme sd_mod virtio_blk",
				       "file systems and disks; built in on some "
				       "kernels" } } },
	[ROW_CSI_RBD] = { "RBD CSI volumes",
			  .keep = { { "module", "rbd libceph nbd",
				      "the driver maps images from its own image, with "
				      "the node's kernel" } } },
	[ROW_CSI_CEPHFS] = { "CephFS CSI volumes",
			     .keep = { { "module", "ceph libceph fuse",
					 "the driver mounts from its own image, with "
					 "the node's kernel" } } },
	[ROW_CSI_LVM] = { "volumes on LVM of the node",
			  .keep = { { "command", "lvm lvcreate vgs",
				      "the driver runs LVM on the host" },
				    { "module", "dm_mod dm_thin_pool dm_snapshot",
				      "logical volumes" } } },
	[ROW_CSI_NODELESS] = { NULL },
	[ROW_CSI_UNKNOWN] = { .warning = "a CSI driver that tare does not know: keep by "
					 "hand what it calls on the host" },
	[ROW_HUGE_PAGES] = { "huge pages", .keep = { { "unit", "dev-hugepages.mount",
						       "hugetlbfs on the host" } } },
	[ROW_HOST_PID] = { NULL },
	[ROW_HOST_EXEC] = { "programs of the host that pods run" },
	[ROW_HOST_EXEC_UNKNOWN] = { .warning = "it may run programs of the host that no "
					       "field names" },
	[ROW_HOST_NETWORK] = { "pods in the host's network",
			       .keep = { { "path", "/etc/resolv.conf /etc/hosts",
					   "the pod gets the host's" } } },
	[ROW_HOST_PORT] = { "host ports", { "packet-filter" } },
	[ROW_DNS_DEFAULT] = { "the host's name servers in pods",
			      .keep = { { "path", "/etc/resolv.conf",
					  "dnsPolicy Default copies it" },
					{ "unit", "systemd-resolved.service",
					  "may write it" } } },
	[ROW_USER_NAMESPACES] = { "pods in user name spaces",
				  .keep = { { "command", "getsubids newuidmap newgidmap",
					      "ranges of ids" },
					    { "path", "/etc/subuid /etc/subgid",
					      "ranges of ids" } } },
	[ROW_PRIVILEGED] = { "kernel features of privileged containers",
			     { "packet-filter" },
			     { { "command", "modprobe",
				 "the kernel runs it for what a container asks for" },
			       { "module",
				 "bridge br_netfilter veth vxlan geneve ipip macvlan "
				 "ipvlan 8021q vrf dummy tun ifb sch_tbf sch_ingress "
				 "sch_fq cls_bpf act_mirred",
				 "network links and traffic control that a privileged "
				 "container may ask for" } },
			     "it may use any device and have any kernel module loaded" },
	[ROW_CAP_SYS_MODULE] = { "pods that load kernel modules",
				 .keep = { { "command", "modprobe depmod",
					     "loads modules by name" },
					   { "path", "/lib/modules/**",
					     "the pod may load any of them" } } },
	[ROW_CAP_NET_ADMIN] = { "pods that set up networks", { "packet-filter" } },
	[ROW_CAP_BPF] = { NULL },
	[ROW_SECCOMP_LOCALHOST] = { "Localhost seccomp profiles",
				    .keep = { { "soname", "libseccomp.so.2",
						"the runtime loads the profile with "
						"it" } } },
	[ROW_SECCOMP_DEFAULT] = { "seccomp profiles",
				  .keep = { { "soname", "libseccomp.so.2",
					      "the runtime loads its default profile "
					      "with it" } } },
	[ROW_APPARMOR_LOCALHOST] = { "AppArmor profiles of pods",
				     .keep = { { "command", "apparmor_parser",
						 "loads profiles; runtimes drop the "
						 "confinement without it" },
					       { "unit", "apparmor.service",
						 "loads the profiles at boot" } } },
	[ROW_APPARMOR_DEFAULT] = { "AppArmor confinement of containers",
				   .keep = { { "command", "apparmor_parser",
					       "the runtime loads its default profile "
					       "with it" } } },
	[ROW_SELINUX] = { "SELinux labels of pods",
			  .keep = { { "package", "selinux-policy* container-selinux*",
				      "the policy and its container modules" },
				    { "path", "/etc/selinux/**",
				      "runtimes read contexts and types there" } } },
	[ROW_SYSCTL_SAFE] = { NULL },
	[ROW_SYSCTL_UNSAFE] = { "kernel settings of pods",
				.warning = "kubelet must allow it "
					   "(allowedUnsafeSysctls)" },
	[ROW_PULL_SECRET] = { NULL },
	[ROW_HANDLER_RUNC] = { "containers with runc", { "runc" } },
	[ROW_HANDLER_CRUN] = { "containers with crun", { "crun" } },
	[ROW_HANDLER_KATA] = { "Kata containers", { "sandboxed-runtimes" } },
	[ROW_HANDLER_GVISOR] = { "gVisor", { "sandboxed-runtimes" } },
	[ROW_HANDLER_WASM] = { "WebAssembly in containers",
			       { "crun-handlers" },
			       .keep = { { "command",
					   "containerd-shim-spin* "
					   "containerd-shim-wasm*",
					   "the handler's shim" } } },
	[ROW_HANDLER_OTHER] = { "runtime handlers" },
	[ROW_GPU_NVIDIA] = { "NVIDIA GPUs in containers", { "nvidia" } },
	[ROW_GPU_AMD] = { "AMD GPUs in containers",
			  .keep = { { "module", "amdgpu", "the driver" },
				    { "path", "/usr/lib/firmware/amdgpu/**",
				      "the driver loads it" } } },
	[ROW_GPU_INTEL] = { "Intel GPUs in containers",
			    .keep = { { "module", "i915 xe", "the driver" },
				      { "path",
					"/usr/lib/firmware/i915/** "
					"/usr/lib/firmware/xe/**",
					"the driver loads it" } } },
	[ROW_RDMA] = { "RDMA devices in containers",
		       .keep = { { "module",
				   "ib_core ib_uverbs rdma_cm rdma_ucm mlx5_ib mana_ib",
				   "the driver" } } },
	[ROW_SGX] = { "SGX enclaves in containers",
		      .keep = { { "package", "sgx-backwards-compatibility",
				  "names of the devices" } } },
	[ROW_DEVICE_OTHER] = { .warning = "who makes this device is not known: keep its "
					  "driver by hand" },
	[ROW_DRA] = { "claimed devices in containers",
		      .keep = { { "path", "/etc/cdi/** /var/run/cdi/**",
				  "what a claim gives a container" } } },
	[ROW_PROXY_IPTABLES] = { "service addresses", { "kube-proxy" } },
	[ROW_PROXY_IPVS] = { "service addresses in ipvs mode", { "kube-proxy" } },
	[ROW_PROXY_NFTABLES] = { "service addresses in nftables mode", { "kube-proxy" } },
	[ROW_NETWORK_IPV6] = { "IPv6 in pod networks",
			       .keep = { { "command", "ip6tables",
					   "addresses are translated with it" },
					 { "module",
					   "ip6_tables ip6table_filter ip6table_nat "
					   "ip6table_mangle nf_conntrack",
					   "addresses are translated with them" } } },
	[ROW_NETWORK_LINK] = { "networks of containers" },
	[ROW_CONTAINER_INIT] = { "an init process in containers",
				 .keep = { { "command", "docker-init catatonit tini",
					     "the runtime mounts it into the "
					     "container" } } },
	[ROW_LOG_DRIVER] = { "log drivers of containers" },
};

const char *row_fact(enum workload_row row)
{
	return FACTS[row];
}

const struct row *row_info(enum workload_row row)
{
	return &ROWS[row];
}

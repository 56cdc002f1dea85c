#!/bin/bash
# The shipped profiles on real roots: those of the workloads that are there select what they
# require, those of absent workloads say what is missing, each with file, line and column.
. "$(dirname "$0")/../lib.sh"

fit() {	# GRAPH PROFILE...
	local graph=$1 profile
	shift
	for profile; do
		expect_exit 0 "$TARE" rules check "$profile" --with-graph -g "$graph" -q
	done
}

lack() {	# GRAPH PROFILE WHAT
	expect_exit 2 "$TARE" rules check "$2" --with-graph -g "$1" -q
	expect_grep "^[^ ]+/profiles/[a-z-]+\.yaml:[0-9]+:[0-9]+: nothing in this root is '$3'"
}

expect_exit 0 "$TARE" rules check
unset TARE_GRAPH

minimal=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze "$minimal" -o "$T/minimal.db" -q
fit "$T/minimal.db" minimal-userland runc diagnostics registry-access
lack "$T/minimal.db" minimal-boot "any: \[category: kernel.*"
lack "$T/minimal.db" podman "command: podman"

host=$(testbed_root container-host)
expect_exit 0 "$TARE" analyze "$host" -o "$T/host.db" -q
fit "$T/host.db" containerd-host docker-host kubelet kubeadm kube-proxy cni block-volumes \
	nfs-volumes smb-volumes iscsi-volumes fc-volumes csi-azuredisk csi-azurefile csi-blob \
	csi-nfs csi-iscsi cloud-init azure-agent operator-shell update-stack immutable-host \
	node-security container-checkpoint containerd-snapshotters sandboxed-runtimes k3s \
	nvidia diagnostics aks-node cis-azure-linux-3
lack "$T/host.db" podman-host "command: podman"
lack "$T/host.db" cri-o "command: crio"

edge=$(testbed_root edge)
expect_exit 0 "$TARE" analyze "$edge" -o "$T/edge.db" -q
fit "$T/edge.db" podman-host podman-rootless crun operator-shell host-network
lack "$T/edge.db" containerd-host "command: runc"
done_testing

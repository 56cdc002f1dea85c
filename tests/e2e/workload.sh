#!/bin/bash
# From objects to a profile to a plan: what a NFS volume keeps on a Kubernetes node, and
# what goes without one; nodes; files in a root; damaged input.
. "$(dirname "$0")/../lib.sh"
need jq

cd "$T"
root=$(testbed_root container-host)
"$TARE" analyze -q "$root" -o tare.db

note "a cluster with a NFS PersistentVolume, and the same without it"
cat > pods.yaml <<'END'
apiVersion: v1
kind: List
items:
- kind: Pod
  metadata: {name: web-1, namespace: shop}
  spec:
    containers: [{name: c, ports: [{containerPort: 80}]}]
    volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
- kind: Secret
  metadata: {name: s, namespace: shop}
END
cat > volumes.json <<'END'
{"apiVersion": "v1", "items": [
  {"kind": "PersistentVolume", "metadata": {"name": "data"},
   "spec": {"nfs": {"server": "10.0.0.4", "path": "/data"}, "mountOptions": ["vers=4.1"]}}
], "kind": "List"}
END
expect_exit 0 "$TARE" workload pods.yaml volumes.json -o with.yaml
expect_equal "with -o nothing on standard output" 0 "$(wc -c < out | tr -d ' ')"
expect_grep '^profile with: use it as --profile \./with\.yaml' err
expect_exit 0 "$TARE" workload pods.yaml -o without.yaml -q
expect_exit 0 "$TARE" rules check ./with.yaml ./without.yaml
expect_grep '^  - volume\.nfs  # PersistentVolume data spec\.nfs$' with.yaml
expect_grep '^#   NFS volumes \(volume\.nfs\)$' without.yaml
expect_grep '^# Passed over: 1 Secret$' with.yaml
for name in with without; do
	expect_exit 0 "$TARE" plan -g tare.db --profile containerd-host --profile "./$name.yaml" -o "$name.json"
	jq -r '.packages[] | select(.action == "remove") | .name' "$name.json" | sort > "$name.gone"
	"$TARE" plan -g tare.db --profile containerd-host --profile "./$name.yaml" --all > "$name.plan"
done
for package in nfs-common rpcbind keyutils; do
	expect_no_grep "^$package\$" with.gone
	expect_grep "^$package\$" without.gone
	expect_exit 0 "$TARE" why -g tare.db "$package" --profile containerd-host --profile ./with.yaml
	expect_grep "^  <- .*; for NFS volumes: PersistentVolume data spec\.nfs  \[profiles/"
done
expect_exit 0 "$TARE" why -g tare.db /usr/sbin/mount.nfs --profile containerd-host --profile ./with.yaml
expect_grep 'command: mount\.nfs: kubelet runs mount -t nfs, .*PersistentVolume data spec\.nfs'
module=$(sql tare.db "SELECT path FROM file WHERE path LIKE '%/kernel/fs/nfs/nfs.ko%'")
expect_exit 0 "$TARE" why -g tare.db "$module" --profile containerd-host --profile ./with.yaml
expect_grep 'module: nfs: .*PersistentVolume data spec\.nfs'
expect_grep '^NFS volumes ' without.plan
expect_no_grep '^NFS volumes ' with.plan
expect_exit 0 "$TARE" workload pods.yaml -g tare.db
sed -n '/^No object uses these/,$p' out > unused
expect_grep '^NFS volumes +volume\.nfs +.*nfs-common.*  profile: nfs-volumes$' unused
expect_exit 0 "$TARE" workload pods.yaml volumes.json -f json
expect_equal "JSON" "tare-workload/1 PersistentVolume data spec.nfs" \
	"$(jq -r '.schema + " " + (.needs[] | select(.fact == "volume.nfs") | .cited)' out)"

note "a hardening policy against the workload: the workload wins, and the plan says so"
expect_exit 0 "$TARE" plan -g tare.db --profile containerd-host --profile ./with.yaml \
	--profile cis-azure-linux-3
expect_grep '^Unwanted, but something that must stay needs it'
expect_grep '^rpcbind-.*policies/cis-azure-linux-3\.yaml:[0-9]+ +2\.2: NFS servers'

expect_exit 0 "$TARE" plan -g tare.db --profile containerd-host --profile ./with.yaml \
	--profile cis-azure-linux-3 -o conflict.json -q
expect_equal "the conflict in JSON" \
	"policies/cis-azure-linux-3.yaml rpcbind keep with a reason" \
	"$(jq -r '(.packages[] | select(.name == "rpcbind") | .action) as $action
		| [.conflicts[] | select(.package | startswith("rpcbind-"))][0]
		| (.rule | sub(":[0-9]+$"; "")) + " " + (.package | sub("-.*"; "")) + " " + $action +
		(if .stays == "" then "" else " with a reason" end)' \
		conflict.json)"
expect_exit 0 "$TARE" plan -g tare.db --profile containerd-host --profile cis-azure-linux-3 \
	-o alone.json -q
expect_equal "without the workload it goes, and there is no conflict" "remove 0" \
	"$(jq -r '(.packages[] | select(.name == "rpcbind") | .action) + " " +
		([.conflicts[] | select(.package | startswith("rpcbind-"))] | length | tostring)' alone.json)"

expect_equal "each conflict once" "$(jq '.conflicts | length' conflict.json)" \
	"$(jq '.conflicts | map([.package, .rule]) | unique | length' conflict.json)"

note "objects of a whole cluster narrow what an AKS node promises; in doubt it stays"
cat > node0.yaml <<'END'
kind: Node
metadata: {name: aks-1}
status: {nodeInfo: {kubeletVersion: v1.33.1, containerRuntimeVersion: 'containerd://2.0.0', operatingSystem: linux}}
---
kind: StorageClass
metadata: {name: managed}
provisioner: disk.csi.azure.com
END
expect_exit 0 "$TARE" workload pods.yaml node0.yaml
expect_grep '^They are     all objects of a cluster'
expect_exit 0 "$TARE" workload pods.yaml
expect_grep '^They are     not all objects of a cluster: no Node is among them;'
expect_exit 0 "$TARE" workload pods.yaml node0.yaml -o disks.yaml -q
expect_exit 0 "$TARE" workload pods.yaml node0.yaml volumes.json -o shares.yaml -q
expect_grep '^  - objects\.all  # ' disks.yaml
expect_no_grep '^  - objects\.all' without.yaml
for name in doubt without disks shares; do
	more=()
	[ "$name" = doubt ] || more=(--profile "./$name.yaml")
	"$TARE" plan -g tare.db --profile aks-node "${more[@]}" -o "$name.json" -q
	"$TARE" plan -g tare.db --profile aks-node "${more[@]}" --all -q > "$name.plan"
	jq -r '.packages[] | select(.action == "remove") | .name' "$name.json" | sort > "$name.gone"
done
for package in nfs-common rpcbind cifs-utils open-iscsi multipath-tools; do
	expect_no_grep "^$package\$" doubt.gone
	expect_no_grep "^$package\$" without.gone
	expect_grep "^$package\$" disks.gone
done
expect_no_grep '^(nfs-common|rpcbind)$' shares.gone
expect_grep '^(cifs-utils)$' shares.gone
expect_grep '^Left out .*nfs-volumes, .*smb-volumes.*: the conditions of their includes do not hold$' disks.plan
expect_no_grep '^Left out .*nfs-volumes' shares.plan
expect_no_grep '^Left out' doubt.plan
for feature in 'NFS volumes' 'SMB volumes' 'iSCSI volumes' 'multipath disks'; do
	expect_grep "^$feature  " disks.plan
	expect_no_grep "^$feature  " doubt.plan
done
expect_equal "left out, in JSON" true \
	"$(jq '.left_out | contains(["nfs-volumes", "fc-volumes", "csi-blob", "nvidia"])
		and (contains(["csi-azuredisk"]) | not)' disks.json)"
expect_equal "what goes in doubt goes with the objects, too" "" "$(comm -23 doubt.gone disks.gone)"
expect_exit 0 "$TARE" why -g tare.db nfs-common --profile aks-node --profile ./shares.yaml
expect_grep 'NFS volumes: PersistentVolume data spec\.nfs'

note "what starts at boot, and what makes it start"
expect_exit 0 "$TARE" why -g tare.db nscd.service --profile aks-node
expect_grep '^At boot     nscd\.service starts: its program must stay: /usr/bin/chage: path \(possible\): '
expect_exit 0 "$TARE" plan -g tare.db --profile containerd-host --explain cni-dhcp.service
expect_grep '^At boot     cni-dhcp\.service starts: its program must stay: .*\[profiles/cni\.yaml:[0-9]+\]$'
expect_exit 0 "$TARE" why -g tare.db postfix --profile aks-node
expect_grep '^At boot     postfix-resolvconf\.service need not start \(disable\): nothing'
expect_exit 0 "$TARE" why -g tare.db /usr/sbin/cron --profile containerd-host
expect_grep '^At boot     cron\.service starts no more: '
expect_exit 0 "$TARE" why -g tare.db containerd.service --profile containerd-host -f json
expect_equal "JSON" 'true null its unit must stay: unit: containerd.service: starts containerd [profiles/containerd.yaml' \
	"$(jq -r '.starts[0] | "\(.starts) \(.switch) \(.because)"' out | sed 's/:[0-9]*\]$//')"

note "facts of a workload decide conditions of shipped rules"
cat > node.yaml <<'END'
kind: Node
metadata: {name: old, labels: {pool: old}}
status: {nodeInfo: {kubeletVersion: v1.31.4, operatingSystem: linux}}
---
kind: Node
metadata: {name: new, labels: {pool: new}}
status: {nodeInfo: {kubeletVersion: v1.33.1, operatingSystem: linux}}
---
kind: ConfigMap
metadata: {name: kube-proxy, namespace: kube-system}
data: {config.conf: "mode: ipvs\nmode: x\n"}
END
mkdir -p rules/profiles
cat > rules/profiles/asks.yaml <<'END'
profile: asks
summary: asks
feature: asking
keep:
  - {command: strace, why: old, when: {kubernetes: "<1.32"}}
  - {command: tcpdump, why: ipvs, when: {fact: kube-proxy.ipvs}}
END
for pool in old new; do
	expect_exit 0 "$TARE" workload node.yaml --node "pool=$pool" -o "$pool.yaml"
	"$TARE" plan -g tare.db --rules rules --profile minimal-userland --profile asks \
		--profile "./$pool.yaml" -o "$pool.json" -q
	jq -r '.packages[] | select(.action == "remove") | .name' "$pool.json" > "$pool.gone"
	expect_no_grep '^tcpdump$' "$pool.gone"
done
expect_no_grep '^strace$' old.gone
expect_grep '^strace$' new.gone
expect_grep 'kubernetes=1\.31\.4.*Node old status\.nodeInfo\.kubeletVersion' old.yaml

note "nodes"
cat > placed.yaml <<'END'
kind: DaemonSet
metadata: {name: gpu, namespace: n}
spec: {template: {spec: {nodeSelector: {pool: old}, hostPID: true}}}
END
expect_exit 0 "$TARE" workload placed.yaml node.yaml --node pool=new
expect_grep '^Objects +1 ConfigMap, 1 DaemonSet \(1 cannot run there\), 2 Nodes \(1 cannot run there\)'
expect_exit 0 "$TARE" workload placed.yaml --node pool=new
expect_grep "no Node among the objects is 'pool=new': all of them count" err
expect_exit 3 "$TARE" workload - --node new < placed.yaml
expect_grep "read twice: give a file in place of '-'" err
expect_exit 3 "$TARE" workload placed.yaml --node 'a in'
expect_grep '^tare: --node takes' err

note "files in a root"
mkdir -p host/etc/kubernetes/manifests host/etc/containers/systemd host/etc/containerd outside
cp placed.yaml host/etc/kubernetes/manifests/
printf '[Container]\nVolume=/srv/in:/v\n' > host/etc/containers/systemd/in.container
printf '[Container]\nVolume=/srv/outside:/v\n' > outside/out.container
ln -s "$T/outside/out.container" host/etc/containers/systemd/out.container
ln -s /etc/../../../../../../etc/passwd host/etc/containers/systemd/passwd.container
printf '[Kube]\nYaml=../../../../../../../../etc/hostname\n' > host/etc/containers/systemd/k.kube
mkfifo host/etc/kubernetes/manifests/fifo
cat > host/etc/containerd/config.toml <<'END'
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.own]
runtime_type = "io.containerd.kata.v2"
END
printf 'kind: Pod\nmetadata: {name: p}\nspec: {runtimeClassName: own}\n' > class.yaml
expect_exit 0 "$TARE" workload class.yaml --root host -f profile
expect_grep 'path: \["/srv/in", "/srv/in/\*\*"\]'
expect_grep '^  - pod\.host-pid  # DaemonSet n/gpu spec\.template\.spec\.hostPID$'
expect_no_grep 'outside|passwd'
expect_grep 'the handler own of /etc/containerd/config\.toml:1: Pod p spec\.runtimeClassName'
expect_grep '^  - profile: sandboxed-runtimes$'
printf '[a\n' > host/etc/containerd/config.toml
expect_exit 0 "$TARE" workload class.yaml --root host
expect_grep "a runtime's configuration that cannot be read: line 1: .* /etc/containerd/config\.toml\$"

mkdir -p host/etc/docker
printf '{"storage-driver": "zfs", "userns-remap": "default", "log-driver": "journald"}' > host/etc/docker/daemon.json
expect_exit 0 "$TARE" workload --root host -f profile
for line in '- "docker.storage"  # /etc/docker/daemon.json' \
	'- "docker.userns-remap"  # /etc/docker/daemon.json' \
	'- container.log-driver  # /etc/docker/daemon.json' 'unit: "systemd-journald.service"'; do
	check "$line" grep -qF -- "$line" out
done
printf '{"storage-driver": "overlay2", "userns-remap": "", "log-driver": 7}' > host/etc/docker/daemon.json
expect_exit 0 "$TARE" workload --root host -f profile
expect_no_grep 'docker\.|log-driver  #'
rm -r host/etc/docker

note "damaged and hostile input: one line, nothing written"
printf '{"items":[{"kind":"Pod","spec":{}},\n{"kind":"Pod","spec":' > cut.json
printf 'kind: Pod\nmetadata: {name: p}\nspec: {containers: {a: b}}\n' > wrong.yaml
printf '{"a":1}' > nokind.json
head -c 100000 /dev/urandom > noise
printf 'kind: Pod\nmetadata: {name: "a\\e]0;x\\a", namespace: n}\nspec: {hostPID: 7}\n' > escape.yaml
for file in cut.json wrong.yaml nokind.json noise missing.yaml . escape.yaml; do
	expect_exit 3 "$TARE" workload pods.yaml "$file" -o half.yaml
	expect_equal "lines of $file's error" 1 "$(wc -l < err | tr -d ' ')"
	expect_no_grep $'\e' err
	check "$file: nothing is written" test ! -e half.yaml
done
expect_exit 3 "$TARE" workload cut.json
expect_grep '^tare: cut\.json:2: the file ends in the middle of an object' err
expect_exit 3 "$TARE" workload wrong.yaml
expect_grep '^tare: wrong\.yaml:1: Pod p spec\.containers must be a list$' err
expect_exit 2 "$TARE" workload pods.yaml -o 'Bad Name.yaml'
expect_exit 2 "$TARE" workload pods.yaml -o profile.json
expect_exit 2 "$TARE" workload
expect_exit 0 "$TARE" workload - -f profile < pods.yaml
expect_grep '^profile: workload$'
expect_exit 3 "$TARE" workload pods.yaml -f text -o /dev/full
done_testing

#!/bin/bash
# smoke.sh ROOTFS: do container workloads run in this root?
#
# Everything happens in private mount, pid, net, ipc and uts namespaces on a tmpfs overlay
# above ROOTFS: ROOTFS is never written, what the tests start and mount goes away with the
# namespaces, and the network is loopback only. A static busybox drives the tests
# (smoke-inner.sh), so a root that lost too much cannot break the test itself.
#
#   REQUIRE="runc containerd cni ..."   of these, "not there" is a failure, not a skip
#   ONLY="runc ..."                     run only these
#   VERBOSE=1                           show the output of tests that pass, too
#   SMOKE_EXTRA=FILE                    shell text that is run in the root as the test "extra"
#   SMOKE_RECORD=FILE                   write there what is opened or executed (record_opens.py)
#   SMOKE_WRAP=PROGRAM                  run "PROGRAM ROOT COMMAND..." in place of COMMAND...
#   SMOKE_COPY=1                        in a copy of ROOTFS on a tmpfs, not on an overlay above it
#
# Exit status: 0 all passed or skipped, 1 something failed, 2 could not start.
# Last line: "N passed, N failed, N skipped".
set -u

: "${1:?usage: smoke.sh ROOTFS}"	# here, because a subshell would only end itself
root=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
busybox=${BUSYBOX:-/bin/busybox}

die() {
	echo "smoke.sh: $*" >&2
	exit 2
}

# Stores a file by its digest in the OCI layout, prints the digest.
blob() {
	local digest
	digest=$(sha256sum < "$1" | cut -d' ' -f1)
	cp "$1" "$work/oci/blobs/sha256/$digest"
	echo "$digest"
}

# A tiny image: busybox and links to it, as an OCI archive.
make_image() {
	local applet layer config manifest diff type=application/vnd.oci.image
	mkdir -p "$work"/img/{bin,proc,sys,dev,tmp,etc} "$work/oci/blobs/sha256"
	install -m 755 "$busybox" "$work/img/bin/busybox"
	for applet in sh id hostname echo cat sleep ls ip true false grep mount; do
		ln -s busybox "$work/img/bin/$applet"
	done
	echo 'root:x:0:0:root:/:/bin/sh' > "$work/img/etc/passwd"
	tar -C "$work/img" --sort=name --mtime=@0 --owner=0 --group=0 -cf "$work/layer.tar" .
	diff=$(sha256sum < "$work/layer.tar" | cut -d' ' -f1)
	layer=$(blob "$work/layer.tar")
	jq -cn --arg diff "sha256:$diff" '{architecture: "amd64", os: "linux",
		config: {Cmd: ["/bin/sh"], Env: ["PATH=/bin"]},
		rootfs: {type: "layers", diff_ids: [$diff]}}' > "$work/config.json"
	config=$(blob "$work/config.json")
	jq -cn --arg t "$type" --arg config "sha256:$config" --arg layer "sha256:$layer" \
		--argjson csize "$(stat -c %s "$work/config.json")" \
		--argjson lsize "$(stat -c %s "$work/layer.tar")" '{schemaVersion: 2,
		mediaType: "\($t).manifest.v1+json",
		config: {mediaType: "\($t).config.v1+json", digest: $config, size: $csize},
		layers: [{mediaType: "\($t).layer.v1.tar", digest: $layer, size: $lsize}]}' \
		> "$work/manifest.json"
	manifest=$(blob "$work/manifest.json")
	jq -cn --arg t "$type" --arg m "sha256:$manifest" --arg name localhost/smoke:1 \
		--argjson size "$(stat -c %s "$work/manifest.json")" '{schemaVersion: 2,
		manifests: [{mediaType: "\($t).manifest.v1+json", digest: $m, size: $size,
		annotations: {"io.containerd.image.name": $name,
		"org.opencontainers.image.ref.name": $name}}]}' > "$work/oci/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' > "$work/oci/oci-layout"
	tar -C "$work/oci" -cf "$work/image.tar" .
}

# The same container for runc and crun, without an image store.
make_bundle() {
	local bundle=$1
	mkdir -p "$bundle/rootfs"
	tar -C "$bundle/rootfs" -xf "$work/layer.tar"
	jq -n --arg cgroup "/$SMOKE_CGROUP/oci" '{ociVersion: "1.0.2",
	process: {terminal: false, user: {uid: 0, gid: 0}, cwd: "/", env: ["PATH=/bin"],
		args: ["/bin/sh", "-c", "echo in-container $(id -u) $(hostname) $$; exit 7"],
		capabilities: {bounding: ["CAP_KILL"], effective: ["CAP_KILL"],
			permitted: ["CAP_KILL"]}, noNewPrivileges: true},
	root: {path: "rootfs", readonly: true}, hostname: "smokebox",
	mounts: [{destination: "/proc", type: "proc", source: "proc"},
		{destination: "/dev", type: "tmpfs", source: "tmpfs",
		options: ["nosuid", "mode=755", "size=65536k"]},
		{destination: "/sys", type: "sysfs", source: "sysfs",
		options: ["nosuid", "noexec", "nodev", "ro"]}],
	linux: {cgroupsPath: $cgroup, resources: {pids: {limit: 64}},
		namespaces: (["pid", "network", "ipc", "uts", "mount"] | map({type: .})),
		seccomp: {defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"],
		syscalls: [{names: ["swapon"], action: "SCMP_ACT_ERRNO"}]}}}' \
		> "$bundle/config.json"
}

mount_cgroups() {
	local controller
	if [ "$(stat -fc %T /sys/fs/cgroup)" != tmpfs ]; then
		mount --rbind /sys/fs/cgroup "$m/sys/fs/cgroup"
		return
	fi
	# version 1; not the version 2 tree beside it: crun refuses such a mixture
	mount -t tmpfs -o mode=755 cgroup "$m/sys/fs/cgroup"
	for controller in /sys/fs/cgroup/*/; do
		controller=$(basename "$controller")
		[ "$controller" = unified ] && continue
		mkdir "$m/sys/fs/cgroup/$controller"
		mount --bind "/sys/fs/cgroup/$controller" "$m/sys/fs/cgroup/$controller"
	done
}

# Devices are made where that is allowed, else bound from outside.
make_devices() {
	local name major minor
	while read -r name major minor; do
		mknod -m 666 "$m/dev/$name" c "$major" "$minor" 2> /dev/null && continue
		: > "$m/dev/$name"
		mount --bind "/dev/$name" "$m/dev/$name"
	done <<-DEVICES
	null 1 3
	zero 1 5
	full 1 7
	random 1 8
	urandom 1 9
	tty 5 0
	DEVICES
	mkdir -p "$m/dev/pts" "$m/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$m/dev/pts"
	mount -t tmpfs tmpfs "$m/dev/shm"
	ln -s pts/ptmx "$m/dev/ptmx"
	ln -s /proc/self/fd "$m/dev/fd"
}

# Second stage, inside the namespaces.
# Every file of the overlay that is opened or executed from here on goes to SMOKE_RECORD.
start_recorder() {
	python3 "$here/record_opens.py" "$m" "$SMOKE_RECORD" &
	recorder=$!
	for _ in $(seq 100); do
		[ -e "$SMOKE_RECORD" ] && return
		sleep 0.1
	done
	die "the recorder did not start"
}

inside() {
	local dir
	work=$SMOKE_WORK
	m=$work/mnt/root
	mount -t tmpfs -o mode=755 smoke "$work/mnt" || exit 2
	mkdir "$work"/mnt/{upper,work,root}
	if [ -n "${SMOKE_COPY:-}" ]; then
		mount -t tmpfs -o mode=755 smoke "$m" && cp -a "$root/." "$m/" || exit 2
	else
		mount -t overlay smoke "$m" \
			-o "lowerdir=$root,upperdir=$work/mnt/upper,workdir=$work/mnt/work" ||
			die "no overlay file system here"
	fi
	for dir in proc sys dev run tmp var/lib/containerd var/lib/containers; do
		mkdir -p "$m/$dir"
	done
	mount -t proc proc "$m/proc"
	mount -t sysfs sysfs "$m/sys"
	for dir in dev run tmp var/lib/containerd var/lib/containers; do
		mount -t tmpfs -o mode=755 tmpfs "$m/$dir"
	done
	chmod 1777 "$m/tmp"
	mount_cgroups
	make_devices
	ip link set lo up 2> /dev/null
	mkdir -p "$m/run/smoke"
	cp "$busybox" "$m/run/smoke/busybox"
	cp "$work/image.tar" "$here/smoke-inner.sh" "$m/run/smoke/"
	[ -z "${SMOKE_EXTRA:-}" ] || cp "$SMOKE_EXTRA" "$m/run/smoke/extra.sh"
	make_bundle "$m/run/smoke/bundle"
	[ -z "${SMOKE_RECORD:-}" ] || start_recorder
	${SMOKE_WRAP:+"$SMOKE_WRAP" "$m"} env SMOKE_CGROUP="$SMOKE_CGROUP" chroot "$m" \
		/run/smoke/busybox sh /run/smoke/smoke-inner.sh
	status=$?
	if [ -n "${recorder:-}" ]; then
		kill -TERM "$recorder"
		wait "$recorder" || die "the recorder failed"
	fi
	exit $status
}

[ -d "$root/usr" ] || die "no root file system: $root"
file -L "$busybox" 2> /dev/null | grep -q statically || die "needs busybox-static"
if [ "${SMOKE_STAGE:-}" = inside ]; then
	inside
fi
isolate=(unshare --mount --pid --net --ipc --uts --fork --kill-child --propagation private)
"${isolate[@]}" true || die "no private namespaces here"
work=$(mktemp -d "${TMPDIR:-/tmp}/smoke.XXXXXX") || exit 2
mkdir "$work/mnt"
make_image
export SMOKE_STAGE=inside SMOKE_WORK=$work SMOKE_CGROUP=tare-smoke-$$
"${isolate[@]}" "$here/smoke.sh" "$root"
status=$?
find /sys/fs/cgroup -depth -type d -path "*/$SMOKE_CGROUP*" -exec rmdir {} + 2> /dev/null
rm -rf --one-file-system "$work"
exit $status

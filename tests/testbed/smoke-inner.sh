#!/bin/busybox sh
# The tests of smoke.sh, run inside the root by a static busybox that needs nothing of it.
# shellcheck shell=dash
# shellcheck disable=SC2317 # the tests are called by name
busybox=/run/smoke/busybox
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root XDG_RUNTIME_DIR=/run/xdg
pass=0 fail=0 skip=0
cd /run/smoke || exit 2

# busybox's own tools for the test ...
for applet in grep sleep cat mkdir seq head tail tr timeout sed rm cut; do
	eval "$applet() { $busybox $applet \"\$@\"; }"
done
# ... and the root's where busybox's shell would prefer its applet
for tool in ip modprobe sh rpm; do
	for folder in /sbin /bin /usr/sbin /usr/bin; do
		[ -x $folder/$tool ] && eval "$tool() { $folder/$tool \"\$@\"; }"
	done
done
mkdir -p /run/xdg
cni_dir=
for folder in /opt/cni/bin /usr/lib/cni /usr/libexec/cni; do
	[ -x $folder/bridge ] && cni_dir=$folder
done

# shellcheck disable=SC2086 # a path may be a pattern
have() {
	case $1 in
	/*) ls -d $1 > /dev/null 2>&1 ;;
	*) [ -x "/usr/bin/$1" ] || [ -x "/usr/sbin/$1" ] || [ -x "/bin/$1" ] || [ -x "/sbin/$1" ] ;;
	esac
}

among() {	# WORD "LIST"
	case " $2 " in *" $1 "*) return 0 ;; esac
	return 1
}

not_there() {	# NAME TOOL
	if among "$1" "${REQUIRE:-}"; then
		fail=$((fail + 1))
		echo "not ok $1 (no $2)"
	else
		skip=$((skip + 1))
		echo "skip $1 (no $2)"
	fi
}

run_test() {	# NAME "TOOLS"
	local name=$1 tool
	among "$name" "${ONLY:-$name}" || return
	set -f
	for tool in $2; do
		set +f
		have "$tool" || { not_there "$name" "$tool"; return; }
	done
	set +f
	if "test_$name" > "out.$name" 2>&1; then
		pass=$((pass + 1))
		echo "ok $name"
		[ -z "${VERBOSE:-}" ] || sed 's/^/    /' "out.$name"
	else
		fail=$((fail + 1))
		echo "not ok $name"
		tail -12 "out.$name" | sed 's/^/    /'
	fi
}

wait_for() {	# TENTHS COMMAND...
	local left=$1
	shift
	while [ "$left" -gt 0 ]; do
		"$@" > /dev/null 2>&1 && return 0
		sleep 0.1
		left=$((left - 1))
	done
	return 1
}

# Exit status and output must both come from inside the container.
expect() {	# STATUS WANTED PATTERN FILE
	cat "$4"
	[ "$1" = "$2" ] && grep -q "$3" "$4"
}

test_shell() {
	[ "$(/bin/sh -c 'echo hello')" = hello ]
}

oci_runtime() {
	"$1" --root "/run/smoke/$1" run -b bundle "smoke-$1" > oci.txt 2> oci.err
	set -- $?
	cat oci.err
	expect "$1" 7 '^in-container 0 smokebox 1$' oci.txt
}

test_runc() {
	oci_runtime runc
}

test_crun() {
	oci_runtime crun
}

containerd_workload() {
	local status name=localhost/smoke:1
	ctr plugins ls | grep -E ' (error|skip)'
	ctr image import --snapshotter overlayfs image.tar || ctr image import image.tar || return 1
	# shellcheck disable=SC2016 # for the container's shell
	ctr run --rm --cgroup "/$SMOKE_CGROUP/ctr" $name c1 \
		/bin/sh -c 'echo in-ctr $(id -u) $$; exit 5' > ctr.txt
	status=$?
	expect $status 5 '^in-ctr 0 1$' ctr.txt || return 1
	ctr run -d --cgroup "/$SMOKE_CGROUP/ctr2" $name c2 /bin/sh -c 'sleep 60' || return 1
	[ "$(ctr task exec --exec-id e1 c2 /bin/echo exec-ok)" = exec-ok ] || return 1
	ctr task kill -s KILL c2
	wait_for 100 ctr task rm c2 || return 1
	ctr container rm c2
}

test_containerd() {
	local pid status=1
	containerd --root /var/lib/containerd --state /run/containerd \
		--address /run/containerd/containerd.sock > containerd.log 2>&1 &
	pid=$!
	if wait_for 300 ctr version; then
		ctr version
		containerd_workload
		status=$?
	fi
	[ $status = 0 ] || tail -20 containerd.log
	kill $pid
	wait $pid
	return $status
}

test_cri() {
	containerd config default | grep -q io.containerd.grpc.v1.cri
}

cni() {	# COMMAND INTERFACE PLUGIN CONFIG
	CNI_COMMAND=$1 CNI_CONTAINERID=smoke CNI_NETNS=/run/netns/smoke CNI_IFNAME=$2 \
		CNI_PATH=$cni_dir $cni_dir/"$3" < "$4"
}

cni_bridge() {	# NAME BRIDGE SUBNET MASQ
	cat > "$1.json" <<-CONFIG
	{"cniVersion": "0.4.0", "name": "$1", "type": "bridge", "bridge": "$2",
	 "isGateway": true, "ipMasq": $4,
	 "ipam": {"type": "host-local", "dataDir": "/run/smoke/ipam", "subnet": "$3"}}
	CONFIG
}

test_cni() {
	ip netns add smoke || return 1
	echo '{"cniVersion": "0.4.0", "name": "lo", "type": "loopback"}' > lo.json
	cni_bridge br smoke0 127.77.0.0/24 false
	cni ADD lo loopback lo.json || return 1
	cni ADD eth0 bridge br.json || return 1
	ip addr show smoke0 || return 1
	ip netns exec smoke ip addr show eth0 | grep 'inet 127.77.0' || return 1
	cni DEL eth0 bridge br.json && ip netns del smoke && ip link del smoke0
}

test_cnimasq() {	# with ipMasq the bridge plugin calls iptables
	local status
	ip netns add smoke || return 1
	cni_bridge brm smoke1 127.78.0.0/24 true
	cni ADD eth0 bridge brm.json
	status=$?
	iptables -t nat -S
	cni DEL eth0 bridge brm.json
	ip netns del smoke
	ip link del smoke1
	return $status
}

test_iptables() {
	iptables --version &&
		iptables -t nat -A POSTROUTING -s 127.9.0.0/24 -j MASQUERADE -m comment --comment smoke &&
		iptables -t nat -S | grep smoke && iptables -t nat -F
}

test_iptables_legacy() {
	iptables-legacy -t nat -S
}

test_nft() {
	nft add table ip smoke && nft list ruleset && nft delete table ip smoke
}

test_ipset() {
	ipset create smoke hash:ip && ipset list && ipset destroy smoke
}

test_conntrack() {
	conntrack --version && conntrack -L
}

test_ip() {
	ip link add smokeveth0 type veth peer name smokeveth1 && ip -br link &&
		ip link del smokeveth0
}

test_podman() {
	local options="--cgroup-manager=cgroupfs --storage-driver=overlay --events-backend=file"
	# shellcheck disable=SC2086 # words
	podman $options load -i image.tar || return 1
	# shellcheck disable=SC2086,SC2016
	podman $options run --rm --network=none --cgroups=disabled localhost/smoke:1 \
		/bin/sh -c 'echo in-podman $(id -u); exit 3' > podman.txt
	expect $? 3 '^in-podman 0$' podman.txt
}

test_buildah() {
	local container
	container=$(buildah --storage-driver=vfs from scratch) &&
		buildah --storage-driver=vfs rm "$container"
}

test_dockerd() {
	local pid status docker="docker -H unix:///run/smoke/docker.sock"
	dockerd --data-root /run/smoke/docker --exec-root /run/smoke/dockerx \
		-H unix:///run/smoke/docker.sock -p /run/smoke/docker.pid --iptables=false \
		--bridge=none --storage-driver=overlay2 > dockerd.log 2>&1 &
	pid=$!
	# shellcheck disable=SC2086 # words
	wait_for 300 $docker version
	$busybox tar -C bundle/rootfs -cf docker.tar . && $docker import docker.tar smoke:1
	# shellcheck disable=SC2016
	$docker run --rm --network=none --cgroup-parent="/$SMOKE_CGROUP/docker" smoke:1 \
		/bin/sh -c 'echo in-docker $(id -u); exit 4' > docker.txt
	status=$?
	kill $pid
	wait $pid
	expect $status 4 '^in-docker 0$' docker.txt || { tail -5 dockerd.log; return 1; }
}

test_systemd() {
	systemctl --version && systemd-analyze verify --man=no multi-user.target 2>&1 | tail -3
	systemctl --root=/ list-unit-files | tail -1
}

test_rpmdb() {
	[ "$(rpm -qa | $busybox wc -l)" -gt 5 ]
}

test_sshd() {
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f /run/smoke/hk && sshd -t -h /run/smoke/hk
}

test_mkfs() {
	$busybox dd if=/dev/zero of=img bs=1M count=16 2> /dev/null
	mkfs.ext4 -q -F img && fsck.ext4 -fn img
}

test_extra() {
	# shellcheck source=/dev/null # smoke.sh puts it there
	. ./extra.sh
}

test_modules() {
	local kernel
	for kernel in /usr/lib/modules/*; do
		modprobe -n -v -S "${kernel##*/}" overlay || return 1
		modprobe -n -v -S "${kernel##*/}" br_netfilter || return 1
	done
}

run_test shell sh
run_test runc runc
run_test crun crun
run_test containerd "containerd ctr containerd-shim-runc-v2 runc"
run_test cri containerd
run_test ip ip
run_test iptables iptables
run_test iptables_legacy iptables-legacy
run_test nft nft
run_test ipset ipset
run_test conntrack conntrack
run_test cni "${cni_dir:-cni-plugins}/bridge ip"
run_test cnimasq "${cni_dir:-cni-plugins}/bridge ip iptables"
run_test podman "podman conmon"
run_test buildah buildah
run_test dockerd "dockerd docker"
run_test systemd systemctl
run_test sshd "sshd ssh-keygen"
run_test mkfs mkfs.ext4
run_test modules "modprobe /usr/lib/modules/*/modules.dep"
run_test rpmdb rpm
[ ! -e extra.sh ] || run_test extra sh
echo "$pass passed, $fail failed, $skip skipped"
[ $fail = 0 ]

#!/bin/bash
# The DaemonSet of packaging/observe, run as it says (command, mounts, rights) on a host of our
# own: the evidence is whole, and each of its capabilities is needed.
. "$(dirname "$0")/../lib.sh"

need_root_rights
need setpriv busybox python3
python3 -c 'import yaml' 2> /dev/null || skip "no python3-yaml"
unshare --mount true 2> /dev/null || skip "no mount namespaces here"

# what the manifest says, as words of shell
python3 - "$TARE_SOURCE/packaging/observe/daemonset.yaml" > "$T/says" <<'PY'
import shlex, sys, yaml
spec = yaml.safe_load(open(sys.argv[1]))["spec"]["template"]["spec"]
box = spec["containers"][0]
words = box["command"] + box["args"]
for name, value in (("NODE", "node-7"), ("POD", "tare-observe-x1")):
    assert name in [env["name"] for env in box["env"]]
    words = [word.replace("$(%s)" % name, value) for word in words]
rights = box["securityContext"]["capabilities"]
assert rights["drop"] == ["ALL"] and spec["hostPID"] and box["securityContext"]["runAsUser"] == 0
paths = {volume["name"]: volume["hostPath"]["path"] for volume in spec["volumes"]}
print("command=(%s)" % shlex.join(words))
print("capabilities=(%s)" % " ".join(c.lower() for c in rights["add"]))
print("mounts=(%s)" % " ".join("%s:%s:%s:%s" % (paths[m["name"]], m["mountPath"],
      "ro" if m.get("readOnly") else "rw",
      "rslave" if m.get("mountPropagation") == "HostToContainer" else "rprivate")
      for m in box["volumeMounts"]))
PY
evidence "$T/says"

# The node is a tmpfs; the container is an overlay above this machine's files with tare in it.
cat > "$T/node.sh" <<'NODE'
set -eu
. "$T/says"
node=$T/node box=$T/box
mount -t tmpfs tmpfs "$node"
mkdir -p "$node"/{bin,etc,lib,proc,var/lib,mnt}
cp "$(command -v busybox)" "$node/bin/busybox"
for i in $(seq 50); do echo "$i" > "$node/etc/conf-$i"; done
mount --make-rshared "$node"
mkdir -p "$node/var/lib/tare"	# DirectoryOrCreate
mount -t tmpfs tmpfs "$T/layers"
mkdir -p "$T/layers"/{upper/usr/bin,upper/host,work}
cp "$TARE" "$T/layers/upper/usr/bin/tare"
cat > "$T/pod.sh" <<-POD
	set -eu
	mount -t overlay overlay $box -o lowerdir=/,upperdir=$T/layers/upper,workdir=$T/layers/work
	mount --rbind /proc $box/proc
	for mount in ${mounts[*]}; do
		IFS=: read -r from to mode propagation <<< "\$mount"
		mount --rbind "$node\${from%/}" "$box\$to"
		mount --make-\$propagation "$box\$to"
		[ \$mode = rw ] || mount -o remount,bind,ro "$box\$to"
	done
	mount -o remount,ro $box || true	# readOnlyRootFilesystem
	exec chroot $box setpriv --no-new-privs --inh-caps -all \
		--bounding-set "-all\$(printf ',+%s' \$RIGHTS)" ${command[*]}
POD

# its first process has it as "/", in mounts of its own
unshare --mount --propagation slave sh -c "cd '$node' && pivot_root . mnt &&
	exec /bin/busybox sleep 600" &
init=$!
trap 'kill $init' EXIT
sleep 1

work() {	# what goes on on the node
	nsenter --target $init --mount --root /bin/busybox sh -c 'for i in $(/bin/busybox seq 50); do read x < /etc/conf-$i; done
		/bin/busybox sleep 1
		/bin/busybox cp /etc/conf-1 /etc/new; /bin/busybox mv /etc/new /etc/conf-1; read x < /etc/conf-1
		/bin/busybox mv /etc/conf-2 /etc/renamed; read x < /etc/renamed
		/bin/busybox mv /etc/renamed /etc/conf-2; /bin/busybox sleep 1'
}

pod() {	# NAME RIGHT...
	local name=$1
	shift
	rm -f "$node"/var/lib/tare/*
	RIGHTS="$*" unshare --mount --propagation slave bash "$T/pod.sh" 2> "$T/$name.err" &
	observer=$!
	for _ in $(seq 200); do
		[ "$(cat /proc/$observer/comm 2> /dev/null)" = tare ] && break
		sleep 0.05
	done
	for _ in $(seq 200); do	# --quiet: it does not say when it watches
		grep -qs 'fanotify sdev' /proc/$observer/fdinfo/* && break
		sleep 0.05
	done
	sleep 1
	work
	cp "/proc/$observer/status" "$T/$name.rights" || true
	kill -TERM $observer	# as the kubelet does
	wait $observer || echo "status $?" >> "$T/$name.err"
	cp "$node"/var/lib/tare/* "$T/$name" || true
	ls "$node/var/lib/tare" > "$T/$name.files"
}

pod all "${capabilities[@]}"
for left_out in "${capabilities[@]}"; do
	rights=()
	for right in "${capabilities[@]}"; do
		[ "$right" = "$left_out" ] || rights+=("$right")
	done
	pod "no-$left_out" "${rights[@]}"
done
NODE
mkdir "$T/node" "$T/box" "$T/layers"
check "node and pod run" env LSAN_OPTIONS=detect_leaks=0 ASAN_OPTIONS=detect_leaks=0 \
	timeout 200 unshare --mount --propagation private bash "$T/node.sh"
evidence "$T/check.out"
evidence "$T/all.err" 5

expect_equal "the evidence lies on the node" "evidence-tare-observe-x1.jsonl" "$(cat "$T/all.files")"
expect_grep '"node":"node-7".*"complete":true.*"lost":0' "$T/all"
expect_equal "files of the node in it" 50 \
	"$(grep -oE '"path":"/etc/conf-[0-9]+"' "$T/all" | sort -u | wc -l)"
expect_grep '"path":"/etc/renamed"' "$T/all"
expect_grep '"path":"/bin/busybox","use":"executed"' "$T/all"
expect_no_grep '"path":"/(host|tmp)' "$T/all"
expect_equal "capabilities it had" "$(printf '%016x' $((1 << 21 | 1 << 19 | 1 << 2)))" \
	"$(sed -n 's/^CapEff:\t//p' "$T/all.rights")"
expect_no_grep 'opens are not|losses|new names' "$T/all.err"
expect_grep 'needs CAP_SYS_ADMIN' "$T/no-sys_admin.err"
closed() {	# FILE: processes that could not be looked into (some machines have such for anybody)
	sed -n 's/.*looked into: \([0-9]*\); that needs CAP_SYS_PTRACE/\1/p' "$1" | grep . || echo 0
}
note "processes that cannot be looked into: $(closed "$T/all.err"), without CAP_SYS_PTRACE $(closed "$T/no-sys_ptrace.err")"
# not every kernel closes a process with more rights to one with fewer: what does this one do?
sleep 60 &
sleeper=$!
if setpriv --no-new-privs --inh-caps -all --bounding-set -all,+sys_admin,+dac_read_search \
	head -c 1 "/proc/$sleeper/smaps" > /dev/null 2>&1; then
	note "this kernel lets anybody with that user look into processes: CAP_SYS_PTRACE not tested"
else
	check "without CAP_SYS_PTRACE there are more of them" \
		test "$(closed "$T/no-sys_ptrace.err")" -gt "$(closed "$T/all.err")"
fi
kill $sleeper
expect_grep 'do not report new names' "$T/no-dac_read_search.err"
done_testing

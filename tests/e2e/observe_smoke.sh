#!/bin/bash
# While container workloads run in a real root, every file of it that strace sees opened is in
# the evidence of tare observe: on an overlay, and on a plain file system.
. "$(dirname "$0")/../lib.sh"

need_root_rights
need strace python3 busybox
unshare --mount --pid --net --ipc --uts --fork true 2> /dev/null || skip "no namespaces here"
here=$TARE_SOURCE/tests/e2e/common

# The workloads in ROOT, seen by both; what strace saw and observe did not is in $T/OUT/missing.
observed_smoke() {	# OUT ROOT TESTS
	mkdir "$T/$1"
	expect_exit 0 env OBSERVED="$T/$1" SMOKE_WRAP="$here/observe_wrap.sh" ONLY="$3" \
		REQUIRE="$3" timeout 400 "$TARE_SOURCE/tests/testbed/smoke.sh" "$2"
	note "$(tail -1 "$T/out")"
	[ -s "$T/$1/evidence" ] || { evidence "$T/out"; evidence "$T/$1/err"; return; }
	sed -nE 's/^\{"path":"([^"]*)".*/\1/p' "$T/$1/evidence" | sort -u > "$T/$1/got"
	sort -u "$T/$1/wanted" > "$T/$1/sorted"
	comm -23 "$T/$1/sorted" "$T/$1/got" > "$T/$1/missing"
	note "$(wc -l < "$T/$1/sorted") files that strace saw, $(wc -l < "$T/$1/got") that observe saw," \
		"$(cat "$T/$1/inside")"
	check "observe ended well" test "$(cat "$T/$1/status")" = 0
	expect_grep '"complete":true' "$T/$1/evidence"
	check "strace saw containerd, runc and CNI work" test "$(grep -cE \
		'/(containerd|containerd-shim-runc-v2|runc|bridge|host-local|libc.so.6)$' "$T/$1/sorted")" -ge 6
	check "strace saw processes inside containers" grep -qE '^[1-9][0-9]* opens' "$T/$1/inside"
	check "every file that strace saw is in the evidence ($1)" test ! -s "$T/$1/missing"
	evidence "$T/$1/missing"
	# the container's own files have no name in the root, though they have the same paths
	expect_no_grep '"path":"/bin/busybox"' "$T/$1/evidence"
}

tests="shell runc containerd cni ip"
observed_smoke overlay "$(testbed_root container-host)" "$tests iptables sshd rpmdb"
expect_grep 'do not report new names' "$T/overlay/err"
expect_grep '"coverage":"part"' "$T/overlay/evidence"
export SMOKE_COPY=1
observed_smoke copy "$(testbed_root minimal)" "$tests"
expect_no_grep 'new names' "$T/copy/err"
done_testing

#!/bin/bash
# Plans for intents drawn at random, on both big roots: RPM erases each list, no library is
# missed, the optimum is proven. INTENTS says how many on each (default 4), SEED which.
. "$(dirname "$0")/../lib.sh"
need rpm python3

try() {	# ROOT-NAME PROFILE...
	local root
	root=$(testbed_root "$1")
	expect_exit 0 "$TARE" analyze "$root" -o "$T/$1.db" -q
	rpm_of "$root" -q rpm > /dev/null 2>&1 || true	# leaves a copy of the database
	check "$1" python3 "$TARE_SOURCE/tests/e2e/random_intents.py" "$TARE" "$T/$1.db" \
		"$root" "$T/rpmdb" "${INTENTS:-4}" "${SEED:-1}" "${@:2}"
	note "$(tail -n 1 "$T/check.out")"
}

try container-host containerd-host docker-host kubelet cni cloud-init operator-shell \
	update-stack nfs-volumes smb-volumes iscsi-volumes diagnostics azure-agent
try edge podman-host podman-rootless crun operator-shell host-network
done_testing

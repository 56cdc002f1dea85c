#!/bin/bash
# The container host with all that people keep on it: a shell and SSH for operators, updates,
# cloud-init. The plan passes a test of these before it is a copy, and containers still run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/trim.sh"
need_root_rights
need rpm jq

root=$(testbed_root container-host)
# shellcheck disable=SC2016 # for the tested shell
check_trim "$root" "containerd-host operator-shell update-stack cloud-init" 40 --prove '
	set -e
	mount -t proc proc "$TARE_ROOT/proc"
	mkdir -p "$TARE_ROOT/run/sshd"
	chroot "$TARE_ROOT" ssh-keygen -A
	chroot "$TARE_ROOT" /usr/sbin/sshd -t
	chroot "$TARE_ROOT" rpm -qa > /tmp/qa.$$
	test "$(wc -l < /tmp/qa.$$)" -gt 100
	rm /tmp/qa.$$
	chroot "$TARE_ROOT" cloud-init --version'
expect_equal "the test" passed "$(jq -r .test.outcome "$T/apply.json")"
check_smoke "runc containerd cri cni cnimasq ip iptables nft systemd modules"
done_testing

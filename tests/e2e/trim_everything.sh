#!/bin/bash
# With all file trims and one class of hardware at least 83 % of the root's disk bytes go, by du(1),
# and containerd still starts and runs a container.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/trim.sh"
need_root_rights
need rpm jq

root=$(testbed_root container-host)
plan_options=(--trim all --hardware kvm)
check_trim "$root" containerd-host 80
before=$(du -sxB1 "$root" | cut -f1)
after=$(du -sxB1 "$copy" | cut -f1)
note "du: $before bytes before, $after after"
check "at least 83 % of the root's disk bytes are gone: $(((before - after) * 1000 / before)) per mille" \
	test $(((before - after) * 100)) -ge $((before * 83))
check_smoke "runc containerd cri cni cnimasq ip iptables nft systemd modules"
done_testing

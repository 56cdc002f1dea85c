#!/bin/bash
# The plan for a small container host: RPM accepts it, and containerd still runs after it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/trim.sh"
need_root_rights
need rpm jq

root=$(testbed_root minimal)
check_trim "$root" "minimal-userland containerd cni packet-filter" 1
check_smoke "runc containerd cni cnimasq ip iptables nft systemd"
done_testing

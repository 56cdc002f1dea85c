#!/bin/bash
# The plan for a big container host frees at least 75 % of what its packages own, RPM
# accepts exactly that list, and containerd still starts and runs a container after it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/trim.sh"
need_root_rights
need rpm jq

root=$(testbed_root container-host)
check_trim "$root" containerd-host 75
check_smoke "runc containerd cri cni cnimasq ip iptables nft systemd modules"
done_testing

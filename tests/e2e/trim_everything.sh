#!/bin/bash
# With all file trims and one class of hardware at least 83 % of the root's disk bytes go, by du(1),
# and containerd still starts and runs a container. What the rules say of rpm -V is so: it misses
# each file that a trim took, and nothing else.
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

plain() {	# paths of a merged /usr, one of each
	sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#' | sort -u
}
in_copy -Va --nodeps --nofiledigest > "$T/verify" 2>&1 || true
sed -nE 's#^missing +([a-z] )?/#/#p' "$T/verify" | plain > "$T/missing"
jq -r '.files[] | select(.package != "") | .path' "$T/plan.json" | plain > "$T/taken"
in_copy -qa --qf '[%{FILEFLAGS} %{FILENAMES}\n]' | awk 'int($1 / 64) % 2 == 0' |
	sed 's/^[0-9]* //' | plain > "$T/no-ghosts"
note "rpm -V misses $(wc -l < "$T/missing") files, trims took $(wc -l < "$T/taken") of packages"
check "rpm -V finds nothing but missing files" test -z "$(grep -v '^missing ' "$T/verify")"
check "rpm -V misses nothing but what trims took" \
	test -z "$(comm -23 "$T/missing" "$T/taken")"
check "and each of those that is no %ghost" \
	test -z "$(comm -12 "$T/taken" "$T/no-ghosts" | comm -23 - "$T/missing")"
modules=$(echo "$copy"/usr/lib/modules/*)
(cd "$modules" && find . -name '*.ko*' -type f -printf '%P\n' | sort) > "$T/modules"
sed 's/:.*//' "$modules/modules.dep" | sort > "$T/index"
check "some modules went: $(wc -l < "$T/modules") of $(find "$root/usr/lib/modules" -name '*.ko*' -type f | wc -l) stay" \
	test "$(wc -l < "$T/modules")" -lt "$(find "$root/usr/lib/modules" -name '*.ko*' -type f | wc -l)"
expect_same "depmod's index has those that stay and no other" "$T/modules" "$T/index"
check_smoke "runc containerd cri cni cnimasq ip iptables nft systemd modules"
done_testing

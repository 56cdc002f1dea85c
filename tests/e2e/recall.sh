#!/bin/bash
# What a container host really opens, maps and executes is in packages that the plan keeps.
#
# While containerd imports an image, runs, execs into, stops and removes a container, and CNI
# makes a bridge network with address translation, fanotify records every file of the root that
# is opened or executed; so it does while every program that a reached unit starts, and every
# daemon's self test, is run once. The record is no evidence for the plan: it only judges it.
. "$(dirname "$0")/../lib.sh"
need python3 sqlite3 jq unshare
need_root_rights

smoke=$TARE_SOURCE/tests/testbed/smoke.sh

# The packages of recorded files, and which of them the plan takes away.
judge() {	# NAME GRAPH PLAN RECORD
	jq -r '.packages[] | select(.action == "remove") | .nevra' "$3" > "$T/removed"
	sqlite3 -batch "$2" > "$T/judged" <<-SQL
		.mode tabs
		CREATE TEMP TABLE record (path TEXT);
		.import '$4' record
		CREATE TEMP TABLE removed (nevra TEXT);
		.import '$T/removed' removed
		SELECT p.nevra, f.path, p.nevra IN (SELECT nevra FROM removed)
		  FROM record AS r JOIN file AS f ON f.path = r.path
		  JOIN ownership AS o ON o.file_id = f.id JOIN package AS p ON p.id = o.package_id
		 WHERE f.type = 'regular' ORDER BY 1, 2;
	SQL
	local files used lost kept
	files=$(wc -l < "$T/judged")
	used=$(cut -f1 "$T/judged" | sort -u | wc -l)
	awk -F'\t' '$3 == 1 { print $1 "\t" $2 }' "$T/judged" > "$T/lost"
	lost=$(wc -l < "$T/lost")
	kept=$(jq '[.packages[] | select(.action == "keep")] | length' "$3")
	note "$1: $files files of $used packages were used; the plan keeps $kept packages"
	note "$1: recall $(((files - lost) * 1000 / files)) of 1000 files," \
		"precision $((used * 1000 / kept)) of 1000 kept packages had a file used"
	if [ "$files" -gt 30 ]; then
		ok "$1: the recording saw the workload"
	else
		not_ok "$1: only $files files were recorded"
	fi
	if [ "$lost" = 0 ]; then
		ok "$1: every used file is in a package that stays"
	else
		not_ok "$1: $lost used files are in packages that would go"
		evidence "$T/lost" 40
	fi
}

# Each program that a reached unit starts says its version; daemons test themselves.
extra_commands() {	# GRAPH PLAN PROFILE
	local unit program
	jq -r '.packages[] | select(.action == "keep") | .nevra' "$2" > "$T/kept"
	sqlite3 -batch -separator ' ' "$1" > "$T/starts" <<-SQL
		CREATE TEMP TABLE kept (nevra TEXT);
		.import '$T/kept' kept
		SELECT DISTINCT u.path, t.path
		  FROM edge AS e
		  JOIN file AS u ON u.id = e.from_file JOIN file AS t ON t.id = e.to_file
		  JOIN ownership AS o ON o.file_id = u.id JOIN package AS p ON p.id = o.package_id
		 WHERE e.kind = 'unit-exec' AND e.strength <> 'possible'
		   AND p.nevra IN (SELECT nevra FROM kept)
		 ORDER BY 1, 2;
	SQL
	# shellcheck disable=SC2016  # $1 is the inner shell's
	cut -d' ' -f1 "$T/starts" | uniq | GRAPH=$1 PROFILE=$3 xargs -P "$(nproc)" -n 1 sh -c \
		'"$TARE" why -g "$GRAPH" --profile "$PROFILE" "$1" | grep -xF "$1 stays"' sh |
		sed 's/ stays$//' > "$T/units" || true
	while read -r unit program; do
		! grep -qxF "$unit" "$T/units" || echo "$program"
	done < "$T/starts" | sort -u |
		sed 's|.*|timeout 5 & --version </dev/null >/dev/null 2>\&1 \|\| true|'
	cat <<-'SH'
		have() { [ -x "/usr/bin/$1" ] || [ -x "/usr/sbin/$1" ]; }
		mkdir -p /run/sshd
		true
	SH
	self_test sshd "$1" 'ssh-keygen -q -t ed25519 -N "" -f /run/smoke/k && sshd -t -h /run/smoke/k'
	self_test chronyd "$1" 'chronyd -p'
	self_test cloud-init "$1" 'cloud-init --version'
	self_test rsyslogd "$1" 'rsyslogd -v'
	self_test udevadm "$1" 'udevadm --version'
	self_test modprobe "$1" 'modprobe --version'
	echo true
}

# Only where the plan keeps the daemon.
self_test() {	# COMMAND GRAPH TEXT
	local owner
	owner=$(sqlite3 -batch "$2" "SELECT p.nevra FROM file AS f
		JOIN ownership AS o ON o.file_id = f.id JOIN package AS p ON p.id = o.package_id
		WHERE f.path IN ('/usr/bin/$1', '/usr/sbin/$1') LIMIT 1")
	if [ -n "$owner" ] && grep -qxF -- "$owner" "$T/kept"; then
		echo "$3 || true"
	fi
}

recall() {	# ROOT-NAME PROFILE TESTS REQUIRED
	local root graph=$T/$1.db plan=$T/$1.json
	root=$(testbed_root "$1")
	expect_exit 0 "$TARE" analyze "$root" -o "$graph"
	expect_exit 0 "$TARE" plan -g "$graph" --profile "$2" -o "$plan"
	extra_commands "$graph" "$plan" "$2" > "$T/extra.sh"
	note "$1: $(wc -l < "$T/extra.sh") further commands"
	rm -f "$T/record"
	# as on a host without locale settings: this test's own must not leak into the workload
	check "$1: the workload runs" env -u LC_ALL -u LANG SMOKE_RECORD="$T/record" SMOKE_EXTRA="$T/extra.sh" \
		ONLY="$3 extra" REQUIRE="$4 extra" "$smoke" "$root"
	judge "$1" "$graph" "$plan" "$T/record"
}

case ${1:-container-host} in
container-host)
	recall container-host containerd-host "shell runc containerd cni cnimasq iptables nft ip" \
		"runc containerd cni cnimasq" ;;
edge) recall edge podman-host "shell crun podman ip nft" "crun podman" ;;
esac
done_testing

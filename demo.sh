#!/bin/bash
# demo.sh [container-host|minimal|edge]: tare from nothing to a proven plan.
#
# On a fresh Debian 12: installs what is needed, builds tare, makes a real RPM root out of
# the distribution's packages, weighs it, plans a trim for what the host is for, and proves
# the plan. The default, container-host (650 packages, 1.9 GB), takes about six minutes the
# first time and one afterwards; minimal (129 packages, 0.3 GB) about two.
set -euo pipefail
cd "$(dirname "$0")"

root_name=${1:-container-host}
case $root_name in
container-host) profiles=(containerd-host) ;;
edge) profiles=(podman-host) ;;
minimal) profiles=(minimal-userland containerd cni) ;;	# it has no kernel
*)
	sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
out=$PWD/build/demo/$root_name

stage() {
	printf '\n== %s [%s, %d s]\n' "$*" "$(date +%H:%M:%S)" $SECONDS
}

run() {
	printf '$ %s\n' "${*//$PWD\//}"
	"$@"
}

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n env "HOME=$HOME"
	"TARE_TESTBED_CACHE=${TARE_TESTBED_CACHE:-}" "XDG_CACHE_HOME=${XDG_CACHE_HOME:-}")

stage "what building needs"
tests/testbed/deps.sh build testbed

stage "build"
cmake --preset release
cmake --build --preset release --target tare -j "$(nproc)"
tare=$PWD/build/release/tare

stage "a real root: $root_name"
root=$("${as_root[@]}" tests/testbed/root.sh "$root_name")
echo "$root"
mkdir -p "$out"

stage "analyze: weigh it"
run "${as_root[@]}" "$tare" analyze "$root" -o "$out/tare.db"
export TARE_GRAPH=$out/tare.db

stage "plan: what can go from a host with the profiles ${profiles[*]}"
plan=("$tare" plan "${profiles[@]/#/--profile=}" --root "$root")
run "${as_root[@]}" "${plan[@]}" -o "$out/plan.json" -g "$out/tare.db"
run "${as_root[@]}" "${plan[@]}" --top 15 -g "$out/tare.db"

stage "verify: RPM's own check and the graph's"
run "${as_root[@]}" "$tare" verify "$out/plan.json" -g "$out/tare.db" --root "$root"

stage "report"
run "$tare" report --plan "$out/plan.json" -f text -o "$out/report.txt"
run "$tare" report --plan "$out/plan.json" -f json -o "$out/report.json"
sed -n 1,40p "$out/report.txt"

stage "end"
cat <<EOT
demo.sh: the results lie in $out
  tare.db      the graph        tare explore -g $out/tare.db
  plan.json    the plan         tare export $out/plan.json -f list
  report.txt, report.json
EOT

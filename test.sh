#!/bin/bash
# test.sh [--quick] [--release] [--no-deps]: build tare and run its tests.
#
#   --quick     unit tests only: no real roots, done in a minute or two
#   --release   the optimised build instead of the one with sanitizers
#   --no-deps   install nothing
#
# Installs what is missing (tests/testbed/deps.sh), configures and builds, prepares the
# test bed (real RPM roots, cached in ~/.cache/tare-testbed or $TARE_TESTBED_CACHE; the
# first time about eight minutes), runs ctest, and ends with a summary.
set -euo pipefail
cd "$(dirname "$0")"

preset=dev quick='' deps=1
for argument; do
	case $argument in
	--quick) quick=1 ;;
	--release) preset=release ;;
	--no-deps) deps= ;;
	*)
		sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
		exit 2
		;;
	esac
done

stage() {
	printf '\n== %s [%s, %d s]\n' "$*" "$(date +%H:%M:%S)" $SECONDS
}

# Building a root takes root rights (owners, chroot).
testbed_root() {
	local as_root=()
	[ "$(id -u)" = 0 ] || as_root=(sudo -n env "HOME=$HOME"
		"TARE_TESTBED_CACHE=${TARE_TESTBED_CACHE:-}" "XDG_CACHE_HOME=${XDG_CACHE_HOME:-}")
	"${as_root[@]}" tests/testbed/root.sh "$1"
}

finish() {
	local status=$?
	stage "end"
	if [ -s "$log" ]; then
		sed -n '/tests passed,/,$p' "$log"
	fi
	if [ $status = 0 ]; then
		echo "test.sh: passed"
	else
		echo "test.sh: FAILED (exit status $status)"
	fi
	echo "test.sh: results lie in $PWD/$results: test.log, junit.xml"
	exit $status
}

results=build/$preset/test
log=$results/test.log
rm -rf "$results"
mkdir -p "$results"
trap finish EXIT

if [ -n "$deps" ]; then
	stage "what building and testing needs"
	tests/testbed/deps.sh
fi

stage "build (preset $preset)"
cmake --preset "$preset"
cmake --build --preset "$preset" -j "$(nproc)"

select=(--no-tests=error)
if [ -n "$quick" ]; then
	select+=(-L unit)
else
	export TARE_TESTBED_FULL=1
	stage "test bed"
	for root in minimal minimal-varlib minimal-unmerged aarch64 container-host edge; do
		testbed_root "$root"
	done
	tests/npm/install.sh > /dev/null
fi

stage "tests"
ctest --test-dir "build/$preset" -j 2 --output-on-failure \
	--output-junit "$PWD/$results/junit.xml" "${select[@]}" 2>&1 | tee "$log"

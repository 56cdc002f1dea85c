# Shell library of the end-to-end tests. A test is a bash script tests/e2e/NAME.sh:
#
#	#!/bin/bash
#	# What it shows, in one sentence.
#	. "$(dirname "$0")/../lib.sh"
#
#	root=$(tiny_root rich)
#	expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db"
#	expect_sql "$T/graph.db" 3 "SELECT count(*) FROM package"
#	check "the root is as it was" same_tree "$root" "$T/before"
#	done_testing
#
# Each check prints "ok N - what" or "not ok N - what" and its evidence; the script goes
# on after a failed one, and done_testing gives the exit status: 0, or 1 when one failed.
# "skip" leaves with 77, which ctest shows as skipped. Anything else that fails ends the
# script at once (set -e). Scratch files go to $T, which is removed at the end.
#
#   TARE         the program under test (set by ctest; default: build/dev/tare)
#   TARE_SOURCE  the source tree
#   T            scratch folder
# shellcheck shell=bash
set -euo pipefail

TARE_SOURCE=${TARE_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
TARE_BUILD=${TARE_BUILD:-$TARE_SOURCE/build/dev}
TARE=${TARE:-$TARE_BUILD/tare}
T=$(mktemp -d "${TMPDIR:-/tmp}/tare-test.XXXXXX")
export TARE TARE_SOURCE TARE_BUILD T
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1 CI=true
# librpm must not find this machine's own settings or make files in its home
export HOME=$T/home XDG_CONFIG_HOME=$T/home/.config
unset TARE_GRAPH GITHUB_ACTIONS GITHUB_STEP_SUMMARY TF_BUILD GITLAB_CI
_checks=0 _failed=0 _home=${SUDO_HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
mkdir -p "$T/home"

_cleanup() {
	local status=$?
	chmod -R u+rwX "$T" 2> /dev/null || true
	rm -rf --one-file-system "$T"
	exit $status
}
trap _cleanup EXIT
trap 'echo "# ${BASH_SOURCE[0]}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

note() {
	printf '# %s\n' "$*"
}

# Evidence: the first lines of a file, indented.
evidence() {	# FILE [LINES]
	sed -n "1,${2:-20}s/^/#   /p" "$1"
}

ok() {
	_checks=$((_checks + 1))
	printf 'ok %d - %s\n' $_checks "$*"
}

not_ok() {
	_checks=$((_checks + 1))
	_failed=$((_failed + 1))
	printf 'not ok %d - %s\n' $_checks "$*"
}

skip() {
	printf '# skip: %s\n' "$*"
	exit 77
}

need() {	# TOOL...
	local tool
	for tool; do
		command -v "$tool" > /dev/null || skip "no $tool (tests/testbed/deps.sh)"
	done
}

need_root_rights() {
	[ "$(id -u)" = 0 ] || skip "needs root rights"
}

done_testing() {
	[ $_checks -gt 0 ] || not_ok "no check was made"
	printf '1..%d\n' $_checks
	[ $_failed = 0 ] || exit 1
	exit 0
}

# The command succeeds; its output is the evidence where it does not.
check() {	# WHAT COMMAND...
	local what=$1
	shift
	if "$@" > "$T/check.out" 2>&1; then
		ok "$what"
	else
		not_ok "$what"
		note "command: $*"
		evidence "$T/check.out"
	fi
}

# Exit status; stdout and stderr stay in $T/out and $T/err for further checks.
expect_exit() {	# STATUS COMMAND...
	local want=$1 got=0
	shift
	"$@" > "$T/out" 2> "$T/err" || got=$?
	if [ "$got" = "$want" ]; then
		ok "exit $want: ${*/#$TARE/tare}"
	else
		not_ok "exit $got, not $want: ${*/#$TARE/tare}"
		evidence "$T/out" 5
		evidence "$T/err"
	fi
}

# The pattern (grep -E) is found in FILE: by default, stdout of the last expect_exit.
expect_grep() {	# PATTERN [FILE]
	if grep -qE -e "$1" "${2:-$T/out}"; then
		ok "found: $1"
	else
		not_ok "not found: $1"
		evidence "${2:-$T/out}"
	fi
}

expect_no_grep() {	# PATTERN [FILE]
	if grep -E -e "$1" "${2:-$T/out}" > "$T/found"; then
		not_ok "found: $1"
		evidence "$T/found" 5
	else
		ok "absent: $1"
	fi
}

expect_same() {	# WHAT WANTED-FILE GOT-FILE
	if diff "$2" "$3" > "$T/diff"; then
		ok "$1"
	else
		not_ok "$1 (< wanted, > got; $(grep -c '^[<>]' "$T/diff") lines differ)"
		evidence "$T/diff" 30
	fi
}

expect_equal() {	# WHAT WANTED GOT
	if [ "$2" = "$3" ]; then
		ok "$1: $2"
	else
		not_ok "$1: $3, not $2"
	fi
}

# One value out of a graph.
sql() {	# GRAPH QUERY
	sqlite3 -readonly -batch -noheader -separator '|' "$1" "$2"
}

expect_sql() {	# GRAPH WANTED QUERY
	expect_equal "${3//[$'\n\t']/ }" "$2" "$(sql "$1" "$3")"
}

# The path of a real root (tests/testbed/root.sh). minimal is built where it is missing;
# a bigger one only when TARE_TESTBED_FULL says that there is time for it.
testbed_root() {	# NAME
	local root_sh=$TARE_SOURCE/tests/testbed/root.sh root
	if root=$(HOME=$_home "$root_sh" --ready "$1"); then
		echo "$root"
		return
	fi
	case $1 in
	minimal* | aarch64) ;;
	*) [ -n "${TARE_TESTBED_FULL:-}" ] || skip "root $1 is not built (TARE_TESTBED_FULL=1)" >&2 ;;
	esac
	need_root_rights >&2
	HOME=$_home "$root_sh" "$1"
}

# The folder whose node_modules has the validators (tests/npm/install.sh). What cannot be
# validated has not passed: there is no skipping.
npm_tools() {
	HOME=$_home "$TARE_SOURCE/tests/npm/install.sh"
}

# What rpm says of a root. rpm opens for writing what it only reads, so it gets a copy of
# the database: never use "rpm --root" on a root that other tests read.
rpm_of() {	# ROOT RPM-OPTION...
	local place
	rm -rf "$T/rpmdb"
	mkdir "$T/rpmdb"
	for place in usr/lib/sysimage/rpm var/lib/rpm; do
		if [ -f "$1/$place/rpmdb.sqlite" ]; then
			cp "$1/$place/rpmdb.sqlite" "$T/rpmdb/"
			break
		fi
	done
	rpm --dbpath "$T/rpmdb" --force-debian "${@:2}"
}

# A root of the spec files in tests/e2e/roots/CASE, in a second.
tiny_root() {	# CASE [OPTION...]
	"$TARE_SOURCE/tests/testbed/tiny.sh" "${@:2}" "$T/roots/$1" \
		"$TARE_SOURCE/tests/e2e/roots/$1"/*.spec > "$T/tiny.log" 2>&1 || {
		cat "$T/tiny.log" >&2
		return 1
	}
	echo "$T/roots/$1"
}

# All that an analysis could have changed below a root, access times apart.
tree_state() {	# ROOT
	find "$1" -xdev -printf '%i %y %m %U %G %n %s %b %T@ %C@ %l %P\0' | sort -z | sha256sum
}

#!/bin/bash
# Databases that nobody here wrote: the graph says the same as rpm, libsolv and RPM's own
# transaction check.
#
# The CentOS 5 to 8 databases of the Debian package golang-github-knqyf263-go-rpmdb-dev, and
# those below $TARE_SHARED_DATA (default: ../shared/data beside the source) where it exists.
. "$(dirname "$0")/../lib.sh"
need rpm rpmdb python3 sqlite3

export PROBES=$TARE_BUILD/tests
centos=/usr/share/gocode/src/github.com/knqyf263/go-rpmdb/pkg/testdata
shared=${TARE_SHARED_DATA:-$TARE_SOURCE/../shared/data}
compare=$TARE_SOURCE/tests/e2e/real_databases.py

# The root with the database, its graph, and a copy that RPM may convert and index.
prepare() {	# NAME DATABASE-FILE
	root=$T/$1/root graph=$T/$1/tare.db copy=$T/$1/copy indexed=$T/$1/indexed
	mkdir -p "$root/var/lib/rpm" "$copy" "$indexed"
	cp "$2" "$root/var/lib/rpm/"
	cp "$2" "$copy/"
	cp "$2" "$indexed/"
	expect_exit 0 "$TARE" analyze --metadata-only "$root" -o "$graph"
	rpmdb --dbpath "$indexed" --define '_db_backend sqlite' --rebuilddb 2> "$T/rebuild" ||
		evidence "$T/rebuild"
}

compare() {	# NAME DATABASE-FILE
	prepare "$1" "$2"
	check "$1: packages, files, requirements and provides as rpm -qa counts them" \
		python3 "$compare" counts "$1" "$graph" "$copy"
	note "$(head -n 1 "$T/check.out")"
	if command -v testsolv > /dev/null && command -v rpmdb2solv > /dev/null; then
		check "$1: what is not kept for 100 sets is what libsolv calls unneeded" \
			python3 "$compare" unneeded "$1" "$graph" "$indexed"
		note "$(head -n 1 "$T/check.out")"
	else
		note "skip: no libsolv-tools (tests/testbed/deps.sh)"
	fi
	check "$1: what can be erased alone is what RPM allows" \
		python3 "$compare" erasable "$1" "$graph" "$indexed"
	note "$(head -n 1 "$T/check.out")"
	grep '^explained' "$T/check.out" | sed 's/^/# /' || true
	rm -rf "${T:?}/$1"
}

# rpm here cannot read ndb: known figures of the file instead.
known_ndb() {	# DATABASE-FILE
	mkdir -p "$T/ndb/usr/lib/sysimage/rpm"
	cp "$1" "$T/ndb/usr/lib/sysimage/rpm/"
	expect_exit 0 "$TARE" analyze --metadata-only "$T/ndb" -o "$T/ndb.db"
	expect_sql "$T/ndb.db" ndb "SELECT rpmdb_backend FROM image"
	expect_sql "$T/ndb.db" 36 "SELECT count(*) FROM package"
	expect_sql "$T/ndb.db" 0 "SELECT rpmdb_unreadable FROM image"
}

if [ -d "$centos" ]; then
	for database in "$centos"/*/Packages; do
		compare "$(basename "$(dirname "$database")")" "$database"
	done
else
	note "skip: no golang-github-knqyf263-go-rpmdb-dev (tests/testbed/deps.sh)"
fi
if [ -d "$shared/rpmdb" ]; then
	compare amazonlinux2023 "$shared/rpmdb/amazonlinux2023/rpmdb.sqlite"
	known_ndb "$shared/rpmdb/sle15-bci-ndb/Packages.db"
else
	note "skip: no $shared (TARE_SHARED_DATA)"
fi
[ $_checks -gt 0 ] || skip "no database to compare with"
done_testing

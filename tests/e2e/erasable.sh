#!/bin/bash
# What can be erased alone: tare and RPM agree on every package of the tiny roots, with rich
# dependencies, phases, file requirements, replaced files and several word sizes.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild gcc python3

export PROBES=$TARE_BUILD/tests
for folder in "$TARE_SOURCE"/tests/e2e/roots/*/; do
	name=$(basename "$folder")
	root=$(tiny_root "$name")
	# damaged roots have findings and unreadable files, but their rpmdb is whole
	"$TARE" analyze "$root" -o "$T/$name.db" > "$T/out" 2>&1 || [ $? = 3 ]
	mkdir "$T/copy"
	cp "$root/usr/lib/sysimage/rpm/rpmdb.sqlite"* "$T/copy/"
	check "$name" python3 "$TARE_SOURCE/tests/e2e/real_databases.py" \
		erasable "$name" "$T/$name.db" "$T/copy"
	note "$(head -n 1 "$T/check.out")"
	grep '^explained' "$T/check.out" | sed 's/^/# /' || true
	rm -r "$T/copy"
done
done_testing

#!/bin/bash
# Which requirements hold once a package is installed: for every combination of phases, tare
# says what RPM says when the provider is to be erased.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild

root=$(tiny_root every-phase)
expect_exit 0 "$TARE" analyze --metadata-only "$root" -o "$T/tare.db"
expect_sql "$T/tare.db" 512 "SELECT count(*) FROM requirement WHERE text LIKE 'cap-%'"

rpm --root "$root" --dbpath /usr/lib/sysimage/rpm --force-debian -e --test provider \
	2> "$T/rpm" || true
sed -n 's/^\t\(cap-[^ ]*\) is needed by .*/\1/p' "$T/rpm" | sort > "$T/wanted"
"$TARE_BUILD/tests/graph_probe" holding "$T/tare.db" | grep '^cap-' | sort > "$T/got"
expect_same "what blocks an erase" "$T/wanted" "$T/got"
expect_equal "of 512 combinations hold" 228 "$(wc -l < "$T/wanted")"
done_testing

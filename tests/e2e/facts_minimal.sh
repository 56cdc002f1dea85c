#!/bin/bash
# The graph of a small container host agrees with rpm, find, du, readelf and lddtree.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/facts.sh"
need rpm readelf lddtree sqlite3

root=$(testbed_root minimal)
analyze_untouched "$root" "$T/graph.db"
check_facts "$root" /usr/lib/sysimage/rpm "$T/graph.db" \
	packages ownership paths disk needed resolution
expect_sql "$T/graph.db" "full|1|/usr/lib/sysimage/rpm/rpmdb.sqlite" \
	"SELECT mode, complete, rpmdb_path FROM image"

# the same root gives the same bytes
expect_exit 0 "$TARE" analyze "$root" -o "$T/again.db"
check "two analyses are byte for byte the same" cmp "$T/graph.db" "$T/again.db"
done_testing

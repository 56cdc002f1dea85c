#!/bin/bash
# The graph of a big container host agrees with rpm, find, du, readelf and lddtree.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/facts.sh"
need rpm readelf lddtree sqlite3

root=$(testbed_root container-host)
analyze_untouched "$root" "$T/graph.db"
check_facts "$root" /usr/lib/sysimage/rpm "$T/graph.db" \
	packages ownership paths disk needed resolution
done_testing

#!/bin/bash
# The facts hold for a database in /var/lib/rpm, an unmerged /usr, and another processor.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/facts.sh"
need rpm readelf lddtree sqlite3

root=$(testbed_root minimal-varlib)
analyze_untouched "$root" "$T/varlib.db"
check_facts "$root" /var/lib/rpm "$T/varlib.db" packages ownership disk
expect_sql "$T/varlib.db" /var/lib/rpm/rpmdb.sqlite "SELECT rpmdb_path FROM image"

root=$(testbed_root minimal-unmerged)
analyze_untouched "$root" "$T/unmerged.db"
check_facts "$root" /usr/lib/sysimage/rpm "$T/unmerged.db" \
	packages ownership paths disk needed resolution

root=$(testbed_root aarch64)
analyze_untouched "$root" "$T/aarch64.db"
check_facts "$root" /usr/lib/sysimage/rpm "$T/aarch64.db" \
	packages ownership paths disk needed resolution
expect_sql "$T/aarch64.db" aarch64 "SELECT architecture FROM image"
expect_sql "$T/aarch64.db" "aarch64" "SELECT DISTINCT machine FROM elf"
done_testing

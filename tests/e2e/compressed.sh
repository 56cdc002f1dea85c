#!/bin/bash
# Compressed sizes: measured only when asked for, as zlib says, of packages as disk bytes count.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild sqlite3 python3 jq

root=$(tiny_root shared)
expect_exit 0 "$TARE" analyze "$root" -o "$T/plain.db"
expect_sql "$T/plain.db" 0 "SELECT count(compressed_bytes) FROM file"
expect_sql "$T/plain.db" 0 "SELECT count(compressed_bytes) FROM package"
expect_sql "$T/plain.db" 0 "SELECT count(compressed_bytes) FROM image"

tree_state "$root" > "$T/before"
expect_exit 0 "$TARE" analyze --compressed "$root" -o "$T/graph.db"
tree_state "$root" > "$T/after"
expect_same "the root is as it was" "$T/before" "$T/after"

# Every file as Python's zlib compresses it; a hole counts as zeros, within a block of it.
cat > "$T/referee.py" <<'EOF'
import os, sqlite3, sys, zlib

root, graph = sys.argv[1:]
db = sqlite3.connect(graph)
seen, total, wrong, measured = set(), 0, 0, 0
for path, kind, state, size in db.execute(
        "SELECT CAST(path AS BLOB), type, state, compressed_bytes FROM file"):
    if kind != "regular" or state in ("missing", "not-installed"):
        wrong += size is not None
        continue
    st = os.lstat(os.fsencode(root) + path)
    data = open(os.fsencode(root) + path, "rb").read()
    z = zlib.compressobj(6, zlib.DEFLATED, -15)
    want = len(z.compress(data) + z.flush()) if data else 0
    sparse = st.st_blocks * 512 < st.st_size
    measured += 1
    if size is None or abs(size - want) > (len(data) // 500 + 64 if sparse else 0):
        print(path, size, want)
        wrong += 1
    if (st.st_dev, st.st_ino) not in seen:
        seen.add((st.st_dev, st.st_ino))
        total += size or 0
print(f"measured {measured > 5} wrong {wrong} total",
      total == db.execute("SELECT compressed_bytes FROM image").fetchone()[0])
EOF
expect_equal "what zlib says of each file" "measured True wrong 0 total True" \
	"$(python3 "$T/referee.py" "$root" "$T/graph.db")"

# As disk_bytes: files that it alone owns, hard links once.
expect_sql "$T/graph.db" "$(sql "$T/graph.db" "SELECT count(*) FROM package")" "
	WITH sole AS (SELECT file_id, min(package_id) AS package_id FROM ownership
		GROUP BY file_id HAVING count(*) = 1),
	once AS (SELECT package_id, max(compressed_bytes) AS bytes FROM file
		JOIN sole ON file_id = id WHERE compressed_bytes NOT NULL
		GROUP BY package_id, device, inode),
	total AS (SELECT package_id, sum(bytes) AS bytes FROM once GROUP BY package_id)
	SELECT count(*) FROM package LEFT JOIN total ON package_id = id
	WHERE compressed_bytes = coalesce(bytes, 0)"

# Lists, filters, reports, differences, budgets.
export TARE_GRAPH=$T/graph.db
expect_exit 0 "$TARE" list packages -F 'compressed>0' -c name,compressed -f json
jq -r '.[] | "\(.name) \(.compressed_bytes)"' "$T/out" | sort > "$T/listed"
sql "$T/graph.db" "SELECT name || ' ' || compressed_bytes FROM package
	WHERE compressed_bytes > 0" | sort > "$T/wanted"
expect_same "the list of packages" "$T/wanted" "$T/listed"
expect_exit 0 "$TARE" list files -c path,compressed -s compressed -n 1 -f json
expect_equal "the biggest file" "$(sql "$T/graph.db" "SELECT max(compressed_bytes) FROM file")" \
	"$(jq '.[0].compressed_bytes' "$T/out")"
total=$(sql "$T/graph.db" "SELECT compressed_bytes FROM image")
expect_exit 0 "$TARE" report -f json
expect_equal "the report's total" "$total" "$(jq .totals.compressed_bytes "$T/out")"
expect_exit 0 "$TARE" report
expect_grep '^Compressed +[0-9.]+ .*B as an image layer$'
expect_exit 0 "$TARE" diff "$T/graph.db" "$T/graph.db" -f json
expect_equal "of the difference" "$total" "$(jq .totals.compressed_bytes.new "$T/out")"
for limit in $total:0 $((total - 1)):1; do
	printf 'limits:\n  - what: compressed\n    max: %s\n' "${limit%:*}" > "$T/budget.yaml"
	expect_exit "${limit#*:}" "$TARE" check --budget "$T/budget.yaml"
done

# Where nobody measured, nothing is shown.
expect_exit 2 "$TARE" check --budget "$T/budget.yaml" -g "$T/plain.db"
expect_grep "'compressed' was not measured in this graph" "$T/err"
expect_exit 0 "$TARE" report -g "$T/plain.db"
expect_no_grep '^Compressed'
expect_exit 0 "$TARE" report -g "$T/plain.db" -f json
expect_equal "no total" "null null" \
	"$(jq -r '"\(.totals.compressed_bytes) \(.packages[0].compressed_bytes)"' "$T/out")"
expect_exit 0 "$TARE" diff "$T/plain.db" "$T/graph.db" -f json
expect_equal "nor a difference" null "$(jq .totals.compressed_bytes "$T/out")"

expect_exit 2 "$TARE" analyze --compressed --metadata-only "$root" -o "$T/x.db"
expect_grep "exclude each other" "$T/err"
done_testing

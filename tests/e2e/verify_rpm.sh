#!/bin/bash
# RPM's check inside `tare verify` says what `rpm -e --test` says, on a copy, quietly, and
# a hostile database ends in a clear line.
. "$(dirname "$0")/../lib.sh"
need rpm python3 sqlite3 mkfifo

cat > "$T/everything.yaml" <<-'YAML'
	profile: everything
	summary: any plan will do
	feature: everything
	keep:
	  - package: "*"
	    why: any plan will do
YAML

judge() {	# ROOT COUNT
	local root=$1
	"$TARE" analyze "$root" -o "$T/graph.db" > "$T/out" 2>&1 || [ $? = 3 ]
	"$TARE" plan -q -p "$T/everything.yaml" -g "$T/graph.db" -o "$T/plan.json" -f json
	rm -rf "$T/copy"
	mkdir "$T/copy"
	cp "$root"/usr/lib/sysimage/rpm/rpmdb.sqlite* "$T/copy/"
	tree_state "$root" > "$T/before"
	check "$(basename "$root"): $2 random erases" python3 \
		"$TARE_SOURCE/tests/e2e/verify_rpm.py" "$T/plan.json" "$root" "$T/graph.db" "$2" 1
	note "$(head -n 1 "$T/check.out")"
	tree_state "$root" > "$T/after"
	expect_same "$(basename "$root"): nothing was written" "$T/before" "$T/after"
}

for name in rich phases weak file-requires multilib shared; do
	judge "$(tiny_root $name)" 25
done
judge "$(testbed_root minimal)" 15

note "a change that is only in the write-ahead log"
root=$T/roots/rich
"$TARE" analyze "$root" -o "$T/graph.db" > /dev/null
"$TARE" plan -q -p "$T/everything.yaml" -g "$T/graph.db" -o "$T/plan.json"
database=$root/usr/lib/sysimage/rpm/rpmdb.sqlite
cp "$database" "$T/whole"
python3 - "$database" <<-'PY'
	import os, sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	db.execute("PRAGMA journal_mode = WAL")
	db.execute("PRAGMA wal_autocheckpoint = 0")
	number, = db.execute("SELECT hnum FROM Name WHERE key = 'needs-or'").fetchone()
	for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"
	                           " AND name NOT LIKE 'sqlite_%'").fetchall():
	    db.execute("DELETE FROM \"%s\" WHERE hnum = ?" % table, (number,))
	db.commit()
	os._exit(0)	# no checkpoint at the end
PY
check "the log is there" test -s "$database-wal"
python3 - "$T/plan.json" <<-'PY'
	import json, sys
	plan = json.load(open(sys.argv[1]))
	for package in plan["packages"]:
	    if package["name"] == "needs-or":
	        package["action"] = "remove"
	plan["totals"]["packages_removed"] = 1
	json.dump(plan, open(sys.argv[1], "w"))
PY
expect_exit 0 "$TARE" verify "$T/plan.json" --root "$root" -g "$T/graph.db"
expect_grep 'needs-or-1-1.noarch: is not in the root.s database'
rm -f "$database"-wal "$database"-shm

note "databases that are none"
cp "$T/whole" "$database"
sqlite3 "$database" "DROP TABLE Requirename;
	CREATE VIEW Requirename AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
	SELECT i AS hnum, i AS key, 0 AS idx FROM n"
expect_exit 0 timeout 20 "$TARE" verify "$T/plan.json" --root "$root" -g "$T/graph.db"
expect_grep 'RPM +not possible: the rpmdb has not the tables'
expect_equal "nothing on stderr" 0 "$(wc -c < "$T/err")"
head -c 5000 "$T/whole" > "$database"
expect_exit 3 timeout 20 "$TARE" verify "$T/plan.json" --root "$root" -g "$T/graph.db"
expect_grep "^tare: .*RPM's check" "$T/err"
expect_equal "one line" 1 "$(wc -l < "$T/err")"
rm "$database"
mkfifo "$database"
expect_exit 3 timeout 20 "$TARE" verify "$T/plan.json" --root "$root" -g "$T/graph.db"
expect_grep "is not a regular file|no regular file" "$T/err"
rm "$database"
ln -s /etc/passwd "$database"
expect_exit 3 timeout 20 "$TARE" verify "$T/plan.json" --root "$root" -g "$T/graph.db"
expect_equal "one line" 1 "$(wc -l < "$T/err")"
done_testing

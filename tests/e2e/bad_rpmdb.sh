#!/bin/bash
# A root whose rpmdb is missing, doubled, damaged, of an unknown kind or no file at all: one
# clear line and exit status 3, nothing hangs, nothing is written.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild sqlite3

good=$(tiny_root rich)/usr/lib/sysimage/rpm/rpmdb.sqlite
dir=usr/lib/sysimage/rpm

new_root() {
	chmod -R u+rwX "$T/root" 2> /dev/null || true
	rm -rf "$T/root"
	mkdir -p "$T/root/$dir" "$T/root/var/lib"
}

# The analysis fails with one line that has the words, leaves no graph and the root as it is.
refused() {	# WHAT PATTERN [OPTION...]
	local before
	before=$(tree_state "$T/root")
	expect_exit 3 timeout 60 "$TARE" analyze --metadata-only "${@:3}" "$T/root" -o "$T/no.db"
	expect_equal "$1: lines on stderr" 1 "$(wc -l < "$T/err")"
	expect_grep "$2" "$T/err"
	expect_equal "$1: graphs" 0 "$(find "$T" -maxdepth 1 -name 'no.db*' | wc -l)"
	expect_equal "$1: the root" "$before" "$(tree_state "$T/root")"
}

accepted() {	# WHAT [OPTION...]
	local before
	before=$(tree_state "$T/root")
	expect_exit 0 "$TARE" analyze --metadata-only "${@:2}" "$T/root" -o "$T/yes.db"
	expect_equal "$1: the root" "$before" "$(tree_state "$T/root")"
}

new_root
refused "no rpmdb" 'no rpmdb.*/usr/lib/sysimage/rpm, /var/lib/rpm, /usr/share/rpm'

new_root
cp "$good" "$T/root/$dir/"
mkdir "$T/root/var/lib/rpm"
cp "$good" "$T/root/var/lib/rpm/"
refused "two" "two different rpmdbs, '/$dir/rpmdb.sqlite' and '/var/lib/rpm/rpmdb.sqlite'.*--dbpath"
accepted "one of two" --dbpath /var/lib/rpm
expect_sql "$T/yes.db" /var/lib/rpm/rpmdb.sqlite "SELECT rpmdb_path FROM image"

new_root
cp "$good" "$T/root/$dir/"
ln -s /usr/lib/sysimage/rpm "$T/root/var/lib/rpm"
accepted "the same through an absolute link"
expect_sql "$T/yes.db" "/$dir/rpmdb.sqlite" "SELECT rpmdb_path FROM image"

new_root
head -c 8000 "$good" > "$T/root/$dir/rpmdb.sqlite"
refused "cut" "cannot read the rpmdb '/$dir/rpmdb.sqlite': it is damaged"
head -c 100 /dev/zero > "$T/root/$dir/rpmdb.sqlite"
refused "zeroes" 'unknown kind or damaged .supported: sqlite, ndb, Berkeley DB'
: > "$T/root/$dir/rpmdb.sqlite"
refused "empty" 'an empty file'
rm "$T/root/$dir/rpmdb.sqlite"
sqlite3 "$T/root/$dir/rpmdb.sqlite" 'CREATE VIEW Packages (hnum, blob) AS
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i FROM n'
refused "an endless view" 'no table Packages'
rm "$T/root/$dir/rpmdb.sqlite"
sqlite3 "$T/root/$dir/rpmdb.sqlite" 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob)'
refused "no package" 'holds no package'

new_root
printf '0123456789abcdef\xde\xc0\xef\xbe and so on' > "$T/root/$dir/data.mdb"
refused "LMDB" "data.mdb' cannot be read: LMDB"

new_root
mkfifo "$T/root/$dir/rpmdb.sqlite"
refused "a FIFO" "rpmdb.sqlite.*not a regular file|no regular file"
rm "$T/root/$dir/rpmdb.sqlite"
mkdir "$T/root/$dir/rpmdb.sqlite"
refused "a folder" "rpmdb.sqlite"
rmdir "$T/root/$dir/rpmdb.sqlite"
ln -s rpmdb.sqlite "$T/root/$dir/rpmdb.sqlite"
refused "a loop" "rpmdb.sqlite"
rm "$T/root/$dir/rpmdb.sqlite"
ln -s /etc/passwd "$T/root/$dir/rpmdb.sqlite"
refused "a link out of the root" "dangling symlink"

# One header that is none: the rest is read, the graph says that it is not complete.
new_root
cp "$good" "$T/root/$dir/"
sqlite3 "$T/root/$dir/rpmdb.sqlite" "UPDATE Packages SET blob = x'00112233445566778899aabbccddeeff'
	WHERE hnum = (SELECT min(hnum) FROM Packages)"
packages=$(sqlite3 "$T/root/$dir/rpmdb.sqlite" 'SELECT count(*) FROM Packages')
before=$(tree_state "$T/root")
expect_exit 3 "$TARE" analyze --metadata-only "$T/root" -o "$T/part.db"
expect_equal "a bad header: the root" "$before" "$(tree_state "$T/root")"
expect_sql "$T/part.db" "0|$packages|1" "SELECT complete, rpmdb_headers, rpmdb_unreadable FROM image"
expect_sql "$T/part.db" $((packages - 1)) "SELECT count(*) FROM package"
expect_sql "$T/part.db" 1 "SELECT count(*) FROM finding WHERE rule = 'bad-rpmdb'"
done_testing

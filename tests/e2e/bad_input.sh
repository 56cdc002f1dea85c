#!/bin/bash
# Whatever lies below a root or is wrong around it: a clear line and the documented status.
. "$(dirname "$0")/../lib.sh"
need rpmbuild sqlite3 jq

made=$T/made
graph=$made/tare.db
mkdir "$made"
limit=(timeout --signal=ABRT 60)

# No graph, no rest of one, and one line that matches.
no_graph() {	# STATUS PATTERN ANALYZE-ARGUMENT...
	local status=$1 pattern=$2
	shift 2
	rm -f "$graph"
	expect_exit "$status" "${limit[@]}" "$TARE" analyze -o "$graph" "$@"
	expect_equal "one line" 1 "$(wc -l < "$T/err" | tr -d ' ')"
	expect_grep "^tare: .*$pattern" "$T/err"
	expect_equal "no graph and nothing left of one" "" "$(ls -A "$made")"
}

# A copy of the good root under another name.
copy() {	# NAME
	cp -a "$good" "$T/$1"
	echo "$T/$1"
}

# Valid UTF-8 without characters that move, hide or colour others.
inert() {	# FILE
	python3 - "$1" <<-'PYTHON'
	import sys, unicodedata
	text = open(sys.argv[1], 'rb').read().decode('utf-8')
	bad = {c for c in text if c != '\n' and unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp')}
	sys.exit('found: %r' % sorted(bad) if bad else 0)
	PYTHON
}

good=$(tiny_root weak)
db=usr/lib/sysimage/rpm

note "the root"
no_graph 3 "none'?: No such file or directory" "$T/none"
touch "$T/plain"
no_graph 3 "plain'?: damaged, or no archive that tare reads" "$T/plain"
mkdir "$T/empty"
no_graph 3 "no rpmdb.*/usr/lib/sysimage/rpm" "$T/empty"

note "the database"
root=$(copy two)
mkdir -p "$root/var/lib/rpm"
cp "$root/$db/rpmdb.sqlite" "$root/var/lib/rpm/rpmdb.sqlite"
sqlite3 "$root/var/lib/rpm/rpmdb.sqlite" 'DELETE FROM Packages WHERE hnum = 1' > "$T/ignored"
no_graph 3 "--dbpath" "$root"
expect_exit 0 "$TARE" analyze -q "$root" --dbpath "/$db" -o "$graph"
expect_equal "quiet is quiet" "0 0" \
	"$(wc -c < "$T/out" | tr -d ' ') $(wc -c < "$T/err" | tr -d ' ')"

root=$(copy corrupt)
printf 'SQLite format 3\0rubbish behind it' > "$root/$db/rpmdb.sqlite"
no_graph 3 "rpmdb.sqlite" "$root"
head -c 65536 /dev/zero > "$root/$db/rpmdb.sqlite"
no_graph 3 "rpmdb.sqlite" "$root"

root=$(copy foreign)
rm "$root/$db"/*
printf 'a database of another kind, long enough' > "$root/$db/Packages"
no_graph 3 "$db/Packages" "$root"

root=$(copy fifo)
rm "$root/$db"/*
mkfifo "$root/$db/rpmdb.sqlite"
no_graph 3 "$db" "$root"

root=$(copy escape)
rm -r "${root:?}/$db"
ln -s "../../../../../../../../../../../../$good/$db" "$root/$db"
no_graph 3 "no rpmdb" "$root"

note "the output"
no_graph 3 "nowhere/tare.db'?: No such file or directory" "$good" -o "$T/nowhere/tare.db"
no_graph 3 "is not a regular file" "$good" -o "$T"
no_graph 3 "is not a regular file" "$good" -o /dev/null
check "/dev/null is still a device" test -c /dev/null
no_graph 2 "standard output" "$good" -o -

touch "$graph"
ln -s "$graph" "$T/link.db"
expect_exit 0 "$TARE" analyze -q "$good" -o "$T/link.db"
check "a symlink stays, its target is written" sh -c "[ -L '$T/link.db' ] && [ -s '$graph' ]"

note "damage inside the root"
damaged=$(tiny_root damaged)
tree_state "$damaged" > "$T/before"
status=0
[ "$(id -u)" = 0 ] || status=3	# usr/bin/closed
expect_exit $status "${limit[@]}" "$TARE" analyze "$damaged" -o "$graph"
tree_state "$damaged" > "$T/after"
expect_same "the root is as it was" "$T/before" "$T/after"
for name in headless short tailless segments; do
	expect_sql "$graph" 1 "SELECT count(*) > 0 FROM finding WHERE subject LIKE '%lib$name.so.1'"
done
for path in /usr/bin/pipe=fifo /usr/bin/socket=socket /etc/loop-1=symlink; do
	expect_sql "$graph" "${path#*=}" "SELECT type FROM file WHERE path = '${path%=*}'"
done

note "hostile names"
names=$(tiny_root names)
expect_exit 0 "${limit[@]}" "$TARE" analyze "$names" -o "$graph"
expect_sql "$graph" "$(find "$names" -xdev -printf x | wc -c)" "SELECT count(*) FROM file"
echo "names # because" > "$T/keep"
keep="--no-profile --keep $T/keep"
for words in "list packages" "list files" "list edges" "list findings" "report --all" \
	"needs names" "list files --json" "report -f json" "plan --all --kept $keep" \
	"plan -f json $keep" "why names $keep"; do
	# shellcheck disable=SC2086 # words
	expect_exit 0 "$TARE" $words -g "$graph"
	check "$words: inert text" inert "$T/out"
done

note "a user who may not read everything"
if [ "$(id -u)" = 0 ]; then
	root=$(copy closed)
	mkdir -m 700 "$root/secret"
	echo x > "$root/secret/file"
	echo x > "$root/unreadable"
	chmod 600 "$root/unreadable"
	chmod 755 "$T" "$T/roots" 2> "$T/ignored" || true
	mkdir -m 777 "$T/anybody"
	expect_exit 3 setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME="$T/anybody" TMPDIR="$T/anybody" "$TARE" analyze "$root" -o "$T/anybody/tare.db"
	expect_grep "^tare: the analysis is incomplete: .*tare list findings -g" "$T/err"
	expect_sql "$T/anybody/tare.db" 0 "SELECT complete FROM image"
	expect_sql "$T/anybody/tare.db" 2 \
		"SELECT count(*) FROM finding WHERE subject IN ('/secret', '/unreadable')"
	printf 'limits:\n  - what: total\n    max: 1T\n' > "$T/budget.yaml"
	expect_exit 3 "$TARE" check -b "$T/budget.yaml" -g "$T/anybody/tare.db"
	expect_grep "^tare: the analysis is incomplete" "$T/err"
	expect_exit 3 "$TARE" plan -g "$T/anybody/tare.db"
	expect_grep "^tare: the analysis is incomplete" "$T/err"
	expect_exit 0 "$TARE" report -g "$T/anybody/tare.db"
	expect_grep "^Analysis +INCOMPLETE"
else
	note "not root: skipped"
fi

note "a full disk"
if [ "$(id -u)" = 0 ] && unshare --mount true 2> "$T/ignored"; then
	mkdir "$T/small"
	# shellcheck disable=SC2016 # expands inside
	expect_exit 3 unshare --mount bash -c '
		mount -t tmpfs -o size=64k tare-test "$1/small" && echo old > "$1/small/tare.db" &&
		{ "$2" analyze "$3" -o "$1/small/tare.db"; status=$?; ls -A "$1/small"
		cat "$1/small/tare.db"; exit $status; }' - "$T" "$TARE" "$names"
	expect_grep "^tare: .*(full|No space left)" "$T/err"
	expect_equal "the old graph stays, nothing else" "tare.db old" "$(tr '\n' ' ' < "$T/out" | sed 's/ $//')"
else
	note "no mount namespace: skipped"
fi

note "killed while it works"
big=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze -q "$good" -o "$graph"
sum=$(sha256sum < "$graph")
for signal in KILL TERM; do
	for delay in 0.05 0.2 0.5; do
		"$TARE" analyze -q "$big" -o "$graph" 2> "$T/ignored" &
		sleep $delay
		kill -$signal $! 2> "$T/ignored" || note "was faster"
		wait $! 2> "$T/ignored" || true
		expect_equal "SIG$signal after $delay s: a whole graph" ok \
			"$(sqlite3 "$graph" 'PRAGMA integrity_check')"
		[ "$sum" = "$(sha256sum < "$graph")" ] || note "it had ended"
		[ $signal = KILL ] || expect_equal "nothing is left" tare.db "$(ls -A "$made")"
	done
	rm -f "$made"/*.tmp
done

note "a bug"
"$TARE" analyze -q "$big" -o "$graph" 2> "$T/err" &
analyzer=$!
# as soon as it catches SIGABRT (bit 5 of the mask in proc_pid_status(5))
for _ in $(seq 1000); do
	caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$analyzer/status")
	[ $((0x${caught:-0} & 0x20)) = 0 ] || break
	sleep 0.01
done
kill -ABRT $analyzer
status=0
wait $analyzer || status=$?
expect_equal "exit status of an internal error" 4 $status
expect_grep "^tare: internal error" "$T/err"
done_testing

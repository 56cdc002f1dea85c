#!/bin/bash
# What strace sees a program open on a file system, tare observe has in its evidence; the
# evidence comes into a graph and protects; signals end it; a second import changes nothing.
. "$(dirname "$0")/../lib.sh"

need_root_rights
unshare --mount true 2> /dev/null || skip "no mount namespaces here"
command -v strace > /dev/null || skip "no strace"

# Everything below happens on a tmpfs of our own: nothing else is watched.
cat > "$T/inside.sh" <<'INSIDE'
set -eu
mount -t tmpfs tmpfs "$1/fs"
cd "$1/fs"
mkdir -p bin etc lib
cp "$(command -v busybox)" bin/busybox
for i in $(seq 300); do echo "$i" > "etc/file-$i"; done
printf '#!%s/fs/bin/busybox sh\nexit 0\n' "$1" > bin/script
chmod 755 bin/script
echo secret > etc/untouched
"$TARE" observe --root "$1/fs" --node n1 --no-memory -o "$1/evidence.jsonl" 2> "$1/observe.err" &
observer=$!
for _ in $(seq 100); do grep -q '^tare: observing\|^observing' "$1/observe.err" && break; sleep 0.1; done
strace -f -y -o "$1/strace.txt" "$1/fs/bin/busybox" sh -c '
	for i in $(seq 300); do read x < etc/file-$i; done
	bin/script
	cat etc/file-1 etc/file-1 > /dev/null
	cp etc/file-2 etc/gone; cat etc/gone > /dev/null; rm etc/gone' > "$1/work.log" 2>&1
kill -TERM $observer
wait $observer
INSIDE
mkdir "$T/fs"
check "observe ends with status 0 after SIGTERM" \
	unshare --mount --propagation private bash "$T/inside.sh" "$T"
evidence "$T/observe.err" 5
expect_grep '"complete":true' "$T/evidence.jsonl"
expect_grep '^\{"records":[1-9]' "$T/evidence.jsonl"

# strace's results with -y are paths on the file system; a file that is gone has no path
sed -nE 's/.*open(at)?\(.* = [0-9]+<([^>]*)>$/\2/p' "$T/strace.txt" |
	grep "^$T/fs/" | sed "s|^$T/fs||" | sort -u | grep -v '^/etc/gone$' |
	grep -E '^/(etc|bin)/[^/]+$' > "$T/wanted"
sed -nE 's/^\{"path":"([^"]*)".*/\1/p' "$T/evidence.jsonl" | sort -u > "$T/got"
note "$(wc -l < "$T/wanted") files that strace saw"
check "strace saw the work" test "$(wc -l < "$T/wanted")" -ge 300
comm -23 "$T/wanted" "$T/got" > "$T/missing"
check "all of them are in the evidence" test ! -s "$T/missing"
evidence "$T/missing" 5
expect_no_grep 'untouched' "$T/evidence.jsonl"
expect_grep '"path":"/bin/script","use":"executed"' "$T/evidence.jsonl"
expect_grep '"path":"/bin/busybox","use":"executed"' "$T/evidence.jsonl"

# into a graph, and what it says there
root=$(tiny_root rich)
expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db"
path=$(sql "$T/graph.db" "SELECT path FROM file WHERE type = 'regular' AND state = 'present'
	AND id IN (SELECT file_id FROM ownership) ORDER BY id LIMIT 1")
printf '%s\n/no/such/file\n' "$path" > "$T/paths"
expect_exit 0 "$TARE" usage import -g "$T/graph.db" "$T/paths" --node n2
expect_grep '/no/such/file' "$T/err"
expect_exit 0 "$TARE" usage import -g "$T/graph.db" "$T/paths" --node n2
expect_grep '0 pieces of evidence added, 1 there already' "$T/err"
expect_exit 0 "$TARE" usage import -g "$T/graph.db" "$T/evidence.jsonl"
expect_sql "$T/graph.db" 2 "SELECT count(*) FROM evidence"
cp "$T/graph.db" "$T/before.db"
head -3 "$T/evidence.jsonl" > "$T/cut.jsonl"
expect_exit 3 "$TARE" usage import -g "$T/graph.db" --node n3 "$T/paths" "$T/cut.jsonl"
expect_grep 'cut off' "$T/err"
expect_same "nothing is half imported" "$T/before.db" "$T/graph.db"
expect_exit 0 "$TARE" usage show evidence -g "$T/graph.db" --format json
expect_grep '"node": "n1"'
expect_exit 2 "$TARE" observe --for never

# what starts it elsewhere
if command -v systemd-analyze > /dev/null; then
	mkdir -p "$T/unit"
	sed "s|/usr/bin/tare|$(command -v true)|" \
		"$TARE_SOURCE/packaging/observe/tare-observe.service" > "$T/unit/tare-observe.service"
	systemd-analyze verify --man=no "$T/unit/tare-observe.service" > "$T/unit.log" 2>&1 || true
	grep 'tare-observe' "$T/unit.log" > "$T/unit.bad" || true
	check "systemd knows every line of the unit" test ! -s "$T/unit.bad"
	evidence "$T/unit.bad" 5
fi
if python3 -c 'import yaml' 2> /dev/null; then
	check "the DaemonSet takes the rights it needs and no more" python3 - \
		"$TARE_SOURCE/packaging/observe/daemonset.yaml" <<-'PY'
	import sys, yaml
	spec = yaml.safe_load(open(sys.argv[1]))["spec"]["template"]["spec"]
	box = spec["containers"][0]["securityContext"]
	assert spec["hostPID"] is True and "privileged" not in box
	assert box["capabilities"] == {"drop": ["ALL"],
	                               "add": ["SYS_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH"]}
	PY
fi
done_testing

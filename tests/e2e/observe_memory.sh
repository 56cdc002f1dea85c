#!/bin/bash
# What observe says of a process's memory is what the kernel says of it, and packages get it.
. "$(dirname "$0")/../lib.sh"
need_root_rights
need python3 sqlite3
unshare --mount true 2> /dev/null || skip "no mount namespaces here"
root=$(testbed_root minimal)
mkdir "$T/fs"

cat > "$T/watch.sh" <<'WATCH'
set -eu
mount -t tmpfs tmpfs "$T/fs"
mkdir "$T/fs"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=$1,upperdir=$T/fs/upper,workdir=$T/fs/work" "$T/fs/root"
chroot "$T/fs/root" /usr/bin/sleep 300 &
trap "kill $!" EXIT
until [ "$(readlink "/proc/$!/exe")" = "$T/fs/root/usr/bin/sleep" ]; do sleep 0.05; done
"$TARE" observe --root "$T/fs/root" --for 1s --node n1 -o "$T/evidence" 2> "$T/observe.err"
cat "/proc/$!/smaps_rollup" > "$T/rollup"
WATCH
check "a process is observed" unshare --mount --propagation private bash "$T/watch.sh" "$root"
evidence "$T/observe.err" 5

kernel() {	# FIELD of smaps_rollup: bytes
	awk -v field="$1:" '$1 == field { print $2 * 1024 }' "$T/rollup"
}
expect_exit 0 "$TARE" analyze -q "$root" -o "$T/graph.db"
expect_exit 0 "$TARE" usage import -g "$T/graph.db" "$T/evidence"
expect_equal "executables with memory" /usr/bin/sleep "$(sql "$T/graph.db" \
	"SELECT DISTINCT path FROM process_memory JOIN file ON file.id = executable_id")"
expect_equal "private dirty bytes" "$(kernel Private_Dirty)" \
	"$(sql "$T/graph.db" "SELECT sum(private_dirty_bytes) FROM process_memory")"
# pages shared with others come and go between the two looks
check "proportional bytes within 5 % of $(kernel Pss)" test "$(sql "$T/graph.db" "SELECT
	abs(sum(pss_bytes) - $(kernel Pss)) * 20 <= $(kernel Pss) FROM process_memory")" = 1
expect_exit 0 "$TARE" list packages -g "$T/graph.db" --json --columns name,memory
check "its package has it" python3 - "$T/out" <<'PY'
import json, sys
rows = {row["name"]: row for row in json.load(open(sys.argv[1]))}
assert rows["coreutils"]["memory_bytes"] > 0, rows["coreutils"]
PY
done_testing

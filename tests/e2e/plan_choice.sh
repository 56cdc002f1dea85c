#!/bin/bash
# What may go: --exclude, --only, --max-risk, --target, --budget choose exactly, and --explain says
# what a plan says of one thing.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild jq

root=$(tiny_root choose)
cd "$T"
export TARE_GRAPH=$T/tare.db
expect_exit 0 "$TARE" analyze -q "$root" -o tare.db
echo /usr/bin/app > keep
KiB=1024

# The names that go, after --no-profile --keep keep and more options.
goes() {	# OPTION...
	"$TARE" plan -q --no-profile --keep keep "$@" -f json -o chosen.json 2> err || true
	jq -r '.packages[] | select(.action == "remove") | .name' chosen.json | sort | xargs
}
freed() {
	jq '.totals | .disk_bytes_freed + .trim_bytes_freed' chosen.json
}

note "risk"
expect_equal "everything" "big boot low small tiny" "$(goes)"
expect_equal "its bytes" $(((4 + 40 + 400 + 200 + 800) * KiB)) "$(freed)"
expect_equal "risks" "big=none boot=high low=low small=none tiny=none" "$(jq -r \
	'.packages[] | select(.action == "remove") | "\(.name)=\(.risk)"' chosen.json | sort | xargs)"
expect_equal "--max-risk none" "big small tiny" "$(goes --max-risk none)"
expect_equal "--max-risk low" "big low small tiny" "$(goes --max-risk low)"
expect_equal "--max-risk medium" "big low small tiny" "$(goes --max-risk medium)"
expect_equal "--max-risk high" "big boot low small tiny" "$(goes --max-risk high)"
expect_exit 2 "$TARE" plan --no-profile --keep keep --max-risk some

note "names"
expect_equal "--exclude, a glob" "low small tiny" "$(goes --exclude 'b*')"
expect_equal "--exclude, a path" "big boot low tiny" "$(goes --exclude /usr/share/small.bin)"
expect_equal "--only, twice" "big tiny" "$(goes --only tiny --only 'bi?')"
expect_equal "--only and --exclude" "big" "$(goes --only tiny --only 'bi?' --exclude tiny)"

note "a target"
expect_equal "exactly one package" "big" "$(goes --target 400KiB)"
expect_equal "its bytes" $((400 * KiB)) "$(freed)"
expect_equal "a little more" "big small" "$(goes --target 401KiB)"
expect_equal "all without a risk" "big small tiny" "$(goes --target 444KiB)"
expect_equal "a risk, and no more than that" "big low" "$(goes --target 600KiB)"
expect_equal "the next one does not fit, the smallest does" "big low small" "$(goes --target 601KiB)"
expect_equal "the highest risk" "big boot low small tiny" "$(goes --target 1444KiB)"
expect_equal "not above --max-risk" "big small tiny" "$(goes --target 500KiB --max-risk none)"
expect_exit 1 "$TARE" plan --no-profile --keep keep --target 2MiB
expect_grep '^Target +2\.0 MiB, not reached: 1\.4 MiB; allowed risk: high$'
expect_grep 'the target cannot be reached: 604\.0 KiB are missing' err
expect_exit 0 "$TARE" plan --no-profile --keep keep --target 600KiB
expect_grep '^Target +600\.0 KiB, reached with 600\.0 KiB; allowed risk: low$'
expect_exit 2 "$TARE" plan --no-profile --keep keep --target 0

note "a budget"
total=$("$TARE" report -f json | jq .totals.disk_bytes)
budget() {	# MAX
	printf 'limits:\n  - what: total\n    max: %s\n' "$1" > tare.yaml
}
budget $((total - 420 * KiB))
expect_equal "what is above it goes" "big small" "$(goes --budget tare.yaml)"
expect_exit 1 "$TARE" check --budget tare.yaml
budget "$total"
expect_exit 2 "$TARE" plan --no-profile --keep keep --budget tare.yaml
expect_grep 'are kept already' err
budget $((total - 420 * KiB))
expect_exit 2 "$TARE" plan --no-profile --keep keep --budget tare.yaml --target 1MiB
if [ "$(id -u)" = 0 ] && unshare --mount --pid --net --ipc --uts --fork true 2> /dev/null; then
	expect_equal "the plan" "big small" "$(goes --budget tare.yaml)"
	expect_exit 0 "$TARE" apply chosen.json --root "$root" --output copy
	expect_exit 0 "$TARE" analyze -q copy -o copy.db
	expect_exit 0 "$TARE" check --budget tare.yaml -g copy.db
else
	note "no namespaces here: nothing was applied"
fi

note "one thing explained"
expect_exit 0 "$TARE" plan --no-profile --keep keep --explain low
expect_grep '^low-1-1\.noarch '
expect_grep '^Disk +200\.0 KiB that it holds alone$'
expect_grep '^Risk +low: keeper stays and recommends it$'
expect_exit 0 "$TARE" plan --no-profile --keep keep --explain keeper
expect_grep '^keeper-1-1\.noarch +stays'
expect_exit 2 "$TARE" plan --no-profile --keep keep --explain nothing-of-that-name
done_testing

#!/bin/bash
# On a real root: a target is reached at the least risk that does, with packages that may go, and
# the plan is sound.
. "$(dirname "$0")/../lib.sh"
need jq

root=$(testbed_root container-host)
cd "$T"
export TARE_GRAPH=$T/tare.db
expect_exit 0 "$TARE" analyze -q "$root" -o tare.db
risks=(none low medium high)
plan() {	# FILE OPTION...
	"$TARE" plan -q --profile containerd-host --trim none -f json -o "$@" 2> err
}
removed() {	# FILE
	jq -r '.packages[] | select(.action == "remove") | .name' "$1" | sort
}
bytes() {	# FILE
	jq .totals.disk_bytes_freed "$1"
}
check "a plan of all" plan all.json
for risk in 0 1 2 3; do
	check "a plan of risk ${risks[risk]}" plan "limit$risk.json" --max-risk "${risks[risk]}"
	# shellcheck disable=SC2016 # jq's own variable
	check "none above ${risks[risk]}" jq -e --argjson risk "$risk" '[.packages[] |
		select(.action == "remove") | {none: 0, low: 1, medium: 2, high: 3}[.risk]] |
		max <= $risk' "limit$risk.json"
done
for target in $((512 << 20)) $(($(bytes limit2.json) + 1)) "$(bytes all.json)"; do
	check "target $target" plan some.json --target "$target"
	freed=$(bytes some.json)
	check "$freed bytes reach it" test "$freed" -ge "$target"
	check "only what may go does" test -z "$(comm -23 <(removed some.json) <(removed all.json))"
	risk=$(jq '[.packages[] | select(.action == "remove") |
		{none: 0, low: 1, medium: 2, high: 3}[.risk]] | max' some.json)
	lower=$((risk - 1))
	[ "$risk" = 0 ] || check "risk ${risks[lower]} would not reach it" \
		test "$(bytes "limit$lower.json")" -lt "$target"
	expect_exit 0 "$TARE" verify some.json
done
expect_exit 1 "$TARE" plan -q --profile containerd-host --trim none --target $(($(bytes all.json) + 1024)) -o no.json
expect_grep 'cannot be reached: 1\.0 KiB are missing' err
done_testing

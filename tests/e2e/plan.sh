#!/bin/bash
# From a graph to a plan, its proof and its export; each says the same, and a plan that is
# wrong is refuted.
. "$(dirname "$0")/../lib.sh"
need jq rpm python3

root=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze -q "$root" -o "$T/tare.db"
export TARE_GRAPH=$T/tare.db
cd "$T"

note "text and JSON"
expect_exit 0 "$TARE" plan --profile minimal-userland --root "$root"
cp out plan.txt
for line in '^Frees +[0-9.]+ [KMG]iB of [0-9.]+ [KMG]iB on disk \([0-9.]+ %\)$' \
	'^Packages +[0-9]+ of [0-9]+ go, [0-9]+ stay$' '^Risk +[0-9]+ high, [0-9]+ medium, [0-9]+ low, [0-9]+ none$' '^Smallest +proven' '^Graph +passed$' \
	'^RPM +passed$' '^Profiles +minimal-userland and [0-9]+ that it includes$' \
	'^Goes, biggest first' '^Features that are lost'; do
	expect_grep "$line"
done
expect_exit 0 "$TARE" plan --profile minimal-userland --root "$root" -o plan.json
expect_equal "with -o nothing on standard output" 0 "$(wc -c < out | tr -d ' ')"
expect_grep "^[0-9]+ of [0-9]+ packages can go and free [0-9.]+ MiB; profiles: minimal-userland" err
expect_exit 0 "$TARE" plan --profile minimal-userland --root "$root" -f json
expect_same "the same JSON" plan.json out
removed=$(jq '.totals.packages_removed' plan.json)
expect_grep "^Packages +$removed of $(jq '.totals.packages_before' plan.json) go" plan.txt
expect_equal "packages to remove" "$removed" \
	"$(jq '[.packages[] | select(.action == "remove")] | length' plan.json)"
expect_equal "proof" "passed passed true" \
	"$(jq -r '.proof | [.graph_check, .rpm_check, (.optimal | tostring)] | join(" ")' plan.json)"
valid() {	# SCHEMA FILE
	python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "$1" "$2"
}
if python3 -c 'import jsonschema' 2> ignored; then
	check "the plan keeps its schema" valid "$TARE_SOURCE/trimmer/plan.schema.json" plan.json
	expect_exit 0 "$TARE" report --plan plan.json -f json -o report.json
	check "the report keeps its schema" valid "$TARE_SOURCE/report/report.schema.json" report.json
	expect_exit 0 "$TARE" report -f json -o short.json
	check "without a plan, too" valid "$TARE_SOURCE/report/report.schema.json" short.json
else
	note "no python3-jsonschema"
fi

note "the same again, byte for byte"
expect_exit 0 "$TARE" analyze -q "$root" -o again.db
for words in "plan --profile minimal-userland" "plan --profile minimal-userland -f json" "report --all" \
	"report -f json" "list packages" "list files --json" "list edges" "why bash" "needs bash"; do
	# shellcheck disable=SC2086 # words
	"$TARE" $words > first
	# shellcheck disable=SC2086 # words
	"$TARE" $words -g again.db > second
	expect_same "$words" first second
done

note "verify"
expect_exit 0 "$TARE" verify plan.json --root "$root"
expect_grep "^PASS \[valid:$removed no-op:0 unsafe:0\], frees "
expect_exit 0 "$TARE" verify plan.json
expect_grep "^RPM +not run"
keep=$(jq -r '[.packages[] | select(.action == "keep" and (.name | startswith("libc6")))][0].nevra' plan.json)
jq --arg nevra "$keep" '(.packages[] | select(.nevra == $nevra)) |= (.action = "remove")
	| .totals.packages_removed += 1' plan.json > wrong.json
expect_exit 1 "$TARE" verify wrong.json --root "$root"
expect_grep "^unsafe +${keep//+/\\+}: "
expect_grep "^FAIL \["
expect_exit 1 "$TARE" verify wrong.json --root "$root" -f json
expect_equal "in JSON" "false 1" "$(jq -r '[.passed, .unsafe] | join(" ")' out)"
jq '(.packages[] | select(.action == "remove") | .nevra) |= sub("^(?<n>.)"; "gone-\(.n)")' \
	plan.json > gone.json
expect_exit 0 "$TARE" verify gone.json
expect_grep "^PASS \[valid:0 no-op:$removed unsafe:0\]"
for change in '.schema = "tare-plan/9"' 'del(.totals)' '.packages[0].action = "eat"' '.extra = 1'; do
	jq "$change" plan.json > bad.json
	expect_exit 3 "$TARE" verify bad.json
	expect_grep "^tare: .*bad.json" err
done
head -c 1000 plan.json > cut.json
expect_exit 3 "$TARE" verify cut.json
expect_grep "^tare: .*cut.json.*line" err

note "export"
expect_exit 0 "$TARE" export plan.json
expect_same "one NEVRA a line" <(jq -r '.packages[] | select(.action == "remove").nevra' plan.json) out
expect_exit 0 "$TARE" export plan.json -f rpm -o trim.sh
mkdir db
cp "$root"/usr/lib/sysimage/rpm/rpmdb.sqlite* db/
check "rpm --test takes the script" sh trim.sh --dbpath "$T/db" --test
jq '(.packages[] | select(.action == "remove") | .nevra) |= . + "; reboot"' plan.json > evil.json
expect_exit 3 "$TARE" export evil.json -f rpm
expect_equal "and nothing is written" 0 "$(wc -c < out | tr -d ' ')"

note "why"
expect_exit 0 "$TARE" why bash --profile minimal-userland
expect_grep "^Profiles: minimal-userland and"
expect_grep "^bash-[^ ]+ stays$"
expect_grep "^  <- .*\[profiles/.*\.yaml:[0-9]+\]$"
gone=$(jq -r '[.packages[] | select(.action == "remove")][0].name' plan.json)
expect_exit 0 "$TARE" why "$gone" --profile minimal-userland
expect_grep "^$gone-[^ ]+ can go: nothing that must stay needs it$"
expect_exit 0 "$TARE" why /bin/bash --profile minimal-userland -f json
expect_equal "JSON" "/usr/bin/bash true" "$(jq -r '[.subject, .stays] | join(" ")' out)"
doc=$(cd "$root" && find usr/share/doc/bash -type f | sort | head -1)
expect_exit 0 "$TARE" why "/$doc" --profile minimal-userland
expect_grep "^/$doc stays with its package"
expect_grep "^bash-[^ ]+ stays$"
expect_exit 0 "$TARE" why bash
expect_grep "\(assumed: no --profile was given\)$"
expect_exit 2 "$TARE" why no-such-thing
expect_exit 2 "$TARE" why bash --profile no-such-profile
expect_grep "^tare: .*no-such-profile" err
expect_exit 2 "$TARE" plan --no-profile
expect_grep "^tare: " err

note "a keep file"
echo "$gone   # operators like it" > keep.txt
expect_exit 0 "$TARE" plan --profile minimal-userland --keep keep.txt -f json
expect_equal "$gone stays" keep "$(jq -r --arg name "$gone" '.packages[] | select(.name == $name).action' out)"
expect_exit 0 "$TARE" why "$gone" --profile minimal-userland --keep keep.txt
expect_grep "operators like it  \[keep.txt:1\]$"
expect_exit 2 "$TARE" plan --keep missing.txt
echo 'no-such-package # why' > keep.txt
expect_exit 2 "$TARE" plan --keep keep.txt
expect_grep "^tare: keep.txt:1:" err

note "metadata alone"
expect_exit 0 "$TARE" analyze -q --metadata-only "$root" -o meta.db
expect_exit 0 "$TARE" report -g meta.db
expect_grep "^Analysis +complete; from metadata alone"
expect_grep "^Declared sizes$"
expect_exit 0 "$TARE" plan -g meta.db --profile minimal-userland
expect_grep "^Analysis +complete; from metadata alone"
expect_grep "^Frees .* of declared sizes"
expect_exit 0 "$TARE" report -g meta.db -f json
expect_equal "in JSON" "metadata-only declared" "$(jq -r '.image | [.mode, .basis] | join(" ")' out)"
printf 'limits:\n  - what: total\n    max: 1T\n' > budget.yaml
expect_exit 0 "$TARE" check -g meta.db -b budget.yaml
expect_grep "declared"
expect_exit 0 "$TARE" list packages -g meta.db
expect_grep "declared" err
done_testing

#!/bin/bash
# A comparison names what came, went and grew, and the requirement that brought it.
. "$(dirname "$0")/../lib.sh"
need jq rpmbuild python3

for side in before after; do
	root=$(tiny_root grown-$side)
	expect_exit 0 "$TARE" analyze -q "$root" -o "$T/$side.db"
done
cd "$T"

# What jq finds in the comparison, as one line.
found() {	# WHAT WANTED FILTER
	expect_equal "$1" "$2" "$(jq -c "$3" diff.json)"
}

expect_exit 1 "$TARE" diff before.db after.db -f json -o diff.json
found "packages and what became of them" \
	'["app version","deep added","extra added","leaver removed","newlib added"]' \
	'[.packages[] | "\(.name) \(.change)"] | sort'
found "the requirement that appeared" '["app now requires newlib"]' \
	'[.causes[] | select(.nevra == "newlib-1-1.noarch") | .reason]'
found "what it brought along" '2' '.causes[] | select(.nevra == "newlib-1-1.noarch") | .packages'
found "with their bytes" true \
	'(.causes[] | select(.nevra == "newlib-1-1.noarch") | .disk_bytes)
	== ([.newcomers[] | select(.origin == "newlib-1-1.noarch") | .disk_bytes] | add)'
found "the second step" '["newlib requires deep (new as well)"]' \
	'[.newcomers[] | select(.nevra == "deep-1-1.noarch") | .reason]'
found "what nobody requires" '"asked"' '.newcomers[] | select(.nevra == "extra-1-1.noarch") | .cause'
found "growth inside a package" '[["size","app",36864]]' \
	'[.files[] | select(.path == "/usr/share/app/data") | [.change, .package, .growth_bytes]]'
found "no file of a package that came or went" 0 \
	'[.files[] | select(.path | test("/(newlib|deep|leaver)/"))] | length'
found "the setuid program" '[["came","setuid","/usr/bin/extra"]]' \
	'[.exposed[] | select(.measure == "setuid") | [.change, .measure, .path]]'
found "the sum is the difference" true \
	'.totals.disk_bytes.growth == ([.categories[].growth_bytes] | add)
	and .totals.disk_bytes.growth == ([.folders[].growth_bytes] | add)
	and .totals.disk_bytes.growth == .totals.disk_bytes.new - .totals.disk_bytes.old'
expect_equal "new bytes are du's" "$(du -sB1 "$T/roots/grown-after" | cut -f 1)" \
	"$(jq .totals.disk_bytes.new diff.json)"
if python3 -c 'import jsonschema' 2> ignored; then
	check "it keeps its schema" python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' \
		"$TARE_SOURCE/report/diff.schema.json" diff.json
fi

note "other forms"
expect_exit 1 "$TARE" diff before.db after.db
expect_grep '^newlib-1-1.noarch +2 +.* app now requires newlib$'
expect_grep '^removed +-[0-9.]+ KiB +[0-9.]+ KiB +- +leaver-1-1.noarch +-$'
expect_exit 1 "$TARE" diff before.db after.db -f markdown -n 1
# shellcheck disable=SC2016 # back ticks of Markdown
expect_grep '^\| `newlib-1-1.noarch` \| 2 \| .* \| app now requires newlib \|$'
expect_grep '^The first 1 of 2\.$'
expect_exit 1 "$TARE" diff before.db after.db --depth 1
expect_grep '^/usr +'
expect_no_grep '^/usr/share +'

note "the other way round"
expect_exit 1 "$TARE" diff after.db before.db -f json
# shellcheck disable=SC2016 # jq's
check "what came is what went" jq -e --slurpfile a diff.json \
	'.totals.disk_bytes.growth == -$a[0].totals.disk_bytes.growth
	and [.newcomers[].nevra] == ["leaver-1-1.noarch"]' out

note "two plans"
printf 'keep:\n  - package: app\n    why: a test\n' > small.yaml
printf 'keep:\n  - package: app\n    why: a test\n  - package: extra\n    why: a test\n' > big.yaml
for size in small big; do
	expect_exit 0 "$TARE" plan -q -g after.db -k $size.yaml --no-profile -o $size.json
done
expect_exit 1 "$TARE" diff small.json big.json -f json -o plans.json
expect_equal "what stays now" '[["extra","remove","keep"]]' \
	"$(jq -c '[.packages[] | [.name, .old_action, .new_action]]' plans.json)"
expect_equal "freed less" true "$(jq '.totals.packages_removed.growth == -1
	and .totals.disk_bytes_freed.growth < 0' plans.json)"
if python3 -c 'import jsonschema' 2> ignored; then
	check "it keeps its schema" python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' \
		"$TARE_SOURCE/report/plan-diff.schema.json" plans.json
fi
expect_exit 1 "$TARE" diff small.json big.json
expect_grep '^ *[0-9.]+ KiB +remove +keep +.* extra-1-1.noarch'
expect_exit 1 "$TARE" diff small.json big.json -f markdown
expect_grep '^\| .* \| remove \| keep \|'
expect_exit 0 "$TARE" diff big.json big.json
expect_grep '^The two plans say the same\.$'
expect_exit 2 "$TARE" diff small.json big.json -f html
expect_exit 3 "$TARE" diff small.json before.db
expect_grep "^tare: 'small.json' is a plan and 'before.db' is none$" err

note "no difference, wrong use"
expect_exit 0 "$TARE" diff after.db after.db
expect_grep '^No package and no file differs\.$'
expect_exit 0 "$TARE" diff after.db after.db -f json
check "empty tables" jq -e '(.differs | not) and .packages == [] and .files == [] and .folders == []' out
expect_exit 2 "$TARE" diff before.db
expect_exit 3 "$TARE" diff before.db missing.db
expect_exit 3 "$TARE" diff before.db diff.json
sqlite3 after.db "UPDATE image SET complete = 0"
expect_exit 3 "$TARE" diff before.db after.db
expect_grep '^Careful +the new analysis is incomplete$'
done_testing

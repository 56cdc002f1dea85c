#!/bin/bash
# HTML reports: valid markup, one file, and in a browser without a message; map, tables, filter,
# keyboard, dark and narrow screens and print work.
. "$(dirname "$0")/../lib.sh"
need node npm chromium python3

modules=$(npm_tools)
CHROMIUM=$(command -v chromium)
export NODE_PATH=$modules/node_modules CHROMIUM
validate() {	# CONFIGURATION FILE
	(cd "$modules" && node node_modules/html-validate/bin/html-validate.mjs --config "$1" "$2")
}

# Runs the browser's checks; their lines are checks of this test.
browse() {	# report|diff FILE [FOLDER]
	local line folder=$T/${3:-$1}
	mkdir -p "$folder"
	node "$TARE_SOURCE/tests/html/browse.cjs" "$1" "$2" "$folder" > "$T/browsed" || true
	while IFS= read -r line; do
		case $line in
		"ok - "*) ok "$1: ${line#ok - }" ;;
		"not ok - "*) not_ok "$1: ${line#not ok - }" ;;
		*) echo "$line" ;;
		esac
	done < "$T/browsed"
	expect_grep '^ok - no message, no request, no dialogue$' "$T/browsed"
}

root=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze -q "$root" -o "$T/tare.db"
export TARE_GRAPH=$T/tare.db
expect_exit 0 "$TARE" plan -q -o "$T/plan.json"
printf 'limits:\n  - { what: total, max: 1MiB, why: "<b>flash</b>" }\n' > "$T/budget.yaml"
expect_exit 0 "$TARE" report --plan "$T/plan.json" -b "$T/budget.yaml" -f html -o "$T/report.html"
expect_exit 0 "$TARE" report -f html -o "$T/short.html"
for side in before after; do
	expect_exit 0 "$TARE" analyze -q "$(tiny_root grown-$side)" -o "$T/$side.db"
done
expect_exit 1 "$TARE" diff "$T/before.db" "$T/after.db" -f html -o "$T/diff.html"

python3 "$TARE_SOURCE/tests/e2e/common/hostile.py" plant "$T/after.db"
printf 'keep:\n  - path: /usr/share/app/data\n    why: a test\n' > "$T/keep.yaml"
expect_exit 0 "$TARE" plan -q -g "$T/after.db" -k "$T/keep.yaml" --no-profile -o "$T/hostile.json"
expect_exit 0 "$TARE" report -g "$T/after.db" --plan "$T/hostile.json" -f html -o "$T/hostile.html"

for page in report short diff hostile; do
	check "$page.html is valid" validate "$TARE_SOURCE/tests/html/validate.json" "$T/$page.html"
	expect_equal "$page.html names nothing outside" 0 \
		"$(grep -cE '(src|href)="[^#]|@import|url\(' "$T/$page.html" || true)"
	expect_grep "content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" \
		"$T/$page.html"
done
sed 's/<h1/<h1 id="map"/' "$T/report.html" > "$T/bad.html"
# shellcheck disable=SC2016 # of the inner shell
check "the validator finds an id that is there twice" \
	sh -c '! (cd "$1" && node node_modules/html-validate/bin/html-validate.mjs "$2")' - "$modules" "$T/bad.html"

browse report "$T/report.html"
expect_grep '<section id="budgets"[^>]*><h2.*>fail<.*&lt;b&gt;flash&lt;/b&gt;' "$T/report/dom.html"
browse diff "$T/diff.html"
note "hostile names"
browse report "$T/hostile.html" hostile
for page in report diff hostile; do
	check "what the scripts make of $page is valid" \
		validate "$TARE_SOURCE/tests/html/validate.json" "$T/$page/dom.html"
done
for file in "$TARE_SOURCE"/report/html/*.js; do
	check "${file##*/} is JavaScript" node --check "$file"
done
done_testing

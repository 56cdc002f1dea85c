#!/bin/bash
# Budgets: what is measured is what du and rpm say, and nothing wrong ever passes.
. "$(dirname "$0")/../lib.sh"
need rpmbuild jq

root=$(tiny_root scripts)
expect_exit 0 "$TARE" analyze -q "$root" -o "$T/tare.db"
export TARE_GRAPH=$T/tare.db
cd "$T"

bytes=$(du -xs --block-size=1 "$root" | cut -f 1)
files=$(find "$root" -xdev -printf x | wc -c)
packages=$(rpm --root "$root" --dbpath /usr/lib/sysimage/rpm -qa 2> ignored | wc -l)
programs=$(find "$root/usr/bin" -maxdepth 1 -printf '%i %b\n' | sort -u |
	awk '{ sum += $2 * 512 } END { print sum }')
programs=$((programs - $(stat -c %b "$root/usr/bin") * 512))

budget() {	# WHAT MAX
	printf "limits:\n  - what: '%s'\n    max: %s\n" "$1" "$2" > budget.yaml
}

for case in "total $bytes" "files $files" "packages $packages" "path:/usr/bin/* $programs"; do
	what=${case% *} limit=${case##* }
	budget "$what" "$limit"
	expect_exit 0 "$TARE" check --budget budget.yaml
	expect_grep "^PASS \[pass:1 fail:0 warn:0 skip:0\]$"
	budget "$what" $((limit - 1))
	expect_exit 1 "$TARE" check --budget budget.yaml
	expect_grep "^FAIL  ${what//\*/\\*}: "
	expect_grep "^FAIL \[pass:0 fail:1 warn:0 skip:0\]$"
	expect_exit 1 "$TARE" check --budget budget.yaml -f json
	expect_equal "$what in JSON" "$limit" "$(jq '.results[0].measured' out)"
done

note "the default budget, and several formats of the same"
cat > tare.yaml <<'EOT'
limits:
  - what: packages
    max: 1
    why: only one, because of a test
  - name: everything
    what: total
    max: 1GiB
  - what: package:no-such-*
    max: 1
    optional: true
EOT
expect_exit 1 "$TARE" check
expect_grep "^ +limit: tare.yaml:2, because: only one, because of a test$"
expect_grep "^SKIP  package:no-such-\*: matches nothing"
cp out first
expect_exit 1 "$TARE" check -o file
expect_same "the same in a file" first file
expect_exit 1 "$TARE" check
expect_same "the same again" first out
expect_exit 1 "$TARE" check --color=always
expect_grep $'^\x1b\[1;31mFAIL\x1b\[0m  packages'
expect_exit 1 "$TARE" check --si
expect_grep "everything: .* kB of 1.1 GB"

note "what is wrong is never silent"
wrong() {	# PATTERN, budget on standard input
	cat > budget.yaml
	expect_exit 2 "$TARE" check --budget budget.yaml
	expect_equal "nothing on standard output" 0 "$(wc -c < out | tr -d ' ')"
	expect_grep "^tare: $1" err
}
wrong "budget.yaml:2:[0-9]+: '.*' cannot be measured; known are: total" <<< $'limits:\n  - what: totl\n    max: 1\n'
wrong "budget.yaml:4:[0-9]+: .*'maxx'" <<< $'limits:\n  - what: total\n    max: 1\n    maxx: 1'
wrong "budget.yaml:2:.*matches nothing" <<< $'limits:\n  - what: path:/nowhere/*\n    max: 1'
wrong "budget.yaml:3:.*'many' is not a size" <<< $'limits:\n  - what: total\n    max: many'
wrong "budget.yaml:3:.*counts packages" <<< $'limits:\n  - what: packages\n    max: 10 MiB'
wrong ".*budget.yaml.*" < /dev/null
wrong "budget.yaml:[0-9]+:[0-9]+: not valid YAML" <<< $'[limits'
expect_exit 2 "$TARE" check --budget missing.yaml
expect_grep "^tare: cannot open 'missing.yaml': No such file" err
done_testing

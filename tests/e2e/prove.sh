#!/bin/bash
# A test that fails on the trimmed copy: the removal that it misses is found among all, in few
# runs, with the file, who opens it, and a keep file that mends the plan.
. "$(dirname "$0")/../lib.sh"
need rpm jq python3 setfacl setfattr setcap
need_root_rights
unshare --mount --pid --net --ipc --uts --fork true 2> /dev/null || skip "no namespaces here"
busybox=${BUSYBOX:-/bin/busybox}
file -L "$busybox" 2> /dev/null | grep -q statically || skip "needs busybox-static"

cd "$T"
# forty packages that go, in chains and alone, besides those of the tiny root
{
	sed '/^%install/,$d' "$TARE_SOURCE/tests/e2e/roots/apply/apply.spec"
	for i in $(seq 40); do
		printf '%%package -n p%s\nSummary: p\n' "$i"
		[ $((i % 4)) = 0 ] || printf 'Requires: p%s\n' $((i + 1))
		printf '%%description -n p%s\n.\n%%files -n p%s\n/usr/share/p/%s\n' "$i" "$i" "$i"
	done
	sed -n '/^%install/,$p' "$TARE_SOURCE/tests/e2e/roots/apply/apply.spec"
	# shellcheck disable=SC2016 # for the spec file
	printf 'mkdir usr/share/p\nfor i in $(seq 40); do echo $i > usr/share/p/$i; done\n'
} > many.spec
"$TARE_SOURCE/tests/testbed/tiny.sh" "$T/root" many.spec > tiny.log 2>&1 || { cat tiny.log; exit 1; }
cp "$busybox" root/usr/bin/sh
export TARE_GRAPH=$T/tare.db
"$TARE" analyze -q root -o tare.db
echo keeper > keep
"$TARE" plan -q --no-profile --keep keep -o plan.json
removals=$(jq .totals.packages_removed plan.json)
note "$removals packages go"
limit=$(awk -v n="$removals" 'BEGIN { print int(2 * log(n) / log(2) + 2) }')

# shellcheck disable=SC2016 # for the tested shell
helper='chroot "$TARE_ROOT" /bin/sh /usr/libexec/helper && echo x >> "$TARE_ROOT/usr/share/keeper/data"'
expect_exit 1 "$TARE" apply plan.json --root root -o copy -f json --prove "echo run >> $T/runs; $helper"
cp out prove.json
expect_equal "what is missed" "found helper-1-1.noarch" \
	"$(jq -r '.test | [.outcome, .missed[]] | join(" ")' prove.json)"
expect_equal "with what it needs" "helper-1-1.noarch helper-data-1-1.noarch" \
	"$(jq -r '.test.must_stay | sort | join(" ")' prove.json)"
expect_equal "the file" /usr/libexec/helper "$(jq -r .test.file prove.json)"
expect_equal "who opens it" /usr/bin/sh "$(jq -r .test.used_by prove.json)"
expect_equal "runs are counted" "$(wc -l < runs)" "$(jq .test.runs prove.json)"
check "at most 2 log2($removals) + 2 = $limit runs: $(jq .test.runs prove.json)" \
	test "$(jq .test.runs prove.json)" -le "$limit"
check "no copy, no state" test ! -e copy -a ! -e copy.tare-apply
check "the root was not written" test "$(cat root/usr/share/keeper/data)" = data

note "a file that is not opened, one of many"
# shellcheck disable=SC2016
expect_exit 1 "$TARE" apply plan.json --root root -o copy -f json \
	--prove '[ -e "$TARE_ROOT/usr/share/goner-data/17" ]'
expect_equal "is found, too" "goner-data-1-1.noarch /usr/share/goner-data/17" \
	"$(jq -r '.test | [.missed[0], .file] | join(" ")' out)"
check "the package within $limit runs: $(jq .test.search_runs out)" \
	test "$(jq .test.search_runs out)" -le "$limit"

note "two at once"
# shellcheck disable=SC2016
expect_exit 1 "$TARE" apply plan.json --root root -o copy -f json \
	--prove 'test -e "$TARE_ROOT/usr/share/p/8" -a -e "$TARE_ROOT/usr/share/p/13"'
expect_equal "both are found" "p13-1-1.noarch p8-1-1.noarch" \
	"$(jq -r '.test.missed | sort | join(" ")' out)"

note "the keep file"
expect_exit 1 "$TARE" apply plan.json --root root -o copy --prove "$helper"
sed -n '/^    keep:/,$s/^    //p' out | sed '/^PASS\|^FAIL/d' > keep.yaml
expect_grep "^  - path: '/usr/libexec/helper'$" keep.yaml
expect_exit 0 "$TARE" plan -q --no-profile --keep keep --keep keep.yaml -o mended.json
expect_exit 0 "$TARE" apply mended.json --root root -o copy --prove "$helper"
expect_grep '^Test +passes on the result \(1 run\)$'
expect_equal "the copy was not written by the test" data "$(cat copy/usr/share/keeper/data)"

note "tests that prove nothing"
expect_exit 1 "$TARE" apply plan.json --root root -o other --prove false
expect_grep 'fails on the untrimmed root, too'
# shellcheck disable=SC2016
expect_exit 1 "$TARE" apply plan.json --root root -o other -f json \
	--prove 'test "$(stat -c %s "$TARE_ROOT/usr/lib/sysimage/rpm/rpmdb.sqlite")" = '"$(stat -c %s root/usr/lib/sysimage/rpm/rpmdb.sqlite)"
expect_equal "no file that went" "no removal" "$(jq -r .test.outcome out)"
expect_exit 1 "$TARE" apply plan.json --root root -o other \
	--prove 'printf "\033[31mred\a\n"; exit 3'
expect_no_grep $'\033|\a'
expect_exit 2 "$TARE" apply plan.json --root root --live --really --prove true
check "nothing is left" test ! -e other -a ! -e other.tare-apply
done_testing

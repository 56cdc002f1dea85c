#!/bin/bash
# Wrong usage is one clear line and exit status 2; results that cannot be written are never
# success.
. "$(dirname "$0")/../lib.sh"

# One line on standard error that matches, nothing on standard output.
refused() {	# STATUS PATTERN ARGUMENT...
	local status=$1 pattern=$2
	shift 2
	expect_exit "$status" "$TARE" "$@"
	expect_equal "one line, nothing else" "1 0" \
		"$(wc -l < "$T/err" | tr -d ' ') $(wc -c < "$T/out" | tr -d ' ')"
	expect_grep "^tare: .*$pattern" "$T/err"
}

cd "$T"
refused 2 "no command: see 'tare --help'"
refused 2 "'chek' is no command \(did you mean 'check'\?\)" chek
refused 2 "'xyzzy' is no command: see" xyzzy
refused 2 "'--graph' is no command" --graph x
refused 2 "unknown option '--budgt' \(did you mean '--budget'\?\).*tare check --help" check --budgt x
refused 2 "unknown option '-Z'" check -Z
refused 2 "option '--budget' needs a value: --budget=FILE" check --budget
refused 2 "option '--quiet' takes no value" check --quiet=yes
refused 2 "'--format': 'xml' is none of: text, json" why --format xml bash
refused 2 "'--depth': '-1' is not a whole number" needs --depth -1 bash
refused 2 "'--depth': '9x' is not a whole number" needs --depth 9x bash
refused 2 "option '--ve' could be several" needs --ve bash
refused 2 "argument is missing: tare needs NAME\|PATH" needs
refused 2 "'two' is one argument too many" needs one two
refused 2 "argument is missing: tare analyze ROOT" analyze
refused 2 "option '--threads': at most" analyze -j 1000000 /
refused 2 "explore needs a terminal" explore
refused 2 "'--caution': 'hihg' is none of: normal, low, high" plan --caution hihg
refused 2 "no list of 'packagez' \\(did you mean 'packages'" list packagez
refused 3 "cannot open 'none.json'" verify none.json
refused 2 "'foo' is none of: list, show, check" rules foo
refused 2 "tare rules show NAME" rules show
refused 2 "did you mean 'containerd-host'" rules show containerd-hots
refused 2 "cannot open 'tare.yaml'" check
refused 3 "there is no graph 'tare.db': make one with 'tare analyze" needs bash
refused 3 "'/dev/null' is not a regular file" needs -g /dev/null bash
printf 'not a database, but long enough to look at' > "$T/text.db"
refused 3 "'text.db' is not a graph of tare: make one" needs -g text.db bash
sqlite3 "$T/other.db" 'CREATE TABLE t (a)'
refused 3 "'other.db' is not a graph of tare: make one" needs -g other.db bash

# Control characters of arguments do not reach the terminal.
refused 2 "'a.x1b\[31mb.n' is no command" $'a\x1b[31mb\n'

for words in --help -h help "help check" "check --help" "check -h" --version -V version \
	"check --version"; do
	# shellcheck disable=SC2086 # words
	expect_exit 0 "$TARE" $words
	expect_equal "nothing on standard error" 0 "$(wc -c < "$T/err" | tr -d ' ')"
done

if [ -e /dev/full ]; then
	expect_exit 3 sh -c "'$TARE' --help > /dev/full"
	expect_grep "^tare: cannot write to standard output: No space left" "$T/err"
	expect_exit 3 "$TARE" rules list -o /dev/full
	expect_grep "^tare: cannot write '/dev/full': No space left" "$T/err"
	check "/dev/full is still a device" test -c /dev/full
fi
ln -s real link
expect_exit 0 "$TARE" rules list -o link
check "a symlink stays, its target is written" sh -c '[ -L link ] && [ -s real ]'
expect_exit 3 "$TARE" rules list -o "$T/missing/folder/file"
expect_grep "^tare: cannot create '.*missing/folder/file': No such file" "$T/err"
expect_exit 3 sh -c "'$TARE' --help >&-"
expect_grep "^tare: cannot write to standard output" "$T/err"
expect_exit 0 bash -c "set -o pipefail; '$TARE' --help | true"
expect_equal "a closed pipe is no news" 0 "$(wc -c < "$T/err" | tr -d ' ')"
done_testing

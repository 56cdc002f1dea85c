#!/bin/bash
# Rule files are listed, shown and checked; what is wrong has its place.
. "$(dirname "$0")/../lib.sh"
need jq rpmbuild

cd "$T"
note "what is shipped"
expect_exit 0 "$TARE" rules check
expect_grep "^all rules are fine$"
expect_exit 0 "$TARE" rules list -f json
expect_equal "all are readable" 0 "$(jq '[.[] | select(.problem)] | length' out)"
expect_same "all profiles are listed" \
	<(cd "$TARE_SOURCE/rules/profiles" && printf '%s\n' *.yaml | sed 's/\.yaml$//' | sort) \
	<(jq -r '.[] | select(.kind == "profile").name' out | sort)
expect_exit 0 "$TARE" rules show containerd-host
expect_grep "^containerd-host: "
expect_grep "^containerd: "

note "rules of one's own"
mkdir -p mine/profiles
cat > mine/profiles/shell.yaml <<'EOT'
profile: shell
summary: a shell
feature: logging in
keep:
  - path: /usr/bin/sh
    why: somebody logs in
EOT
expect_exit 0 "$TARE" rules check --rules mine shell
expect_exit 0 "$TARE" rules list --rules mine
expect_grep "^profile +shell +1 +a shell$"
expect_exit 0 "$TARE" rules show --rules mine shell
expect_grep "somebody logs in"
expect_exit 0 env TARE_RULES="$T/mine" "$TARE" rules list
expect_equal "nothing but them" 2 "$(wc -l < out | tr -d ' ')"
sed 's/a shell/another/' mine/profiles/shell.yaml > other.yaml
mkdir -p second/profiles
cp other.yaml second/profiles/shell.yaml
expect_exit 0 "$TARE" rules list --rules mine --rules second
expect_grep "^profile +shell +1 +\(hidden\) another$"

note "with a graph"
expect_exit 0 "$TARE" analyze -q "$(tiny_root scripts)" -o tare.db
expect_exit 0 "$TARE" rules check --rules mine shell --with-graph
sed -i 's|/usr/bin/sh|/usr/bin/fish|' mine/profiles/shell.yaml
expect_exit 2 "$TARE" rules check --rules mine shell --with-graph
expect_grep "shell.yaml:5:.*fish"
expect_exit 0 "$TARE" rules check --rules mine shell
expect_exit 3 "$TARE" rules check --rules mine shell --with-graph -g none.db

note "what is wrong"
wrong() {	# PATTERN, rule file on standard input
	cat > mine/profiles/shell.yaml
	expect_exit 2 "$TARE" rules check --rules mine shell
	expect_grep "shell.yaml:$1"
}
wrong "3:1: .*'kep'.*'keep'" <<< $'profile: shell\nsummary: a shell\nkep: []'
wrong "4:[0-9]+: .*'why'" <<< $'profile: shell\nsummary: s\nkeep:\n  - command: sh\n'
wrong "1:[0-9]+: " <<< $'- a list'
wrong "3:[0-9]+: .*no-such-profile" <<< $'profile: shell\nsummary: s\ninclude: [no-such-profile]'
expect_exit 2 "$TARE" rules check --rules mine no-such-rule
expect_exit 2 "$TARE" rules list --rules no-such-folder
expect_grep "^tare: .*no-such-folder" err
done_testing

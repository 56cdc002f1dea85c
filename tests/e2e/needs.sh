#!/bin/bash
# What needs what: requirements and edges, both ways, step by step, with their words.
. "$(dirname "$0")/../lib.sh"
need rpmbuild jq

analyze() {	# CASE
	expect_exit 0 "$TARE" analyze -q "$(tiny_root "$1")" -o "$T/$1.db"
	export TARE_GRAPH=$T/$1.db
}

# "from kind strength to" of each row.
rows() {
	jq -r '.needs[] | [.from, .kind, .strength, .to // "-"] | join(" ")' "$T/out"
}

note "requirements"
analyze weak
expect_exit 0 "$TARE" needs app -f json
rows > "$T/got"
cat > "$T/wanted" <<'EOT'
app-1-1.noarch requires hard core-1-1.noarch
app-1-1.noarch recommends weak recommended-1-1.noarch
app-1-1.noarch recommends weak -
app-1-1.noarch suggests weak suggested-1-1.noarch
EOT
expect_same "a package's needs" <(sort "$T/wanted") <(sort "$T/got")
expect_exit 0 "$TARE" needs app --kind requires -f json
expect_equal "one kind" "app-1-1.noarch requires hard core-1-1.noarch" "$(rows)"
expect_exit 0 "$TARE" needs app --kind recommends --all -f json
expect_equal "recommended things recommend nothing" 2 "$(rows | wc -l | tr -d ' ')"
expect_exit 0 "$TARE" needs app --all -f json
expect_equal "the second step" "recommended-1-1.noarch requires hard below-recommended-1-1.noarch" \
	"$(rows | grep '^recommended')"
expect_exit 0 "$TARE" needs core --reverse
expect_grep "^app-1-1.noarch +requires +hard +core-1-1.noarch +core +rpmdb$"
expect_exit 0 "$TARE" needs core
expect_grep "^core-1-1.noarch: needs nothing in this root$"
expect_exit 0 "$TARE" needs suggested --reverse --kind requires
expect_grep "^suggested-1-1.noarch: nothing in this root needs it$"

note "edges"
analyze scripts
expect_exit 0 "$TARE" needs /usr/bin/env-split
expect_grep "^/usr/bin/env-split +shebang +hard +/usr/bin/env "
expect_exit 0 "$TARE" needs /bin/plain	# /bin is a link to /usr/bin
expect_grep "^/usr/bin/plain +shebang +hard +/usr/bin/sh "
expect_exit 0 "$TARE" needs perl5 --all
expect_grep "^/usr/bin/perl5 +symlink +hard +/usr/bin/perl "
expect_exit 0 "$TARE" needs /usr/bin/perl --reverse --all
expect_grep "^/usr/bin/absolute-link +shebang "

note "what is not there"
expect_exit 2 "$TARE" needs script
expect_grep "^tare: the graph has no package or file 'script' \(did you mean 'scripts'\?\)$" "$T/err"
expect_exit 2 "$TARE" needs /usr/bin/none
expect_grep "^tare: the graph has no file '/usr/bin/none'$" "$T/err"
expect_exit 2 "$TARE" needs scripts --kind shebangs
expect_grep "^tare: 'shebangs' is no kind of need \(did you mean 'shebang'\?\)$" "$T/err"
expect_exit 2 "$TARE" needs scripts --all --depth 2
expect_grep "^tare: use --all or --depth, not both$" "$T/err"
done_testing

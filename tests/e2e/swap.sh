#!/bin/bash
# Smaller substitutes of a repository are found, with packages alone and with repodata; what
# only looks like one is not proposed.
. "$(dirname "$0")/../lib.sh"
need createrepo_c jq

root=$(tiny_root swap)
tiny_root swap-repository --keep "$T/repo" > /dev/null
expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db" -q
cat > "$T/app.yaml" << 'END'
profile: app
summary: One program.
feature: the program
keep:
- command: app
  why: it is what this root is for
END
plan() {
	"$TARE" plan -g "$T/graph.db" --profile "$T/app.yaml" "$@"
}
expect_exit 0 plan -f json
expect_equal "without a repository there are no swaps" 0 "$(jq '.swaps | length' "$T/out")"

expect_exit 0 plan --repo "$T/repo" -f json -o "$T/plan.json" -q
expect_equal "two substitutes, the better one first" \
	"tool-minimal-2-1.noarch; tool-helped-1-1.noarch tool-helper-1-1.noarch" \
	"$(jq -r '[.swaps[] | .install | join(" ")] | join("; ")' "$T/plan.json")"
expect_equal "what only the tool needed goes with it" "tool-2-1.noarch toolbox-1-1.noarch" \
	"$(jq -r '.swaps[0].erase | join(" ")' "$T/plan.json")"
expect_equal "declared bytes: 1 MiB + 512 KiB - 10 KiB" $((1048576 + 524288 - 10240)) \
	"$(jq '.swaps[0].declared_bytes_freed' "$T/plan.json")"
expect_exit 0 plan --repo "$T/repo"
expect_grep 'tool-2-1.noarch +tool-minimal-2-1.noarch +1 +1.5 MiB'

createrepo_c -q "$T/repo" > /dev/null
expect_exit 0 plan --repo "$T/repo" -f json -o "$T/again.json" -q
jq .swaps "$T/plan.json" > "$T/want"
jq .swaps "$T/again.json" > "$T/got"
expect_same "repodata gives the same" "$T/want" "$T/got"

# The same by URL, from a server of our own on the loopback; damage on the way is seen.
port_file=$T/port
(cd "$T/repo" && exec python3 -c '
import http.server, sys
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open(sys.argv[1], "w").write(str(server.server_address[1]))
server.serve_forever()' "$port_file" > /dev/null 2>&1) &
server=$!
for _ in $(seq 100); do
	[ -s "$port_file" ] && break
	sleep 0.1
done
url=http://127.0.0.1:$(cat "$port_file")
expect_exit 0 plan --repo "$url" -f json -o "$T/again.json" -q
jq .swaps "$T/again.json" > "$T/got"
expect_same "a URL gives the same" "$T/want" "$T/got"
expect_exit 2 plan --repo "$url/nowhere"
expect_grep "$url/nowhere/repodata/repomd.xml" "$T/err"
primary=$(find "$T/repo/repodata" -name '*primary.xml*' | head -1)
echo x >> "$primary"
expect_exit 2 plan --repo "$url"
expect_grep 'has not the checksum' "$T/err"
kill $server
expect_exit 2 plan --repo "$url"
expect_exit 2 plan --repo "file://$T/empty"

# What is wrong with a repository is said, with its name.
mkdir "$T/empty"
expect_exit 2 plan --repo "$T/empty"
expect_grep "'$T/empty' has neither repodata" "$T/err"
expect_exit 2 plan --repo "$T/nowhere"
expect_grep "'$T/nowhere'" "$T/err"
echo '<repomd><data type="primary"><location href="../../etc/passwd"/></data></repomd>' \
	> "$T/repo/repodata/repomd.xml"
expect_exit 2 plan --repo "$T/repo"
expect_grep "names no readable 'primary'" "$T/err"
head -c 300 /dev/urandom > "$T/repo/repodata/repomd.xml"
expect_exit 2 plan --repo "$T/repo"
mkdir "$T/bad"
head -c 3000 /dev/urandom > "$T/bad/x.rpm"
expect_exit 2 plan --repo "$T/bad"
expect_grep "x.rpm" "$T/err"
done_testing

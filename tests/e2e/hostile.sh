#!/bin/bash
# Names that want to be markup, terminal sequences, formulas or commands of a build server stay
# inert in every output of every command, and the same graph gives the same bytes twice.
. "$(dirname "$0")/../lib.sh"
need python3 rpmbuild sqlite3 tmux

hostile=$TARE_SOURCE/tests/e2e/common/hostile.py
for side in before after; do
	root=$(tiny_root grown-$side)
	mkdir -p "$root/srv/hostile" "$root/usr/bin"
	python3 "$hostile" files "$root/srv/hostile"
	"$TARE" analyze -q "$root" -o "$T/$side.db"
	python3 "$hostile" plant "$T/$side.db"
done
cd "$T"
echo 'limits: [{ what: packages, max: 0 }, { what: "files:/**", max: 0 }]' > budget.yaml
printf 'keep:\n  - path: /usr/share/app/data\n    why: a test\n' > keep.yaml
# shellcheck disable=SC2034 # in commands of the table
package=$(sql after.db "SELECT name FROM package WHERE id = 1")
export TARE_GRAPH=$T/after.db
expect_exit 0 "$TARE" plan -q -k keep.yaml --no-profile -f json -o plan.json
expect_exit 0 "$TARE" plan -q -g before.db -k keep.yaml --no-profile -f json -o old.json

sql after.db "SELECT name FROM package" > raw
# shellcheck disable=SC2016 # of the inner shell
check "the judge does not take such names as they are" \
	sh -c '! python3 "$1" check text raw' - "$hostile"

# FORMAT, exit status, command. A new output gets its line here.
while read -r format status command; do
	eval "set -- $command"	# "$package" is in some of them
	got=0
	"$TARE" "$@" > first 2> err || got=$?
	expect_equal "exit status of $command" "$status" "$got"
	"$TARE" "$@" > second 2> ignored || true
	check "$format: inert" python3 "$hostile" check "$format" first
	expect_same "$format: the same bytes twice" first second
	[ ! -s err ] || check "what it says of errors is inert" python3 "$hostile" check text err
done <<'TABLE'
text 0 list packages
text 0 list files
text 0 list findings
text 0 list edges
text 0 list services
text 0 list surface
json 0 list packages --json
json 0 list files -f json
json 0 list findings -f json
csv 0 list packages -f csv
csv 0 list files -f csv
csv 0 list findings -f csv
markdown 0 list packages -f markdown
markdown 0 list files -f markdown
text 0 report
text 0 report --all --plan plan.json
json 0 report -f json --plan plan.json
markdown 0 report -f markdown --all --plan plan.json
csv 0 report -f csv --plan plan.json
html 0 report -f html
html 0 report -f html --plan plan.json
text 1 diff before.db after.db --all
json 1 diff before.db after.db -f json
markdown 1 diff before.db after.db -f markdown --all
html 1 diff before.db after.db -f html
text 1 diff old.json plan.json
json 1 diff old.json plan.json -f json
markdown 1 diff old.json plan.json -f markdown
text 0 why "$package" -k keep.yaml --no-profile
json 0 why "$package" -k keep.yaml --no-profile -f json
text 0 needs "$package"
text 0 needs --reverse --depth 0 "$package"
json 0 needs "$package" -f json
text 0 plan -k keep.yaml --no-profile --all
json 0 plan -k keep.yaml --no-profile -f json
text 0 verify plan.json
json 0 verify plan.json -f json
text 1 check -b budget.yaml --no-profile
json 1 check -b budget.yaml --no-profile -f json
xml 1 check -b budget.yaml --no-profile -f junit
json 1 check -b budget.yaml --no-profile -f sarif
markdown 1 check -b budget.yaml --no-profile -f markdown
json 1 check -b budget.yaml --no-profile -f gitlab
github 1 check -b budget.yaml --no-profile -f github
azure 1 check -b budget.yaml --no-profile -f azure
TABLE

note "exports say such names harmlessly, or refuse them"
for format in $("$TARE" help --table | awk -F '\t' '$2 == "export" && $4 == "format" { gsub(/\|/, " ", $6); print $6 }'); do
	status=0
	"$TARE" export plan.json -f "$format" > out 2> err || status=$?
	if [ $status = 0 ]; then
		check "$format" python3 "$hostile" check text out
	else
		expect_equal "$format refuses" "0" "$(wc -c < out | tr -d ' ')"
		check "$format says why" python3 "$hostile" check text err
	fi
done

note "the explorer"
tm() {
	tmux -f /dev/null -S "$T/tmux" "$@"
}
unset NO_COLOR CI
tm new-session -d -s t -x 120 -y 30 env TERM=tmux-256color "$TARE" explore -g after.db \
	-k keep.yaml --no-profile
tm set -g remain-on-exit on
screen() {
	tm capture-pane -p -t t
}
for _ in $(seq 200); do
	! screen | grep -q Quit || screen | grep -q weighing || break
	sleep 0.05
done
for keys in 1 w Escape i Escape 2 t End 5 i Escape 6 4; do
	tm send-keys -t t "$keys"
	sleep 0.15
	screen > screen.txt
	check "screen after $keys" python3 "$hostile" check text screen.txt
done
expect_equal "the title is not theirs" 0 "$(tm display -p -t t '#{pane_title}' | grep -c owned || true)"
tm kill-server
done_testing

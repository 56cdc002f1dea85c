#!/bin/bash
# Killed at fifty moments, apply and undo can always be finished or taken back: the tree and
# its RPM database are as before, or as after, byte by byte and in their metadata.
[ "$(stat -fc %T /dev/shm 2> /dev/null)" != tmpfs ] || export TMPDIR=/dev/shm
. "$(dirname "$0")/../lib.sh"
need rpm jq python3 setfacl setfattr setcap
need_root_rights
unshare --mount --pid --net --ipc --uts --fork true 2> /dev/null || skip "no namespaces here"

manifest() {	# TREE [OPTION...]
	/usr/bin/python3 "$TARE_SOURCE/tests/e2e/common/manifest.py" "$@"
}

root=$(tiny_root apply)
cd "$T"
export TARE_GRAPH=$T/tare.db
"$TARE" analyze -q "$root" -o tare.db
echo keeper > keep
"$TARE" plan -q --no-profile --keep keep -o plan.json
written=(--but-times-of /usr/lib/sysimage/rpm/rpmdb.sqlite --but-times-of /etc/ld.so.cache)
manifest "$root" > before

now() {	# milliseconds
	echo $((${EPOCHREALTIME/./} / 1000))
}

begin=$(now)
"$TARE" apply -q plan.json --root "$root" -o after
took=$(($(now) - begin))
manifest after > after.txt
manifest after "${written[@]}" > after.live
note "an apply takes $took ms"
check "before and after differ" test "$(diff before after.txt | grep -c '^[<>]')" -gt 50

# Kill the command after a part of its time; its children die with it.
kill_at() {	# PERCENT COMMAND...
	local part=$1 pid
	shift
	"$@" > /dev/null 2>&1 &
	pid=$!
	sleep "$(printf '%d.%03d' $((took * part / 100000)) $((took * part / 100 % 1000)))"
	if kill -KILL $pid 2> /dev/null; then killed=$((killed + 1)); fi
	wait $pid 2> /dev/null || true
}

# One line that says what went wrong, where something did.
expect_tree() {	# WHEN WANTED TREE [OPTION...]
	manifest "${@:3}" > found.txt 2> /dev/null || true
	cmp -s "$2" found.txt || { echo "$1: $3 is not as $2"; diff "$2" found.txt | head -5 || true; } >> wrong
}

expect_gone() {	# WHEN PATH
	[ ! -e "$2" ] || echo "$1: $2 is there" >> wrong
}

run() {	# WHEN COMMAND...
	"${@:2}" > run.out 2>&1 || echo "$1: exit $?: $(head -2 run.out)" >> wrong
}

: > wrong
killed=0
copy=("$TARE" apply -q plan.json --root "$root" -o copy)
for part in $(seq 2 4 98); do	# 25: a copy, finished or taken back
	kill_at "$part" "${copy[@]}"
	[ ! -e copy ] || expect_tree "copy killed at $part %" after.txt copy
	if [ $((part / 4 % 2)) = 0 ] && [ ! -e copy ]; then
		run "resume at $part %" "${copy[@]}" --resume
		expect_tree "resumed at $part %" after.txt copy
	elif [ -e copy.tare-apply/journal ]; then
		run "undo at $part %" "$TARE" undo copy
		expect_gone "undo at $part %" copy
	fi
	rm -rf copy copy.tare-apply
done
cp -a "$root" live
live=("$TARE" apply -q plan.json --root "$T/live" --live --really --state "$T/state")
for part in $(seq 3 6 87); do	# 15: the root itself
	kill_at "$part" "${live[@]}"
	if [ $((part / 6 % 2)) = 0 ]; then
		run "live, resume at $part %" "${live[@]}" --resume
		expect_tree "live, resumed at $part %" after.live live "${written[@]}"
	fi
	[ ! -e state/journal ] || run "live, undo at $part %" "$TARE" undo state
	expect_tree "live, undone at $part %" before live
	rm -rf state
done
for part in $(seq 1 6 60); do	# 10: undo itself, of what was finished
	run "live" "${live[@]}"
	kill_at "$part" "$TARE" undo state
	if [ -e state/journal ]; then
		run "undo again at $part %" "$TARE" undo state
	fi
	expect_tree "undo killed at $part %" before live
	rm -rf state
done
note "killed $killed times"
check "most of them were killed while they worked" test "$killed" -ge 30
check "always before or after" test ! -s wrong
evidence wrong
expect_tree "the root" before "$root"
check "the root was only read" test ! -s wrong
done_testing

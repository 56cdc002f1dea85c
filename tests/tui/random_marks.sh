#!/bin/bash
# Random marks on real roots: what the explorer says of them is what plan and verify say.
. "$(dirname "$0")/../lib.sh"

for root in minimal container-host; do
	path=$(testbed_root "$root") || { note "no root $root"; continue; }
	"$TARE" analyze -q "$path" -o "$T/$root.db"
	case $root in
	minimal) rounds=40 profile=core-userland ;;
	*) rounds=12 profile=containerd-host ;;
	esac
	check "$root: $rounds random marks" \
		"${RANDOM_MARKS:-$TARE_BUILD/tests/tui/tui_random_marks}" "$T/$root.db" $rounds $profile
	tail -n 1 "$T/check.out" | sed 's/^/# /'
done
done_testing

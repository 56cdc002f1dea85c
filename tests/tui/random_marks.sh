#!/bin/bash
# Random marks on real roots: what the explorer says of them is what plan and verify say.
# ROUNDS=200 SEED=7 tests/tui/random_marks.sh: more of them, and others.
. "$(dirname "$0")/../lib.sh"

while read -r root rounds profile; do
	path=$(testbed_root "$root") || { note "no root $root"; continue; }
	"$TARE" analyze -q "$path" -o "$T/$root.db"
	rounds=${ROUNDS:-$rounds}
	check "$root: $rounds random marks" \
		"${RANDOM_MARKS:-$TARE_BUILD/tests/tui/tui_random_marks}" "$T/$root.db" "$rounds" \
		"$profile" "${SEED:-1}"
	tail -n 1 "$T/check.out" | sed 's/^/# /'
done << END
minimal 40 core-userland
container-host 12 containerd-host
edge 8 minimal-boot
END
done_testing

#!/bin/bash
# The keep sets of 1,000 random roots weigh what an independent solver says.
. "$(dirname "$0")/../lib.sh"

need python3 glpsol
count=${TARE_INSTANCES:-1000}
run_case=$TARE_BUILD/tests/cases/run_case
[ -x "$run_case" ] || skip "no run_case in $TARE_BUILD"

mkdir "$T/instances"
python3 "$TARE_SOURCE/tests/e2e/optimum_instances.py" "$T/instances" "$count" "${TARE_SEED:-1}"

# One line for each instance: the weight in kilobytes, and what was kept.
"$run_case" --kept "$T"/instances/*.case > "$T/kept"
awk '{ printf "%d optimal %d\n", $2 / 1024, $4 }' "$T/kept" > "$T/ours"

for lp in "$T"/instances/*.lp; do
	glpsol --lp "$lp" -o "${lp%.lp}.solution" > "$T/glpsol.log" 2>&1 ||
		evidence "$T/glpsol.log"
done
awk '/^Status: / { status = $0 }
	/^Objective: / { printf "%d%s\n", $4, status ~ /INTEGER OPTIMAL/ ? " optimal 1" : " not solved" }' \
	"$T"/instances/*.solution > "$T/theirs"

expect_equal "instances" "$count" "$(wc -l < "$T/ours")"
expect_same "weights and proofs of $count instances" "$T/theirs" "$T/ours"
note "packages kept: $(awk '{ n += NF - 5 } END { print n }' "$T/kept")," \
	"of $(cat "$T"/instances/*.case | grep -c '^pkg ')"
done_testing

#!/bin/bash
# observe.sh [PAIRS [SECONDS]]: what `tare observe` costs a storm of opens: two threads that open
# and close 1,000 files of a file system of our own as fast as they can.
#
# Method: PAIRS (20) pairs of short runs of SECONDS (0.5), one without and one with an observer,
# in turn, the order changing from pair to pair, so that the load of the machine meets both
# alike. Of each run the CPU time an open takes: that of the storm and, with an observer, what
# that used during the storm (its start, which ends before, is no cost of opens). The ratio of
# each pair is the overhead; printed are the median and the quartiles, and how many opens a
# second there were. FS=ext4 makes the file system an ext4 image (default: tmpfs).
# TARE is the program, STORM bench_storm.
set -euo pipefail
pairs=${1:-20} seconds=${2:-0.5}
if [ "${OBSERVE_BENCH_STAGE:-}" != inside ]; then
	folder=$(mktemp -d "${TMPDIR:-/tmp}/tare-storm.XXXXXX")
	export OBSERVE_BENCH_STAGE=inside OBSERVE_BENCH_FOLDER=$folder
	status=0
	unshare --mount --propagation private bash "$0" "$pairs" "$seconds" || status=$?
	rm -rf --one-file-system "$folder"
	exit $status
fi
cd "$OBSERVE_BENCH_FOLDER"
mkdir fs
if [ "${FS:-tmpfs}" = ext4 ]; then
	truncate -s 64M image
	mkfs.ext4 -q image
	mount -o loop image fs
else
	mount -t tmpfs tmpfs fs
fi
for i in $(seq 1000); do echo "$i" > "fs/$i"; done

without() {
	"$STORM" 2 "$seconds" fs/[0-9]* > without
}

used() {	# CPU time of the observer, in nanoseconds
	cut -d' ' -f1 "/proc/$observer/schedstat"
}

with() {
	local before
	"$TARE" observe --root "$PWD/fs" --no-memory -o evidence 2> log &
	observer=$!
	until grep -q observing log; do sleep 0.02; done
	sleep 0.1	# its look at the processes
	before=$(used)
	"$STORM" 2 "$seconds" fs/[0-9]* > with
	echo $(($(used) - before)) > observed
	kill -TERM $observer
	wait $observer
	if ! grep -q '"complete":true' evidence; then
		echo incomplete >> incomplete
	elif [ "$(grep -c '"use":"opened"' evidence)" != 1000 ]; then
		echo "lost unnoticed: $(grep -c '"use":"opened"' evidence) of 1000 files" >&2
		exit 1
	fi
}

for i in $(seq "$pairs"); do
	if [ $((i % 2)) = 1 ]; then without; with; else with; without; fi
	echo "$(cat without) $(cat with) $(cat observed)" >> pairs
done
awk -v seconds="$seconds" '
	# opens/s and ns/open without; with; ns of the observer
	{ own = $5 / ($3 * seconds); print ($4 + own) / $2 * 100 - 100, $1, $3, own, $2 }' pairs |
	sort -g > ratios
touch incomplete
awk -v incomplete="$(wc -l < incomplete)" '
	{ ratio[NR] = $1; a[NR] = $2; b[NR] = $3; own += $4; plain += $5 }
	function at(part) { i = int(NR * part + 0.5); return ratio[i < 1 ? 1 : i] }
	END {
		for (i = 1; i <= NR; i++) { sa += a[i]; sb += b[i] }
		printf "%d pairs: %.1f %% more CPU time an open (median; quartiles %.1f and %.1f)\n", NR, at(0.5), at(0.25), at(0.75)
		printf "opens a second: %d without, %d with (means); %.0f ns an open without; the observer itself %.1f ns an open\n", sa / NR, sb / NR, plain / NR, own / NR
		printf "evidence: all 1000 files in %d runs, %d said that they were incomplete\n", NR - incomplete, incomplete
	}' ratios

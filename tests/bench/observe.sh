#!/bin/bash
# observe.sh [SECONDS]: what `tare observe` costs a storm of opens. The storm runs alternately
# without and with it, on a tmpfs of our own with 1,000 files, in one run; medians are printed.
# TARE is the program, STORM bench_storm.
set -euo pipefail
seconds=${1:-2}
if [ "${OBSERVE_BENCH_STAGE:-}" != inside ]; then
	folder=$(mktemp -d "${TMPDIR:-/tmp}/tare-storm.XXXXXX")
	export OBSERVE_BENCH_STAGE=inside OBSERVE_BENCH_FOLDER=$folder
	unshare --mount --propagation private bash "$0" "$seconds"
	rm -rf --one-file-system "$folder"
	exit
fi
cd "$OBSERVE_BENCH_FOLDER"
mkdir fs
mount -t tmpfs tmpfs fs
for i in $(seq 1000); do echo "$i" > "fs/$i"; done
for _ in 1 2 3 4 5; do
	"$STORM" 2 "$seconds" fs/* >> without
	"$TARE" observe --root "$PWD/fs" --no-memory -o evidence 2> log &
	observer=$!
	for _ in $(seq 50); do grep -q observing log && break; sleep 0.1; done
	"$STORM" 2 "$seconds" fs/* >> with
	kill -TERM $observer
	wait $observer
	printf 'seen %s of 1000 files, %s\n' "$(grep -c '"use":"opened"' evidence)" \
		"$(head -1 evidence | grep -oE '"complete":[a-z]+|"lost":[0-9]+' | tr '\n' ' ')"
done
a=$(sort -n without | sed -n 3p)
b=$(sort -n with | sed -n 3p)
awk -v a="$a" -v b="$b" 'BEGIN { printf "opens a second: %d without, %d with (%.1f %%)\n", a, b, (a - b) * 100 / a }'

#!/bin/bash
# How long the explorer takes to its first screen and from a key to the repaint.
#
#	tests/tui/bench.sh [GRAPH [OPTION]...]
#
# Without a GRAPH it makes one of 5,000 packages and 1,000,000 files, of which a keep file
# says what must stay. TARE_BUILD is the release build where nothing else is said. Where the machine
# does other things, too, look at the processor times.
TARE_BUILD=${TARE_BUILD:-$(cd "$(dirname "$0")/../.." && pwd)/build/release}
. "$(dirname "$0")/../lib.sh"
unset CI NO_COLOR
export TERM=xterm-256color
graph=${1:-}
shift || true
if [ -z "$graph" ]; then
	graph=$T/big.db
	"$TARE_BUILD/tests/tui/tui_big_graph" "$graph" 5000 1000000
	printf 'package-%06u\n' $(seq 4000 13 4900) > "$T/keep"
	set -- --no-profile --keep "$T/keep"
fi
down='\033OB' page='\033[6~'
"$TARE_BUILD/tests/tui/tui_latency" "wait:could times:40 key:$down times:20 key:$page \
times:40 key:d,u times:20 key:s,n times:10 key:w,q key:2 times:40 key:$down \
times:40 key:l,h times:20 key:$page times:10 key:s,I times:10 key:d,u key:t times:20 key:$down \
times:10 key:I key:t key:3 times:20 key:$page times:10 key:s,I key:4 key:5 key:6 key:7 \
times:10 key:1,2" \
	"$TARE" explore -g "$graph" "$@"

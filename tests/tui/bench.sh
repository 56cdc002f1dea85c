#!/bin/bash
# How long the explorer takes to its first screen and from a key to the repaint.
#
#	tests/tui/bench.sh [GRAPH]
#
# Without a GRAPH it makes one of 5,000 packages and 1,000,000 files. Use the release build
# (TARE_BUILD=build/release) on a machine that does nothing else.
. "$(dirname "$0")/../lib.sh"
unset CI NO_COLOR
export TERM=xterm-256color
graph=${1:-}
if [ -z "$graph" ]; then
	graph=$T/big.db
	"$TARE_BUILD/tests/tui/tui_big_graph" "$graph" 5000 1000000
fi
down='\033OB' page='\033[6~'
"$TARE_BUILD/tests/tui/tui_latency" "wait:Quit times:40 key:$down times:20 key:$page key:2 \
times:20 key:$down times:5 key:l key:t times:20 key:$down key:3 key:1 key:d key:u" \
	"$TARE" explore -g "$graph"

# Compare the graph of a root with what rpm, find, du, readelf and lddtree say.
# shellcheck shell=bash

# Each comparison is one check; the differences are its evidence.
check_facts() {	# ROOT DBPATH GRAPH COMPARISON...
	local root=$1 dbpath=$2 graph=$3 what status
	shift 3
	for what; do
		status=0
		ALLOW=$TARE_SOURCE/tests/e2e/common/lddtree-differences.txt \
			/usr/bin/python3 "$TARE_SOURCE/tests/e2e/common/referee.py" "$what" \
			"$graph" "$root" "$dbpath" > "$T/referee" 2>&1 || status=$?
		if [ $status = 0 ]; then
			ok "$(tail -1 "$T/referee")"
		else
			not_ok "$(tail -1 "$T/referee")"
			evidence "$T/referee" 40
		fi
	done
}

# Analyze a root that nobody may change, and see that nobody did.
analyze_untouched() {	# ROOT GRAPH
	local before
	before=$(tree_state "$1")
	expect_exit 0 "$TARE" analyze "$1" -o "$2"
	expect_equal "state of the tree after the analysis" "$before" "$(tree_state "$1")"
}

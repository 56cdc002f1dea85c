#!/bin/bash
# What daemons are estimated to take of memory is near what they take when they run.
#
# The daemons of two roots are started in private namespaces on an overlay (smoke.sh), as far
# as they run without systemd; the proportional set size of each that starts by default is
# compared with the estimate of `tare list services`. The model was calibrated on
# container-host alone; edge tests it. docs/memory.md has the table that this prints.
. "$(dirname "$0")/../lib.sh"
need sqlite3 jq unshare
need_root_rights

here=$TARE_SOURCE/tests/e2e/memory

# Run the daemons; lines "program pss-KiB private-dirty-KiB", processes of a program together.
measure() {	# ROOT
	{
		echo 'SECONDS_TO_SETTLE=10'
		echo "cat > /run/smoke/daemons << 'LIST'"
		cat "$here/daemons"
		echo LIST
		cat "$here/start.sh"
	} > "$T/extra.sh"
	env -u LC_ALL SMOKE_EXTRA="$T/extra.sh" ONLY=extra REQUIRE=extra VERBOSE=1 \
		"$TARE_SOURCE/tests/testbed/smoke.sh" "$1" > "$T/smoke"
	awk '$1 == "MAP" { pss[$3] += $5; dirty[$3] += $6 }
	     END { for (p in pss) print p, pss[p], dirty[p] }' "$T/smoke" | sort
}

# Lines "program unit KiB" of the daemons that start by default; the file that really runs.
estimate() {	# GRAPH
	"$TARE" list services -g "$1" --json |
		jq -r '.[] | select(.boot == "daemon") | [.path, .unit, (.memory_bytes / 1024 | floor)] |
			@tsv' > "$T/units"
	sqlite3 -batch -separator ' ' "$1" > "$T/programs" <<-SQL
		.mode tabs
		CREATE TEMP TABLE unit (path TEXT, name TEXT, kib INTEGER);
		.import '$T/units' unit
		.mode list
		.separator ' '
		SELECT coalesce((SELECT t.path FROM edge AS e JOIN file AS t ON t.id = e.to_file
				  WHERE e.from_file = p.id AND e.kind = 'symlink'), p.path),
		       u.name, u.kib
		  FROM unit AS u JOIN file AS f ON f.path = u.path
		  JOIN service AS s ON s.file_id = f.id JOIN file AS p ON p.id = s.program_id;
	SQL
	sort "$T/programs"
}

compare() {	# NAME MAX-TOTAL-ERROR% MAX-MEDIAN-ERROR% LEAST
	local root
	root=$(testbed_root "$1")
	expect_exit 0 "$TARE" analyze "$root" -o "$T/$1.db"
	measure "$root" > "$T/measured"
	estimate "$T/$1.db" > "$T/estimated"
	join "$T/estimated" "$T/measured" | sort -k4,4nr > "$T/both"
	note "$1: | Daemon | Estimate KiB | Measured PSS KiB | Private dirty KiB | Error |"
	awk '{ printf "# | %s | %d | %d | %d | %+.0f %% |\n", $2, $3, $4, $5, ($3 - $4) * 100 / $4 }' \
		"$T/both"
	awk '{ e = ($3 - $4) * 100 / $4; print e < 0 ? -e : e }' "$T/both" | sort -n |
		awk '{ v[NR] = $1 } END { printf "%d\n", v[int((NR + 1) / 2)] }' > "$T/median"
	awk '{ a += $3; b += $4 } END { e = (a - b) * 100 / b; printf "%d %d %+.1f %d\n",
		a, b, e, e < 0 ? -e : e }' "$T/both" > "$T/total"
	local estimated measured signed error median
	read -r estimated measured signed error < "$T/total"
	median=$(cat "$T/median")
	note "$1: $(wc -l < "$T/both") daemons: $estimated KiB estimated, $measured KiB measured" \
		"($signed %); the median daemon is off by $median %"
	if [ "$(wc -l < "$T/both")" -ge "$4" ]; then
		ok "$1: daemons ran"
	else
		not_ok "$1: only $(wc -l < "$T/both") daemons ran"
		evidence "$T/smoke"
	fi
	if [ "$error" -le "$2" ]; then
		ok "$1: the sum is off by at most $2 %"
	else
		not_ok "$1: the sum is off by $error %"
	fi
	if [ "$median" -le "$3" ]; then
		ok "$1: half of the daemons are off by at most $3 %"
	else
		not_ok "$1: the median daemon is off by $median %"
	fi
}

compare container-host 25 30 10
compare edge 40 40 8
done_testing

# Plan, verify, apply to a copy, and look whether the workload still runs there.
# shellcheck shell=bash

_referee() {
	/usr/bin/python3 "$TARE_SOURCE/tests/e2e/common/referee.py" "$@"
}

owned_bytes() {	# GRAPH ROOT
	_referee owned "$1" "$2" | sed -n 's/^owned: \([0-9]*\) bytes.*/\1/p'
}

in_copy() {	# RPM-OPTION...
	rpm --root "$copy" --dbpath /usr/lib/sysimage/rpm --force-debian "$@"
}

# Options of plan(1), beside profiles.
plan_options=()

# Leaves the trimmed copy in $copy, the plan in $T/plan.json.
check_trim() {	# ROOT "PROFILE..." LEAST-PERCENT [OPTION-OF-APPLY]...
	local root=$1 before after freed predicted database profiles
	read -r -a profiles <<< "$2"
	copy=$T/copy
	expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db"
	export TARE_GRAPH=$T/graph.db
	expect_exit 0 "$TARE" plan "${profiles[@]/#/--profile=}" "${plan_options[@]}" \
		-o "$T/plan.json"
	expect_exit 0 "$TARE" verify "$T/plan.json" --root "$root"
	jq -r '.packages[] | select(.action == "remove") | .nevra' "$T/plan.json" > "$T/remove"
	note "$(wc -l < "$T/remove") of $(jq .totals.packages_before "$T/plan.json") packages go"
	expect_exit 0 "$TARE" export "$T/plan.json" -f list -o "$T/list"
	check "the exported list is the plan's" diff <(sort "$T/remove") <(sort "$T/list")

	rpm_of "$root" -Va --nofiles 2>&1 | sort > "$T/unmet.before" || true
	expect_exit 0 "$TARE" apply "$T/plan.json" --root "$root" -o "$copy" -f json "${@:4}"
	cp "$T/out" "$T/apply.json"
	jq 'del(.findings)' "$T/apply.json" > "$T/short"
	evidence "$T/short" 30
	check "apply says that it passed, without unexplained differences" \
		jq -e '.passed and (.differences | length == 0)' "$T/apply.json"
	rpm_of "$copy" -qa --qf '%{NEVRA}\n' | sort > "$T/left"
	check "none of the list is left" test -z "$(comm -12 <(sort "$T/remove") "$T/left")"
	check "nothing else went" test "$(($(wc -l < "$T/left") + $(wc -l < "$T/remove")))" = \
		"$(rpm_of "$root" -qa | wc -l)"
	in_copy -Va --nofiles 2>&1 | sort > "$T/unmet.after" || true
	check "no kept package has a new unmet requirement" \
		test -z "$(comm -13 "$T/unmet.before" "$T/unmet.after")"
	check "no kept ELF file has lost a library" _referee dangling "$T/graph.db" "$copy"

	before=$(owned_bytes "$T/graph.db" "$root")
	after=$(owned_bytes "$T/graph.db" "$copy")
	freed=$((before - after))
	predicted=$(jq '.totals | .disk_bytes_freed + .trim_bytes_freed' "$T/plan.json")
	note "freed $freed of $before owned bytes, predicted $predicted"
	check "at least $3 % of the owned bytes are freed: $((freed * 100 / before)) %" \
		test $((freed * 100)) -ge $((before * $3))
	check "apply's own figure and the plan's differ by less than 1 in 1000" \
		jq -e '.bytes | (.predicted - .freed | fabs) * 1000 < .freed' "$T/apply.json"
	# du(1) as the referee; what a plan does not weigh is taken out
	freed=$(($(du -sxB1 "$root" | cut -f1) - $(du -sxB1 "$copy" | cut -f1) - $(jq \
		'.bytes | .database_before - .database_after + .caches_before - .caches_after' \
		"$T/apply.json")))
	note "du says $freed"
	check "predicted bytes and du before minus after differ by less than 1 in 1000" \
		test $(((predicted > freed ? predicted - freed : freed - predicted) * 1000)) -lt "$freed"
	# the smaller database is an estimate, told apart: the sum of both is as exact
	# shellcheck disable=SC2016 # jq's own variable
	check "the estimate of what the database frees promises no more, and at least 3 in 4" jq -e '.bytes |
		(.database_before - .database_after) as $real |
		.predicted_database <= $real and .predicted_database * 4 >= $real * 3' "$T/apply.json"
	database=$(jq .totals.database_bytes_freed "$T/plan.json")
	predicted=$((predicted + database))
	freed=$((freed + $(jq '.bytes | .database_before - .database_after' "$T/apply.json")))
	note "with the database: freed $freed, predicted $predicted (database $database)"
	check "with the database, too" \
		test $(((predicted > freed ? predicted - freed : freed - predicted) * 1000)) -lt "$freed"
}

# The tests named must run in the copy and pass.
check_smoke() {	# "TEST..."
	local status=0
	REQUIRE=$1 ONLY=$1 "$TARE_SOURCE/tests/testbed/smoke.sh" "$copy" > "$T/smoke" 2>&1 ||
		status=$?
	if [ $status = 2 ]; then	# no namespaces or no overlay here: nothing was tried
		note "the workload was not tried: $(tail -1 "$T/smoke")"
	elif [ $status = 0 ]; then
		ok "in the copy: $(tail -1 "$T/smoke")"
	else
		not_ok "in the copy: $(tail -1 "$T/smoke")"
		evidence "$T/smoke" 60
	fi
}

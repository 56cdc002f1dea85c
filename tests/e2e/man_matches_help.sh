#!/bin/bash
# Every command has a manual page, and the page and --help have the same options.
. "$(dirname "$0")/../lib.sh"
need scdoc

"$TARE" help --table > "$T/table"
awk -F '\t' '$1 == "command" { print $2 }' "$T/table" > "$T/commands"

# "g graph FILE" for each option, "-" where there is no letter or value.
options_of_table() {	# COMMAND
	awk -F '\t' -v c="$1" '$1 == "option" && $2 == c { print $3, $4, $5 }' "$T/table" | sort
}

options_of_page() {	# FILE
	sed -n '/^# OPTIONS$/,/^# [^O]/p' "$1" |
		sed -nE 's/^(\*-(.)\*, )?\*--([a-z-]+)\*(=_(.*)_)?$/\2 \3 \5/p' |
		awk -F ' ' -v OFS=' ' '{ if (substr($0, 1, 1) == " ") $0 = "-" $0
			print $1, $2, ($3 == "" ? "-" : $3) }' | sort
}

options_of_help() {	# COMMAND
	"$TARE" "$1" --help | sed -nE 's/^ +(-(.), )?--([a-z-]+)(=([^ ]+))?( .*)?$/\2 \3 \5/p' |
		awk -F ' ' -v OFS=' ' '{ if (substr($0, 1, 1) == " ") $0 = "-" $0
			print $1, $2, ($3 == "" ? "-" : $3) }' | sort
}

while read -r command; do
	page=$TARE_SOURCE/man/tare-$command.1.scd
	if [ ! -f "$page" ]; then
		not_ok "tare-$command(1) is missing"
		continue
	fi
	options_of_table "$command" > "$T/wanted"
	options_of_page "$page" > "$T/got"
	expect_same "tare-$command(1) has the options of the program" "$T/wanted" "$T/got"
	options_of_help "$command" > "$T/got"
	expect_same "tare $command --help has them, too" "$T/wanted" "$T/got"
	check "tare-$command(1) is well-formed" sh -c "scdoc < '$page'"
	check "tare(1) names $command" grep -q "^\*$command\*" "$TARE_SOURCE/man/tare.1.scd"
done < "$T/commands"

for page in "$TARE_SOURCE"/man/tare-*.1.scd; do
	name=${page##*/tare-}
	check "${page##*/} is of a command" grep -qx "${name%.1.scd}" "$T/commands"
done
check "tare(1) is well-formed" sh -c "scdoc < '$TARE_SOURCE/man/tare.1.scd'"
for page in "$TARE_SOURCE"/man/*.5.scd; do
	check "${page##*/} is well-formed" sh -c "scdoc < '$page'"
done
done_testing

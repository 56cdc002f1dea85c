#!/bin/bash
# The completions of bash, zsh and fish are those of the option tables, and work.
. "$(dirname "$0")/../lib.sh"
need rpmbuild

folder=$TARE_SOURCE/packaging/completions
check "they can be made" "$folder/generate.sh" "$TARE" "$T/made"
for file in tare.bash _tare tare.fish; do
	expect_same "$file is up to date (packaging/completions/generate.sh TARE FOLDER)" \
		"$T/made/$file" "$folder/$file"
done

# What bash offers at the end of a line.
offered() {	# WORD...
	COMP_WORDS=(tare "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_tare
	printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ' | sed 's/ $//'
}

# shellcheck source=/dev/null
. "$folder/tare.bash"
compopt() { :; }	# only for a real command line
expect_equal "bash: a command" "check" "$(offered che)"
expect_equal "bash: an option" "--budget" "$(offered check --bud)"
expect_equal "bash: a choice" "always auto never" "$(offered check --color '')"
expect_equal "bash: a choice behind =" "never" "$(offered check --color = n)"
expect_equal "bash: a first argument" "list" "$(offered rules l)"
tare() { "$TARE" "$@"; }
root=$(tiny_root rich)
"$TARE" analyze -q "$root" -o "$T/tare.db"
name=$("$TARE" list packages -g "$T/tare.db" -Hc name | head -1)
expect_equal "bash: a package of the graph" "$name" "$(TARE_GRAPH=$T/tare.db offered why "$name")"
expect_equal "bash: of the graph that the line names" "$name" \
	"$(offered needs -g "$T/tare.db" "$name")"
expect_equal "bash: behind 'list packages'" "$name" \
	"$(TARE_GRAPH=$T/tare.db offered list packages "$name")"
expect_equal "bash: what is listed" "packages" "$(offered list pa)"
expect_equal "bash: nothing without a graph" "" "$(cd "$T/home" && offered why "$name")"

if command -v zsh > /dev/null; then
	check "zsh reads its file" zsh -n "$folder/_tare"
else
	note "no zsh"
fi
if command -v fish > /dev/null; then
	check "fish reads its file" fish -n "$folder/tare.fish"
	expect_equal "fish: a first argument" "list" \
		"$(fish -c "source '$folder/tare.fish'; complete -C 'tare rules l'")"
	expect_equal "fish: a package of the graph" "$name" \
		"$(fish -c "function tare; '$TARE' \$argv; end; set -x TARE_GRAPH '$T/tare.db'
			source '$folder/tare.fish'; complete -C 'tare why $name'" | cut -f 1)"
else
	note "no fish"
fi
done_testing

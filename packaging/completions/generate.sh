#!/bin/bash
# generate.sh TARE OUT: the completions of bash, zsh and fish, out of the option tables of
# the program TARE ('tare help --table'), into the folder OUT. The files beside this script
# are what it made; a test makes them again and compares.
# shellcheck disable=SC2046 # a kind and its words
set -euo pipefail
export LC_ALL=C.UTF-8

[ $# = 2 ] || {
	echo "usage: generate.sh TARE OUT" >&2
	exit 2
}
table=$("$1" help --table)
out=$2
mkdir -p "$out"

# Words that stand literally as the first argument: "list|show|check [NAME]..." has three.
first_words() {	# ARGUMENTS
	local first=${1%% *}
	[[ $first =~ ^[a-z|]+$ ]] && echo "${first//|/ }"
	return 0
}

commands() {
	awk -F '\t' '$1 == "command" { print $2 }' <<< "$table"
}

arguments_of() {	# COMMAND
	awk -F '\t' -v c="$1" '$1 == "command" && $2 == c { print $3 }' <<< "$table"
}

options_of() {	# COMMAND: letter, name, value, choices, help
	awk -F '\t' -v OFS='\t' -v c="$1" '$1 == "option" && $2 == c { print $3, $4, $5, $6, $7 }' \
		<<< "$table"
}

# What completes a value: words, file, folder, package or nothing.
completes() {	# VALUE CHOICES
	[ "$2" = - ] || { echo "words ${2//|/ }" && return; }
	case $1 in
	FILE | PLAN.json) echo file ;;
	"FORMAT[=FILE]") echo "words text json junit sarif markdown gitlab github azure" ;;
	ROOT | DIR) echo folder ;;
	*) echo nothing ;;
	esac
}

argument_completes() {	# ARGUMENTS
	local words
	words=$(first_words "$1")
	case $1 in
	packages*"[GLOB]"*) echo "first $words" && return ;;
	esac
	[ -z "$words" ] || { echo "words $words" && return; }
	case $1 in
	ROOT*) echo folder ;;
	PLAN.json*) echo file ;;
	"NAME|PATH"*) echo package ;;
	"[COMMAND]"*) echo "words $(commands | tr '\n' ' ')" ;;
	*) echo nothing ;;
	esac
}

bash_action() {	# KIND...
	case $1 in
	words) echo "_tare_words '${*:2}'" ;;
	first) echo "_tare_first '${*:2}'" ;;
	file) echo "_tare_files -f" ;;
	folder) echo "_tare_files -d" ;;
	package) echo _tare_packages ;;
	nothing) echo : ;;
	esac
}

write_bash() {
	local command letter name value choices
	cat <<'EOT'
# bash completion of tare, made by packaging/completions/generate.sh: do not edit.
# shellcheck shell=bash disable=SC2207

_tare_words() {
	COMPREPLY=($(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}"))
}

_tare_files() {
	compopt -o filenames
	COMPREPLY=($(compgen "$1" -- "${COMP_WORDS[COMP_CWORD]}"))
}

# Names of packages in the graph that the line names, and paths.
_tare_packages() {
	local i graph=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-g | --graph) graph=(-g "${COMP_WORDS[i + 1]}") ;;
		esac
	done
	_tare_words "$("${COMP_WORDS[0]}" list packages -qHc name "${graph[@]}" 2> /dev/null |
		grep -x '[A-Za-z0-9._+-]*')"
	[ "${#COMPREPLY[@]}" != 0 ] || _tare_files -f
}

# The first argument is one of these words, the others are packages.
_tare_first() {
	local i words=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*) ;;
		packages) _tare_packages && return ;;
		*) words=$((words + 1)) ;;
		esac
	done
	[ "$words" -gt 1 ] || _tare_words "$1"
}

_tare() {
	local i command='' previous=${COMP_WORDS[COMP_CWORD - 1]}
	local current=${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=()
	if [ "$previous" = = ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$current" = = ]; then
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*) ;;
		*) command=${COMP_WORDS[i]} && break ;;
		esac
	done
EOT
	echo $'\tcase $command:$previous in'
	for command in $(commands); do
		while IFS=$'\t' read -r letter name value choices _; do
			[ "$value" != - ] || continue
			local patterns="$command:--$name"
			[ "$letter" = - ] || patterns="$command:-$letter | $patterns"
			printf '\t%s)\n\t\t%s\n\t\treturn\n\t\t;;\n' "$patterns" \
				"$(bash_action $(completes "$value" "$choices"))"
		done < <(options_of "$command")
	done
	echo $'\tesac'
	echo $'\tcase $command:$current in'
	printf '\t:-*) _tare_words "--help --version" ;;\n'
	printf '\t:*) _tare_words "%s" ;;\n' "$(commands | tr '\n' ' ' | sed 's/ $//')"
	for command in $(commands); do
		printf '\t%s:-*)\n\t\t_tare_words "%s"\n\t\t;;\n' "$command" \
			"$(options_of "$command" | awk -F '\t' '
				{ printf("%s%s--%s", (NR > 1 ? " " : ""), ($1 == "-" ? "" : "-" $1 " "), $2) }')"
		printf '\t%s:*)\n\t\t%s\n\t\t;;\n' "$command" \
			"$(bash_action $(argument_completes "$(arguments_of "$command")"))"
	done
	echo $'\tesac'
	echo '}'
	echo
	echo 'complete -F _tare tare'
}

zsh_action() {	# KIND...
	case $1 in
	words) echo "(${*:2})" ;;
	file) echo _files ;;
	folder) echo "_files -/" ;;
	package) echo _tare_packages ;;
	nothing) echo " " ;;
	esac
}

# Quote for the text inside the '...' of an _arguments specification.
zsh_quote() {
	sed "s/'/'\\\\''/g; s/\[/\\\\[/g; s/\]/\\\\]/g; s/:/\\\\:/g" <<< "$1"
}

zsh_options() {	# COMMAND
	local letter name value choices help spec action
	while IFS=$'\t' read -r letter name value choices help; do
		spec="[$(zsh_quote "$help")]"
		if [ "$value" != - ]; then
			action=$(zsh_action $(completes "$value" "$choices"))
			spec+=":$(zsh_quote "$value"):$action"
		fi
		if [ "$letter" = - ]; then
			printf "\t\t\t'*--%s%s%s' \\\\\n" "$name" "$([ "$value" = - ] || echo '=')" "$spec"
		else
			printf "\t\t\t'*'{-%s%s,--%s%s}'%s' \\\\\n" "$letter" \
				"$([ "$value" = - ] || echo +)" "$name" \
				"$([ "$value" = - ] || echo '=')" "$spec"
		fi
	done < <(options_of "$1")
}

zsh_arguments() {	# KIND...
	if [ "$1" = first ]; then
		printf "\t\t\t'1:argument:%s' '*:package:_tare_packages'\n\t\t\t;;\n" \
			"$(zsh_action words "${@:2}")"
	else
		printf "\t\t\t'*:argument:%s'\n\t\t\t;;\n" "$(zsh_action "$@")"
	fi
}

write_zsh() {
	local command
	cat <<'EOT'
#compdef tare
# zsh completion of tare, made by packaging/completions/generate.sh: do not edit.

_tare_packages() {
	local -a names graph
	local at=${words[(I)(-g|--graph)]}
	((at)) && graph=(-g "${words[at + 1]}")
	names=(${(f)"$(tare list packages -qHc name $graph 2> /dev/null |
		grep -x '[A-Za-z0-9._+-]*')"})
	compadd -a names || _files
}

_tare() {
	local context state state_descr line
	typeset -A opt_args
	local -a commands
	commands=(
EOT
	awk -F '\t' '$1 == "command" { gsub(/\047/, "\047\\\047\047", $4)
		printf "\t\t\047%s:%s\047\n", $2, $4 }' <<< "$table"
	cat <<'EOT'
	)
	_arguments -C '(- *)'{-h,--help}'[help]' '(- *)'{-V,--version}'[version]' \
		'1:command:->command' '*::argument:->argument'
	case $state in
	command) _describe command commands ;;
	argument)
		case $line[1] in
EOT
	for command in $(commands); do
		printf '\t\t%s)\n\t\t\t_arguments \\\n' "$command"
		zsh_options "$command"
		zsh_arguments $(argument_completes "$(arguments_of "$command")")
	done
	printf '\t\tesac\n\t\t;;\n\tesac\n}\n\n_tare "$@"\n'
}

fish_action() {	# KIND...
	case $1 in
	words | first) echo "-x -a '${*:2}'" ;;
	file) echo "-r -F" ;;
	folder) echo "-x -a '(__fish_complete_directories)'" ;;
	package) echo "-a '(__tare_packages)'" ;;
	nothing) echo -x ;;
	esac
}

fish_quote() {
	sed "s/\\\\/\\\\\\\\/g; s/'/\\\\'/g" <<< "$1"
}

write_fish() {
	local command letter name value choices help line
	cat <<'EOT'
# fish completion of tare, made by packaging/completions/generate.sh: do not edit.

function __tare_packages
    set -l words (commandline -opc)
    set -l graph
    for at in (seq (count $words))
        if contains -- $words[$at] -g --graph
            set graph -g $words[(math $at + 1)]
        end
    end
    tare list packages -qHc name $graph 2>/dev/null |
        string match -r '^[A-Za-z0-9._+-]*$'
end

complete -c tare -f
complete -c tare -n __fish_use_subcommand -s h -l help -d 'help'
complete -c tare -n __fish_use_subcommand -s V -l version -d 'version'
EOT
	awk -F '\t' '$1 == "command" { gsub(/\047/, "\\\047", $4)
		printf "complete -c tare -n __fish_use_subcommand -a %s -d \047%s\047\n", $2, $4 }' \
		<<< "$table"
	for command in $(commands); do
		local when="-n '__fish_seen_subcommand_from $command'" action
		action=$(fish_action $(argument_completes "$(arguments_of "$command")"))
		case $action in
		-x) ;;
		*) echo "complete -c tare $when $action" ;;
		esac
		case $(arguments_of "$command") in
		packages*"[GLOB]"*)
			echo "complete -c tare -n '__fish_seen_subcommand_from $command;" \
				"and __fish_seen_subcommand_from packages' -a '(__tare_packages)'"
			;;
		esac
		while IFS=$'\t' read -r letter name value choices help; do
			line="complete -c tare $when"
			[ "$letter" = - ] || line+=" -s $letter"
			line+=" -l $name"
			[ "$value" = - ] ||
				line+=" $(fish_action $(completes "$value" "$choices"))"
			echo "$line -d '$(fish_quote "$help")'"
		done < <(options_of "$command")
	done
}

write_bash > "$out/tare.bash"
write_zsh > "$out/_tare"
write_fish > "$out/tare.fish"

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
	_tare_words "$("${COMP_WORDS[0]}" list packages --json "${graph[@]}" 2> /dev/null |
		sed -n 's/^ *"name": "\([A-Za-z0-9._+-]*\)",$/\1/p')"
	[ "${#COMPREPLY[@]}" != 0 ] || _tare_files -f
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
	case $command:$previous in
	analyze:-o | analyze:--output)
		_tare_files -f
		return
		;;
	analyze:--dbpath)
		:
		return
		;;
	analyze:--boundary)
		:
		return
		;;
	analyze:-j | analyze:--threads)
		:
		return
		;;
	analyze:--color)
		_tare_words 'auto always never'
		return
		;;
	needs:-k | needs:--kind)
		:
		return
		;;
	needs:-d | needs:--depth)
		:
		return
		;;
	needs:-f | needs:--format)
		_tare_words 'text json'
		return
		;;
	needs:-g | needs:--graph)
		_tare_files -f
		return
		;;
	needs:-o | needs:--output)
		_tare_files -f
		return
		;;
	needs:--color)
		_tare_words 'auto always never'
		return
		;;
	check:-b | check:--budget)
		_tare_files -f
		return
		;;
	check:-f | check:--format)
		_tare_words 'text json'
		return
		;;
	check:-g | check:--graph)
		_tare_files -f
		return
		;;
	check:-o | check:--output)
		_tare_files -f
		return
		;;
	check:--color)
		_tare_words 'auto always never'
		return
		;;
	rules:--rules)
		_tare_files -d
		return
		;;
	rules:-f | rules:--format)
		_tare_words 'text json'
		return
		;;
	rules:-g | rules:--graph)
		_tare_files -f
		return
		;;
	rules:-o | rules:--output)
		_tare_files -f
		return
		;;
	rules:--color)
		_tare_words 'auto always never'
		return
		;;
	help:--color)
		_tare_words 'auto always never'
		return
		;;
	version:--color)
		_tare_words 'auto always never'
		return
		;;
	esac
	case $command:$current in
	:-*) _tare_words "--help --version" ;;
	:*) _tare_words "analyze needs check rules help version" ;;
	analyze:-*)
		_tare_words "-o --output --dbpath --boundary --cross-file-systems --metadata-only --no-libmagic -j --threads --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	analyze:*)
		_tare_files -d
		;;
	needs:-*)
		_tare_words "-k --kind -a --all -d --depth -r --reverse -f --format -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	needs:*)
		_tare_packages
		;;
	check:-*)
		_tare_words "-b --budget -f --format -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	check:*)
		:
		;;
	rules:-*)
		_tare_words "--rules --with-graph -f --format -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	rules:*)
		_tare_words 'list show check'
		;;
	help:-*)
		_tare_words "--table -q --quiet -v --verbose --color -h --help -V --version"
		;;
	help:*)
		_tare_words 'analyze needs check rules help version'
		;;
	version:-*)
		_tare_words "-q --quiet -v --verbose --color -h --help -V --version"
		;;
	version:*)
		:
		;;
	esac
}

complete -F _tare tare

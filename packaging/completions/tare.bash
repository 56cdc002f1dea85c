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
	case $command:$previous in
	analyze:-o | analyze:--output)
		_tare_files -f
		return
		;;
	analyze:--dbpath)
		:
		return
		;;
	analyze:--image)
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
	plan:-p | plan:--profile)
		:
		return
		;;
	plan:-k | plan:--keep)
		_tare_files -f
		return
		;;
	plan:--fact)
		:
		return
		;;
	plan:--hardware)
		:
		return
		;;
	plan:--rules)
		_tare_files -d
		return
		;;
	plan:--caution)
		_tare_words 'normal low high'
		return
		;;
	plan:--exclude)
		:
		return
		;;
	plan:--only)
		:
		return
		;;
	plan:--max-risk)
		_tare_words 'high medium low none'
		return
		;;
	plan:-t | plan:--trim)
		:
		return
		;;
	plan:--keep-locale)
		:
		return
		;;
	plan:--weigh)
		_tare_words 'disk memory both'
		return
		;;
	plan:--target)
		:
		return
		;;
	plan:--budget)
		_tare_files -f
		return
		;;
	plan:--root)
		_tare_files -d
		return
		;;
	plan:--repo)
		:
		return
		;;
	plan:-f | plan:--format)
		_tare_words 'auto json text'
		return
		;;
	plan:-n | plan:--top)
		:
		return
		;;
	plan:--explain)
		:
		return
		;;
	plan:-g | plan:--graph)
		_tare_files -f
		return
		;;
	plan:-o | plan:--output)
		_tare_files -f
		return
		;;
	plan:--color)
		_tare_words 'auto always never'
		return
		;;
	verify:--root)
		_tare_files -d
		return
		;;
	verify:-f | verify:--format)
		_tare_words 'text json'
		return
		;;
	verify:-g | verify:--graph)
		_tare_files -f
		return
		;;
	verify:-o | verify:--output)
		_tare_files -f
		return
		;;
	verify:--color)
		_tare_words 'auto always never'
		return
		;;
	apply:--root)
		_tare_files -d
		return
		;;
	apply:-o | apply:--output)
		_tare_files -d
		return
		;;
	apply:--scriptlets)
		_tare_words 'off on sandbox'
		return
		;;
	apply:--prove)
		:
		return
		;;
	apply:--state)
		:
		return
		;;
	apply:--graph-after)
		_tare_files -f
		return
		;;
	apply:-f | apply:--format)
		_tare_words 'text json'
		return
		;;
	apply:-g | apply:--graph)
		_tare_files -f
		return
		;;
	apply:--color)
		_tare_words 'auto always never'
		return
		;;
	undo:--color)
		_tare_words 'auto always never'
		return
		;;
	export:-f | export:--format)
		_tare_words 'list rpm dnf tdnf script image-customizer kiwi mkosi rpm-ostree osbuild containerfile kickstart cyclonedx spdx'
		return
		;;
	export:-g | export:--graph)
		_tare_files -f
		return
		;;
	export:-o | export:--output)
		_tare_files -f
		return
		;;
	export:--color)
		_tare_words 'auto always never'
		return
		;;
	why:-p | why:--profile)
		:
		return
		;;
	why:-k | why:--keep)
		_tare_files -f
		return
		;;
	why:--fact)
		:
		return
		;;
	why:--hardware)
		:
		return
		;;
	why:--rules)
		_tare_files -d
		return
		;;
	why:--caution)
		_tare_words 'normal low high'
		return
		;;
	why:-f | why:--format)
		_tare_words 'text json'
		return
		;;
	why:-g | why:--graph)
		_tare_files -f
		return
		;;
	why:-o | why:--output)
		_tare_files -f
		return
		;;
	why:--color)
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
	list:-c | list:--columns)
		:
		return
		;;
	list:-F | list:--filter)
		:
		return
		;;
	list:-f | list:--format)
		_tare_words 'text json csv markdown'
		return
		;;
	list:-k | list:--kind)
		:
		return
		;;
	list:-s | list:--sort)
		:
		return
		;;
	list:-n | list:--top)
		:
		return
		;;
	list:-g | list:--graph)
		_tare_files -f
		return
		;;
	list:-o | list:--output)
		_tare_files -f
		return
		;;
	list:--color)
		_tare_words 'auto always never'
		return
		;;
	check:-b | check:--budget)
		_tare_files -f
		return
		;;
	check:-B | check:--baseline)
		_tare_files -f
		return
		;;
	check:--write-baseline)
		_tare_files -f
		return
		;;
	check:-f | check:--format)
		_tare_words 'text json junit sarif markdown gitlab github azure'
		return
		;;
	check:--ci)
		_tare_words 'auto none github azure'
		return
		;;
	check:--today)
		:
		return
		;;
	check:-p | check:--profile)
		:
		return
		;;
	check:-k | check:--keep)
		_tare_files -f
		return
		;;
	check:--fact)
		:
		return
		;;
	check:--hardware)
		:
		return
		;;
	check:--rules)
		_tare_files -d
		return
		;;
	check:--caution)
		_tare_words 'normal low high'
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
	diff:-f | diff:--format)
		_tare_words 'text json markdown html'
		return
		;;
	diff:-n | diff:--top)
		:
		return
		;;
	diff:--depth)
		:
		return
		;;
	diff:-o | diff:--output)
		_tare_files -f
		return
		;;
	diff:--color)
		_tare_words 'auto always never'
		return
		;;
	report:--plan)
		_tare_files -f
		return
		;;
	report:-b | report:--budget)
		_tare_files -f
		return
		;;
	report:-f | report:--format)
		_tare_words 'text json markdown csv html'
		return
		;;
	report:-n | report:--top)
		:
		return
		;;
	report:-g | report:--graph)
		_tare_files -f
		return
		;;
	report:-o | report:--output)
		_tare_files -f
		return
		;;
	report:--color)
		_tare_words 'auto always never'
		return
		;;
	explore:-p | explore:--profile)
		:
		return
		;;
	explore:-k | explore:--keep)
		_tare_files -f
		return
		;;
	explore:--fact)
		:
		return
		;;
	explore:--hardware)
		:
		return
		;;
	explore:--rules)
		_tare_files -d
		return
		;;
	explore:--caution)
		_tare_words 'normal low high'
		return
		;;
	explore:--plan)
		_tare_files -f
		return
		;;
	explore:--compare)
		_tare_files -f
		return
		;;
	explore:-b | explore:--budget)
		_tare_files -f
		return
		;;
	explore:--keys)
		_tare_files -f
		return
		;;
	explore:-g | explore:--graph)
		_tare_files -f
		return
		;;
	explore:--color)
		_tare_words 'auto always never'
		return
		;;
	observe:--root)
		_tare_files -d
		return
		;;
	observe:--for)
		:
		return
		;;
	observe:--node)
		:
		return
		;;
	observe:--sample)
		:
		return
		;;
	observe:-o | observe:--output)
		_tare_files -f
		return
		;;
	observe:--color)
		_tare_words 'auto always never'
		return
		;;
	usage:-f | usage:--format)
		:
		return
		;;
	usage:--node)
		:
		return
		;;
	usage:--begin)
		:
		return
		;;
	usage:--end)
		:
		return
		;;
	usage:--coverage)
		_tare_words 'file node part'
		return
		;;
	usage:-s | usage:--sort)
		:
		return
		;;
	usage:-n | usage:--top)
		:
		return
		;;
	usage:-g | usage:--graph)
		_tare_files -f
		return
		;;
	usage:-o | usage:--output)
		_tare_files -f
		return
		;;
	usage:--color)
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
	workload:--root)
		_tare_files -d
		return
		;;
	workload:--node)
		:
		return
		;;
	workload:-f | workload:--format)
		_tare_words 'auto json text profile'
		return
		;;
	workload:--rules)
		_tare_files -d
		return
		;;
	workload:-g | workload:--graph)
		_tare_files -f
		return
		;;
	workload:-o | workload:--output)
		_tare_files -f
		return
		;;
	workload:--color)
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
	:*) _tare_words "analyze plan verify apply undo export why needs list check diff report explore observe usage rules workload help version" ;;
	analyze:-*)
		_tare_words "-o --output --dbpath --image --boundary --cross-file-systems --metadata-only --compressed --no-libmagic -j --threads --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	analyze:*)
		_tare_files -d
		;;
	plan:-*)
		_tare_words "-p --profile -k --keep --no-profile --fact --hardware --rules --caution --weak --keep-install-time --no-usage --exclude --only --max-risk -t --trim --keep-locale --weigh --memory-root --target --budget --root --repo -f --format --keep-services -n --top -a --all --explain --kept -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	plan:*)
		:
		;;
	verify:-*)
		_tare_words "--root -f --format -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	verify:*)
		_tare_files -f
		;;
	apply:-*)
		_tare_words "--root -o --output --scriptlets --prove --keep --state --resume --graph-after --live --really -f --format -g --graph --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	apply:*)
		_tare_files -f
		;;
	undo:-*)
		_tare_words "-q --quiet -v --verbose --color -h --help -V --version"
		;;
	undo:*)
		:
		;;
	export:-*)
		_tare_words "-f --format -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	export:*)
		:
		;;
	why:-*)
		_tare_words "-p --profile -k --keep --no-profile --fact --hardware --rules --caution --weak --keep-install-time --no-usage -f --format -a --all -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	why:*)
		_tare_packages
		;;
	needs:-*)
		_tare_words "-k --kind -a --all -d --depth -r --reverse -f --format -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	needs:*)
		_tare_packages
		;;
	list:-*)
		_tare_words "-c --columns -F --filter -f --format --json --csv -H --no-header -k --kind -s --sort -r --reverse -n --top -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	list:*)
		_tare_first 'packages files libraries services edges findings surface'
		;;
	check:-*)
		_tare_words "-b --budget -B --baseline --write-baseline -f --format --ci --today --strict --exit-zero --show-rules -p --profile -k --keep --no-profile --fact --hardware --rules --caution --weak --keep-install-time --no-usage -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	check:*)
		:
		;;
	diff:-*)
		_tare_words "-f --format -n --top -a --all --depth -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	diff:*)
		:
		;;
	report:-*)
		_tare_words "--plan -b --budget -f --format -n --top -a --all -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	report:*)
		:
		;;
	explore:-*)
		_tare_words "-p --profile -k --keep --no-profile --fact --hardware --rules --caution --weak --keep-install-time --no-usage --plan --compare -b --budget --keys --plain --no-mouse -g --graph --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	explore:*)
		:
		;;
	observe:-*)
		_tare_words "--root --for --node --sample --no-memory -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	observe:*)
		:
		;;
	usage:-*)
		_tare_words "-f --format --node --begin --end --coverage -s --sort -n --top -g --graph -o --output --iec --si -q --quiet -v --verbose --color -h --help -V --version"
		;;
	usage:*)
		_tare_words 'import merge show formats'
		;;
	rules:-*)
		_tare_words "--rules --with-graph -f --format -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	rules:*)
		_tare_words 'list show check'
		;;
	workload:-*)
		_tare_words "--root --node -f --format --rules -g --graph -o --output -q --quiet -v --verbose --color -h --help -V --version"
		;;
	workload:*)
		:
		;;
	help:-*)
		_tare_words "--table -q --quiet -v --verbose --color -h --help -V --version"
		;;
	help:*)
		_tare_words 'analyze plan verify apply undo export why needs list check diff report explore observe usage rules workload help version'
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

#!/bin/bash
# A folder includes only the layers below it, and each foreign library has one owner.
#
# The table is the block "```layers" of ARCHITECTURE.md: "folder: folders it may include",
# and "<header pattern>: files that may include it" (both as shell patterns).
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2016 # back ticks of Markdown
table() {
	if grep -qs '^```layers$' "$TARE_SOURCE/ARCHITECTURE.md"; then
		sed -n '/^```layers$/,/^```$/{/^```/d;p}' "$TARE_SOURCE/ARCHITECTURE.md"
		return
	fi
	cat <<-'TABLE'
	base:
	graph: base
	rules: base graph
	analyzer: base graph rules
	trimmer: base graph rules
	workload: base graph rules
	report: base graph rules analyzer trimmer workload
	tui: base graph rules analyzer trimmer workload report
	cli: base graph rules analyzer trimmer workload report tui
	<sqlite3*>: graph/sql.[ch]
	<jansson*>: base/json.[ch]
	<yaml.h>: rules/rule_parse.[ch] workload/object_yaml.[ch]
	<rpm/*>: analyzer/rpm_*.[ch] trimmer/rpm_transaction.[ch]
	<curl/*>: trimmer/repo_fetch.[ch]
	<solv/*>: trimmer/solv_pool.[ch]
	<libelf.h>: analyzer/elf_*.[ch]
	<gelf.h>: analyzer/elf_*.[ch]
	<magic.h>: analyzer/magic_scan.[ch]
	<*curses*>: tui/term.[ch]
	<panel.h>: tui/term.[ch]
	<archive*>: analyzer/archive_*.[ch]
	TABLE
}

matches() {	# TEXT PATTERN...
	local text=$1 pattern
	shift
	for pattern; do
		# shellcheck disable=SC2053 # a pattern
		[[ $text == $pattern ]] && return 0
	done
	return 1
}

declare -A may
declare -a foreign
while IFS= read -r line; do
	[ -n "$line" ] || continue
	may[${line%%:*}]=${line#*:}
	case $line in '<'*) foreign+=("${line%%:*}") ;; esac
done < <(table)

verdict() {	# FILE HEADER: prints what is wrong
	local file=$1 header=$2 pattern folder=${1%%/*}
	if [[ $header == \"*/* ]]; then
		local target=${header#\"}
		target=${target%%/*}
		# shellcheck disable=SC2086 # words
		[ "$target" = "$folder" ] || matches "$target" ${may[$folder]} ||
			echo "$file includes $header: $folder may include only:${may[$folder]:- nothing}"
		return
	fi
	for pattern in "${foreign[@]}"; do
		# shellcheck disable=SC2053,SC2086 # patterns, words
		if [[ $header == $pattern ]] && ! matches "$file" ${may[$pattern]}; then
			echo "$file includes $header, which belongs to${may[$pattern]}"
		fi
	done
}

cd "$TARE_SOURCE"
set -f
count=0
for folder in "${!may[@]}"; do
	[ -d "$folder" ] || continue
	while IFS=: read -r file header; do
		count=$((count + 1))
		verdict "$file" "$header"
	done < <(grep -roP --include='*.[ch]' '^\s*#\s*include\s*\K["<][^">]+[">]' "$folder" || true)
done > "$T/wrong"
if [ -s "$T/wrong" ]; then
	not_ok "includes"
	sort "$T/wrong" | sed 's/^/#   /'
else
	ok "$count includes of ${#may[@]} rules"
fi
done_testing

#!/bin/bash
# Every file keeps the house rules that a program can check.
. "$(dirname "$0")/../lib.sh"
need shellcheck codespell clang-format git

cd "$TARE_SOURCE"
if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
	git ls-files -z --cached --others --exclude-standard
else
	find . -path ./build -prune -o -type f -printf '%P\0'
fi | while IFS= read -r -d '' file; do
	[ -f "$file" ] && printf '%s\0' "$file"
done > "$T/files" || true

while IFS= read -r -d '' file; do
	case $file in
	tests/fuzz/corpus/*) continue ;;	# bad on purpose
	tests/tui/*.screen) ;;	# words that are cut
	tests/npm/package-lock.json) ;;	# names that others chose
	tests/unit/*) ;;	# misspelt on purpose: "did you mean ..."
	*) printf '%s\0' "$file" >> "$T/text" ;;
	esac
	case $file in
	*.[ch]) printf '%s\0' "$file" >> "$T/c" ;;
	*.sh) printf '%s\0' "$file" >> "$T/shell" ;;
	*) if head -c 20 "$file" | grep -qaE '^#!/bin/(ba)?sh'; then
		printf '%s\0' "$file" >> "$T/shell"
	fi ;;
	esac
done < "$T/files"

# Functions as this style writes them: "{" and "}" in the first column.
long_functions() {
	local file
	while IFS= read -r -d '' file; do
		awk -v file="$file" '
			/^[a-z_].*\(/ { name = $0 }
			/^{/ { start = NR }
			/^}/ && start { if (NR - start - 1 > 60)
				print file ":" start ": " NR - start - 1 " lines: " name; start = 0 }
			END { if (NR > (file ~ /^tests\// ? 800 : 500))
				print file ": " NR " lines" }' "$file"
	done < "$T/c" > "$T/long"
	cat "$T/long"
	[ ! -s "$T/long" ]
}

check "shellcheck" xargs -0 -a "$T/shell" shellcheck -x
check "codespell" xargs -0 -a "$T/text" codespell --ignore-words "$TARE_SOURCE/.codespellignore"
if [ -s "$T/c" ]; then
	check "clang-format" xargs -0 -a "$T/c" clang-format --dry-run -Werror
	check "no function over 60 lines, no file over 500 (tests: 800)" long_functions
fi
check "python compiles" env PYTHONPYCACHEPREFIX="$T" python3 -m compileall -q tests
done_testing

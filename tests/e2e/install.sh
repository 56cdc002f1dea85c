#!/bin/bash
# An installed tare has its rules, manual pages, completions and schemas, and needs nothing
# of the source tree.
. "$(dirname "$0")/../lib.sh"
need cmake rpmbuild

check "cmake --install" cmake --install "$TARE_BUILD" --prefix "$T/usr"
cd "$T"
for path in bin/tare share/tare/rules/profiles/containerd-host.yaml \
	share/tare/rules/detectors/pam.yaml share/tare/schema/report.schema.json \
	share/tare/schema/plan.schema.json share/bash-completion/completions/tare \
	share/doc/tare/ci/gitlab-ci.yml share/zsh/site-functions/_tare share/fish/vendor_completions.d/tare.fish; do
	check "$path" test -s "usr/$path"
done
if command -v scdoc > /dev/null; then
	expect_same "a manual page for each source" \
		<(cd "$TARE_SOURCE/man" && printf '%s\n' *.scd | sed 's/\.scd$//' | sort) \
		<(cd usr/share/man && find . -name 'tare*' -printf '%f\n' | sort)
fi

root=$(tiny_root scripts)
strace=()
if command -v strace > /dev/null && strace -o trace true 2> ignored; then
	strace=(strace -f -e 'trace=openat,open,stat,newfstatat' -o trace)
fi
expect_exit 0 env ASAN_OPTIONS=detect_leaks=0 "${strace[@]}" usr/bin/tare analyze -q "$root" -o tare.db
expect_exit 0 usr/bin/tare rules check
expect_sql tare.db 1 "SELECT count(*) > 0 FROM edge WHERE kind = 'shebang'"
if [ ${#strace[@]} -gt 0 ]; then
	check "its own rules were read" grep -q "\"$T/usr/share/tare/rules/detectors/.*\.yaml\".* = [0-9]" trace
	expect_no_grep "\"$TARE_SOURCE/rules" trace
fi
done_testing

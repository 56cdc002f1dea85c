#!/bin/bash
# The tiny roots are what the tests that use them believe: asked of rpm itself.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild gcc python3

ask() {	# CASE RPM-OPTION...
	rpm --root "$T/roots/$1" --dbpath /usr/lib/sysimage/rpm "${@:2}"
}

for folder in "$TARE_SOURCE"/tests/e2e/roots/*/; do
	name=$(basename "$folder")
	check "$name builds" tiny_root "$name"
done

ask rich -Va --nofiles > "$T/out" || true
expect_equal "rich: unmet requirements" 1 "$(grep -c 'is needed by' "$T/out")"
expect_grep '\(absent and liba\) is needed by .installed. unsatisfied' "$T/out"

ask phases -q app --qf '[%{REQUIRENAME} %{REQUIREFLAGS:deptype}\n]' > "$T/out"
expect_grep '^at-pre-and-postun pre,postun$'
expect_grep '^at-posttrans posttrans$'

ask shared -qf /usr/share/shared/both | sort > "$T/out"
expect_equal "shared: owners of both" "one-1-1.noarch two-1-1.noarch" "$(xargs < "$T/out")"
expect_equal "shared: state of other's file" 1 "$(ask shared -q other --qf '[%{FILESTATES}]')"
expect_equal "shared: names of the hard link" 4 \
	"$(stat -c %h "$T/roots/shared/usr/share/unowned-link")"
expect_equal "shared: blocks of the hole" 0 \
	"$(stat -c %b "$T/roots/shared/usr/share/holes/all-hole")"

ask flags -q flags --qf '[%{FILENAMES} %{FILEFLAGS:fflags}\n]' > "$T/out"
expect_grep '^/etc/flags/missing cm$'
expect_grep '^/usr/share/licenses/flags/COPYING l$'
root=$(tiny_root flags --rpm --excludedocs)
ask flags -q flags --qf '[%{FILENAMES} %{FILESTATES}\n]' > "$T/out"
expect_grep '^/usr/share/man/man1/flags.1 2$'
expect_equal "flags: documentation is not there" "no" \
	"$([ -e "$root/usr/share/man/man1/flags.1" ] && echo yes || echo no)"

ask multilib -qa --qf '%{ARCH} [%{FILECOLORS}]\n' | sort | tr '\n' ' ' > "$T/out"
expect_grep '^i686 0?1+ i686 .*x86_64'
file -b "$T/roots/multilib/usr/lib/libpair.so.1" > "$T/out"
expect_grep '^ELF 32-bit'

ask names -q names --qf '[%{FILENAMES}\n]' > "$T/out"
expect_grep $'/caf\xc3\xa9$'
expect_equal "names: below /srv/names" 14 "$(find "$T/roots/names/srv/names" -mindepth 1 \
	-maxdepth 1 -printf x | wc -c)"
done_testing

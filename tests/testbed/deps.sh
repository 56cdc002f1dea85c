#!/bin/bash
# deps.sh [build|testbed|test]...: install what is missing (all of them by default).
#
#   build     compile tare
#   testbed   build real roots and smoke-test them
#   test      everything that the test programs and the lint need
#
# Debian 12 is what this is tried on. The lists for Fedora and Azure Linux are untested.
# When nothing is missing it asks the package database alone and is done at once.
set -euo pipefail

declare -A packages=(
	[debian.build]="gcc cmake ninja-build pkg-config librpm-dev libelf-dev libmagic-dev
		libsqlite3-dev libncurses-dev libjansson-dev libyaml-dev liblzma-dev
		libzstd-dev zlib1g-dev libarchive-dev libsolv-dev libsolvext-dev
		libcurl4-openssl-dev libcmocka-dev scdoc"
	[debian.testbed]="rpm rpm2cpio cpio file kmod python3 busybox-static jq iproute2
		systemd util-linux ca-certificates"
	[debian.test]="
		acl
		attr
		binutils
		chromium
		clang
		clang-format
		clang-tidy
		codespell
		createrepo-c
		dnf
		elfutils
		fish
		git
		glpk-utils
		golang-github-knqyf263-go-rpmdb-dev
		libcap2-bin
		libsolv-tools
		libxml2-utils
		pax-utils
		python3-jsonschema
		python3-pyelftools
		python3-yaml
		shellcheck
		sqlite3
		strace
		tmux
		zsh
		"

	[fedora.build]="gcc cmake ninja-build pkgconf-pkg-config rpm-devel
		elfutils-libelf-devel file-devel sqlite-devel ncurses-devel jansson-devel
		libyaml-devel xz-devel libzstd-devel zlib-devel libarchive-devel
		libcmocka-devel libsolv-devel libcurl-devel scdoc"
	[fedora.test]="acl attr libcap rpm-build cpio file kmod python3 jq iproute tmux sqlite binutils
		elfutils python3-pyelftools libsolv-tools glpk-utils strace git ShellCheck
		codespell clang clang-tools-extra"

	[azure.build]="gcc glibc-devel kernel-headers binutils cmake ninja-build pkgconf
		rpm-devel elfutils-libelf-devel file-devel sqlite-devel ncurses-devel
		jansson-devel libyaml-devel xz-devel zstd-devel zlib-devel libarchive-devel
		libcmocka-devel libsolv-devel libcurl-devel"
	[azure.test]="acl attr libcap rpm-build cpio file kmod python3 jq iproute tmux sqlite elfutils
		strace git"
)

say() {
	printf 'deps: %s\n' "$*"
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo > /dev/null; then
		sudo -n "$@"
	else
		say "needs root rights or sudo: $*" >&2
		exit 1
	fi
}

# Sets missing.
debian_missing() {
	local have
	have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2> /dev/null |
		sed -n 's/^.i. //p')
	mapfile -t missing < <(printf '%s\n' "$@" | sort -u | grep -vxFf <(echo "$have"))
}

rpm_missing() {
	local package
	missing=()
	for package; do
		rpm -q --quiet --whatprovides "$package" || missing+=("$package")
	done
}

debian_install() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0)
	as_root "${apt[@]}" install --no-install-recommends "$@" && return
	say "trying again with fresh package lists"
	as_root "${apt[@]}" update
	as_root "${apt[@]}" install --no-install-recommends "$@"
}

groups=("$@")
[ ${#groups[@]} -gt 0 ] || groups=(build testbed test)
if command -v apt-get > /dev/null; then
	family=debian
elif command -v tdnf > /dev/null; then
	family=azure
elif command -v dnf > /dev/null; then
	family=fedora
else
	say "knows apt-get, dnf and tdnf only; see the lists in $0" >&2
	exit 1
fi

want=()
for group in "${groups[@]}"; do
	case $group in
	build | testbed | test) ;;
	*)
		say "usage: deps.sh [build|testbed|test]..." >&2
		exit 2
		;;
	esac
	read -r -d '' -a list <<< "${packages[$family.$group]:-}" || true
	want+=("${list[@]}")
	# whoever has npm from elsewhere keeps it
	if [ "$group" = test ] && ! command -v npm > /dev/null; then
		want+=(nodejs npm)
	fi
done

case $family in
debian) debian_missing "${want[@]}" ;;
*) rpm_missing "${want[@]}" ;;
esac
if [ ${#missing[@]} = 0 ]; then
	say "nothing is missing (${groups[*]}: ${#want[@]} packages)"
	exit 0
fi
say "installing ${#missing[@]} packages: ${missing[*]}"
case $family in
debian) debian_install "${missing[@]}" ;;
fedora) as_root dnf -y install "${missing[@]}" ;;
azure) as_root tdnf -y install "${missing[@]}" ;;
esac
say "done"

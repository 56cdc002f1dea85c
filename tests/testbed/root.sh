#!/bin/bash
# root.sh NAME: print the path of a real, installed RPM root; build it first where needed.
#
# A root is built again when its list or the scripts that make it change, or, with
# TARE_TESTBED_UPDATE=1, when the apt sources offer other versions. Everything lies in
# $TARE_TESTBED_CACHE (default: ~/.cache/tare-testbed). Several callers may ask at the
# same time. Only the path goes to stdout. Never write below it: others read it too.
#
#   root.sh --ready NAME   print the path only if it is there already, else exit 1
#   root.sh --list         the names
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${TARE_TESTBED_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/tare-testbed}
names="minimal minimal-varlib minimal-unmerged container-host edge aarch64"

# NAME -> list, layout, dbpath, arch
recipe() {
	layout=merged
	arch=amd64
	dbpath=/usr/lib/sysimage/rpm
	list=$here/lists/$1.list
	case $1 in
	minimal | container-host | edge) ;;
	aarch64) arch=arm64 ;;
	minimal-varlib) list=$here/lists/minimal.list dbpath=/var/lib/rpm ;;
	minimal-unmerged) list=$here/lists/minimal.list layout=unmerged ;;
	*)
		echo "root.sh: no root '$1' (there are: $names)" >&2
		exit 2
		;;
	esac
}

key() {
	{
		cat "$list" "$here/build-rootfs.sh" "$here/deb2rpm.py" "$here"/fileattrs/*
		echo "$layout $dbpath $arch"
	} | sha256sum | cut -c1-12
}

# Roots of other keys belong to other versions of these scripts, which may still be in
# use elsewhere: only after a week without use do they go.
prune() {
	local old
	find "$cache/roots" -mindepth 2 -maxdepth 2 -name ready -mtime +7 |
		while read -r old; do
			[ "$(dirname "$old")" = "$home" ] || rm -rf --one-file-system "$(dirname "$old")"
		done
}

build() {
	work=$cache/roots/.$name.$$
	trap 'rm -rf --one-file-system "$work"' EXIT
	rm -rf --one-file-system "$cache/roots/.$name".*
	mkdir -p "$work"
	echo "root.sh: building $name (log: $cache/roots/$name.log)"
	CACHE=$cache LAYOUT=$layout DBPATH=$dbpath ARCH=$arch \
		UPDATE=${TARE_TESTBED_UPDATE:-} "$here/build-rootfs.sh" "$work/$name" "$list" 2>&1 | tee "$cache/roots/$name.log"
	if [ -e "$home/ready" ] && cmp -s "$work/$name.debs" "$home/$name.debs"; then
		return		# asked for newer packages: there are none
	fi
	touch "$work/ready"
	rm -rf --one-file-system "$home"
	mv "$work" "$home"
}

only_ready=
case ${1:-} in
--list)
	tr ' ' '\n' <<< "$names"
	exit
	;;
--ready)
	only_ready=1
	shift
	;;
esac
name=${1:?usage: root.sh [--ready] NAME | --list}
recipe "$name"
home=$cache/roots/$name-$(key)
if [ ! -e "$home/ready" ] || [ -n "${TARE_TESTBED_UPDATE:-}" ]; then
	[ -z "$only_ready" ] || exit 1
	mkdir -p "$cache/roots"
	exec 9> "$cache/lock"
	flock 9
	if [ ! -e "$home/ready" ] || [ -n "${TARE_TESTBED_UPDATE:-}" ]; then
		build >&2
	fi
	prune
	exec 9>&-
fi
touch -c "$home/ready" 2> /dev/null || true
echo "$home/$name"

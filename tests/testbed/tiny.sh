#!/bin/bash
# tiny.sh [OPTION]... OUT SPEC...: an RPM root of a few packages out of spec files.
#
# Every spec may make many packages. A spec with a line "# target: i686" is built for that
# architecture. The packages of one spec are installed at once, spec after spec, without
# dependency checks and without running scriptlets. "# root: merged" in a spec does the
# same as --merged. If a file after.sh lies beside the first spec, it is run at the end
# with OUT as its argument: for what RPM would not make (unowned and damaged files).
#
#   --dbpath PATH     where the database lies (/usr/lib/sysimage/rpm)
#   --merged          /bin, /sbin, /lib and /lib64 are links into /usr
#   --rpm OPTION      one more option for rpm -i, such as --excludedocs
#   --keep DIR        leave the .rpm files there
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dbpath=/usr/lib/sysimage/rpm
merged='' keep=''
extra=()
while :; do
	case ${1:-} in
	--dbpath) dbpath=$2 && shift 2 ;;
	--merged) merged=1 && shift ;;
	--rpm) extra+=("$2") && shift 2 ;;
	--keep) keep=$2 && shift 2 ;;
	*) break ;;
	esac
done
[ $# -ge 2 ] || {
	echo "usage: tiny.sh [--dbpath PATH] [--merged] [--rpm OPTION] [--keep DIR] OUT SPEC..." >&2
	exit 2
}

# Installing changes the root folder: as another user that takes a user namespace.
if [ "$(id -u)" != 0 ] && [ -z "${TINY_INSIDE:-}" ]; then
	options=(--dbpath "$dbpath" ${merged:+--merged} ${keep:+--keep "$keep"})
	for option in "${extra[@]}"; do
		options+=(--rpm "$option")
	done
	TINY_INSIDE=1 exec unshare --map-root-user "$0" "${options[@]}" "$@"
fi

out=$(realpath -m "$1")
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/tiny.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1700000000

build() {	# SPEC FOLDER
	local target
	target=$(sed -n 's/^# target: //p' "$1")
	rpmbuild -bb --quiet --nodeps ${target:+--target "$target"} \
		--define "_topdir $work/top" --define "_rpmdir $2" \
		--define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
		--define "_sourcedir $(realpath "$(dirname "$1")")" \
		--define "_fileattrsdir $here/fileattrs" --define "_tmppath $work" \
		--define '_binary_payload w0.ufdio' --define '_buildhost testbed' \
		--define '_build_id_links none' --define 'debug_package %{nil}' \
		--define '__os_install_post %{nil}' --define '__check_files %{nil}' \
		--define 'use_source_date_epoch_as_buildtime 1' \
		--define 'source_date_epoch_from_changelog 0' \
		--define '_invalid_encoding_terminates_build 0' \
		--define '_buildshell /bin/bash' \
		--define '_unpackaged_files_terminate_build 1' "$1" > "$work/log" 2>&1 || {
		cat "$work/log" >&2
		echo "tiny.sh: cannot build $1" >&2
		exit 1
	}
}

rm -rf --one-file-system "$out"
mkdir -p "$out$dbpath"
if grep -qsx '# root: merged' "$@"; then
	merged=1
fi
if [ -n "$merged" ]; then
	mkdir -p "$out"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$out/"
fi
count=0
for spec; do
	count=$((count + 1))
	build "$spec" "$work/rpms/$count"
	rpm --root "$out" --dbpath "$dbpath" --force-debian --define '_db_backend sqlite' \
		--define '_flush_io 0' --define '_pkgverify_level none' --nodeps --noscripts \
		--notriggers --ignorearch --replacefiles "${extra[@]}" -i "$work/rpms/$count"/*.rpm
done
if [ -n "$keep" ]; then
	mkdir -p "$keep"
	mv "$work"/rpms/*/*.rpm "$keep/"
fi
after=$(dirname "$1")/after.sh
if [ -f "$after" ]; then
	bash "$after" "$out"
fi

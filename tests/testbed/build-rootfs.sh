#!/bin/bash
# build-rootfs.sh OUT LIST: an installed RPM root out of the Debian packages that LIST names.
#
# Resolves LIST with the machine's own apt sources against an empty package database,
# downloads, converts every .deb with deb2rpm.py, and installs all of them in one rpm
# transaction with dependency checks on. Takes what is needed from CACHE and leaves there
# what it made. Needs root rights. Beside the root it writes OUT.debs (what was chosen),
# OUT.log and OUT.times.
#
#   CACHE=DIR                  required: apt/ debs/ rpms/ below it
#   LAYOUT=merged|unmerged     are /bin, /sbin and /lib links into /usr? (merged)
#   ARCH=amd64|arm64           as Debian names it (amd64); scriptlets of another one do not run
#   DBPATH=PATH                where the rpm database lies in the root (/usr/lib/sysimage/rpm)
#   JOBS=N                     conversions at a time (all processors)
#   UPDATE=1                   ask the apt sources again for their newest package lists
set -euo pipefail

out=$(realpath -m "${1:?usage: build-rootfs.sh OUT LIST}")
list=$(realpath "${2:?usage: build-rootfs.sh OUT LIST}")
here=$(cd "$(dirname "$0")" && pwd)
cache=$(realpath -m "${CACHE:?CACHE is not set}")
layout=${LAYOUT:-merged}
dbpath=${DBPATH:-/usr/lib/sysimage/rpm}
arch=${ARCH:-amd64}
jobs=${JOBS:-$(nproc)}
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset TARE_GRAPH

die() {
	echo "build-rootfs.sh: $*" >&2
	exit 1
}

# On failure the end of a log says more than its name.
run_logged() {
	"$@" >> "$out.log" 2>&1 || {
		tail -20 "$out.log" >&2
		die "failed: ${*:0:4} ... (log: $out.log)"
	}
}

started=$SECONDS
lap() {
	printf '%-10s %4d s\n' "$1" $((SECONDS - started)) | tee -a "$out.times"
	started=$SECONDS
}

check_machine() {
	local tool
	for tool in rpm rpmbuild rpm2cpio cpio dpkg-deb apt-get python3 file ldconfig depmod; do
		command -v "$tool" > /dev/null || die "missing $tool (tests/testbed/deps.sh)"
	done
	[ "$(id -u)" = 0 ] || die "needs root rights (owners, chroot)"
	[ "$(dpkg --print-architecture)" = amd64 ] || die "knows amd64 machines only"
}

# A private apt: the machine's sources, keys and network settings, nothing of its state.
# Its hooks stay out (docker-clean would delete what was downloaded).
setup_apt() {
	local state=$cache/apt-$arch
	mkdir -p "$state"/{lists/partial,empty} "$cache"/{debs/partial,rpms,work}
	: > "$state/status"
	{
		apt-config dump | grep -E '^Acquire::' || true
		cat <<-CONF
		Dir::Etc::main "$state/empty/none";
		Dir::Etc::parts "$state/empty";
		Dir::Etc::preferences "$state/empty/none";
		Dir::Etc::preferencesparts "$state/empty";
		Dir::State "$state";
		Dir::State::lists "$state/lists";
		Dir::State::status "$state/status";
		Dir::Cache "$state";
		Dir::Cache::archives "$cache/debs";
		APT::Architecture "$arch";
		APT::Architectures "$arch";
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		pkgCacheGen::ForceEssential "none";
		CONF
	} > "$state/apt.conf"
	export APT_CONFIG=$state/apt.conf DEBIAN_FRONTEND=noninteractive
	if [ -n "${UPDATE:-}" ] || ! compgen -G "$state/lists/*Packages*" > /dev/null; then
		run_logged apt-get -q update
	fi
}

# Writes $out.debs: file names in the cache, one a line, sorted.
resolve() {
	apt-get -q -y install --simulate "${want[@]}" > "$out.resolve" 2>&1 || {
		tail -20 "$out.resolve" >&2
		return 1
	}
	# "Inst name (version source [arch])", "name:arch" for another machine's
	sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*\[\([a-z0-9]*\)\]).*/\1 \2 \3/p' "$out.resolve" |
		while read -r name version machine; do
			echo "${name%%:*}_${version//:/%3a}_$machine.deb"
		done | sort > "$out.debs"
	[ -s "$out.debs" ] || die "apt chose nothing (see $out.resolve)"
	rm "$out.resolve"
}

have_debs() {
	local deb
	while read -r deb; do
		[ -s "$cache/debs/$deb" ] || return 1
	done < "$out.debs"
}

download() {
	have_debs && return
	apt-get -q -y install --download-only "${want[@]}" >> "$out.log" 2>&1 || true
	have_debs
}

# Old package lists name files that the mirror no longer has: then ask once more.
fetch() {
	mapfile -t want < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$list")
	want+=('?essential')
	if ! { resolve && download; }; then
		echo "trying again with fresh package lists"
		run_logged apt-get -q update
		resolve || die "cannot resolve $list"
		download || { tail -20 "$out.log" >&2; die "cannot download all packages"; }
	fi
}

# One rpm for each deb, kept by what made it: another converter, other files.
convert() {
	local deb todo recipe
	# only base-files differs where the database lies elsewhere
	recipe=$(cat "$here"/deb2rpm.py "$here"/fileattrs/* | sha256sum | cut -c1-12)
	plain=$cache/rpms/$recipe-$layout-$arch
	store=$plain$(tr / - <<< "${dbpath#/usr/lib/sysimage/rpm}")
	mkdir -p "$store" "$plain"
	todo=()
	rpms=()
	while read -r deb; do
		local target=$plain
		case $deb in base-files_*) target=$store ;; esac
		rpms+=("$target/${deb%.deb}.rpm")
		[ -s "${rpms[-1]}" ] || todo+=("$cache/debs/$deb" "${rpms[-1]}")
	done < "$out.debs"
	echo "${#rpms[@]} packages, $((${#todo[@]} / 2)) to convert"
	[ ${#todo[@]} -gt 0 ] || return 0
	# the arguments of each sh: converter layout dbpath arch workdir deb rpm
	# shellcheck disable=SC2016
	printf '%s\n' "${todo[@]}" | xargs -P "$jobs" -n 2 sh -c \
		'exec python3 "$1" --layout "$2" --dbpath "$3" --arch "$4" "$6" "$7" "$5/$$"' \
		sh "$here/deb2rpm.py" "$layout" "$dbpath" "$arch" "$cache/work" || die "conversion failed"
}

# What rpm needs to find before its first package: the links of a merged /usr, the
# names of owners, /dev/null for scriptlets.
prepare_root() {
	local top
	mkdir -p "$out"/usr/{bin,sbin,lib,lib64,lib32,libx32} "$out/etc" "$out/dev" "$out$dbpath"
	for top in bin sbin lib lib64 lib32 libx32; do
		if [ "$layout" = merged ]; then
			ln -s "usr/$top" "$out/$top"
		fi
	done
	# not allowed in some containers; a file does for scriptlets
	mknod -m 666 "$out/dev/null" c 1 3 2> /dev/null || install -m 666 /dev/null "$out/dev/null"
	local passwd
	passwd=$(printf '%s\n' "${rpms[@]}" | grep /base-passwd_)
	rpm2cpio "$passwd" | (cd "$out" && cpio --quiet -id ./etc/passwd ./etc/group)
}

install_all() {
	local options=()
	[ "$arch" = amd64 ] || options+=(--ignorearch --noscripts --notriggers)
	rpm=(rpm --root "$out" --dbpath "$dbpath" --force-debian --define '_db_backend sqlite'
		--define '_flush_io 0' --define '_pkgverify_level none' --define '_var /var'
		--define '_install_script_path /usr/sbin:/usr/bin:/sbin:/bin')
	# file capabilities are refused in some containers
	: > "$out/.probe"
	python3 -c 'import os, sys; os.setxattr(sys.argv[1], "security.capability",
		bytes([1, 0, 0, 2] + 16 * [0]))' "$out/.probe" 2> /dev/null || options+=(--nocaps)
	rm "$out/.probe"
	run_logged "${rpm[@]}" -i "${options[@]}" "${rpms[@]}"
	[ "$("${rpm[@]}" -qa | wc -l)" = "${#rpms[@]}" ] || die "rpm lost packages"
}

# What an installed system has beside its packages' payload, unowned as on a real host.
finish_root() {
	local name link target modules
	systemd-sysusers --root="$out" >> "$out.log" 2>&1 || true
	sed 's/^\([^:]*\):.*/\1:*:19000:0:99999:7:::/' "$out/etc/passwd" > "$out/etc/shadow"
	chmod 640 "$out/etc/shadow"
	cat "${rpms[@]/%/.alternatives}" | sort -k1,1 -k4,4nr -k3,3 | awk '!seen[$1]++' |
		while read -r name link target _; do
			mkdir -p "$out/etc/alternatives" "$(dirname "$out$link")"
			ln -sfn "$target" "$out/etc/alternatives/$name"
			[ -e "$out$link" ] || [ -L "$out$link" ] ||
				ln -s "/etc/alternatives/$name" "$out$link"
		done
	if [ -d "$out/usr/share/ca-certificates" ]; then
		mkdir -p "$out/etc/ssl/certs"
		find "$out/usr/share/ca-certificates" -name '*.crt' -print0 | sort -z |
			xargs -0 cat > "$out/etc/ssl/certs/ca-certificates.crt"
	fi
	[ "$arch" != amd64 ] || ldconfig -r "$out"
	for modules in "$out"/lib/modules/*/; do
		[ ! -d "$modules" ] || depmod -b "$out" "$(basename "$modules")"
	done
	systemctl --root="$out" preset-all >> "$out.log" 2>&1 || true
	: > "$out/etc/machine-id"
	echo testbed > "$out/etc/hostname"
	printf '127.0.0.1 localhost testbed\n' > "$out/etc/hosts"
}

check_machine
rm -rf --one-file-system "$out"
mkdir -p "$out"
: > "$out.times"
: > "$out.log"
setup_apt
fetch
lap download
convert
lap convert
prepare_root
install_all
lap install
finish_root
lap finish
echo "${#rpms[@]} packages installed"

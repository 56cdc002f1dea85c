#!/bin/bash
# An archive of a root, an image of docker save and an OCI layout give the graph that the root
# itself gives; layers and whiteouts as image-spec says; nothing escapes, nothing is left behind.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild sqlite3 python3 tar
make=$TARE_SOURCE/tests/e2e/archive_make.py
export TMPDIR=$T/unpack
mkdir "$TMPDIR"

# All that a graph says of files, but what only a disk has: blocks, inodes, sizes of folders.
files() {	# GRAPH [WHERE]
	sql "$1" "SELECT path, type, mode, uid, gid, CASE type WHEN 'directory' THEN 0 ELSE size_bytes END, link_count, mtime, target,
		category, media_type, state, capabilities, owner_guess FROM file ${2:-} ORDER BY path"
}

left_behind() {
	find "$TMPDIR" /tmp/tare-escaped 2> /dev/null | grep -vxF "$TMPDIR" || true
}

# --- an archive of a real root is that root

root=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze "$root" -o "$T/folder.db"
files "$T/folder.db" > "$T/folder.files"
for kind in "-I zstd -cf:zst" -cf:tar; do # layers below are gzip
	archive=$T/root.${kind##*:}
	# shellcheck disable=SC2086
	tar -C "$root" --xattrs --xattrs-include='*' ${kind%:*} "$archive" . ||
		skip "tar cannot make ${kind##*:} archives"
	expect_exit 0 "$TARE" analyze "$archive" -o "$T/archive.db"
	files "$T/archive.db" > "$T/archive.files"
	expect_same "files of ${archive##*/}" "$T/folder.files" "$T/archive.files"
	for table in package requirement provider elf elf_needed edge finding; do
		columns='*'
		# disk bytes of folders are a matter of the file system
		[ "$table" != package ] || columns='id, nevra, summary, license, vendor,
			source_rpm, declared_bytes, install_time, install_reason, signed, is_key'
		sql "$T/folder.db" "SELECT $columns FROM $table" > "$T/wanted"
		sql "$T/archive.db" "SELECT $columns FROM $table" > "$T/got"
		expect_same "$table of ${archive##*/}" "$T/wanted" "$T/got"
	done
done
expect_equal "left behind" "" "$(left_behind)"
# shellcheck disable=SC2016 # the inner shell expands
expect_exit 0 bash -c '"$TARE" analyze - -o "$T/stdin.db" < "$T/root.tar"'
sql "$T/archive.db" .dump | grep -v "INSERT INTO image" > "$T/wanted"
sql "$T/stdin.db" .dump | grep -v "INSERT INTO image" > "$T/got"
expect_same "from standard input, on other inodes: the same bytes" "$T/wanted" "$T/got"
(cd "$root" && find . | cpio -o -H newc --quiet) > "$T/root.cpio" 2> /dev/null
expect_exit 0 "$TARE" analyze "$T/root.cpio" -o "$T/cpio.db"
files "$T/cpio.db" "WHERE capabilities IS NULL" > "$T/got"
files "$T/folder.db" "WHERE capabilities IS NULL" > "$T/wanted"
expect_same "files of a cpio archive, which has no capabilities" "$T/wanted" "$T/got"
rm "$T"/root.*

# --- whoever may not make devices or give files away sees the same

tiny=$(tiny_root rich)
tar -C "$tiny" -cJf "$T/tiny.tar.xz" .
expect_exit 0 "$TARE" analyze "$T/tiny.tar.xz" -o "$T/tiny.db"
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	install -d -m 777 "$T/nobody"
	chmod 755 "$T"
	expect_exit 0 env TMPDIR="$T/nobody" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$TARE" analyze "$T/tiny.tar.xz" -o "$T/nobody/tiny.db"
	files "$T/tiny.db" > "$T/wanted"
	files "$T/nobody/tiny.db" > "$T/got"
	expect_same "as nobody" "$T/wanted" "$T/got"
fi

# --- images

"$make" oci "$tiny" "$T/layout"
"$make" docker "$tiny" "$T/docker.tar"
tar -C "$T/layout" -cf "$T/oci.tar" .
expect_exit 0 "$TARE" analyze "$T/layout" -o "$T/oci.db"
files "$T/oci.db" > "$T/wanted"
expect_sql "$T/oci.db" "/opt/caps|regular|cap_net_bind_service=ep
/opt/device|char|
/opt/kept|regular|
/opt/link|symlink|
/opt/lower/through|regular|
/opt/lower/two|regular|
/opt/name|regular|
/opt/pipe|fifo|
/opt/whole/new|regular|
/opt/ünïcödé|regular|" "SELECT path, type, capabilities FROM file
	WHERE path GLOB '/opt/*' AND type <> 'directory' ORDER BY path"
expect_sql "$T/oci.db" "2541|7|8|2
416|9|0|1" "SELECT mode, uid, gid, link_count FROM file
	WHERE path IN ('/opt/name', '/opt/lower/two') ORDER BY path DESC"
expect_sql "$T/oci.db" 1 "SELECT count(DISTINCT inode) FROM file
	WHERE path IN ('/opt/name', '/opt/kept')"
for archive in docker.tar oci.tar; do
	expect_exit 0 "$TARE" analyze "$T/$archive" -o "$T/image.db"
	files "$T/image.db" > "$T/got"
	expect_same "$archive is the layout" "$T/wanted" "$T/got"
done
expect_sql "$T/image.db" "oci" "SELECT value FROM option WHERE name = 'archive'"
for name in latest linux/amd64; do
	expect_exit 0 "$TARE" analyze "$T/layout" --image $name -o "$T/image.db"
done
"$make" two "$tiny" "$T/two"
expect_exit 3 "$TARE" analyze "$T/two" -o "$T/no.db"
expect_grep "'$T/two': holds 2 images: name one with --image; there are: linux/amd64 sha256" "$T/err"
expect_exit 0 "$TARE" analyze "$T/two" --image linux/arm64 -o "$T/image.db"
expect_sql "$T/image.db" 0 "SELECT count(*) FROM file WHERE path = '/opt/lower/one'"
expect_exit 3 "$TARE" analyze "$T/two" --image linux/s390x -o "$T/no.db"
expect_grep "no image in it is called 'linux/s390x'; there are: linux/amd64" "$T/err"
expect_exit 3 "$TARE" analyze "$tiny" --image x -o "$T/no.db"
expect_grep "holds no container images: --image has no use" "$T/err"

# --- damage and malice

mkdir "$tiny/tmp"
"$make" hostile "$tiny" "$T/hostile.tar"
expect_exit 3 "$TARE" analyze "$T/hostile.tar" -o "$T/hostile.db"
expect_grep "analysis is incomplete" "$T/err"
expect_sql "$T/hostile.db" 7 "SELECT count(*) FROM finding WHERE rule = 'archive-member'"
expect_sql "$T/hostile.db" "/absolute
/opt/file
/opt/line
break$(printf '\033')[31m
/opt/loop
/opt/out
/opt/up
/tmp/tare-escaped" "SELECT path FROM file WHERE path GLOB '/opt/*' OR path GLOB '/tmp/*'
	OR path = '/absolute' ORDER BY path"
expect_exit 0 "$TARE" list findings -g "$T/hostile.db"
expect_grep 'leads out of the root'
expect_no_grep "$(printf '\033')"

# One line, exit status 3, no graph, nothing left.
refused() {	# WHAT PATTERN ARGUMENT...
	expect_exit 3 timeout 60 "$TARE" analyze "${@:3}" -o "$T/no.db"
	expect_equal "$1: lines on stderr" 1 "$(wc -l < "$T/err")"
	expect_grep "$2" "$T/err"
	expect_equal "$1: graphs" 0 "$(find "$T" -maxdepth 1 -name 'no.db*' | wc -l)"
}

tar -C "$tiny" -cf "$T/tiny.tar" .
head -c 70000 "$T/tiny.tar" > "$T/cut.tar"
refused "cut off" "'$T/cut.tar': damaged, or no archive that tare reads" "$T/cut.tar"
gzip < "$T/tiny.tar" | head -c -500 > "$T/cut.tgz"
refused "cut off in its gzip" "'$T/cut.tgz': damaged" "$T/cut.tgz"
head -c 5000 /dev/urandom > "$T/noise"
refused "noise" "'$T/noise': damaged, or no archive" "$T/noise"
: > "$T/empty"
refused "an empty file" "'$T/empty'" "$T/empty"
tar -C "$TARE_SOURCE" -cf "$T/source.tar" rules
refused "an archive without a system" "no rpmdb" "$T/source.tar"
refused "no such archive" "cannot open root '$T/absent.tar'" "$T/absent.tar"
cp -r "$T/layout" "$T/broken"
sed -i 's/sha256:[0-9a-f]*/sha256:..\/..\/x/' "$T/broken/index.json"
refused "a digest that is a path" "index .a digest. is malformed" "$T/broken"
cp -r "$T/layout/." "$T/broken"
find "$T/broken/blobs" -type f -size +8k -exec sh -c 'head -c 3000 "$1" > "$1.x"; mv "$1.x" "$1"' - {} \;
refused "a cut layer" "layer '/blobs/sha256/[0-9a-f]*': damaged" "$T/broken"
echo '{' > "$T/broken/index.json"
refused "an index that is no JSON" "'/index.json' of the image: line 2" "$T/broken"
if [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null; then
	# shellcheck disable=SC2016
	expect_exit 3 unshare -m bash -c 'mount -t tmpfs -o size=64k none "$TMPDIR" &&
		"$TARE" analyze "$T/tiny.tar" -o "$T/no.db"'
	expect_grep "'$T/tiny.tar': cannot unpack: No space left on device; .*TMPDIR" "$T/err"
fi
# shellcheck disable=SC2016
expect_exit 0 bash -c '"$TARE" analyze <(gzip < "$T/tiny.tar") -o "$T/pipe.db"'
refused "a device" "'/dev/null' is a device: mount it" /dev/null
expect_equal "left behind" "" "$(left_behind)"

# --- interrupted in the middle: nothing is left

mkfifo "$T/slow"
{ head -c 50000 "$T/tiny.tar"; exec sleep 20; } > "$T/slow" &
writer=$!
"$TARE" analyze - -o "$T/no.db" < "$T/slow" 2> "$T/err" &
analyzer=$!
for _ in $(seq 100); do
	[ -z "$(find "$TMPDIR" -type f 2> /dev/null | head -1)" ] || break
	sleep 0.1
done
kill -INT $analyzer
kill $writer 2> /dev/null || true
wait $analyzer && got=0 || got=$?
expect_equal "interrupted" 3 "$got"
expect_equal "left behind after an interruption" "" "$(left_behind)"
done_testing

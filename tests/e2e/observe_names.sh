#!/bin/bash
# What tare observe calls a file that is replaced, renamed, linked, opened through another mount
# or in a container before anybody looked at it; and that it says so when it lost something.
. "$(dirname "$0")/../lib.sh"

need_root_rights
unshare --mount true 2> /dev/null || skip "no mount namespaces here"

# Everything happens on file systems of our own. Steps are functions; each begins with a fresh
# observer on $fs and ends with its evidence in $T/NAME.
cat > "$T/inside.sh" <<'INSIDE'
set -eu
fs=$T/fs
mount -t tmpfs tmpfs "$fs"
cd "$fs"
mkdir -p etc many image/bin upper work merged
for i in $(seq 18000); do echo "$i" > "many/$i"; done
cp "$(command -v busybox)" image/bin/busybox

begin() {	# NAME [OPTION...]
	name=$1
	"$TARE" observe --root "${ROOT:-$fs}" --no-memory -o "$T/$name" "${@:2}" 2> "$T/$name.err" &
	observer=$!
	for _ in $(seq 100); do grep -q observing "$T/$name.err" && break; sleep 0.1; done
}

end() {
	kill -CONT $observer
	kill -TERM $observer
	status=0
	wait $observer || status=$?
	echo $status > "$T/$name.status"
}

opened() {	# FILE...: read them, one open each
	cat "$@" > /dev/null
}

# the observer sleeps while a file is opened and then replaced, moved or removed
echo old > etc/replaced; echo old > etc/moved-late; echo old > etc/removed
echo old > etc/noted; echo old > etc/linked; mkdir etc/folder; echo old > etc/folder/file
echo old > etc/quiet
begin names
sleep 2		# what comes now is younger than the observer
kill -STOP $observer
opened etc/replaced etc/moved-late etc/removed
echo new > etc/new; mv etc/new etc/replaced
mv etc/moved-late etc/moved-later
rm etc/removed
echo x > etc/came; opened etc/came; rm etc/came
kill -CONT $observer
sleep 1
# noted first, named otherwise afterwards
opened etc/noted etc/linked etc/folder/file
sleep 1
mv etc/noted etc/noted-new; ln etc/linked etc/linked-too; mv etc/folder etc/folder-new
opened etc/noted-new etc/linked-too etc/folder-new/file
# written under another name, as passwd is
sleep 1
echo x > etc/passwd+; sleep 1; mv etc/passwd+ etc/passwd
for _ in 1 2 3; do opened etc/passwd; done
mv etc/quiet etc/quiet-new; ln etc/quiet-new etc/quiet-too	# nobody opened it
sleep 1
end

# a file system that is mounted later
mkdir late
begin late
mount -t tmpfs tmpfs late
echo x > late/early
sleep 1
echo x > late/file; opened late/file
sleep 1
umount late	# the observer is not in its way
end

# more descriptors than the observer may have
(ulimit -n 64; begin few; kill -STOP $observer; opened $(seq -f many/%.0f 500); end)

# more files than the kernel's queue has room for
begin overflow
kill -STOP $observer
seq -f many/%.0f 18000 | xargs cat > /dev/null
end

# a container: an overlay whose lower layer lies on our file system, and a folder of it
mount -t overlay overlay merged -o lowerdir=image,upperdir=upper,workdir=work
mkdir -p merged/data merged/proc
mkdir etc/shared; echo x > etc/shared/conf; echo x > etc/shared/gone; echo x > merged/inner
cgroup=$(find /sys/fs/cgroup -maxdepth 1 -type d \( -name pids -o -name unified \) | head -1)
pod=${cgroup:-/sys/fs/cgroup}/kubepods-tare-$$
mkdir "$pod"
begin container
cat > "$T/container.sh" <<CONTAINER
echo \$\$ > $pod/cgroup.procs
mount --bind etc/shared merged/data
exec chroot merged /bin/busybox sh -c 'b=/bin/busybox; read x < /data/conf; read x < /data/gone; read x < /inner; \$b sleep 2; \$b rm /data/gone'
CONTAINER
unshare --mount --propagation private sh "$T/container.sh" > "$T/container.log"
sleep 1
end
rmdir "$pod"

# an overlay as the root: written to, renamed
ROOT=$fs/merged begin overlay
(cd merged; cat inner bin/busybox > /dev/null; echo x >> bin/busybox; cat bin/busybox > /dev/null)
sleep 1
end
INSIDE
mkdir "$T/fs"
check "the steps run" unshare --mount --propagation private bash "$T/inside.sh"
evidence "$T/check.out"
for name in names late few overflow container overlay; do
	[ -s "$T/$name" ] || not_ok "no evidence: $name: $(cat "$T/$name.err")"
done

seen() {	# NAME PATH [REST]
	expect_grep "^\{\"path\":\"$2\",\"use\":\"opened\"$3" "$T/$1"
}

for path in replaced moved-later noted noted-new linked linked-too folder/file folder-new/file \
	'passwd\+' passwd removed; do
	seen names "/etc/$path" ""
done
expect_grep '"complete":true' "$T/names"
expect_no_grep 'came|quiet' "$T/names"

expect_grep 'mounted later: 1' "$T/late.err"
seen late /late/file ""

note "$(head -1 "$T/few")"
expect_equal "files seen with 64 descriptors" 500 "$(grep -c '"path":"/many/' "$T/few")"
expect_grep '"complete":true' "$T/few"

note "$(head -1 "$T/overflow"): $(grep -c '"path":"/many/' "$T/overflow") of 18000 files"
expect_grep '"complete":false.*"lost":[1-9]' "$T/overflow"
expect_grep 'incomplete: [1-9][0-9]* losses, [1-9][0-9]* of them of the kernel' "$T/overflow.err"
expect_equal "exit status of incomplete evidence" 0 "$(cat "$T/overflow.status")"
check "what fitted is in it" test "$(grep -c '"path":"/many/' "$T/overflow")" -ge 16000

seen container /etc/shared/conf ',"scope":"container"'
seen container /etc/shared/gone ',"scope":"container"'
expect_grep '"complete":true' "$T/container"
# files of the container's own root file system are no files of the host's
expect_no_grep '"path":"/(inner|bin/busybox|data)' "$T/container"

seen overlay /inner ""
seen overlay /bin/busybox ""
expect_grep '"complete":true,"coverage":"part"' "$T/overlay"
expect_grep 'do not report new names' "$T/overlay.err"
done_testing

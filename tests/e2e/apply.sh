#!/bin/bash
# A plan is carried out on a copy: the copy has all that a tree has, loses what the plan
# says and nothing else, comes out the same each time, and undo brings everything back.
. "$(dirname "$0")/../lib.sh"
need rpm jq python3 setfacl setfattr setcap
need_root_rights
unshare --mount --pid --net --ipc --uts --fork true 2> /dev/null || skip "no namespaces here"

manifest() {	# TREE [OPTION...]
	/usr/bin/python3 "$TARE_SOURCE/tests/e2e/common/manifest.py" "$@"
}

in_copy() {	# TREE RPM-OPTION...
	rpm --root "$T/$1" --dbpath /usr/lib/sysimage/rpm --force-debian "${@:2}"
}

root=$(tiny_root apply)
export TARE_GRAPH=$T/tare.db
cd "$T"
expect_exit 0 "$TARE" analyze -q "$root" -o tare.db
echo keeper > keep
expect_exit 0 "$TARE" plan --no-profile --keep keep -o packages.json
# single files and services by hand
cat > items.jq << 'ITEMS'
.trims = [{id: "docs", title: "documentation", why: "by hand", mechanism: "excludedocs", risk: "none",
		risk_reason: "", rpm_verify: "missing", restore: "reinstall", features_lost: [],
		files: 1, disk_bytes: 4096, compressed_bytes: null}]
| .files = [{path: "/usr/share/keeper/doc", type: "regular", action: "remove", rule: "docs",
		package: "keeper-1-1.noarch", disk_bytes: 4096, compressed_bytes: null, users: []}]
| .totals.files_removed = 1 | .totals.trim_bytes_freed = 4096
| {action: "disable", memory_bytes: 0, memory_source: "estimate", reason: "not needed", risk: "low",
	risk_reason: "", features_lost: [], citations: [], users: []} as $service
| .services = [$service + {unit: "keeper.service"}, $service + {unit: "other.service", action: "mask"}]
ITEMS
jq -f items.jq packages.json > plan.json
manifest "$root" > before
before_state=$(tree_state "$root")

note "a copy"
expect_exit 0 "$TARE" apply plan.json --root "$root" --output copy
expect_grep '^Removed +4 packages, 1 single file; switched off 2 services$'
expect_grep '^Freed .* \(off by 0\.000 %\)$'
expect_grep '^Changes +none that the plan does not explain$'
expect_grep '^PASS copy$'
expect_equal "the root is as it was" "$before_state" "$(tree_state "$root")"
check "no state is left" test ! -e copy.tare-apply
manifest copy > after
comm -13 <(sort before) <(sort after) | cut -d' ' -f1 | sed "s/^b'//; s/'$//" > changed
expect_same "only these entries are new or changed" - changed << 'WANTED'
/etc/goner.conf.rpmsave
/etc/systemd/system/other.service
/usr/lib/sysimage/rpm/rpmdb.sqlite
/usr/share/keeper/other-name-of-goner
WANTED
expect_equal "the mask" /dev/null "$(readlink copy/etc/systemd/system/other.service)"
check "the unit is not switched on any more" \
	test ! -L copy/etc/systemd/system/multi-user.target.wants/keeper.service
expect_no_grep 'goner-data|helper|/usr/share/goner' after
check "the database gave pages back" test "$(stat -c %s copy/usr/lib/sysimage/rpm/rpmdb.sqlite)" \
	-lt "$(stat -c %s "$root/usr/lib/sysimage/rpm/rpmdb.sqlite")"

note "the same again, byte by byte"
expect_exit 0 "$TARE" apply plan.json --root "$root" --output again -f json --graph-after after.db
manifest again > after.again
expect_same "the same copy" after after.again
expect_equal "as JSON" "true 4 1 2 0" \
	"$(jq -r '[.passed, .packages, .files, .services, (.bytes.predicted - .bytes.freed)] | join(" ")' out)"
expect_sql after.db keeper "SELECT name FROM package"
expect_equal "packages in the copy" keeper "$(in_copy again -qa --qf '%{NAME}\n')"
in_copy again -Va --nomtime > verified 2>&1 || true
expect_equal "rpm -V misses what the plan took" /usr/share/keeper/doc \
	"$(grep '/usr\|/etc' verified | sed 's/.* //')"

note "undo of a copy"
expect_exit 0 "$TARE" apply -q plan.json --root "$root" --output kept --keep
manifest kept > after.kept
expect_same "the same copy" after after.kept
expect_exit 0 "$TARE" undo kept
expect_grep '^everything is as it was before$'
manifest kept > undone
expect_same "all of the root, byte by byte" before undone
check "the state is gone" test ! -e kept.tare-apply
expect_exit 2 "$TARE" undo kept

note "in place"
cp -a "$root" live
manifest live > before.live
expect_same "a copy to work on" before before.live
expect_exit 2 "$TARE" apply plan.json --root live --live --state "$T/state"
expect_grep "it takes '--live' and '--really'" err
expect_exit 2 "$TARE" apply plan.json --root live --live --really --output x
expect_exit 2 "$TARE" apply plan.json --root live --live --really --scriptlets on
expect_exit 0 "$TARE" apply -q plan.json --root live --live --really --state "$T/state"
written=(--but-times-of /usr/lib/sysimage/rpm/rpmdb.sqlite --but-times-of /etc/ld.so.cache
	--but-times-of /etc/systemd/system/other.service)
manifest live "${written[@]}" > after.live
manifest copy "${written[@]}" > after.copy
expect_same "as the copy" after.copy after.live
expect_exit 2 "$TARE" apply -q plan.json --root live --live --really --state "$T/state"
expect_grep 'use --resume' err
expect_exit 0 "$TARE" undo "$T/state"
manifest live > undone
expect_same "undone, byte by byte" before.live undone

note "this system's own /, which is a copy"
mkdir -p live/{t,proc,tmp,dev} live/usr/lib/rpm
expect_exit 0 "$TARE" analyze -q live -o live.db --boundary /t --boundary /tmp --boundary /usr/lib/rpm
cat > inside.sh << 'INSIDE'
set -e
mount --bind live live
mount -t tmpfs tmpfs live/t
cp "$TARE" live.db plan.json live/t/
ldd "$TARE" | sed -n 's|.*[[:space:]]\(/[^ ]*\) .*|\1|p' | xargs -I{} cp {} live/t/
mount -t tmpfs tmpfs live/usr/lib/rpm
cp -r /usr/lib/rpm/{macros*,rpmrc} live/usr/lib/rpm/
mkdir -p live/t/old live/t/magic
cp -L /usr/share/misc/magic.mgc live/t/magic/
mount -t proc proc live/proc
mount -t tmpfs tmpfs live/tmp
cd live
pivot_root . t/old
export MAGIC=/t/magic/magic.mgc
run() {
	/t/ld-linux-x86-64.so.2 --library-path /t /t/tare "$@"
}
case $1 in
apply) run apply -q -g /t/live.db /t/plan.json --root / --live --really ;;
undo) run undo /var/lib/tare/apply ;;
esac
INSIDE
if [ "$(uname -m)" = x86_64 ]; then
	mkdir -p live/var/lib
	state=(--but-times-of /var/lib)
	manifest live "${state[@]}" > before.live
	for step in apply undo; do
		expect_exit 0 unshare --mount --pid --fork --propagation private bash inside.sh $step
		expect_equal "goner after $step" $step "$([ -e live/usr/bin/goner ] && echo undo || echo apply)"
	done
	check "its folder was made, and is empty again" rmdir live/var/lib/tare
	manifest live "${state[@]}" > undone
	expect_same "undone, byte by byte" before.live undone
fi

note "scriptlets"
check "off is the default" test ! -e copy/usr/share/keeper/log
busybox=${BUSYBOX:-/bin/busybox}
if file -L "$busybox" 2> /dev/null | grep -q 'statically'; then
	cp -a "$root" shell
	for name in sh mknod; do cp "$busybox" "shell/usr/bin/$name"; done
	expect_exit 0 "$TARE" apply plan.json --root shell --output on --scriptlets on
	expect_grep '^  /usr/share/keeper/log is new$'
	expect_equal "with all rights" "preun postun made a device" "$(paste -sd ' ' on/usr/share/keeper/log)"
	expect_exit 0 "$TARE" apply plan.json --root shell --output sandbox --scriptlets sandbox
	expect_equal "in the sandbox" "preun postun" "$(paste -sd ' ' sandbox/usr/share/keeper/log)"
fi
expect_exit 2 "$TARE" apply plan.json --root "$root" --output no --scriptlets on --keep

note "what is refused"
expect_exit 2 "$TARE" apply plan.json --root "$root" --output copy
expect_grep "'.*/copy' exists" err
expect_exit 2 "$TARE" apply plan.json --output x
expect_exit 2 "$TARE" apply plan.json --root "$root"
jq '.files[0].path = "/usr/share/keeper/gone"' plan.json > stale.json
expect_exit 1 "$TARE" apply stale.json --root "$root" --output x
expect_grep "the plan is stale: it removes '/usr/share/keeper/gone'" err
for path in /usr/../etc /usr//bin / usr; do
	jq --arg p "$path" '.files[0].path = $p' plan.json > bad.json
	expect_exit 3 "$TARE" apply bad.json --root "$root" --output x
	expect_grep 'files\[0\]\.path' err
done
for unit in ../x.service a/b.service .service x ""; do
	jq --arg u "$unit" '.services[0].unit = $u' plan.json > bad.json
	expect_exit 3 "$TARE" apply bad.json --root "$root" --output x
done
expect_exit 1 "$TARE" apply -g after.db plan.json --root "$root" --output x
expect_grep 'refuted or stale' err
check "nothing is left of them" test ! -e x -a ! -e x.tare-apply
check "the root is still as it was" test "$before_state" = "$(tree_state "$root")"
done_testing

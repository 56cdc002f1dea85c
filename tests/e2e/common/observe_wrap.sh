#!/bin/bash
# observe_wrap.sh ROOT COMMAND...: run the command under strace while "tare observe" watches ROOT
# (SMOKE_WRAP of tests/testbed/smoke.sh). Into the folder $OBSERVED: evidence, what observe said
# (err), its exit status (status), and what strace saw opened on ROOT's file system (wanted; see
# opened.py). Only what the command starts is under strace.
set -u
here=$(dirname "$0")
mount -t proc proc /proc	# of our pid namespace
"$TARE" observe --root "$1" --node n1 --sample 5 -o "$OBSERVED/evidence" 2> "$OBSERVED/err" &
observer=$!
for _ in $(seq 100); do
	grep -q '^observing\|^tare: observing' "$OBSERVED/err" && break
	sleep 0.1
done
calls=open,openat,openat2,creat,execve,chroot,pivot_root,setns,unshare,clone,clone3,fork,vfork
strace -f -y --pidns-translation -qq -e signal=none -e trace=$calls -o "$OBSERVED/trace" "${@:2}"
status=$?
kill -TERM $observer
wait $observer
echo $? > "$OBSERVED/status"
python3 "$here/opened.py" "$OBSERVED/trace" "$1" > "$OBSERVED/wanted" 2> "$OBSERVED/inside"
exit $status

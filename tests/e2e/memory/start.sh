# Run in a root by smoke.sh: starts the daemons of the list beside it, waits, and says what
# each process maps: "MAP pid program file pss-KiB private-dirty-KiB".
# shellcheck shell=dash disable=SC2154 # $busybox is smoke-inner.sh's
mkdir -p /run/sshd /run/dbus /run/rpcbind /run/nscd /run/lock /run/mosquitto /run/NetworkManager
chmod 777 /run/mosquitto /run/nscd
mkdir -p /var/cache/nscd /var/run/nscd 2> /dev/null
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
ssh-keygen -q -t ed25519 -N '' -f /run/smoke/hostkey 2> /dev/null
while read -r line; do
	case $line in '#'* | '') continue ;; esac
	# shellcheck disable=SC2086 # words
	set -- $line
	[ -x "$1" ] || continue
	$busybox setsid "$@" > "/run/smoke/log.${1##*/}" 2>&1 < /dev/null &
	[ "$1" != /usr/bin/dbus-daemon ] || sleep 1
done < /run/smoke/daemons
sleep "$SECONDS_TO_SETTLE"
for process in /proc/[0-9]*; do
	program=$($busybox readlink "$process/exe") || continue
	case $program in '' | */busybox) continue ;; esac
	# shellcheck disable=SC2016 # for awk
	$busybox awk -v program="$program" -v pid="${process#/proc/}" '
		/^[0-9a-f]+-[0-9a-f]+ / {
			name = $6 ~ /^\// ? $6 : "anonymous"
			next
		}
		/^Pss:/ { pss[name] += $2 }
		/^Private_Dirty:/ { dirty[name] += $2 }
		END { for (n in pss) print "MAP", pid, program, n, pss[n], dirty[n] }
	' "$process/smaps"
done
true

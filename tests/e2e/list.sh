#!/bin/bash
# Lists agree with rpm, find and readelf; sorting, globs and formats do what they say.
. "$(dirname "$0")/../lib.sh"
need jq rpm

root=$(testbed_root minimal)
expect_exit 0 "$TARE" analyze -q "$root" -o "$T/tare.db"
export TARE_GRAPH=$T/tare.db
cd "$T"
query() {
	rpm_of "$root" "$@" 2> ignored
}

json() {	# ARGUMENT...: into out
	expect_exit 0 "$TARE" list "$@" --json
}

note "packages"
json packages
expect_same "names and declared sizes" <(query -qa --qf '%{NEVRA} %{LONGSIZE}\n' | sort) \
	<(jq -r '.[] | "\(.nevra) \(.declared_bytes)"' out | sort)
expect_exit 0 "$TARE" list packages
expect_equal "lines: one for each and the heading" "$(($(query -qa | wc -l) + 1))" "$(wc -l < out | tr -d ' ')"
expect_exit 0 "$TARE" list packages 'libc*' bash
expect_same "globs" <(query -qa --qf '%{NEVRA}\n' 'libc*' bash | sort) \
	<(sed 1d out | awk '{ print $1 }' | sort)
json packages --sort disk_bytes --top 5
expect_equal "sizes fall" true "$(jq '[.[].disk_bytes] | . == (sort | reverse) and length == 5' out)"
json packages --sort disk_bytes --reverse
expect_equal "or rise" true "$(jq '[.[].disk_bytes] | . == sort' out)"
json packages --sort name
expect_equal "names rise" true "$(jq '[.[].name] | . == sort' out)"
expect_equal "nothing retains less than it has" 0 \
	"$(jq '[.[] | select(.retained_bytes < .disk_bytes)] | length' out)"
expect_equal "required by nobody" true "$(jq 'any(.[]; .required_by == 0)' out)"

note "columns, filters, formats"
expect_exit 0 "$TARE" list packages -H -c name
expect_same "one column without heading" <(query -qa --qf '%{NAME}\n' | sort) <(sort out)
expect_exit 0 "$TARE" list packages --csv -c name,disk -s disk -n 3
expect_equal "CSV has a line of keys" name,disk_bytes "$(head -1 out)"
expect_equal "and rows" 4 "$(wc -l < out | tr -d ' ')"
json packages -F 'disk>1M !lib vendor:debian' -c disk,name
check "columns in their order" jq -e 'all(.[]; keys_unsorted == ["disk_bytes", "name"])' out
json packages
jq -r '.[] | select(.disk_bytes > 1048576 and (.name | contains("lib") | not)
	and (.vendor | ascii_downcase | contains("debian"))) | .name' out > wanted
expect_exit 0 "$TARE" list packages -F 'disk>1M !lib vendor:debian' -H -c name
expect_same "a filter" wanted out
expect_exit 0 "$TARE" list files -F '~setuid' -H -c path
expect_same "a flag" <(cd "$root" && find . -xdev -type f \( -perm -4000 -o -perm -2010 \) -printf '/%P\n' | sort) \
	<(sort out)
expect_exit 0 "$TARE" list files -F '~world-writable !/dev' -H -c path
expect_same "another" <(cd "$root" && find . -xdev -path ./dev -prune -o ! -type l -perm -0002 \
	! \( -type d -perm -1000 \) -printf '/%P\n' | sort) <(sort out)
expect_equal "as many as counted" "$("$TARE" list surface setuid --json | jq '.[0].count')" \
	"$("$TARE" list files -F '~setuid' -H | wc -l | tr -d ' ')"
expect_exit 2 "$TARE" list packages -F 'size>1M'
expect_grep "there is no column 'size' here" err
expect_exit 2 "$TARE" list packages -F '~bad'
expect_exit 2 "$TARE" list packages -c name,xyz
expect_grep "there is no column 'xyz' here: name, nevra" err
expect_exit 2 "$TARE" list packages -c name,name

note "files"
json files
expect_same "every entry, and its blocks" \
	<(cd "$root" && find . -xdev -path './dev/*' -prune -o ! -path . -printf '/%P %b\n' | awk '{ print $1, $2 * 512 }' | sort) \
	<(jq -r '.[] | select(.state != "missing" and .state != "not-installed" and .path != "/")
		| "\(.path) \(.disk_bytes)"' out | sort)
expect_exit 0 "$TARE" list files '/usr/bin/*'
expect_same "a glob does not pass a slash" \
	<(cd "$root" && find usr/bin -mindepth 1 -maxdepth 1 -printf '/usr/bin/%f\n' | sort) \
	<(sed 1d out | awk '{ print $NF }' | sort)

note "libraries"
json libraries
soname=$(readelf -d "$root"/usr/lib/x86_64-linux-gnu/libz.so.1 | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
expect_equal "users of $soname" true "$(jq --arg s "$soname" 'any(.[]; .soname == $s and .users > 0)' out)"

note "services"
json services
expect_equal "units have their programs" true \
	"$(jq 'any(.[]; .unit == "systemd-journald.service" and (.runs | contains("/systemd-journald")))' out)"

note "edges, findings"
expect_exit 0 "$TARE" list edges shebang
expect_equal "one kind" "Kind shebang" "$(awk '{ print $1 }' out | uniq | tr '\n' ' ' | sed 's/ $//')"
json findings
expect_sql tare.db "$(jq length out)" "SELECT count(*) FROM finding"

note "what is wrong"
expect_exit 2 "$TARE" list package
expect_grep "^tare: no list of 'package' \(did you mean 'packages'\?\)$" err
expect_exit 2 "$TARE" list packages --sort size
expect_grep "^tare: there is no column 'size' here: name, nevra, disk_bytes" err
expect_exit 0 "$TARE" list packages 'no-such-*'
expect_equal "nothing is no error" 0 "$(wc -c < out | tr -d ' ')"
expect_exit 0 bash -c "set -o pipefail; '$TARE' list files | head -1 > '$T/head'"
expect_equal "a reader that had enough" 0 "$(wc -c < err | tr -d ' ')"

note "edges by kind"
expect_exit 0 "$TARE" list edges --kind=interpreter --kind=shebang --json
check "only the kinds that were asked for" jq -e \
	'length > 0 and all(.[]; .kind == "interpreter" or .kind == "shebang")' out
expect_exit 2 "$TARE" list edges --kind=interpretre
expect_grep "'interpretre' is no kind of edge" err
expect_exit 2 "$TARE" list files --kind=needed
done_testing

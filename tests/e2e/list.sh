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
expect_grep "^tare: packages have no column 'size': name, nevra, disk_bytes" err
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

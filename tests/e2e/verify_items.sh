#!/bin/bash
# Files and daemons of a plan are proven again, each by itself, on a newer graph: what is gone is
# a no-op, what somebody uses now is unsafe, what is as it was stays valid.
. "$(dirname "$0")/../lib.sh"
need rpm rpmbuild jq gcc

root=$(tiny_root items)
cd "$T"
printf '/usr/bin/app\n/usr/lib/systemd/system/default.target\n' > keep
expect_exit 0 "$TARE" analyze -q "$root" -o old.db
expect_exit 0 "$TARE" plan -q -g old.db --no-profile --keep keep --trim all -o plan.json
items() {	# STATUS
	jq -r --arg status "$1" '.items[] | select(.status == $status) | .name' out | sort | xargs
}
jq -r '.files[].path, .services[].unit' plan.json | sort > listed
expect_same "files and daemons of the plan" - listed << 'WANTED'
/usr/sbin/itemsd
/usr/sbin/otherd
/usr/share/doc/items/MANUAL
/usr/share/doc/items/NEWS
/usr/share/doc/items/README
/usr/share/doc/items/TODO
/usr/share/doc/items/more/DEEP
items.service
other.service
WANTED
expect_equal "the plan names who points to a program" /usr/lib/systemd/system/items.service \
	"$(jq -r '.files[] | select(.path == "/usr/sbin/itemsd").users[]' plan.json)"

note "the same graph"
expect_exit 0 "$TARE" verify plan.json -g old.db -f json
expect_equal "everything is valid" "10 7 2" \
	"$(jq -r '"\([.items[] | select(.status == "valid")] | length) \(.files.valid) \(.services.valid)"' out)"

# A copy of the root that CHANGE made another one: what verify says of each item.
changed() {	# STATUS CHANGE
	rm -rf new new.db
	cp -a "$root" new
	(cd new && eval "$2")
	expect_exit 0 "$TARE" analyze -q new -o new.db
	expect_exit "$1" "$TARE" verify plan.json -g new.db -f json
}

note "things that are gone"
changed 0 'rm usr/share/doc/items/README usr/lib/systemd/system/other.service
	rm etc/systemd/system/multi-user.target.wants/items.service'
expect_equal "no-op" "/usr/share/doc/items/README items.service other.service" "$(items no-op)"
expect_equal "unsafe" "" "$(items unsafe)"
expect_exit 0 "$TARE" verify plan.json -g new.db
expect_grep '^no-op +/usr/share/doc/items/README: it is not on the disk$'
expect_grep '^no-op +items.service: it does not start when the system boots$'
expect_grep '^no-op +other.service: there is no such unit$'
expect_grep '^Files    \[valid:6 no-op:1 unsafe:0\]$'
expect_grep '^PASS '

note "a script, a unit, a program and a link need them now"
changed 1 'printf "#!/bin/sh\n/usr/sbin/itemsd\n" > usr/bin/new; chmod 755 usr/bin/new'
expect_equal "a script" "/usr/sbin/itemsd items.service" "$(items unsafe)"
expect_grep 'usr/bin/new stays and uses it \(exec, ' out
changed 1 'printf "[Service]\nExecStart=/usr/sbin/otherd\n" > usr/lib/systemd/system/new.service'
expect_equal "a unit" "/usr/sbin/otherd" "$(items unsafe)"
changed 1 'echo "const char *const name = \"/usr/share/doc/items/NEWS\";
		int puts(const char *); int main(void) { return puts(name); }" |
	gcc -xc - -o usr/bin/new'
expect_equal "a program's data" "/usr/share/doc/items/NEWS" "$(items unsafe)"
changed 1 'ln -s ../share/doc/items/TODO usr/bin/todo'
expect_equal "a link" "/usr/share/doc/items/TODO" "$(items unsafe)"
expect_exit 1 "$TARE" verify plan.json -g new.db
expect_grep '^unsafe +/usr/share/doc/items/TODO: /usr/bin/todo stays and uses it \(symlink, hard: '
expect_grep '^FAIL '

note "what they are has changed"
changed 1 'cd usr/share/doc/items; rm NEWS; mkdir NEWS'
expect_equal "a folder now" "/usr/share/doc/items/NEWS" "$(items unsafe)"
changed 1 'mkdir usr/lib/systemd/system/multi-user.target.wants
	ln -s ../items.service usr/lib/systemd/system/multi-user.target.wants/items.service'
expect_equal "somebody else starts it" "items.service" "$(items unsafe)"
expect_grep 'multi-user.target starts it ' out
changed 1 'printf "[Unit]\nRequires=other.service\n" >> usr/lib/systemd/system/multi-user.target'
expect_equal "it is required" "other.service" "$(items unsafe)"
done_testing

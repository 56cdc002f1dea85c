#!/bin/bash
# An analysis needs no root rights, writes nothing below the root, and says so when parts
# of the root may not be read.
. "$(dirname "$0")/../lib.sh"
need_root_rights
need setpriv unshare sqlite3

install -m 755 "$TARE" "$T/tare"
chmod 755 "$T"
mkdir -m 777 "$T/nobody" "$T/view"
export TARE_RULES=${TARE_RULES:-$TARE_SOURCE/rules}

# nobody sees ROOT at the same place as root does, read-only or not
as_nobody() {	# ROOT COMMAND...
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --propagation private bash -c 'mount --bind "$1" "$2" && cd / && shift 2 &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$@"' \
		bash "$1" "$T/view" "${@:2}"
}

# all readable: the same graph, whoever looks
root=$(tiny_root rich)
before=$(tree_state "$root")
expect_exit 0 as_nobody "$root" "$T/tare" analyze "$T/view" -o "$T/nobody/rich.db"
expect_exit 0 unshare --mount --propagation private bash -c \
	"mount --bind '$root' '$T/view' && '$TARE' analyze '$T/view' -o '$T/rich.db'"
check "root and nobody make the same graph" cmp "$T/rich.db" "$T/nobody/rich.db"
expect_equal "state of the tree" "$before" "$(tree_state "$root")"

# a real root has closed folders: what can be read is in the graph, the rest is named
root=$(testbed_root minimal)
before=$(tree_state "$root")
expect_exit 3 as_nobody "$root" "$T/tare" analyze "$T/view" -o "$T/nobody/minimal.db"
expect_grep 'incomplete|not.*read|permission' "$T/err"
expect_sql "$T/nobody/minimal.db" "0|129" \
	"SELECT complete, (SELECT count(*) FROM package) FROM image"
expect_equal "state of the tree" "$before" "$(tree_state "$root")"

# nothing below the root is opened for writing, made, removed or renamed
if command -v strace > /dev/null; then
	strace -f -qq -o "$T/trace" -e trace=open,openat,openat2,creat,mkdir,mkdirat,unlink,\
unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,\
chown,fchownat,lchown,utimensat,mknodat -- "$TARE" analyze "$root" -o "$T/traced.db" \
		> "$T/out" 2> "$T/err" || true
	grep -vE '= -1 E' "$T/trace" | grep -F "$root/" |
		grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|^[0-9]+ +(mk|un|re|li|sy|tr|ch|ut|fch|lch)' |
		grep -vE 'readlink' > "$T/writes" || true
	expect_equal "calls that write below the root" 0 "$(wc -l < "$T/writes")"
	evidence "$T/writes"
fi
done_testing

#!/bin/bash
# The search for libraries gives what the dynamic linker itself gives: the real one, asked
# in a chroot, is the referee for one program for each of its rules.
. "$(dirname "$0")/../lib.sh"
need_root_rights
need ldconfig sqlite3

root=$(tiny_root linker)
expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db"

# The referee's own default folders are Debian's: it learns of /usr/lib64 by its cache.
judge=$T/judge
cp -a "$root" "$judge"
cp -L /lib64/ld-linux-x86-64.so.2 "$judge/usr/lib64/ld-linux-x86-64.so.2"
echo /usr/lib64 >> "$judge/etc/ld.so.conf"
ldconfig -r "$judge" 2> /dev/null

# program -> "soname path" lines of what it loads, "soname absent" for what is not found
ask_linker() {
	chroot "$judge" /lib64/ld-linux-x86-64.so.2 --list "$1" > "$T/list" 2>&1 || true
	sed -n -e 's/^\t\([^ /]*\) => \(\/[^ ]*\) (.*/\1 \2/p' \
		-e 's/.*: \([^ :]*\): cannot open shared object file.*/\1 absent/p' "$T/list" |
		while read -r soname path; do
			[ "$path" = absent ] || path=$(realpath -m "$judge$path")
			echo "$soname ${path#"$judge"}"
		done | sort
}

ask_graph() {
	sqlite3 -readonly -separator ' ' "$T/graph.db" "
		WITH RECURSIVE load(id) AS (
			SELECT id FROM file WHERE path = '$1'
			UNION SELECT n.resolved_id FROM load JOIN elf_needed n ON n.file_id = load.id
			WHERE n.resolved_id IS NOT NULL)
		SELECT DISTINCT n.soname, coalesce(f.path, 'absent')
		FROM load JOIN elf_needed n ON n.file_id = load.id
		LEFT JOIN file f ON f.id = n.resolved_id" |
		while read -r soname path; do
			[ "$path" = absent ] || path=$(realpath -m "$root$path")
			echo "$soname ${path#"$root"}"
		done | sort
}

for program in app-default app-transitive app-conf app-rpath app-chain app-first app-second \
	app-class app-absolute app-ring app-version app-sectionless; do
	ask_linker "/usr/bin/$program" > "$T/wanted"
	[ -s "$T/wanted" ] || not_ok "the linker knows $program"
	ask_graph "/usr/bin/$program" > "$T/got"
	expect_same "$program: $(xargs < "$T/wanted")" "$T/wanted" "$T/got"
done
for program in app-origin app-braces; do
	ask_linker "/opt/origin/bin/$program" > "$T/wanted"
	ask_graph "/opt/origin/bin/$program" > "$T/got"
	expect_same "$program: $(xargs < "$T/wanted")" "$T/wanted" "$T/got"
done

# the linker stops at the first library that it does not find
for program in app-runpath app-own app-unresolved; do
	ask_linker "/usr/bin/$program" | grep ' absent$' > "$T/wanted"
	ask_graph "/usr/bin/$program" | grep ' absent$' > "$T/got" || true
	expect_same "$program: $(xargs < "$T/wanted")" "$T/wanted" "$T/got"
done

# $LIB is lib64 where this root's linker lies; the referee's is Debian's
expect_equal "app-token" "libtoken.so.1 /opt/token/lib64/libtoken.so.1" \
	"$(ask_graph /usr/bin/app-token)"
expect_equal "app-slash" "/opt/slash/slash.so /opt/slash/slash.so" \
	"$(ask_graph /usr/bin/app-slash)"
# which of them depends on the processor: any is right, all are needed
ask_graph /usr/bin/app-hwcaps > "$T/out"
expect_grep '^libhw.so.1 /usr/lib64/(glibc-hwcaps/x86-64-v[23]/)?libhw.so.1$'
for variant in "" glibc-hwcaps/x86-64-v2/ glibc-hwcaps/x86-64-v3/; do
	expect_sql "$T/graph.db" 1 "SELECT count(DISTINCT t.path) FROM edge e
		JOIN file f ON f.id = e.from_file JOIN file t ON t.id = e.to_file
		WHERE f.path = '/usr/bin/app-hwcaps' AND t.path = '/usr/lib64/${variant}libhw.so.1'"
done
expect_sql "$T/graph.db" 1 "SELECT is_static FROM elf JOIN file ON id = file_id
	WHERE path = '/usr/bin/app-static'"
done_testing

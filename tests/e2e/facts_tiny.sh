#!/bin/bash
# The facts hold for names of odd bytes, hard links, holes, both word sizes, and damage.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/common/facts.sh"
need rpm readelf sqlite3

for name in names shared flags multilib linker damaged; do
	root=$(tiny_root "$name")
	analyze_untouched "$root" "$T/$name.db"
	check_facts "$root" /usr/lib/sysimage/rpm "$T/$name.db" packages ownership paths disk
done
for name in multilib linker; do
	check_facts "$T/roots/$name" /usr/lib/sysimage/rpm "$T/$name.db" needed
done

# owners of the many names of one inode, and of a path that two packages have
expect_sql "$T/shared.db" 2 "SELECT count(*) FROM ownership JOIN file ON id = file_id
	WHERE path = '/usr/share/shared/both'"
expect_sql "$T/shared.db" "1|4" "SELECT count(DISTINCT inode), max(link_count) FROM file
	WHERE path IN ('/usr/share/links/a', '/usr/share/links/deep/c', '/usr/share/unowned-link')"
expect_sql "$T/shared.db" "1" "SELECT o.rpm_state FROM ownership o JOIN package p
	ON p.id = o.package_id WHERE p.name = 'other'"

# what became of packaged files
expect_sql "$T/flags.db" "changed-size missing" "SELECT group_concat(state, ' ') FROM
	(SELECT state FROM file WHERE path IN ('/usr/share/flags/resized',
	'/usr/share/flags/gone') ORDER BY state)"
root=$(tiny_root flags --rpm --excludedocs)
expect_exit 0 "$TARE" analyze "$root" -o "$T/nodocs.db"
expect_sql "$T/nodocs.db" "not-installed|0" "SELECT state, disk_bytes FROM file
	WHERE path = '/usr/share/man/man1/flags.1'"

# each word size has its own libraries, whatever the soname says
expect_sql "$T/multilib.db" "/usr/bin/tool|/usr/lib64/libpair.so.1 /usr/bin/tool32|/usr/lib/libpair.so.1" \
	"SELECT group_concat(pair, ' ') FROM (SELECT f.path || '|' || t.path AS pair
	FROM elf_needed n JOIN file f ON f.id = n.file_id JOIN file t ON t.id = n.resolved_id
	WHERE f.path LIKE '/usr/bin/tool%' ORDER BY f.path)"

# nonsense inside of an ELF file is a finding, the file is counted all the same
for name in headless short tailless junk segments class strings needed; do
	expect_sql "$T/damaged.db" 1 "SELECT count(*) > 0 FROM finding JOIN file
		ON file.id = file_id WHERE path = '/usr/lib64/lib$name.so.1' AND rule = 'bad-elf'"
done
expect_sql "$T/damaged.db" 0 "SELECT count(*) FROM edge JOIN file ON file.id = to_file
	WHERE path = '/etc/passwd'"
done_testing

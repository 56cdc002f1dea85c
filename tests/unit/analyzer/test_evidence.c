#include "analyzer/evidence_file.h"
#include "analyzer/evidence_format.h"

#include "tests/unit/support/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int read_bytes(const char *bytes, size_t len, const char *format,
		      struct evidence *ev, struct error *err)
{
	char *data = mem_alloc(len + 1);

	memcpy(data, bytes, len);
	evidence_init(ev, "");
	return evidence_read_memory(
		data, len, format ? evidence_format_find(format, NULL) : NULL, ev, err);
}

/* "use path by xN", one a line, then what was not taken. */
static char *written(const struct evidence *ev)
{
	static const char MARKS[] = {
		[USE_MAPPED] = 'm', [USE_OPENED] = 'o', [USE_EXECUTED] = 'x'
	};
	struct strbuf out = { 0 };

	strbuf_printf(&out, "%s:", ev->source);
	array_each (&ev->uses, i) {
		const struct evidence_use *use = &ev->uses.data[i];

		strbuf_printf(&out, " %c%s", MARKS[use->use],
			      evidence_text(ev, use->path));
		if (use->by)
			strbuf_printf(&out, "(%s)", evidence_text(ev, use->by));
		if (use->count > 1)
			strbuf_printf(&out, "*%d", (int)use->count);
	}
	if (ev->node)
		strbuf_printf(&out, " node=%s", evidence_text(ev, ev->node));
	if (ev->begin >= 0)
		strbuf_printf(&out, " %lld..%lld", (long long)ev->begin,
			      (long long)ev->end);
	if (ev->elsewhere)
		strbuf_printf(&out, " elsewhere=%d", (int)ev->elsewhere);
	if (ev->skipped)
		strbuf_printf(&out, " skipped=%d", (int)ev->skipped);
	if (ev->lost)
		strbuf_printf(&out, " lost=%d", (int)ev->lost);
	return strbuf_detach(&out);
}

static const struct {
	const char *file, *wanted;
} FILES[] = {
	/* plain paths */
	{ "/a\n/b c\n/a\n", "paths: o/a*2 o/b c" },
	{ "# comment\n/a\r\nrelative\n", "paths: o/a skipped=1" },
	/* fatrace */
	{ "bash(1): O /bin/sh\n(sd pam)(22): RCO  /etc/x (1): y\n"
	  "a(3): + /tmp\na(3): D /tmp\na(3): CW device 8:2 inode 7\nnoise\n",
	  "fatrace: o/bin/sh o/etc/x (1): y elsewhere=1 skipped=1" },
	{ "1700000001.25 bash(1) [0:0]: RO  /bin/sh\n1700000009.1 a(2): R /b\n",
	  "fatrace: o/b o/bin/sh 1700000001..1700000009" },
	{ "{\"comm\":\"a\",\"pid\":1,\"types\":\"RO\",\"path\":\"/x\",\"exe\":\"/bin/"
	  "a\"}\n",
	  "fatrace: o/x(/bin/a)" },
	/* strace */
	{ "execve(\"/bin/ls\", [\"ls\"], 0x7ffe /* 3 vars */) = 0\n"
	  "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
	  "openat(AT_FDCWD, \"/nope\", O_RDONLY) = -1 ENOENT (No such file or "
	  "directory)\n"
	  "open(\"/a\\\"b\\303\\244\\n\", O_RDONLY) = 4\n"
	  "openat(AT_FDCWD, \"relative\", O_RDONLY) = 4\n"
	  "chdir(\"/usr\") = 0\nopenat(AT_FDCWD, \"share/x\", O_RDONLY) = 4\n"
	  "+++ exited with 0 +++\n",
	  "strace: o/a\"b\303\244\n(/bin/ls) x/bin/ls o/etc/ld.so.cache(/bin/ls) "
	  "o/usr/share/x(/bin/ls) elsewhere=1" },
	{ "[pid  7] openat(AT_FDCWD, \"/a\", O_RDONLY <unfinished ...>\n"
	  "[pid  8] openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n"
	  "[pid  7] <... openat resumed>) = 3\n"
	  "[pid  8] <... read resumed>\"\", 1) = 0\n",
	  "strace: o/a o/b" },
	{ "12 1700000000.5 execve(\"/bin/sh\", [\"sh\"], 0x1) = 0\n"
	  "12 1700000000.6 clone(child_stack=NULL, flags=SIGCHLD) = 13\n"
	  "13 1700000000.7 open(\"/x\", O_RDONLY) = 3\n"
	  "13 1700000000.8 chroot(\"/srv\") = 0\n"
	  "13 1700000000.9 open(\"/y\", O_RDONLY) = 3\n"
	  "13 1700000001.0 pivot_root(\".\", \".\") = 0\n"
	  "13 1700000001.1 open(\"/z\", O_RDONLY) = 3\n",
	  "strace: x/bin/sh o/srv/y(/bin/sh) o/x(/bin/sh) 1700000000..1700000001 "
	  "elsewhere=1" },
	{ "openat(AT_FDCWD</home/x>, \"../lib/y\", O_RDONLY) = 3</lib/y>\n"
	  "openat(3</lib>, \"z\", O_RDONLY) = 4</usr/lib/z>\n"
	  "mmap(NULL, 8, PROT_READ, MAP_PRIVATE, 4</usr/lib/z>, 0) = 0x7f00\n"
	  "openat(AT_FDCWD</>, \"p\", O_RDONLY) = 5<pipe:[77]>\n",
	  "strace: o//p o/home/x/../lib/y o/lib/y o/lib/z m/usr/lib/z o/usr/lib/z" },
	/* auditd */
	{ "type=SYSCALL msg=audit(1700000000.1:5): arch=c000003e syscall=257 success=yes "
	  "exit=3 comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)\n"
	  "type=CWD msg=audit(1700000000.1:5): cwd=\"/etc\"\n"
	  "type=SYSCALL msg=audit(1700000002.1:6): arch=c000003e syscall=59 success=yes "
	  "exe=\"/bin/ls\"\n"
	  "type=PATH msg=audit(1700000000.1:5): item=0 name=\"passwd\" inode=1 "
	  "nametype=NORMAL\n"
	  "type=PATH msg=audit(1700000000.1:5): item=1 name=2F746D702F61206200 "
	  "nametype=NORMAL\n"
	  "type=PATH msg=audit(1700000000.1:5): item=1 name=2F746D702F612062 "
	  "nametype=NORMAL\n"
	  "type=EXECVE msg=audit(1700000002.1:6): argc=1 a0=\"ls\"\n"
	  "type=PATH msg=audit(1700000002.1:6): item=0 name=\"/bin/ls\" "
	  "nametype=NORMAL\x1dOUID=\"root\"\n"
	  "type=PATH msg=audit(1700000002.1:6): item=1 name=\"/tmp/d\" "
	  "nametype=PARENT\n"
	  "type=SYSCALL msg=audit(1700000003.1:7): syscall=2 success=no exe=\"/bin/x\"\n"
	  "type=PATH msg=audit(1700000003.1:7): item=0 name=\"/no\" nametype=NORMAL\n",
	  "auditd: x/bin/ls o/etc/2F746D702F61206200(/usr/bin/cat) "
	  "o/etc/passwd(/usr/bin/cat) o/tmp/a b(/usr/bin/cat) 1700000000..1700000003" },
	{ "----\nnode=n1 type=PATH msg=audit(01/02/2026 03:04:05.678:9) : item=0 "
	  "name=/etc/x inode=5 nametype=NORMAL\nnode=n1 type=SYSCALL "
	  "msg=audit(01/02/2026 "
	  "03:04:05.678:9) : arch=x86_64 syscall=execve success=yes exe=/bin/y\n",
	  "auditd: x/etc/x node=n1" },
	/* IMA */
	{ "10 91f34b5c671d73504b274a919661cf80dab1e127 ima-ng "
	  "sha1:1801e1be3e65ef1eaa5c16617bec8f1274eaf6b3 boot_aggregate\n"
	  "10 91f34b5c671d73504b274a919661cf80dab1e127 ima-ng sha256:aa /usr/bin/kmod\n"
	  "10 91f34b5c671d73504b274a919661cf80dab1e127 ima-sig sha256:aa /bin/x 030204\n"
	  "10 91f34b5c671d73504b274a919661cf80dab1e127 ima aabb /init\nx\n",
	  "ima: o/bin/x o/init o/usr/bin/kmod skipped=1" },
	/* opensnoop */
	{ "PID    COMM               FD ERR PATH\n"
	  "1      systemd            12   0 /proc/1/x y\n"
	  "27     a b c 1            -1   2 /no\n"
	  "28     a b c              3    0 rel\n",
	  "opensnoop: o/proc/1/x y elsewhere=1 skipped=1" },
	{ "TIME(s)       UID   PID    COMM               FD ERR FLAGS    PATH\n"
	  "0.000000000   0     26     sh                 5    0 02000000 /etc/y\n",
	  "opensnoop: o/etc/y skipped=1" },
	/* bpftrace */
	{ "{\"type\": \"attached_probes\", \"data\": {\"probes\": 2}}\n"
	  "{\"type\": \"printf\", \"data\": \"7      cat   3   0 /etc/a\\n\"}\n"
	  "{\"type\": \"map\", \"data\": {\"@o\": {\"/etc/b\": 5, \"7,/etc/c\": 1, "
	  "\"x\": 2}}}\n"
	  "{\"type\": \"lost_events\", \"data\": {\"events\": 9}}\n",
	  "bpftrace: o/etc/a o/etc/b*5 o/etc/c skipped=1 lost=9" },
	/* Inspektor Gadget */
	{ "{\"k8s\":{\"node\":\"n\",\"containerName\":\"\"},\"fname\":\"/etc/"
	  "a\",\"error\":\"\",\"fd\":3}\n"
	  "{\"k8s\":{\"node\":\"n\",\"containerName\":\"web\"},\"fname\":\"/etc/b\"}\n"
	  "{\"k8s\":{\"node\":\"n\"},\"fname\":\"/etc/c\",\"error\":\"ENOENT\"}\n"
	  "{\"node\":\"n\",\"exepath\":\"/usr/bin/runc\",\"args\":\"runc\"}\n",
	  "gadget: o/etc/a x/usr/bin/runc node=n elsewhere=1" },
	{ "[{\"path\":\"/rel\",\"fullPath\":\"/full\",\"err\":0},{\"path\":\"/"
	  "f\",\"err\":2}]\n",
	  "gadget: o/full" },
};

static void formats_are_found_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
		struct evidence ev;
		struct error err = { 0 };
		_cleanup_(freep) char *text = NULL;

		if (read_bytes(FILES[i].file, strlen(FILES[i].file), NULL, &ev, &err) < 0)
			fail_msg("%s: %s", FILES[i].wanted, err.text);
		text = written(&ev);
		assert_string_equal(text, FILES[i].wanted);
		evidence_release(&ev);
	}
}

static void paths_may_end_with_nul(void **state)
{
	struct evidence ev;
	_cleanup_(freep) char *text = NULL;

	(void)state;
	assert_int_equal(read_bytes("/a\nb\0/c\0", 8, NULL, &ev, NULL), 0);
	text = written(&ev);
	assert_string_equal(text, "paths: o/a\nb o/c");
	evidence_release(&ev);
}

static const char HEADER[] = "{\"schema\":\"tare-evidence/1\",\"source\":\"observe\","
			     "\"node\":\"n\",\"begin\":5,\"end\":9,\"complete\":true,"
			     "\"coverage\":\"node\",\"lost\":0}\n";

static void own_files_come_back_byte_by_byte(void **state)
{
	static const char ROWS[] =
		"{\"path\":\"/a\\u000a\\\"\",\"use\":\"executed\",\"scope\":\"host\"}\n"
		"{\"path\":\"/b\",\"use\":\"opened\",\"scope\":\"container\",\"by\":\"/"
		"a\",\"count\":7}\n"
		"{\"path_hex\":\"2fff\",\"use\":\"mapped\"}\n"
		"{\"executable\":\"/a\",\"scope\":\"host\",\"processes\":2,\"pss_bytes\":"
		"4096,\"private_dirty_bytes\":1}\n"
		"{\"module\":\"overlay\"}\n{\"records\":5}\n";
	_cleanup_(freep) char *file = mem_printf("%s%s", HEADER, ROWS);
	_cleanup_(strbuf_release) struct strbuf back = { 0 };
	char one[EVIDENCE_DIGEST_LEN + 1], two[EVIDENCE_DIGEST_LEN + 1];
	struct evidence ev, again;
	struct error err = { 0 };

	(void)state;
	if (read_bytes(file, strlen(file), NULL, &ev, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(ev.whole_node && ev.complete);
	evidence_write(&ev, &back);
	assert_string_equal(strbuf_text(&back), file);
	assert_int_equal(read_bytes(back.data, back.len, "tare", &again, NULL), 0);
	assert_int_equal(evidence_digest(&ev, one, NULL), 0);
	assert_int_equal(evidence_digest(&again, two, NULL), 0);
	assert_string_equal(one, two);
	assert_int_equal(strlen(one), EVIDENCE_DIGEST_LEN);
	again.end++;
	assert_int_equal(evidence_digest(&again, two, NULL), 0);
	assert_string_not_equal(one, two);
	evidence_release(&ev);
	evidence_release(&again);
}

/* With a space behind its '{' a line is left to the JSON reader. */
static void lines_as_written_are_read_as_all_json_is(void **state)
{
	static const char *const LINES[] = {
		"{%s\"path\":\"/a\",\"use\":\"opened\"}",
		"{%s\"path\":\"/a b\",\"use\":\"executed\",\"scope\":\"host\"}",
		"{%s\"path\":\"/a\",\"use\":\"mapped\",\"by\":\"/b\"}",
		"{%s\"path\":\"/a\",\"use\":\"mapped\",\"by\":\"b\"}",
		"{%s\"path\":\"/a\",\"use\":\"opened\",\"scope\":\"unknown\",\"by\":"
		"\"/b/c\"}",
		"{%s\"path\":\"/a\\u0041\",\"use\":\"opened\"}",
		"{%s\"path\":\"/\xc3\xa4\",\"use\":\"opened\"}",
		"{%s\"path\":\"/\xff\",\"use\":\"opened\"}",
		"{%s\"path\":\"/a\",\"use\":\"opened\",\"count\":3}",
		"{%s\"path\":\"/a\",\"use\":\"opened\"} ",
		"{%s\"path\":\"/a\",\"use\":\"opened\"}}",
		"{%s\"path\":\"/a\",\"use\":\"opened\",\"scope\":\"moon\"}",
		"{%s\"path\":\"/a\",\"use\":\"eaten\"}",
		"{%s\"path\":\"a\",\"use\":\"opened\"}",
		"{%s\"path\":\"\",\"use\":\"opened\"}",
		"{%s\"path\":\"/a\",\"use\":\"\"}",
		"{%s\"path\":\"/a\"}",
		"{%s\"path\":\"/a",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
		char digests[2][EVIDENCE_DIGEST_LEN + 1] = { "", "" };
		int results[2];

		for (int slow = 0; slow < 2; slow++) {
			struct strbuf file = { 0 };
			struct evidence ev;
			struct error err = { 0 };

			strbuf_puts(&file, HEADER);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			strbuf_printf(&file, LINES[i], slow ? " " : "");
#pragma GCC diagnostic pop
			strbuf_puts(&file, "\n{\"records\":1}\n");
			results[slow] = read_bytes(file.data, file.len, NULL, &ev, &err);
			if (results[slow] == 0)
				evidence_digest(&ev, digests[slow], NULL);
			evidence_release(&ev);
			strbuf_release(&file);
		}
		if (results[0] != results[1] || strcmp(digests[0], digests[1]) != 0)
			fail_msg("%s: %d, %d", LINES[i], results[0], results[1]);
	}
}

static void damaged_own_files_are_errors_with_a_place(void **state)
{
	static const struct {
		const char *rest, *words;
	} BAD[] = {
		{ "", "cut off" },
		{ "{\"records\":1}\n", "line 2: it has 0 records" },
		{ "{\"path\":\"/a\"}\n{\"records\":1}\n", "line 2: \"use\"" },
		{ "{\"path\":\"a\",\"use\":\"opened\"}\n", "line 2: \"path\"" },
		{ "{\"path\":\"/a\",\"use\":\"eaten\"}\n", "line 2: \"use\"" },
		{ "{\"path\":\"/a\\u0000b\",\"use\":\"opened\"}\n", "line 2: line 1, c" },
		{ "{\"path_hex\":\"2f0\",\"use\":\"opened\"}\n", "line 2: \"path\"" },
		{ "{\"path\":\"/a\",\"use\":\"opened\",\"count\":-1}\n", "\"count\"" },
		{ "{\"path\":\"/a\",\"use\":\"opened\",\"scope\":3}\n", "\"scope\"" },
		{ "{\"executable\":\"/a\",\"pss_bytes\":1.5}\n", "\"pss_bytes\"" },
		{ "{\"module\":\"../x\"}\n", "\"module\"" },
		{ "[]\n", "no object" },
		{ "{}\n", "none of" },
		{ "{\"records\":0}\n{\"records\":0}\n", "more behind" },
		{ "nonsense\n", "line 2:" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		_cleanup_(freep) char *file = mem_printf("%s%s", HEADER, BAD[i].rest);
		struct evidence ev;
		struct error err = { 0 };

		assert_int_equal(read_bytes(file, strlen(file), NULL, &ev, &err),
				 -EINVAL);
		if (!strstr(err.text, BAD[i].words))
			fail_msg("'%s' does not say '%s'", err.text, BAD[i].words);
		evidence_release(&ev);
	}
}

static void what_is_no_evidence_is_told(void **state)
{
	static const struct {
		const char *file, *format, *words;
	} BAD[] = {
		{ "", NULL, "empty" },
		{ "hello\n", NULL, "none of the formats" },
		{ "hello\n", "strace", "no line of it" },
		{ "{\"schema\":\"tare-evidence/9\",\"source\":\"x\",\"node\":\"\"}\n",
		  NULL, "schema" },
		{ "node=a type=CWD msg=audit(1.0:1): cwd=\"/\"\n"
		  "node=b type=CWD msg=audit(1.0:2): cwd=\"/\"\n",
		  NULL, "several nodes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		struct evidence ev;
		struct error err = { 0 };

		assert_int_equal(read_bytes(BAD[i].file, strlen(BAD[i].file),
					    BAD[i].format, &ev, &err),
				 -EINVAL);
		if (!strstr(err.text, BAD[i].words))
			fail_msg("'%s' does not say '%s'", err.text, BAD[i].words);
		evidence_release(&ev);
	}
}

static void memory_is_bounded(void **state)
{
	struct evidence ev;

	(void)state;
	evidence_init(&ev, "test");
	ev.max_uses = 3;
	for (int i = 0; i < 10; i++) {
		_cleanup_(freep) char *path = mem_printf("/%d", i);

		evidence_use(&ev, &(struct evidence_event){ .path = path });
	}
	assert_int_equal(ev.uses.len, 3);
	assert_int_equal(ev.lost, 7);
	assert_false(ev.complete);
	evidence_release(&ev);
}

/* One member of a tar archive. */
static void add_member(struct strbuf *tar, const char *name, const char *data)
{
	char header[512] = { 0 };
	size_t len = strlen(data);

	snprintf(header, 100, "%s", name);
	snprintf(header + 124, 12, "%011o", (unsigned int)len & 0xffffff);
	snprintf(header + 136, 12, "%011o", 1700000000);
	header[156] = '0';
	memcpy(header + 257, "ustar", 5);
	strbuf_add(tar, header, sizeof(header));
	strbuf_add(tar, data, len);
	while (tar->len % 512)
		strbuf_putc(tar, '\0');
}

static const char SMAPS[] =
	"55d000000000-55d000001000 r-xp 00000000 08:01 11    /usr/sbin/dae\\012mon\n"
	"Pss:                   8 kB\nPrivate_Dirty:         0 kB\nVmFlags: rd ex\n"
	"55d000002000-55d000003000 rw-p 00000000 00:00 0     [heap]\n"
	"Pss:                  12 kB\nPrivate_Dirty:        12 kB\n"
	"7f0000000000-7f0000001000 r--p 00000000 08:01 12    /usr/lib/libc.so.6\n"
	"Pss:                   4 kB\nPrivate_Dirty:         0 kB\n"
	"7f0000002000-7f0000003000 rw-p 00001000 08:01 12    /usr/lib/libc.so.6\n"
	"Pss:                   1 kB\nPrivate_Dirty:         1 kB\n"
	"7f0000004000-7f0000005000 rw-p 00000000 08:01 13    /tmp/x (deleted)\n"
	"Pss:                   2 kB\nPrivate_Dirty:         2 kB\n";

static void snapshots_of_proc_give_memory(void **state)
{
	_cleanup_(strbuf_release) struct strbuf tar = { 0 };
	_cleanup_(freep) char *text = NULL;
	struct evidence ev;
	struct error err = { 0 };

	(void)state;
	add_member(&tar, "meminfo", "MemTotal: 1 kB\n");
	add_member(&tar, "proc/7/smaps", SMAPS);
	add_member(&tar, "8/cgroup", "0::/kubepods.slice/x\n");
	add_member(&tar, "8/smaps", SMAPS);
	if (read_bytes(tar.data, tar.len, NULL, &ev, &err) < 0)
		fail_msg("%s", err.text);
	text = written(&ev);
	assert_string_equal(text, "snapshot: m/usr/lib/libc.so.6(/usr/sbin/dae\nmon) "
				  "x/usr/sbin/dae\nmon 1700000000..1700000000 "
				  "elsewhere=1");
	assert_int_equal(ev.memory.len, 3);
	assert_int_equal(ev.memory.data[0].file, 0);
	assert_int_equal(ev.memory.data[0].pss_bytes, 14 * 1024);
	assert_int_equal(ev.memory.data[1].pss_bytes, 5 * 1024);
	assert_int_equal(ev.memory.data[1].private_dirty_bytes, 1024);
	assert_int_equal(ev.memory.data[2].pss_bytes, 8 * 1024);
	evidence_release(&ev);
	assert_int_equal(read_bytes(tar.data, tar.len - 600, NULL, &ev, &err), -EINVAL);
	assert_non_null(strstr(err.text, "cut off"));
	evidence_release(&ev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_found_and_read),
		cmocka_unit_test(paths_may_end_with_nul),
		cmocka_unit_test(own_files_come_back_byte_by_byte),
		cmocka_unit_test(lines_as_written_are_read_as_all_json_is),
		cmocka_unit_test(damaged_own_files_are_errors_with_a_place),
		cmocka_unit_test(what_is_no_evidence_is_told),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(snapshots_of_proc_give_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

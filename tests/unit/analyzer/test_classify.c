#include "analyzer/classify.h"

#include "analyzer/classify_content.h"
#include "analyzer/classify_path.h"
#include "analyzer/edges.h"
#include "analyzer/filecaps.h"
#include "analyzer/walk.h"
#include "base/io.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const struct {
	const char *path;
	enum file_category category;
	bool weak;
} PATHS[] = {
	{ "/usr/share/man/man1/ls.1.gz", CATEGORY_MAN, false },
	{ "/usr/local/share/man/de/man1/x.1", CATEGORY_MAN, false },
	{ "/opt/tool/share/man/man1/tool.1", CATEGORY_MAN, false },
	{ "/usr/share/info/grep.info.gz", CATEGORY_INFO, false },
	{ "/usr/share/doc/bash/README", CATEGORY_DOCUMENTATION, false },
	{ "/usr/share/doc/bash/copyright", CATEGORY_LICENCE, false },
	{ "/usr/share/licenses/bash/COPYING", CATEGORY_LICENCE, false },
	{ "/usr/lib/python3/x.dist-info/LICENSE.txt", CATEGORY_LICENCE, false },
	{ "/usr/share/locale/de/LC_MESSAGES/bash.mo", CATEGORY_LOCALE, false },
	{ "/usr/lib/locale/C.utf8/LC_CTYPE", CATEGORY_LOCALE, false },
	{ "/usr/include/stdio.h", CATEGORY_HEADER, false },
	{ "/usr/lib64/perl5/CORE/perl.h", CATEGORY_HEADER, false },
	{ "/usr/src/kernels/6.1/Makefile", CATEGORY_HEADER, false },
	{ "/usr/lib/debug/usr/bin/ls.debug", CATEGORY_DEBUG, false },
	{ "/boot/vmlinuz-6.1.0", CATEGORY_KERNEL, false },
	{ "/usr/lib/modules/6.1.0/vmlinuz", CATEGORY_KERNEL, false },
	{ "/lib/modules/6.1.0/kernel/fs/ext4.ko", CATEGORY_KERNEL_MODULE, false },
	{ "/usr/lib/modules/6.1.0/x.ko.xz", CATEGORY_KERNEL_MODULE, false },
	{ "/usr/lib/modules/6.1.0/x.ko.zst", CATEGORY_KERNEL_MODULE, false },
	{ "/usr/lib/modules/6.1.0/modules.dep.bin", CATEGORY_CACHE, false },
	{ "/boot/initramfs-6.1.0.img", CATEGORY_INITRAMFS, false },
	{ "/boot/initrd.img-6.1.0", CATEGORY_INITRAMFS, false },
	{ "/boot/grub2/grub.cfg", CATEGORY_BOOT, false },
	{ "/usr/lib/systemd/boot/efi/systemd-bootx64.efi", CATEGORY_BOOT, false },
	{ "/usr/lib/firmware/rtl_nic/rtl8168.fw", CATEGORY_FIRMWARE, false },
	{ "/usr/lib/firmware/LICENCE.rtl", CATEGORY_LICENCE, false },
	{ "/usr/lib/systemd/system/sshd.service", CATEGORY_UNIT, false },
	{ "/etc/systemd/system/a.service.d/x.conf", CATEGORY_UNIT, false },
	{ "/usr/lib/tmpfiles.d/x.conf", CATEGORY_CONFIG, false },
	{ "/usr/share/zoneinfo/UTC", CATEGORY_TIMEZONE, false },
	{ "/usr/share/terminfo/x/xterm", CATEGORY_TERMINFO, false },
	{ "/usr/share/bash-completion/completions/ls", CATEGORY_COMPLETION, false },
	{ "/usr/lib/sysimage/rpm/rpmdb.sqlite", CATEGORY_RPMDB, false },
	{ "/var/lib/rpm/Packages", CATEGORY_RPMDB, false },
	{ "/var/cache/dnf/x", CATEGORY_CACHE, false },
	{ "/etc/ld.so.cache", CATEGORY_CACHE, false },
	{ "/var/log/messages", CATEGORY_LOG, false },
	{ "/etc/pki/tls/cert.pem", CATEGORY_CERTIFICATE, false },
	{ "/var/lib/containerd/x", CATEGORY_CONTAINER, false },
	{ "/usr/lib/python3/__pycache__/x.pyc", CATEGORY_BYTECODE, false },
	{ "/usr/lib/python3/x.py", CATEGORY_MODULE_SCRIPT, true },
	{ "/usr/share/perl5/X.pm", CATEGORY_MODULE_SCRIPT, true },
	{ "/etc/hosts", CATEGORY_CONFIG, true },
	{ "/etc/profile.d/lang.sh", CATEGORY_SCRIPT, true },
};

static void paths_tell_most(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
		struct path_class c = classify_path(PATHS[i].path);

		if (!c.known || c.category != PATHS[i].category ||
		    c.weak != PATHS[i].weak)
			fail_msg("%s: %s", PATHS[i].path,
				 c.known ? file_category_name(c.category) : "unknown");
	}
	assert_false(classify_path("/usr/bin/ls").known);
	assert_false(classify_path("/usr/lib64/libc.so.6").known);
	assert_false(classify_path("/usr/share/manual").known);
	/* Korean, no kernel module */
	assert_false(classify_path("/usr/share/vim/vim90/tutor/tutor.ko").known);
	assert_false(classify_path("/usr/lib64/x/.py").known);
	assert_false(classify_path("/").known);
}

/* The table of endings is searched by halves: each must be found. */
static void endings_are_in_order(void **state)
{
	static const char *const NAMES[] = { "x.7z", "x.a",    "x.class", "x.debug",
					     "x.gz", "x.json", "x.ph",	  "x.svg",
					     "x.xz", "x.yml",  "x.zst" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		assert_true(classify_path_media(NAMES[i]) ||
			    classify_path(NAMES[i]).known);
	assert_string_equal(classify_path_media("/a/x.json"), "application/json");
	assert_null(classify_path_media("/a.json/x"));
}

#define HEAD(bytes) bytes, sizeof(bytes) - 1

/* A 64-bit little-endian ELF header, e_phoff 64, one program header. */
#define ELF64(type, phtype)                                                              \
	"\177ELF\2\1\1\0\0\0\0\0\0\0\0\0" type "\0\x3e\0\1\0\0\0"                        \
	"\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"                             \
	"\0\0\0\0\x40\0\x38\0\1\0\0\0\0\0\0\0" phtype "\0\0\0"

static void first_bytes_tell_the_rest(void **state)
{
	static const struct {
		const char *path;
		uint32_t mode;
		enum file_category category;
		const char *media;
		const char *head;
		size_t len;
	} CASES[] = {
		{ "/x", 0755, CATEGORY_EXECUTABLE, "application/x-executable",
		  HEAD(ELF64("\2", "\1")) },
		{ "/x", 0644, CATEGORY_EXECUTABLE, "application/x-pie-executable",
		  HEAD(ELF64("\3", "\3")) },
		{ "/x", 0644, CATEGORY_LIBRARY, "application/x-sharedlib",
		  HEAD(ELF64("\3", "\1")) },
		{ "/libx.so.1", 0755, CATEGORY_LIBRARY, "application/x-sharedlib",
		  HEAD(ELF64("\3", "\3")) },
		{ "/x.o", 0644, CATEGORY_OBJECT, "application/x-object",
		  HEAD(ELF64("\1", "\1")) },
		{ "/x", 0644, CATEGORY_DATA, "application/octet-stream",
		  HEAD("\177ELF") },
		{ "/x", 0755, CATEGORY_SCRIPT, "text/x-script", HEAD("#!/bin/sh\n") },
		{ "/x", 0644, CATEGORY_SCRIPT, "text/x-script", HEAD("#! /bin/sh\n") },
		{ "/x", 0755, CATEGORY_SCRIPT, "text/x-script", HEAD("#!perl\n") },
		{ "/x", 0644, CATEGORY_DATA, "text/plain", HEAD("#!comment\n") },
		{ "/x.a", 0644, CATEGORY_STATIC_LIBRARY, "application/x-archive",
		  HEAD("!<arch>\n") },
		{ "/x.deb", 0644, CATEGORY_DATA, "application/x-archive",
		  HEAD("!<arch>\n") },
		{ "/x", 0644, CATEGORY_DATA, "application/gzip", HEAD("\x1f\x8b\x08") },
		{ "/x", 0644, CATEGORY_DATA, "application/vnd.sqlite3",
		  HEAD("SQLite format 3\0") },
		{ "/x", 0644, CATEGORY_TIMEZONE, "application/tzif", HEAD("TZif2") },
		{ "/x", 0644, CATEGORY_BOOT,
		  "application/vnd.microsoft.portable-executable", HEAD("MZ\x90") },
		{ "/x", 0644, CATEGORY_DATA, "inode/x-empty", HEAD("") },
		{ "/x", 0644, CATEGORY_DATA, "text/plain", HEAD("text\n\twords\r\n") },
		{ "/x", 0644, CATEGORY_DATA, "text/plain", HEAD("gr\xfc\xdf") },
		/* the last character is cut */
		{ "/x", 0644, CATEGORY_DATA, "text/plain",
		  HEAD("\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x82") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct content_class c = classify_head(CASES[i].path, CASES[i].mode,
						       CASES[i].head, CASES[i].len);

		assert_true(c.known);
		assert_string_equal(file_category_name(c.category),
				    file_category_name(CASES[i].category));
		assert_string_equal(c.media, CASES[i].media);
	}
	assert_false(classify_head("/x", 0644, HEAD("ab\0cd")).known);
	assert_false(classify_head("/x", 0644, HEAD("\x80\x81\x82\x83\x84")).known);
}

/* Every prefix of an ELF header, byte for byte: no read beyond its end. */
static void short_headers_are_harmless(void **state)
{
	static const char WHOLE[] = ELF64("\3", "\3");

	(void)state;
	for (size_t len = 0; len < sizeof(WHOLE); len++) {
		char *copy = mem_alloc(len);

		memcpy(copy, WHOLE, len);
		(void)classify_head("/x", 0644, copy, len);
		free(copy);
	}
}

static void capabilities_are_written_as_libcap_does(void **state)
{
	/* The attribute as setcap writes it, the text as getcap prints it. */
	static const struct {
		unsigned char bytes[24];
		size_t len;
		const char *text;
	} CASES[] = {
		{ { 1, 0, 0, 2, 0, 0x20 }, 20, "cap_net_raw=ep" },
		{ { 0, 0, 0, 2, 0, 0x20 }, 20, "cap_net_raw=p" },
		{ { 1, 0, 0, 2, 0, 0x34 },
		  20,
		  "cap_net_bind_service,cap_net_admin,cap_net_raw=ep" },
		{ { 0, 0, 0, 2, 1, 0, 0, 0, 3 }, 20, "cap_chown=ip cap_dac_override+i" },
		{ { 1, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 1 },
		  20,
		  "=ep" },
		{ { 1, 0, 0, 2, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 1 },
		  20,
		  "=ep cap_chown-ep" },
		{ { 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 }, 20, "cap_bpf=ep" },
		{ { 0, 0, 0, 2 }, 20, "=" },
		{ { 1, 0, 0, 1, 1 }, 12, "cap_chown=ep" },
		{ { 1, 0, 0, 3, 1, [20] = 0xe8, 3 }, 24, "cap_chown=ep [rootid=1000]" },
		{ { 1, 0, 0, 2, 1 }, 19, NULL },
		{ { 1, 0, 0, 9, 1 }, 20, NULL },
		{ { 1, 0, 0 }, 3, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *text = filecaps_text(CASES[i].bytes, CASES[i].len);

		if (!CASES[i].text)
			assert_null(text);
		else
			assert_string_equal(text, CASES[i].text);
	}
}

/* ---- the whole line on a root ---- */

struct fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct walk_result seen;
	struct finding_list findings;
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	tempdir_init(&f->dir);
	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	tree_init(&f->tree);
	finding_list_init(&f->findings);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	finding_list_release(&f->findings);
	walk_result_release(&f->seen);
	tree_release(&f->tree);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static size_t classify_all(struct fixture *f, bool no_libmagic, size_t *ret_magic)
{
	struct content content = { .root = f->root,
				   .tree = &f->tree,
				   .findings = &f->findings };
	struct classify *classify =
		classify_new(&f->tree, content_threads(&content), no_libmagic);
	struct content_pass pass = { classify_content, classify };
	size_t failed;

	classify_entries(classify);
	content.passes = &pass;
	content.pass_count = 1;
	failed = content_run(&content);
	classify_finish(classify);
	*ret_magic = classify_magic_count(classify);
	classify_free(classify);
	return failed;
}

static struct tree_entry *entry_at(struct fixture *f, const char *path)
{
	struct tree_entry *entry = tree_find(&f->tree, path);

	if (!entry)
		fail_msg("no %s", path);
	return entry;
}

static void assert_class(struct fixture *f, const char *path, const char *category,
			 const char *by, const char *media)
{
	const struct tree_entry *entry = entry_at(f, path);

	assert_string_equal(file_category_name(entry->category), category);
	assert_string_equal(file_classifier_name(entry->classified_by), by);
	assert_string_equal(tree_text(&f->tree, entry->media_type), media);
}

static void evidence_has_an_order(void **state)
{
	struct fixture *f = *state;
	size_t magic;

	tempdir_file(&f->dir, "usr/share/man/man1/a.1", "#!/bin/sh\n");
	tempdir_file(&f->dir, "usr/lib/tool.py", "#!/usr/bin/python3\n");
	tempdir_file(&f->dir, "usr/lib/module.py", "#!/usr/bin/python3\n");
	tempdir_file(&f->dir, "usr/share/readme", "words");
	tempdir_file(&f->dir, "opt/x/conf", "words");
	tempdir_file(&f->dir, "opt/x/run", "#!/bin/sh\n");
	tempdir_file(&f->dir, "opt/x/licence", "words");
	tempdir_file(&f->dir, "etc/plain", "words");
	tempdir_bytes(&f->dir, "etc/binary", HEAD(ELF64("\2", "\1")));
	tempdir_bytes(&f->dir, "opt/x/song", HEAD("fLaC\0\0\0\x22\0"));
	tempdir_link(&f->dir, "link", "usr");
	assert_int_equal(fchmodat(f->dir.fd, "usr/lib/tool.py", 0755, 0), 0);
	assert_int_equal(fchmodat(f->dir.fd, "opt/x/run", 0755, 0), 0);
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &f->seen, NULL),
		0);
	entry_at(f, "/usr/share/readme")->own_flags = OWN_DOC;
	entry_at(f, "/opt/x/conf")->own_flags = OWN_CONFIG;
	entry_at(f, "/opt/x/run")->own_flags = OWN_CONFIG;
	entry_at(f, "/opt/x/licence")->own_flags = OWN_LICENCE | OWN_DOC;
	assert_int_equal(classify_all(f, false, &magic), 0);

	assert_class(f, "/usr/share/man/man1/a.1", "man", "path", "text/x-script");
	assert_class(f, "/usr/lib/tool.py", "script", "content", "text/x-python");
	assert_class(f, "/usr/lib/module.py", "interpreted-library", "path",
		     "text/x-python");
	assert_class(f, "/usr/share/readme", "documentation", "flags", "text/plain");
	assert_class(f, "/opt/x/conf", "config", "flags", "text/plain");
	assert_class(f, "/opt/x/run", "script", "content", "text/x-script");
	assert_class(f, "/opt/x/licence", "licence", "flags", "text/plain");
	assert_class(f, "/etc/plain", "config", "path", "text/plain");
	assert_class(f, "/etc/binary", "executable", "content",
		     "application/x-executable");
	assert_class(f, "/opt/x/song", "data", "libmagic", "audio/flac");
	assert_class(f, "/link", "symlink", "type", "");
	assert_class(f, "/usr", "directory", "type", "");
	assert_int_equal(magic, 1);
}

static void libmagic_can_be_left_out(void **state)
{
	struct fixture *f = *state;
	size_t magic;

	tempdir_bytes(&f->dir, "song", HEAD("fLaC\0\0\0\x22\0"));
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &f->seen, NULL),
		0);
	assert_int_equal(classify_all(f, true, &magic), 0);
	assert_class(f, "/song", "data", "content", "application/octet-stream");
	assert_int_equal(magic, 0);
}

static void capabilities_of_programs_are_read(void **state)
{
	static const unsigned char RAW[20] = { 1, 0, 0, 2, 0, 0x20 };
	struct fixture *f = *state;
	_cleanup_(closep) int fd = -1;
	size_t magic;

	tempdir_file(&f->dir, "ping", "#!/bin/sh\n");
	assert_int_equal(fchmodat(f->dir.fd, "ping", 0755, 0), 0);
	fd = openat(f->dir.fd, "ping", O_RDONLY);
	if (fsetxattr(fd, "security.capability", RAW, sizeof(RAW), 0) < 0)
		skip(); /* needs CAP_SETFCAP and a file system that has them */
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &f->seen, NULL),
		0);
	assert_int_equal(classify_all(f, true, &magic), 0);
	assert_string_equal(tree_text(&f->tree, entry_at(f, "/ping")->capabilities),
			    "cap_net_raw=ep");
}

static void what_changed_or_is_closed_is_a_finding(void **state)
{
	struct fixture *f = *state;
	struct finding_row row;
	size_t magic;

	tempdir_file(&f->dir, "gone", "x");
	tempdir_file(&f->dir, "fifo", "x");
	tempdir_file(&f->dir, "link", "x");
	tempdir_file(&f->dir, "there", "x");
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &f->seen, NULL),
		0);
	assert_int_equal(unlinkat(f->dir.fd, "gone", 0), 0);
	assert_int_equal(unlinkat(f->dir.fd, "fifo", 0), 0);
	assert_int_equal(mkfifoat(f->dir.fd, "fifo", 0644), 0);
	assert_int_equal(unlinkat(f->dir.fd, "link", 0), 0);
	tempdir_link(&f->dir, "link", "/etc/passwd");
	assert_int_equal(classify_all(f, true, &magic), 3);
	finding_list_finish(&f->findings);
	assert_int_equal(f->findings.items.len, 3);
	row = finding_list_row(&f->findings, 0);
	assert_string_equal(row.rule, "changed-file");
	assert_string_equal(row.subject, "/fifo");
	assert_true(entry_at(f, "/link")->unreadable);
	assert_false(entry_at(f, "/there")->unreadable);
	assert_class(f, "/gone", "data", "none", "");
}

static void a_declared_file_is_judged_by_rpm(void **state)
{
	static const struct {
		const char *path;
		uint32_t mode;
		const char *class, *category;
	} CASES[] = {
		{ "/usr/bin/a", 0755,
		  "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV)",
		  "executable" },
		{ "/usr/bin/b", 0755, "ELF 64-bit LSB executable, x86-64", "executable" },
		{ "/usr/lib64/c.so", 0755, "ELF 64-bit LSB shared object, x86-64",
		  "library" },
		{ "/usr/bin/d", 0755, "Bourne-Again shell script, ASCII text executable",
		  "script" },
		{ "/usr/share/e", 0644, "ASCII text", "data" },
		{ "/usr/share/man/f", 0644, "ELF 64-bit LSB executable", "man" },
	};
	struct fixture *f = *state;
	struct ownership_list owners = { 0 };
	struct rpm_image rpm;

	rpm_image_init(&rpm);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		tree_add(&f->tree, CASES[i].path)->mode = CASES[i].mode;
	tree_sort(&f->tree);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		str_id class = strpool_add(&rpm.strings, CASES[i].class);
		file_id id = tree_id(&f->tree, entry_at(f, CASES[i].path));

		array_push(&rpm.files, (struct rpm_file){ .file_class = class });
		array_push(&owners.items, (struct ownership){ id, 1, (uint32_t)i });
	}
	classify_declared(&f->tree, &rpm, &owners);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_string_equal(
			file_category_name(entry_at(f, CASES[i].path)->category),
			CASES[i].category);
	array_release(&owners.items);
	rpm_image_release(&rpm);
}

#define IN_A_ROOT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_tell_most),
		cmocka_unit_test(endings_are_in_order),
		cmocka_unit_test(first_bytes_tell_the_rest),
		cmocka_unit_test(short_headers_are_harmless),
		cmocka_unit_test(capabilities_are_written_as_libcap_does),
		IN_A_ROOT(evidence_has_an_order),
		IN_A_ROOT(libmagic_can_be_left_out),
		IN_A_ROOT(capabilities_of_programs_are_read),
		IN_A_ROOT(what_changed_or_is_closed_is_a_finding),
		IN_A_ROOT(a_declared_file_is_judged_by_rpm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

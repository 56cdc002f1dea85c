/* Hand-made ELF files: every class and byte order, and every kind of damage. */
#include "analyzer/elf_scan.h"

#include "base/io.h"
#include "tests/unit/support/elf_maker.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct scanned {
	struct strbuf bytes;
	struct strpool pool;
	struct elfinfo info;
	int result;
};

static void scan(struct scanned *s)
{
	strpool_init(&s->pool);
	s->info = (struct elfinfo){ 0 };
	s->result = elfscan_memory((uint8_t *)s->bytes.data, s->bytes.len, &s->pool,
				   &s->info);
}

static void make(struct scanned *s, struct elf_maker maker)
{
	*s = (struct scanned){ 0 };
	elf_make(&maker, &s->bytes);
	scan(s);
}

static void release(struct scanned *s)
{
	elfinfo_release(&s->info);
	strpool_release(&s->pool);
	strbuf_release(&s->bytes);
}

static int set_up(void **state)
{
	(void)state;
	return elfscan_start();
}

static void names_without_a_table_are_damage(void **state)
{
	struct scanned s;

	(void)state;
	make(&s, (struct elf_maker){ .soname = "liba.so.1",
				     .needed = { "libb.so.1" },
				     .no_strtab = true });
	assert_string_equal(s.info.bad, "the dynamic section has no string table");
	assert_null(s.info.soname);
	assert_int_equal(s.info.needed.len, 0);
	release(&s);
}

static void every_class_and_byte_order_is_read(void **state)
{
	static const struct {
		int class;
		bool big_endian;
		uint16_t machine;
		const char *name;
	} rows[] = {
		{ 64, false, EM_X86_64, "x86_64" }, { 32, false, EM_386, "i386" },
		{ 32, false, EM_X86_64, "x86_64" }, { 64, false, EM_AARCH64, "aarch64" },
		{ 64, true, EM_S390, "s390x" },	    { 32, true, EM_S390, "s390" },
		{ 64, true, EM_PPC64, "ppc64" },    { 64, false, EM_PPC64, "ppc64le" },
		{ 32, true, EM_PPC, "ppc" },	    { 64, true, EM_MIPS, "mips64" },
		{ 32, false, EM_MIPS, "mipsel" },   { 64, false, EM_RISCV, "riscv64" },
		{ 64, false, 258, "loongarch64" },  { 32, true, EM_ARM, "armeb" },
		{ 64, false, 0xbeef, "em-48879" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scanned s;

		make(&s, (struct elf_maker){ .class = rows[i].class,
					     .big_endian = rows[i].big_endian,
					     .machine = rows[i].machine,
					     .soname = "liba.so.1",
					     .runpath = "$ORIGIN/x:/opt",
					     .needed = { "libb.so.2", "libc.so.6" } });
		assert_int_equal(s.result, 0);
		assert_null(s.info.bad);
		assert_int_equal(s.info.class, rows[i].class);
		assert_int_equal(s.info.big_endian, rows[i].big_endian);
		assert_string_equal(s.info.machine, rows[i].name);
		assert_int_equal(s.info.type, ELF_SHARED);
		assert_true(s.info.is_dynamic);
		assert_string_equal(s.info.soname, "liba.so.1");
		assert_string_equal(s.info.runpath, "$ORIGIN/x:/opt");
		assert_null(s.info.rpath);
		assert_int_equal(s.info.needed.len, 2);
		assert_string_equal(s.info.needed.data[0], "libb.so.2");
		assert_string_equal(s.info.needed.data[1], "libc.so.6");
		release(&s);
	}
}

static void a_program_is_told_from_a_library(void **state)
{
	static const struct {
		uint16_t type;
		const char *interpreter, *soname;
		uint64_t flags_1;
		enum elf_type want;
		bool is_static;
	} rows[] = {
		{ ET_EXEC, NULL, NULL, 0, ELF_EXECUTABLE, true },
		{ ET_EXEC, "/lib/ld.so", NULL, 0, ELF_EXECUTABLE, false },
		{ ET_DYN, "/lib/ld.so", NULL, 0, ELF_PIE, false }, /* before 2015 */
		{ ET_DYN, "/lib/ld.so", NULL, DF_1_PIE, ELF_PIE, false },
		{ ET_DYN, NULL, NULL, DF_1_PIE, ELF_PIE, true }, /* static-pie */
		{ ET_DYN, "/lib/ld.so", "libc.so.6", 0, ELF_SHARED, false },
		{ ET_DYN, NULL, NULL, 0, ELF_SHARED, false },
		{ ET_CORE, NULL, NULL, 0, ELF_CORE, false },
		{ ET_REL, NULL, NULL, 0, ELF_RELOCATABLE, false },
		{ 0xfe00, NULL, NULL, 0, ELF_OTHER, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scanned s;

		make(&s, (struct elf_maker){ .type = rows[i].type,
					     .interpreter = rows[i].interpreter,
					     .soname = rows[i].soname,
					     .flags_1 = rows[i].flags_1 });
		assert_null(s.info.bad);
		assert_int_equal(s.info.type, rows[i].want);
		assert_int_equal(s.info.is_static, rows[i].is_static);
		assert_int_equal(!!(s.info.hardening & HARDEN_PIE),
				 rows[i].want == ELF_PIE);
		release(&s);
	}
}

static void names_of_the_dynamic_section_are_kept(void **state)
{
	struct scanned s;

	(void)state;
	make(&s, (struct elf_maker){ .class = 32,
				     .machine = EM_386,
				     .rpath = "/opt/lib",
				     .audit = "a.so:b.so",
				     .filter = "libf.so",
				     .auxiliary = "libx.so",
				     .flags_1 = DF_1_NODEFLIB | DF_1_NOW });
	assert_string_equal(s.info.rpath, "/opt/lib");
	assert_string_equal(s.info.audit, "a.so:b.so");
	assert_string_equal(s.info.filter.data[0], "libf.so");
	assert_string_equal(s.info.auxiliary.data[0], "libx.so");
	assert_true(s.info.no_default_library);
	assert_int_equal(s.info.hardening, HARDEN_BIND_NOW);
	/* without sections the segments weigh */
	assert_true(s.info.text_bytes > 0 && s.info.data_bytes > 0);
	assert_true(s.info.is_stripped);
	release(&s);
}

static void notes_are_read_in_the_byte_order_of_the_file(void **state)
{
	static const char little[] = "\4\0\0\0\3\0\0\0\3\0\0\0GNU\0\xab\xcd\xef\0"
				     "\4\0\0\0\6\0\0\0\x0a\x0c\x7c\x40"
				     "FDO\0[{}]\0\0\0\0";
	static const char big[] = "\0\0\0\4\0\0\0\3\0\0\0\3GNU\0\xab\xcd\xef\0"
				  "\0\0\0\4\0\0\0\6\x40\x7c\x0c\x0a"
				  "FDO\0[{}]\0\0\0\0";

	(void)state;
	for (int order = 0; order < 2; order++) {
		struct scanned s;

		make(&s, (struct elf_maker){ .big_endian = order,
					     .machine = EM_PPC64,
					     .note = order ? big : little,
					     .note_len = sizeof(big) - 1 });
		assert_null(s.info.bad);
		assert_string_equal(s.info.build_id, "abcdef");
		assert_int_equal(s.info.dlopen_notes.len, 1);
		assert_string_equal(s.info.dlopen_notes.data[0], "[{}]");
		release(&s);
	}
}

/* Go 1.18 and later: two strings behind the header, each with its length before it. */
static void go_build_information_is_read(void **state)
{
	static const char mark[] = "0123456789abcdef";
	static const char lines[] = "path\texample.org/x/cmd/y\n"
				    "mod\texample.org/x\tv1.2.3\th1:sum=\n"
				    "dep\texample.org/z\tv9.9.9\n";
	struct strbuf data = { 0 };
	struct scanned s;

	(void)state;
	strbuf_add(&data, "\xff Go buildinf:\x08\x02", 16);
	strbuf_add(&data, mark, 16);
	strbuf_add(&data, "\x08go1.22.3", 9);
	strbuf_putc(&data, (char)(0x80 | ((sizeof(lines) - 1 + 32) & 127)));
	strbuf_putc(&data, (char)((sizeof(lines) - 1 + 32) >> 7));
	strbuf_puts(&data, mark);
	strbuf_puts(&data, lines);
	strbuf_puts(&data, mark);
	make(&s, (struct elf_maker){
			 .type = ET_EXEC, .data = data.data, .data_len = data.len });
	assert_null(s.info.bad);
	assert_string_equal(s.info.go_toolchain, "go1.22.3");
	assert_string_equal(s.info.go_module, "example.org/x");
	assert_string_equal(s.info.go_version, "v1.2.3");
	release(&s);
	/* cut anywhere, it is never read past its end */
	for (size_t len = 0; len < data.len; len++) {
		make(&s, (struct elf_maker){
				 .type = ET_EXEC, .data = data.data, .data_len = len });
		assert_int_equal(s.result, 0);
		release(&s);
	}
	strbuf_release(&data);
}

static void put_u64(struct strbuf *out, uint64_t value)
{
	strbuf_add(out, &value, sizeof(value));
}

/* Before 1.18: addresses of two Go strings, in either byte order. */
static void old_go_build_information_is_read(void **state)
{
	static const char lines[] = "0123456789abcdefpath\tcmd/old\nbuild\t-x\n";
	struct strbuf data = { 0 };
	struct elf_maker maker = { .type = ET_EXEC };
	struct scanned s = { 0 };
	uint64_t at;

	(void)state;
	elf_make(&maker, &s.bytes);
	at = maker.data_at;
	strbuf_release(&s.bytes);
	strbuf_add(&data, "\xff Go buildinf:\x08\x00", 16);
	put_u64(&data, at + 32); /* string headers, then their bytes */
	put_u64(&data, at + 48);
	put_u64(&data, at + 64);
	put_u64(&data, 8);
	put_u64(&data, at + 72);
	put_u64(&data, sizeof(lines) - 1);
	strbuf_puts(&data, "go1.16.7");
	strbuf_puts(&data, lines);
	maker.data = data.data;
	maker.data_len = data.len;
	make(&s, maker);
	assert_string_equal(s.info.go_toolchain, "go1.16.7");
	assert_string_equal(s.info.go_module, "cmd/old");
	assert_string_equal(s.info.go_version, "");
	release(&s);
	strbuf_release(&data);
}

static void what_is_no_elf_file_is_left_alone(void **state)
{
	static const char *const texts[] = { "", "\x7f",
					     "\x7f"
					     "EL",
					     "#!/bin/sh\n",
					     "\x7f"
					     "ELX" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scanned s = { 0 };

		strbuf_puts(&s.bytes, texts[i]);
		scan(&s);
		assert_int_equal(s.result, 1);
		release(&s);
	}
}

static void a_cut_off_file_is_damaged(void **state)
{
	struct elf_maker maker = { .soname = "liba.so",
				   .interpreter = "/lib/ld.so",
				   .needed = { "libb.so" } };
	struct strbuf whole = { 0 };

	(void)state;
	elf_make(&maker, &whole);
	for (size_t len = 4; len < whole.len; len++) {
		struct scanned s = { 0 };

		strbuf_add(&s.bytes, whole.data, len);
		scan(&s);
		assert_int_equal(s.result, 0);
		if (!s.info.bad)
			fail_msg("no damage with %zu of %zu bytes", len, whole.len);
		release(&s);
	}
	strbuf_release(&whole);
}

/* No byte of the file, set to anything, may do harm; the sanitizers watch. */
static void a_changed_byte_does_no_harm(void **state)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct elf_maker maker = { .soname = "liba.so", .needed = { "libb.so" } };
	struct strbuf whole = { 0 };
	size_t damaged = 0;

	(void)state;
	elf_make(&maker, &whole);
	for (size_t i = 4; i < whole.len; i++)
		for (size_t v = 0; v < ARRAY_LEN(values); v++) {
			struct scanned s = { 0 };

			strbuf_add(&s.bytes, whole.data, whole.len);
			s.bytes.data[i] = (char)values[v];
			scan(&s);
			assert_int_equal(s.result, 0);
			damaged += s.info.bad != NULL;
			release(&s);
		}
	assert_true(damaged > 50);
	strbuf_release(&whole);
}

static void set_u64(struct strbuf *bytes, size_t at, uint64_t value)
{
	memcpy(bytes->data + at, &value, sizeof(value));
}

/* A section 0 that says "four billion sections": libelf must not take memory for them. */
static void absurd_counts_are_refused(void **state)
{
	struct elf_maker maker = { .soname = "liba.so" };
	Elf64_Shdr first = { .sh_size = UINT32_MAX, .sh_info = UINT32_MAX };
	struct scanned s = { 0 };

	(void)state;
	elf_make(&maker, &s.bytes);
	set_u64(&s.bytes, offsetof(Elf64_Ehdr, e_shoff), s.bytes.len);
	strbuf_add(&s.bytes, &first, sizeof(first));
	scan(&s);
	assert_int_equal(s.result, 0);
	assert_string_equal(s.info.bad, "more than 262144 sections");
	assert_string_equal(s.info.machine, "x86_64");
	elfinfo_release(&s.info);
	strpool_release(&s.pool);

	/* and as many segments */
	s.bytes.data[offsetof(Elf64_Ehdr, e_shnum)] = 1;
	memset(s.bytes.data + offsetof(Elf64_Ehdr, e_phnum), 0xff, 2);
	scan(&s);
	assert_string_equal(s.info.bad, "more than 131072 segments");
	release(&s);
}

static void names_outside_of_the_strings_are_damage(void **state)
{
	struct elf_maker maker = { .needed = { "libb.so" }, .soname = "liba.so" };
	struct scanned s = { 0 };
	const Elf64_Dyn needle = { .d_tag = DT_NEEDED, .d_un.d_val = 1 };
	char *at;

	(void)state;
	elf_make(&maker, &s.bytes);
	at = memmem(s.bytes.data, s.bytes.len, &needle, sizeof(needle));
	assert_non_null(at);
	set_u64(&s.bytes, (size_t)(at - s.bytes.data) + 8, 1ull << 40);
	scan(&s);
	assert_non_null(strstr(s.info.bad, "outside of its string table"));
	assert_int_equal(s.info.needed.len, 0);
	assert_string_equal(s.info.soname, "liba.so"); /* the rest is there */
	release(&s);
}

static void a_file_that_shrinks_meanwhile_is_damaged(void **state)
{
	struct elf_maker maker = { .soname = "liba.so", .needed = { "libb.so" } };
	_cleanup_(closep) int fd = -1;
	struct scanned s = { 0 };
	struct tempdir dir;

	(void)state;
	elf_make(&maker, &s.bytes);
	tempdir_init(&dir);
	tempdir_bytes(&dir, "file", s.bytes.data, s.bytes.len / 2);
	fd = openat(dir.fd, "file", O_RDONLY | O_CLOEXEC);
	strpool_init(&s.pool);
	assert_int_equal(elfscan_fd(fd, s.bytes.len, &s.pool, &s.info), 0);
	assert_non_null(s.info.bad);
	tempdir_release(&dir);
	release(&s);
}

static void the_folders_of_a_loader_are_found(void **state)
{
	static const char loader[] =
		"junk\0/etc/ld.so.cache\0/lib/alone/\0no\0"
		"/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0"
		"/lib/\0/usr/lib/\0rest\0/lib64/\0/usr/lib64/";
	struct text_list dirs = { 0 };
	struct strpool pool;
	struct tempdir dir;
	int fd;

	(void)state;
	strpool_init(&pool);
	tempdir_init(&dir);
	tempdir_bytes(&dir, "ld.so", loader, sizeof(loader));
	fd = openat(dir.fd, "ld.so", O_RDONLY | O_CLOEXEC);
	assert_int_equal(elfscan_system_dirs(fd, sizeof(loader), &pool, &dirs), 0);
	assert_int_equal(dirs.len, 4);
	assert_string_equal(dirs.data[0], "/lib/x86_64-linux-gnu");
	assert_string_equal(dirs.data[3], "/usr/lib");
	dirs.len = 0;
	assert_int_equal(elfscan_system_dirs(fd, 30, &pool, &dirs), 1);
	close(fd);
	array_release(&dirs);
	tempdir_release(&dir);
	strpool_release(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_without_a_table_are_damage),
		cmocka_unit_test(every_class_and_byte_order_is_read),
		cmocka_unit_test(a_program_is_told_from_a_library),
		cmocka_unit_test(names_of_the_dynamic_section_are_kept),
		cmocka_unit_test(notes_are_read_in_the_byte_order_of_the_file),
		cmocka_unit_test(go_build_information_is_read),
		cmocka_unit_test(old_go_build_information_is_read),
		cmocka_unit_test(what_is_no_elf_file_is_left_alone),
		cmocka_unit_test(a_cut_off_file_is_damaged),
		cmocka_unit_test(a_changed_byte_does_no_harm),
		cmocka_unit_test(absurd_counts_are_refused),
		cmocka_unit_test(names_outside_of_the_strings_are_damage),
		cmocka_unit_test(a_file_that_shrinks_meanwhile_is_damaged),
		cmocka_unit_test(the_folders_of_a_loader_are_found),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}

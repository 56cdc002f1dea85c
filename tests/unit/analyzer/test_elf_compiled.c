/* ELF files as compilers and binutils make them, with sections, symbols and versions. */
#include "analyzer/elf_scan.h"

#include "base/io.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 32

extern char **environ;

struct compiled {
	struct tempdir dir;
	struct strpool pool;
	struct elfinfo info;
};

static int set_up(void **state)
{
	struct compiled *c = mem_calloc(1, sizeof(*c));

	tempdir_init(&c->dir);
	strpool_init(&c->pool);
	*state = c;
	return elfscan_start();
}

static int tear_down(void **state)
{
	struct compiled *c = *state;

	elfinfo_release(&c->info);
	strpool_release(&c->pool);
	tempdir_release(&c->dir);
	free(c);
	return 0;
}

/* Run a tool in the folder; words are separated by single spaces. */
static void run(struct compiled *c, const char *command)
{
	_cleanup_(freep) char *copy = mem_strdup(command);
	char *words[WORDS_MAX] = { NULL }, *rest = copy;
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	for (size_t i = 0; i + 1 < WORDS_MAX && rest; i++)
		words[i] = strsep(&rest, " ");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addfchdir_np(&actions, c->dir.fd);
	if (posix_spawnp(&pid, words[0], &actions, NULL, words, environ) != 0)
		fail_msg("cannot run %s", words[0]);
	posix_spawn_file_actions_destroy(&actions);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("failed: %s", command);
}

static const struct elfinfo *scan(struct compiled *c, const char *file)
{
	_cleanup_(closep) int fd = openat(c->dir.fd, file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	elfinfo_release(&c->info);
	assert_int_equal(elfscan_fd(fd, (uint64_t)st.st_size, &c->pool, &c->info), 0);
	assert_null(c->info.bad);
	return &c->info;
}

static bool has_version(const struct elfinfo *info, const char *soname,
			const char *version)
{
	array_each (&info->versions, i)
		if (strcmp(info->versions.data[i].soname, soname) == 0 &&
		    strcmp(info->versions.data[i].version, version) == 0)
			return true;
	return false;
}

static void a_library(void **state)
{
	struct compiled *c = *state;
	const struct elfinfo *info;

	tempdir_file(&c->dir, "b.c", "int b(void){return 1;}");
	tempdir_file(&c->dir, "b.map", "B_1 { global: b; local: *; }; B_2 {} B_1;");
	tempdir_file(&c->dir, "a.c",
		     "int b(void); void *dlopen(const char *, int);\n"
		     "static void *(*const table[3])(const char *, int) = { dlopen, "
		     "dlopen };\n"
		     "char zero[5000]; int data[100] = { 1 };\n"
		     "const char text[300] = \"x\";\n"
		     "void *a(int i){ return b() + zero[i] ? table[i] : 0; }\n");
	run(c, "cc -shared -fPIC -nostdlib b.c -o libb.so -Wl,-soname,libb.so.7 "
	       "-Wl,--version-script=b.map");
	run(c, "cc -shared -fPIC -nostdlib a.c libb.so -o liba.so -Wl,-soname,liba.so.1 "
	       "-Wl,-rpath,/opt/x -Wl,--enable-new-dtags -Wl,-z,relro -Wl,-z,now "
	       "-Wl,--build-id=0x0123456789abcdef -Wl,-z,noexecstack -g");
	info = scan(c, "liba.so");
	assert_int_equal(info->type, ELF_SHARED);
	assert_string_equal(info->soname, "liba.so.1");
	assert_string_equal(info->runpath, "/opt/x");
	assert_string_equal(info->needed.data[0], "libb.so.7");
	assert_string_equal(info->build_id, "0123456789abcdef");
	assert_true(info->has_dlopen);
	assert_int_equal(info->hardening, HARDEN_NX | HARDEN_RELRO | HARDEN_BIND_NOW);
	assert_true(has_version(info, "libb.so.7", "B_1"));
	assert_false(info->is_stripped);
	assert_true(info->debug_bytes > 500);
	assert_true(info->relocation_count >= 2);
	assert_true(info->bss_bytes >= 5000 && info->bss_bytes < 6000);
	assert_true(info->data_bytes >= 400 && info->data_bytes < 600);
	assert_true(info->rodata_bytes >= 300);
	assert_true(info->relro_bytes >= 24);
	assert_true(info->text_bytes > 10);

	run(c, "strip liba.so");
	info = scan(c, "liba.so");
	assert_true(info->is_stripped);
	assert_int_equal(info->debug_bytes, 0);
	assert_string_equal(info->soname, "liba.so.1");

	info = scan(c, "libb.so");
	assert_true(has_version(info, "", "B_1") && has_version(info, "", "B_2"));
	assert_int_equal(info->versions.len, 2); /* the file's own name is none */
	assert_false(info->has_dlopen);
}

static void a_library_that_defines_dlopen_does_not_import_it(void **state)
{
	struct compiled *c = *state;

	tempdir_file(&c->dir, "d.c",
		     "void *dlopen(const char *n, int f){return f ? 0 : (void *)n;}");
	run(c, "cc -shared -fPIC -nostdlib d.c -o libd.so");
	assert_false(scan(c, "libd.so")->has_dlopen);
	/* found by DT_HASH alone, and without section headers' help */
	tempdir_file(&c->dir, "u.c",
		     "void *dlmopen(long, const char *, int);\n"
		     "void *u(void){return dlmopen(0, \"x\", 1);}");
	run(c, "cc -shared -fPIC -nostdlib u.c -o libu.so -Wl,--hash-style=sysv");
	assert_true(scan(c, "libu.so")->has_dlopen);
	run(c, "cc -shared -fPIC -nostdlib u.c -o libu.so -Wl,--hash-style=gnu");
	assert_true(scan(c, "libu.so")->has_dlopen);
}

static void programs_and_their_hardening(void **state)
{
	struct compiled *c = *state;
	const struct elfinfo *info;

	tempdir_file(
		&c->dir, "p.c",
		"void __stack_chk_fail(void); int __printf_chk(int, const char *);\n"
		"void _start(void){ __stack_chk_fail(); __printf_chk(1, \"x\"); }\n");
	tempdir_file(&c->dir, "l.c",
		     "void __stack_chk_fail(void){} int __printf_chk(void){return 1;}");
	run(c, "cc -shared -fPIC -nostdlib l.c -o libl.so");
	run(c, "cc -nostdlib -pie -fPIE p.c libl.so -o pie -Wl,-z,noexecstack "
	       "-Wl,-z,norelro");
	info = scan(c, "pie");
	assert_int_equal(info->type, ELF_PIE);
	assert_non_null(info->interpreter);
	assert_int_equal(info->hardening,
			 HARDEN_NX | HARDEN_PIE | HARDEN_CANARY | HARDEN_FORTIFY);

	run(c, "cc -nostdlib -no-pie -fno-pie p.c libl.so -o exec -Wl,-z,execstack "
	       "-Wl,-z,lazy");
	info = scan(c, "exec");
	assert_int_equal(info->type, ELF_EXECUTABLE);
	assert_int_equal(info->hardening & (HARDEN_NX | HARDEN_PIE | HARDEN_BIND_NOW), 0);
	assert_false(info->is_static);

	tempdir_file(&c->dir, "s.c", "void _start(void){}");
	run(c, "cc -nostdlib -static s.c -o static");
	info = scan(c, "static");
	assert_true(info->is_static);
	assert_null(info->interpreter);
}

static void a_debug_file_is_told_from_what_it_belongs_to(void **state)
{
	struct compiled *c = *state;
	const struct elfinfo *info;

	tempdir_file(&c->dir, "b.c", "int b(void){return 1;}");
	run(c, "cc -g -shared -fPIC -nostdlib b.c -o libb.so -Wl,-soname,libb.so "
	       "-Wl,--build-id=0xaabb");
	run(c, "objcopy --only-keep-debug libb.so libb.debug");
	info = scan(c, "libb.debug");
	assert_true(info->is_debug_file);
	assert_false(elfinfo_is_loadable(info));
	assert_string_equal(info->build_id, "aabb");
	assert_int_equal(info->text_bytes + info->data_bytes + info->bss_bytes, 0);
	assert_true(info->debug_bytes > 100);
	assert_null(info->soname);
	assert_false(scan(c, "libb.so")->is_debug_file);
}

static void a_kernel_module_is_told_from_an_object(void **state)
{
	struct compiled *c = *state;
	const struct elfinfo *info;

	tempdir_file(
		&c->dir, "m.c",
		"#define INFO(n, t) static const char n[] "
		"__attribute__((section(\".modinfo\"), used)) = t\n"
		"INFO(a, \"license=GPL\"); INFO(b, \"alias=pci:v1\");\n"
		"INFO(c, \"alias=pci:v2\"); INFO(d, \"depends=snd,snd-pcm\");\n"
		"INFO(e, \"softdep=pre: crc32c post: x\"); INFO(f, \"name=my_mod\");\n"
		"INFO(g, \"firmware=vendor/fw-*.bin\"); INFO(h, \"vermagic=6.1 SMP\");\n"
		"extern int other(void); int init(void){return other();}\n");
	run(c, "cc -c m.c -o m.ko");
	info = scan(c, "m.ko");
	assert_int_equal(info->type, ELF_MODULE);
	assert_non_null(info->module);
	assert_string_equal(info->module->name, "my_mod");
	assert_string_equal(info->module->vermagic, "6.1 SMP");
	assert_int_equal(info->module->depends.len, 2);
	assert_string_equal(info->module->depends.data[1], "snd-pcm");
	assert_string_equal(info->module->softdeps.data[0], "pre: crc32c post: x");
	assert_string_equal(info->module->firmware.data[0], "vendor/fw-*.bin");
	assert_int_equal(info->module->alias_count, 2);
	assert_true(info->relocation_count >= 1);
	assert_int_equal(info->debug_bytes, 0); /* its symbols are needed to load it */

	tempdir_file(&c->dir, "o.c", "int o(void){return 1;}");
	run(c, "cc -c o.c -o o.o");
	info = scan(c, "o.o");
	assert_int_equal(info->type, ELF_RELOCATABLE);
	assert_null(info->module);
}

/* An even word of a RELR table is one relocation, an odd one up to 63. */
static void packed_relocations_are_counted(void **state)
{
	struct compiled *c = *state;
	uint64_t plain;

	tempdir_file(
		&c->dir, "r.c",
		"#define T(n) &x[n], &x[n + 1], &x[n + 2], &x[n + 3], &x[n + 4]\n"
		"static int x[100];\n"
		"int *r[] = { T(0), T(5), T(10), T(15), T(20), T(25), T(30), T(35),\n"
		"	T(40), T(45), T(50), T(55), T(60), T(65), T(70), T(75) };\n");
	run(c, "cc -shared -fPIC -nostdlib r.c -o plain.so");
	run(c, "cc -shared -fPIC -nostdlib r.c -o relr.so -Wl,-z,pack-relative-relocs");
	plain = scan(c, "plain.so")->relocation_count;
	assert_int_equal(plain, 80);
	assert_int_equal(scan(c, "relr.so")->relocation_count, plain);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(a_library),
		WITH_FOLDER(a_library_that_defines_dlopen_does_not_import_it),
		WITH_FOLDER(programs_and_their_hardening),
		WITH_FOLDER(a_debug_file_is_told_from_what_it_belongs_to),
		WITH_FOLDER(a_kernel_module_is_told_from_an_object),
		WITH_FOLDER(packed_relocations_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

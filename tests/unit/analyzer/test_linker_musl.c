/* musl's loader: its own folders, its own names, RPATH and RUNPATH without a difference. */
#include "analyzer/linker.h"

#include "base/mem.h"
#include "tests/unit/support/linker_fixture.h"
#include "tests/unit/support/test.h"

#define MUSL "/lib/ld-musl-x86_64.so.1"

static int set_up(void **state)
{
	struct linker_fixture *f = mem_calloc(1, sizeof(*f));

	linker_fixture_init(f);
	linker_fixture_elf(f, "lib/ld-musl-x86_64.so.1", &(struct elf_maker){ 0 });
	tempdir_link(&f->dir, "lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1");
	linker_fixture_elf(
		f, "usr/lib/liba.so",
		&(struct elf_maker){ .needed = { "libp.so", "libc.musl-x86_64.so.1" } });
	linker_fixture_elf(f, "opt/p/libp.so",
			   &(struct elf_maker){ .needed = { "libc.so" } });
	linker_fixture_elf(f, "usr/bin/x",
			   &(struct elf_maker){ .interpreter = MUSL,
						.runpath = "/opt/p",
						.needed = { "liba.so", "libc.so" } });
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	linker_fixture_release(*state);
	free(*state);
	return 0;
}

static void a_runpath_serves_what_is_loaded_from_it(void **state)
{
	struct linker_fixture *f = *state;

	linker_fixture_run(f);
	assert_string_equal(linker_fixture_found(f, "/usr/bin/x", "liba.so"),
			    "/usr/lib/liba.so default");
	assert_string_equal(linker_fixture_found(f, "/usr/lib/liba.so", "libp.so"),
			    "/opt/p/libp.so runpath");
	/* the C library is the loader itself */
	assert_string_equal(linker_fixture_found(f, "/usr/bin/x", "libc.so"),
			    "/lib/ld-musl-x86_64.so.1 default");
	assert_string_equal(
		linker_fixture_found(f, "/usr/lib/liba.so", "libc.musl-x86_64.so.1"),
		"/lib/ld-musl-x86_64.so.1 default");
	/* so nobody opens the link with its name */
	assert_string_equal(
		linker_fixture_edge(f, "/usr/lib/liba.so", "/lib/libc.musl-x86_64.so.1"),
		"");
	assert_string_equal(
		linker_fixture_edge(f, "/usr/lib/liba.so", "/lib/ld-musl-x86_64.so.1"),
		"needed hard: NEEDED libc.musl-x86_64.so.1");
	assert_false(linker_fixture_finding(f, "unresolved-soname", ""));
}

static void its_path_file_replaces_the_folders(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld-musl-x86_64.path", "/opt/x\n/opt/y:/lib\n");
	linker_fixture_elf(f, "opt/y/liba.so", &(struct elf_maker){ 0 });
	linker_fixture_run(f);
	assert_string_equal(linker_fixture_found(f, "/usr/bin/x", "liba.so"),
			    "/opt/y/liba.so default");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_runpath_serves_what_is_loaded_from_it,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(its_path_file_replaces_the_folders,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

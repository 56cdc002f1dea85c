/* Each rule of ld.so's search in a root of a few files. */
#include "analyzer/linker.h"

#include "base/mem.h"
#include "tests/unit/support/linker_fixture.h"
#include "tests/unit/support/test.h"

#include <elf.h>

static int set_up(void **state)
{
	struct linker_fixture *f = mem_calloc(1, sizeof(*f));

	linker_fixture_init(f);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	linker_fixture_release(*state);
	free(*state);
	return 0;
}

static void add_library(struct linker_fixture *f, const char *path, const char *soname)
{
	linker_fixture_elf(f, path, &(struct elf_maker){ .soname = soname });
}

/* A program; what is not set is the usual. */
static void add_program(struct linker_fixture *f, const char *path,
			struct elf_maker maker)
{
	if (!maker.interpreter)
		maker.interpreter = LOADER;
	linker_fixture_elf(f, path, &maker);
}

#define assert_found(f, path, soname, want)                                              \
	assert_string_equal(linker_fixture_found(f, path, soname), want)
#define assert_edge(f, from, to, want)                                                   \
	assert_string_equal(linker_fixture_edge(f, from, to), want)

static void the_loader_s_own_folders_are_searched(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib/libb.so.1", "libb.so.1"); /* no folder of this loader */
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .needed = { "liba.so.1", "libb.so.1",
						    "ld-linux-x86-64.so.2" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/usr/lib64/liba.so.1 default");
	assert_found(f, "/usr/bin/x", "libb.so.1", "- absent");
	assert_found(f, "/usr/bin/x", "ld-linux-x86-64.so.2",
		     "/usr/lib64/ld-linux-x86-64.so.2 default");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/liba.so.1",
		    "needed hard: NEEDED liba.so.1");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/ld-linux-x86-64.so.2",
		    "needed hard: NEEDED ld-linux-x86-64.so.2\n"
		    "interpreter hard: INTERP " LOADER);
	/* the interpreter is named through the link, the library is found without it */
	assert_edge(f, "/usr/bin/x", "/lib64", "interpreter hard: INTERP " LOADER);
	assert_true(linker_fixture_finding(f, "unresolved-soname", "libb.so.1"));
	assert_false(linker_fixture_finding(f, "unresolved-soname", "liba.so.1"));
}

static void links_on_the_way_are_needed_too(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "opt/real/liba.so.1.2", "liba.so.1");
	tempdir_link(&f->dir, "opt/chain", "/opt/real/liba.so.1.2");
	tempdir_link(&f->dir, "usr/lib64/liba.so.1", "../../opt/chain");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/opt/real/liba.so.1.2 default");
	assert_edge(f, "/usr/bin/x", "/opt/real/liba.so.1.2",
		    "needed hard: NEEDED liba.so.1");
	assert_edge(f, "/usr/bin/x", "/opt/chain", "needed hard: NEEDED liba.so.1");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/liba.so.1",
		    "needed hard: NEEDED liba.so.1");
}

static void a_dangling_or_foreign_name_is_passed_over(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf", "/first\n/second\n/third\n");
	tempdir_link(&f->dir, "first/liba.so.1", "/nowhere");
	linker_fixture_elf(
		f, "second/liba.so.1",
		&(struct elf_maker){ .class = 32, .machine = EM_386, .soname = "liba" });
	tempdir_file(&f->dir, "third/liba.so.1", "GROUP ( /usr/lib64/liba.so.1 )\n");
	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/usr/lib64/liba.so.1 default");
	assert_edge(f, "/usr/bin/x", "/first/liba.so.1", "");
}

static void junk_in_a_runpath_ends_the_search(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "opt/junk/liba.so.1", "GROUP ( /usr/lib64/liba.so.1 )\n");
	linker_fixture_elf(
		f, "opt/foreign/libb.so.1",
		&(struct elf_maker){ .class = 32, .machine = EM_386, .soname = "libb" });
	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/libb.so.1", "libb.so.1");
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .needed = { "liba.so.1", "libb.so.1" },
					.runpath = "/opt/junk:/opt/foreign" });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "- absent");
	assert_found(f, "/usr/bin/x", "libb.so.1", "/usr/lib64/libb.so.1 default");
}

static void ld_so_conf_comes_before_the_default(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf", "# x\ninclude ld.so.conf.d/*.conf\n");
	tempdir_file(&f->dir, "etc/ld.so.conf.d/a.conf", "\n/opt/a\n");
	add_library(f, "opt/a/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	add_program(f, "usr/bin/nodeflib",
		    (struct elf_maker){ .needed = { "liba.so.1", "libn.so.1" },
					.flags_1 = DF_1_NODEFLIB | DF_1_PIE });
	add_library(f, "usr/lib64/libn.so.1", "libn.so.1");
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/opt/a/liba.so.1 ld.so.conf");
	assert_edge(f, "/usr/bin/x", "/etc/ld.so.conf.d/a.conf",
		    "config hard: /opt/a (line 2)");
	assert_edge(f, "/usr/bin/x", "/etc/ld.so.conf", "config hard: /opt/a (line 2)");
	/* without the default folders */
	assert_found(f, "/usr/bin/nodeflib", "liba.so.1", "/opt/a/liba.so.1 ld.so.conf");
	assert_found(f, "/usr/bin/nodeflib", "libn.so.1", "- absent");
}

static void a_default_folder_in_ld_so_conf_does_not_need_it(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf", "/lib64\n");
	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/usr/lib64/liba.so.1 default");
	assert_edge(f, "/usr/bin/x", "/etc/ld.so.conf", "");
}

static void a_folder_that_is_a_link_is_needed(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.conf", "/opt/current\n");
	tempdir_link(&f->dir, "opt/current", "v2");
	add_library(f, "opt/v2/liba.so.1", "liba.so.1");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/opt/v2/liba.so.1 ld.so.conf");
	assert_edge(f, "/usr/bin/x", "/opt/current", "needed hard: NEEDED liba.so.1");
}

static void runpath_and_its_tokens(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "opt/x/lib/liba.so.1", "liba.so.1");
	add_library(f, "opt/x/lib64/libb.so.1", "libb.so.1");
	add_library(f, "opt/x/x86_64/libc.so.1", "libc.so.1");
	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_program(f, "opt/x/bin/x",
		    (struct elf_maker){
			    .runpath = "::relative:$ORIGIN/../lib:/opt/x/$LIB:"
				       "/opt/x/${PLATFORM}:/none",
			    .needed = { "liba.so.1", "libb.so.1", "libc.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/opt/x/bin/x", "liba.so.1", "/opt/x/lib/liba.so.1 runpath");
	assert_found(f, "/opt/x/bin/x", "libb.so.1", "/opt/x/lib64/libb.so.1 runpath");
	assert_found(f, "/opt/x/bin/x", "libc.so.1", "/opt/x/x86_64/libc.so.1 runpath");
}

static void runpath_serves_only_its_object_rpath_what_it_loads(void **state)
{
	struct linker_fixture *f = *state;

	linker_fixture_elf(
		f, "usr/lib64/liba.so.1",
		&(struct elf_maker){ .soname = "liba.so.1", .needed = { "libp.so.1" } });
	add_library(f, "opt/p/libp.so.1", "libp.so.1");
	add_program(f, "usr/bin/runpath",
		    (struct elf_maker){ .runpath = "/opt/p", .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/lib64/liba.so.1", "libp.so.1", "- absent");
	assert_true(linker_fixture_finding(f, "unresolved-soname", "libp.so.1"));
	linker_fixture_release(f);

	linker_fixture_init(f);
	linker_fixture_elf(
		f, "usr/lib64/liba.so.1",
		&(struct elf_maker){ .soname = "liba.so.1", .needed = { "libp.so.1" } });
	add_library(f, "opt/p/libp.so.1", "libp.so.1");
	add_program(f, "usr/bin/rpath",
		    (struct elf_maker){ .rpath = "/opt/p", .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/lib64/liba.so.1", "libp.so.1", "/opt/p/libp.so.1 rpath");
	assert_edge(f, "/usr/bin/rpath", "/opt/p/libp.so.1",
		    "needed hard: NEEDED libp.so.1 of /usr/lib64/liba.so.1");
	assert_false(linker_fixture_finding(f, "unresolved-soname", ""));
}

static void a_runpath_switches_rpaths_off(void **state)
{
	struct linker_fixture *f = *state;

	linker_fixture_elf(f, "usr/lib64/liba.so.1",
			   &(struct elf_maker){ .soname = "liba.so.1",
						.runpath = "/none",
						.needed = { "libp.so.1" } });
	add_library(f, "opt/p/libp.so.1", "libp.so.1");
	add_library(f, "opt/q/libq.so.1", "libq.so.1");
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .rpath = "/opt/p", .needed = { "liba.so.1" } });
	add_program(f, "usr/bin/both",
		    (struct elf_maker){ .rpath = "/opt/q",
					.runpath = "/none",
					.needed = { "libq.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/lib64/liba.so.1", "libp.so.1", "- absent");
	assert_found(f, "/usr/bin/both", "libq.so.1", "- absent");
}

static void an_rpath_of_the_program_wins_over_the_default(void **state)
{
	struct linker_fixture *f = *state;

	linker_fixture_elf(
		f, "usr/lib64/liba.so.1",
		&(struct elf_maker){ .soname = "liba.so.1", .needed = { "libp.so.1" } });
	add_library(f, "usr/lib64/libp.so.1", "libp.so.1");
	add_library(f, "opt/p/libp.so.1", "libp.so.1");
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .rpath = "/opt/p", .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	/* alone it is the default one; this program uses the other */
	assert_found(f, "/usr/lib64/liba.so.1", "libp.so.1",
		     "/usr/lib64/libp.so.1 default");
	assert_edge(f, "/usr/bin/x", "/opt/p/libp.so.1",
		    "needed hard: NEEDED libp.so.1 of /usr/lib64/liba.so.1");
}

static void a_loaded_name_is_not_searched_again(void **state)
{
	struct linker_fixture *f = *state;

	/* libq is nowhere liba looks, but the program has loaded it before */
	linker_fixture_elf(
		f, "usr/lib64/liba.so.1",
		&(struct elf_maker){ .soname = "liba.so.1", .needed = { "libq.so.1" } });
	add_library(f, "opt/q/libq-real.so", "libq.so.1");
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .runpath = "/opt/q",
					.needed = { "libq-real.so", "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/lib64/liba.so.1", "libq.so.1",
		     "/opt/q/libq-real.so runpath");
	assert_false(linker_fixture_finding(f, "unresolved-soname", ""));
}

static void origin_is_where_the_name_was_opened(void **state)
{
	struct linker_fixture *f = *state;

	linker_fixture_elf(f, "opt/real/liba.so.1",
			   &(struct elf_maker){ .soname = "liba.so.1",
						.runpath = "$ORIGIN/private",
						.needed = { "libp.so.1" } });
	add_library(f, "usr/lib64/private/libp.so.1", "libp.so.1");
	tempdir_link(&f->dir, "usr/lib64/liba.so.1", "/opt/real/liba.so.1");
	add_program(f, "usr/bin/x", (struct elf_maker){ .needed = { "liba.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/opt/real/liba.so.1", "libp.so.1",
		     "/usr/lib64/private/libp.so.1 runpath");
}

static void better_copies_are_likely(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/glibc-hwcaps/x86-64-v3/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/haswell/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/glibc-hwcaps/x86-64-v9/liba.so.1", "liba.so.1");
	add_library(f, "usr/lib64/glibc-hwcaps/x86-64-v4/libb.so.1", "libb.so.1");
	add_library(f, "usr/lib64/glibc-hwcaps/x86-64-v2/libb.so.1", "libb.so.1");
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .needed = { "liba.so.1", "libb.so.1" } });
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/x", "liba.so.1", "/usr/lib64/liba.so.1 default");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/glibc-hwcaps/x86-64-v3/liba.so.1",
		    "needed likely: NEEDED liba.so.1");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/haswell/liba.so.1",
		    "needed likely: NEEDED liba.so.1");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/glibc-hwcaps/x86-64-v9/liba.so.1", "");
	/* nothing plain: the copy for the most machines counts */
	assert_found(f, "/usr/bin/x", "libb.so.1",
		     "/usr/lib64/glibc-hwcaps/x86-64-v2/libb.so.1 hwcaps");
}

static void names_with_a_slash_are_paths(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "opt/x/liba.so", "liba.so");
	add_program(f, "opt/x/x",
		    (struct elf_maker){ .needed = { "/opt/x/liba.so", "$ORIGIN/liba.so",
						    "./liba.so" } });
	linker_fixture_run(f);
	assert_found(f, "/opt/x/x", "/opt/x/liba.so", "/opt/x/liba.so path");
	assert_found(f, "/opt/x/x", "$ORIGIN/liba.so", "/opt/x/liba.so path");
	assert_found(f, "/opt/x/x", "./liba.so", "- absent");
	assert_true(linker_fixture_finding(f, "unresolved-soname", "working folder"));
}

static void a_missing_interpreter_is_a_finding(void **state)
{
	struct linker_fixture *f = *state;

	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .interpreter = "/lib/ld-gone.so" });
	linker_fixture_run(f);
	assert_true(linker_fixture_finding(f, "missing-interpreter", "/lib/ld-gone.so"));
}

static void audits_and_filters_are_edges(void **state)
{
	struct linker_fixture *f = *state;

	add_library(f, "usr/lib64/libaudit1.so", NULL);
	add_library(f, "usr/lib64/libfilter.so", NULL);
	add_library(f, "usr/lib64/libaux.so", NULL);
	add_program(f, "usr/bin/x",
		    (struct elf_maker){ .audit = "libnone.so:libaudit1.so",
					.filter = "libfilter.so",
					.auxiliary = "libaux.so" });
	linker_fixture_run(f);
	assert_edge(f, "/usr/bin/x", "/usr/lib64/libaudit1.so",
		    "audit likely: AUDIT libaudit1.so");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/libfilter.so",
		    "audit hard: FILTER libfilter.so");
	assert_edge(f, "/usr/bin/x", "/usr/lib64/libaux.so",
		    "audit likely: AUXILIARY libaux.so");
}

static void preloads_are_read_by_the_loader(void **state)
{
	struct linker_fixture *f = *state;

	tempdir_file(&f->dir, "etc/ld.so.preload",
		     "# comment /opt/no.so\n/opt/one.so:libtwo.so\n");
	add_library(f, "opt/one.so", NULL);
	add_library(f, "opt/no.so", NULL);
	add_library(f, "usr/lib64/libtwo.so", NULL);
	add_program(f, "usr/bin/x", (struct elf_maker){ 0 });
	linker_fixture_run(f);
	assert_edge(f, "/usr/lib64/ld-linux-x86-64.so.2", "/etc/ld.so.preload",
		    "preload hard: /etc/ld.so.preload");
	assert_edge(f, "/etc/ld.so.preload", "/opt/one.so",
		    "preload hard: /opt/one.so (line 2)");
	assert_edge(f, "/etc/ld.so.preload", "/usr/lib64/libtwo.so",
		    "preload hard: libtwo.so (line 2)");
	assert_edge(f, "/etc/ld.so.preload", "/opt/no.so", "");
}

static void word_sizes_and_machines_have_their_own_folders(void **state)
{
	struct linker_fixture *f = *state;
	struct elf_maker i386 = { .class = 32, .machine = EM_386, .soname = "liba.so.1" };
	struct elf_maker arm = { .machine = EM_AARCH64, .soname = "liba.so.1" };
	struct elf_maker s390 = { .machine = EM_S390,
				  .big_endian = true,
				  .soname = "liba.so.1" };

	add_library(f, "usr/lib64/liba.so.1", "liba.so.1");
	linker_fixture_elf(f, "usr/lib/liba.so.1", &i386);
	linker_fixture_elf(f, "usr/lib/aarch64-linux-gnu/liba.so.1", &arm);
	linker_fixture_elf(f, "usr/lib/s390x-linux-gnu/liba.so.1", &s390);
	i386 = arm = s390 = (struct elf_maker){ .type = ET_EXEC };
	i386.class = 32;
	i386.machine = EM_386;
	arm.machine = EM_AARCH64;
	s390.machine = EM_S390;
	s390.big_endian = true;
	i386.needed[0] = arm.needed[0] = s390.needed[0] = "liba.so.1";
	linker_fixture_elf(f, "usr/bin/i386", &i386);
	linker_fixture_elf(f, "usr/bin/arm", &arm);
	linker_fixture_elf(f, "usr/bin/s390", &s390);
	linker_fixture_run(f);
	assert_found(f, "/usr/bin/i386", "liba.so.1", "/usr/lib/liba.so.1 default");
	assert_found(f, "/usr/bin/arm", "liba.so.1",
		     "/usr/lib/aarch64-linux-gnu/liba.so.1 default");
	assert_found(f, "/usr/bin/s390", "liba.so.1",
		     "/usr/lib/s390x-linux-gnu/liba.so.1 default");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(the_loader_s_own_folders_are_searched),
		WITH_FIXTURE(links_on_the_way_are_needed_too),
		WITH_FIXTURE(a_dangling_or_foreign_name_is_passed_over),
		WITH_FIXTURE(junk_in_a_runpath_ends_the_search),
		WITH_FIXTURE(ld_so_conf_comes_before_the_default),
		WITH_FIXTURE(a_default_folder_in_ld_so_conf_does_not_need_it),
		WITH_FIXTURE(a_folder_that_is_a_link_is_needed),
		WITH_FIXTURE(runpath_and_its_tokens),
		WITH_FIXTURE(runpath_serves_only_its_object_rpath_what_it_loads),
		WITH_FIXTURE(a_runpath_switches_rpaths_off),
		WITH_FIXTURE(an_rpath_of_the_program_wins_over_the_default),
		WITH_FIXTURE(a_loaded_name_is_not_searched_again),
		WITH_FIXTURE(origin_is_where_the_name_was_opened),
		WITH_FIXTURE(better_copies_are_likely),
		WITH_FIXTURE(names_with_a_slash_are_paths),
		WITH_FIXTURE(a_missing_interpreter_is_a_finding),
		WITH_FIXTURE(audits_and_filters_are_edges),
		WITH_FIXTURE(preloads_are_read_by_the_loader),
		WITH_FIXTURE(word_sizes_and_machines_have_their_own_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

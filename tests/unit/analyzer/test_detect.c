#include "tests/unit/support/detect_fixture.h"
#include "tests/unit/support/test.h"

#include <stdio.h>

#define EXE CATEGORY_EXECUTABLE

static int start(void **state)
{
	struct detect_fixture *f = mem_calloc(1, sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int stop(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static void a_shell_script_names_its_commands(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/bin/awk", "", 0755, EXE);
	fixture_file(f, "/usr/bin/sed", "", 0644, EXE); /* not executable */
	fixture_file(f, "/usr/sbin/nft", "", 0755, EXE);
	fixture_file(f, "/etc/x.conf", "", 0644, CATEGORY_CONFIG);
	fixture_file(f, "/usr/bin/job",
		     "#!/bin/sh -e\nawk -f /etc/x.conf\nsed\ncommand -v nft\n# "
		     "awk\nodd-name\n",
		     0755, CATEGORY_SCRIPT);
	fixture_run(f, NULL);
	assert_true(
		fixture_has(f, "exec likely /usr/bin/job -> /usr/bin/awk :2 runs awk"));
	assert_true(fixture_has(f, "path possible /usr/bin/job -> /etc/x.conf :2 names "
				   "/etc/x.conf"));
	assert_true(
		fixture_has(f, "exec possible /usr/bin/job -> /usr/sbin/nft :4 looks for "
			       "nft"));
	assert_int_equal(fixture_count(f), 3);
}

static void a_file_of_another_language_is_no_shell_script(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/bin/awk", "", 0755, EXE);
	fixture_file(f, "/usr/bin/job", "#!/usr/bin/ruby\nawk\n", 0755, CATEGORY_SCRIPT);
	fixture_run(f, NULL);
	assert_int_equal(fixture_count(f), 0);
}

static void symlinks_reach_step_by_step(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/bin/mawk", "", 0755, EXE);
	fixture_link(f, "/etc/alternatives/awk", "/usr/bin/mawk");
	fixture_link(f, "/usr/bin/awk", "../../etc/alternatives/awk");
	fixture_link(f, "/usr/bin/dangling", "nothing");
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "symlink hard /usr/bin/awk -> /etc/alternatives/awk "
				   "../../etc/alternatives/awk"));
	assert_true(fixture_has(f, "symlink hard /etc/alternatives/awk -> /usr/bin/mawk "
				   "/usr/bin/mawk"));
	assert_int_equal(fixture_count(f), 2);
}

#define UNITS "/usr/lib/systemd/system/"

static void a_unit_names_commands_units_and_paths(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/sbin/modprobe", "", 0755, EXE);
	fixture_file(f, "/usr/bin/daemon", "", 0755, EXE);
	fixture_file(f, "/usr/bin/grep", "", 0755, EXE);
	fixture_file(f, "/etc/daemon.conf", "", 0644, CATEGORY_CONFIG);
	fixture_file(f, UNITS "b.service", "", 0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "c@.service", "", 0644, CATEGORY_UNIT);
	fixture_file(
		f, UNITS "a.service",
		"[Unit]\nRequires=b.service \\\n  c@1.service\nWants=missing.service\n"
		"[Service]\nExecStartPre=-/usr/sbin/modprobe overlay\n"
		"ExecStart=/usr/bin/daemon --config /etc/daemon.conf\n"
		"ExecStop=/usr/bin/gone\nExecReload=-/usr/bin/gone\n"
		"ExecStartPost=/bin/sh -c 'grep x'\n",
		0644, CATEGORY_UNIT);
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "unit-exec likely " UNITS
				   "a.service -> /usr/sbin/modprobe "
				   ":6 ExecStartPre=-/usr/sbin/modprobe overlay"));
	assert_true(fixture_has(f,
				"unit-exec hard " UNITS "a.service -> /usr/bin/daemon :7 "
				"ExecStart=/usr/bin/daemon --config /etc/daemon.conf"));
	assert_true(fixture_has(f,
				"path likely " UNITS "a.service -> /etc/daemon.conf :7 "
				"ExecStart=/usr/bin/daemon --config /etc/daemon.conf"));
	assert_true(fixture_has(f,
				"unit hard " UNITS "a.service -> " UNITS "b.service :2 "
				"Requires=b.service"));
	assert_true(fixture_has(f,
				"unit hard " UNITS "a.service -> " UNITS "c@.service :2 "
				"Requires=c@1.service"));
	assert_true(fixture_has(f, "unit-exec likely " UNITS
				   "a.service -> /usr/bin/grep :10 "
				   "runs grep"));
	assert_true(fixture_has(f, "finding broken-reference " UNITS "a.service: line 8: "
				   "ExecStop=/usr/bin/gone, which is not in the root"));
}

static void a_unit_says_what_process_it_starts(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/bin/daemon", "", 0755, EXE);
	fixture_file(f, UNITS "a.service",
		     "[Unit]\nConditionPathExists=!/etc/\x1b[1m\nAssertHost=b\n"
		     "[Service]\nType=notify\nExecStart=-/usr/bin/daemon -x\n",
		     0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "b.service",
		     "[Service]\nExecStart=/usr/bin/daemon\nExecStart=\nType=what\n"
		     "[Mount]\nType=oneshot\n",
		     0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "c.target", "[Unit]\nWants=a.service\n", 0644,
		     CATEGORY_UNIT);
	fixture_file(f, "/etc/systemd/system/a.service.d/x.conf",
		     "[Service]\nType=oneshot\n", 0644, CATEGORY_UNIT);
	fixture_run(f, NULL);
	assert_true(fixture_has(f,
				"service " UNITS "a.service type 'notify' runs "
				"/usr/bin/daemon; ConditionPathExists=!/etc/\\x1b[1m"));
	assert_true(fixture_has(f, "AssertHost=b"));
	assert_true(fixture_has(f, "service " UNITS "b.service type '' runs nothing; "));
	assert_true(fixture_has(f, "service /etc/systemd/system/a.service.d/x.conf type "
				   "'oneshot' runs nothing; "));
	assert_int_equal(f->found.services.items.len, 3);
}

static void enabling_a_unit_is_weaker_than_shipping_it(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, UNITS "x.target", "", 0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "a.service", "", 0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "b.service", "", 0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "a.timer", "", 0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "a.service.d/10.conf", "[Service]\nExecStop=/usr/bin/job\n",
		     0644, CATEGORY_UNIT);
	fixture_file(f, "/usr/bin/job", "", 0755, EXE);
	fixture_link(f, UNITS "x.target.wants/b.service", "../b.service");
	fixture_link(f, "/etc/systemd/system/x.target.wants/a.service",
		     UNITS "a.service");
	fixture_package(f, "p",
			(const char *const[]){ UNITS "x.target.wants/b.service", NULL });
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "unit likely " UNITS "x.target -> " UNITS
				   "x.target.wants/b.service " UNITS
				   "x.target.wants/b.service"));
	assert_true(fixture_has(f, "unit possible " UNITS "x.target -> "
				   "/etc/systemd/system/x.target.wants/a.service "
				   "/etc/systemd/system/x.target.wants/a.service"));
	assert_true(fixture_has(f, "unit hard " UNITS "a.timer -> " UNITS
				   "a.service starts the "
				   "service of its name"));
	assert_true(fixture_has(f, "unit hard " UNITS "a.service -> " UNITS
				   "a.service.d/10.conf " UNITS "a.service.d/10.conf"));
	assert_true(fixture_has(f, "unit-exec hard " UNITS
				   "a.service.d/10.conf -> /usr/bin/job "
				   ":2 ExecStop=/usr/bin/job"));
}

static void damaged_units_are_read_to_their_end(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, UNITS "a.service", "[Service\nExecStart=\n=x\nExecStop='\n\\\n",
		     0644, CATEGORY_UNIT);
	fixture_file(f, UNITS "b.service", "ExecStart=@ \\", 0644, CATEGORY_UNIT);
	fixture_run(f, NULL);
	assert_int_equal(f->found.edges.items.len, 0);
}

#define PY "/usr/lib/python3.11/"

static void python_imports_are_found_on_the_module_path(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, PY "json/__init__.py", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "json/tool.py", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "os.py", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "__pycache__/os.cpython-311.pyc", "", 0644, CATEGORY_BYTECODE);
	fixture_file(f, PY "lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "", 0644,
		     CATEGORY_LIBRARY);
	fixture_file(
		f, "/usr/bin/tool",
		"#!/usr/bin/python3\nimport os, _ssl as s\n  from json import (tool, x\n"
		"m = import_module('nothere')\n# import json\nimportant = 1\n",
		0755, CATEGORY_SCRIPT);
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "import likely /usr/bin/tool -> " PY
				   "os.py :2 import os"));
	assert_true(fixture_has(f,
				"import likely /usr/bin/tool -> " PY "lib-dynload/"
				"_ssl.cpython-311-x86_64-linux-gnu.so :2 import _ssl"));
	assert_true(fixture_has(f, "import likely /usr/bin/tool -> " PY
				   "json/__init__.py :3 "
				   "import json"));
	assert_true(fixture_has(f, "import likely /usr/bin/tool -> " PY
				   "json/tool.py :3 import "
				   "json.tool"));
	assert_true(fixture_has(f, "bytecode possible " PY "os.py -> " PY
				   "__pycache__/os.cpython-311.pyc __pycache__"));
	assert_int_equal(fixture_count(f), 5);
}

static void relative_python_imports_stay_in_their_package(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, PY "pkg/__init__.py", "from . import a\n", 0644,
		     CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "pkg/a.py",
		     "from .b import c\nfrom ..os import x\nfrom . import _fast\n", 0644,
		     CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "pkg/b.py", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, PY "pkg/_fast.abi3.so", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, PY "os.py", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "import likely " PY "pkg/__init__.py -> " PY
				   "pkg/a.py :1 "
				   "import a"));
	assert_true(fixture_has(f, "import likely " PY "pkg/a.py -> " PY
				   "pkg/b.py :1 import b"));
	assert_true(fixture_has(f, "import likely " PY "pkg/a.py -> " PY
				   "os.py :2 import os"));
	assert_true(fixture_has(f, "import likely " PY "pkg/a.py -> " PY
				   "pkg/_fast.abi3.so :3 import _fast"));
}

static void perl_modules_are_found_with_their_compiled_half(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/share/perl5/Foo/Bar.pm", "use parent qw(Foo);\n", 0644,
		     CATEGORY_MODULE_SCRIPT);
	fixture_file(f, "/usr/share/perl5/Foo.pm", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, "/usr/share/perl5/old.pl", "", 0644, CATEGORY_MODULE_SCRIPT);
	fixture_file(f, "/usr/lib64/perl5/auto/Foo/Bar/Bar.so", "", 0755,
		     CATEGORY_LIBRARY);
	fixture_file(f, "/usr/bin/tool",
		     "#!/usr/bin/perl -w\nuse strict;\nuse Foo::Bar qw(x);\nrequire "
		     "'old.pl';\n"
		     "used Foo;\n__END__\nuse Foo;\n",
		     0755, CATEGORY_SCRIPT);
	fixture_run(f, NULL);
	assert_true(fixture_has(
		f, "import likely /usr/bin/tool -> /usr/share/perl5/Foo/Bar.pm "
		   ":3 use Foo/Bar"));
	assert_true(fixture_has(
		f, "import likely /usr/bin/tool -> /usr/share/perl5/old.pl :4 "
		   "use old.pl"));
	assert_true(fixture_has(f, "import likely /usr/share/perl5/Foo/Bar.pm -> "
				   "/usr/share/perl5/Foo.pm :1 use Foo"));
	assert_true(fixture_has(f, "import likely /usr/share/perl5/Foo/Bar.pm -> "
				   "/usr/lib64/perl5/auto/Foo/Bar/Bar.so :1 use "
				   "auto/Foo/Bar/Bar.so"));
	assert_int_equal(fixture_count(f), 4);
}

static void recommended_sonames_are_opened(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/lib64/libx.so.1", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/usr/lib64/libsong", "", 0755, CATEGORY_LIBRARY);
	fixture_package(f, "p", (const char *const[]){ "/usr/lib64/libsong", NULL });
	fixture_recommends(f, 1, "libx.so.1()(64bit)");
	fixture_recommends(f, 1, "libx.so.1");
	fixture_recommends(f, 1, "libsong(x)");
	fixture_recommends(f, 1, "(");
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "dlopen likely package p -> /usr/lib64/libx.so.1 "
				   "Recommends: libx.so.1()(64bit)"));
	assert_int_equal(fixture_count(f), 1);
}

/* One ELF result for an entry that stands in the sorted tree. */
static void set_elf(struct detect_fixture *f, const char *path, struct elfinfo info)
{
	tree_sort(&f->tree);
	array_push(&f->elf.infos, info);
	tree_find(&f->tree, path)->elf = (uint32_t)f->elf.infos.len;
}

static void notes_name_libraries(void **state)
{
	static const char *notes[] = {
		"[{\"soname\":[\"libgone.so\",\"liba.so.1\",\"libb.so.1\"]}]",
		"{\"soname\":\"libb.so.1\",\"priority\":\"required\"}",
		"[{\"sonames\":[\"libc.so.1\"]}]",
		"[{\"soname\":",
	};
	const struct elfinfo library = { .class = 64,
					 .type = ELF_SHARED,
					 .is_dynamic = true,
					 .machine_number = 62,
					 .has_header = true,
					 .machine = "x86_64" };
	struct detect_fixture *f = *state;
	struct elfinfo program = library;

	fixture_file(f, "/usr/bin/prog", "", 0755, EXE);
	fixture_file(f, "/usr/lib64/liba.so.1", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/usr/lib64/libb.so.1", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/usr/lib64/libc.so.1", "", 0755, CATEGORY_LIBRARY);
	program.dlopen_notes = (struct text_list){ notes, ARRAY_LEN(notes), 0 };
	set_elf(f, "/usr/bin/prog", program);
	set_elf(f, "/usr/lib64/liba.so.1", library);
	set_elf(f, "/usr/lib64/libb.so.1", library);
	set_elf(f, "/usr/lib64/libc.so.1", library);
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "dlopen likely /usr/bin/prog -> /usr/lib64/liba.so.1 "
				   ".note.dlopen: liba.so.1"));
	assert_true(fixture_has(f, "dlopen hard /usr/bin/prog -> /usr/lib64/libb.so.1 "
				   ".note.dlopen: libb.so.1"));
	assert_true(fixture_has(f,
				"finding bad-dlopen-note /usr/bin/prog: its .note.dlopen "
				"is no JSON"));
	assert_int_equal(fixture_count(f), 3);
}

static void literals_name_paths_and_libraries(void **state)
{
	static const char text[] =
		"x/usr/bin/helper\0libz.so.1\0/usr/bin/\0/usr/bin/non\0"
		"libz.so.1x";
	const struct elfinfo library = { .class = 64,
					 .type = ELF_SHARED,
					 .is_dynamic = true,
					 .machine_number = 62,
					 .has_header = true,
					 .machine = "x86_64" };
	struct detect_fixture *f = *state;
	struct elfinfo program = library;
	_cleanup_(freep) char *path = mem_printf("%s/usr/bin/prog", f->folder);
	FILE *file;

	fixture_file(f, "/usr/bin/prog", "", 0755, EXE);
	fixture_file(f, "/usr/bin/helper", "", 0755, EXE);
	fixture_file(f, "/usr/lib64/libz.so.1", "", 0755, CATEGORY_LIBRARY);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof(text), file), sizeof(text));
	fclose(file);
	program.has_dlopen = true;
	program.literals_len = sizeof(text);
	set_elf(f, "/usr/bin/prog", program);
	set_elf(f, "/usr/lib64/libz.so.1", library);
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "path possible /usr/bin/prog -> /usr/bin/helper "
				   "\"/usr/bin/helper\" in its data"));
	assert_true(fixture_has(f, "dlopen likely /usr/bin/prog -> /usr/lib64/libz.so.1 "
				   "\"libz.so.1\" in its data"));
	assert_int_equal(fixture_count(f), 2);
}

#define MODULES "/usr/lib/modules/6.1/"

static void modules_name_modules_and_firmware(void **state)
{
	static const char *depends[] = { "b-c", "gone" },
			  *soft[] = { "pre: d post: gone :" },
			  *firmware[] = { "x/y.bin", "gone" };
	struct detect_fixture *f = *state;
	struct module_info module = { .depends = { depends, 2, 0 },
				      .softdeps = { soft, 1, 0 },
				      .firmware = { firmware, 2, 0 } };

	fixture_file(f, MODULES "a.ko", "", 0644, CATEGORY_KERNEL_MODULE);
	fixture_file(f, MODULES "b_c.ko.xz", "", 0644, CATEGORY_KERNEL_MODULE);
	fixture_file(f, MODULES "d.ko", "", 0644, CATEGORY_KERNEL_MODULE);
	fixture_file(f, "/usr/lib/modules/6.2/d.ko", "", 0644, CATEGORY_KERNEL_MODULE);
	fixture_file(f, "/usr/lib/firmware/x/y.bin.xz", "", 0644, CATEGORY_FIRMWARE);
	fixture_link(f, "/lib", "usr/lib");
	set_elf(f, MODULES "a.ko", (struct elfinfo){ .class = 64, .module = &module });
	fixture_run(f, NULL);
	assert_true(fixture_has(f, "module-dep hard " MODULES "a.ko -> " MODULES
				   "b_c.ko.xz depends=b-c"));
	assert_true(fixture_has(f, "module-dep likely " MODULES "a.ko -> " MODULES
				   "d.ko softdep=d"));
	assert_true(fixture_has(f, "firmware likely " MODULES "a.ko -> "
				   "/usr/lib/firmware/x/y.bin.xz firmware=x/y.bin"));
	assert_true(fixture_has(f, "symlink hard /lib -> /usr/lib usr/lib"));
	assert_int_equal(fixture_count(f), 4);
}

static const char PAM_RULE[] = "detector: pam\n"
			       "summary: modules\n"
			       "files: /etc/pam.d/*\n"
			       "kind: pam\n"
			       "comment: '#'\n"
			       "read_by:\n  - soname: libpam.so.0\n"
			       "lines:\n"
			       "  - match: '^auth[ \\t]+[a-z]+[ \\t]+([^ ]+\\.so)'\n"
			       "    resolves: soname\n"
			       "    strength: hard\n"
			       "    missing: broken-reference\n";

static void a_rule_file_is_a_detector(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/lib64/libpam.so.0", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/usr/lib64/security/pam_unix.so", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/etc/pam.d/login",
		     "# auth required pam_unix.so\nauth required pam_unix.so nullok\n"
		     "auth required pam_gone.so\nauthor required pam_unix.so\n",
		     0644, CATEGORY_CONFIG);
	fixture_file(f, "/etc/pam.d/local", "", 0644, CATEGORY_CONFIG);
	fixture_package(f, "login", (const char *const[]){ "/etc/pam.d/login", NULL });
	fixture_run(f, PAM_RULE);
	assert_true(fixture_has(
		f, "pam hard /etc/pam.d/login -> /usr/lib64/security/pam_unix.so "
		   ":2 pam_unix.so"));
	assert_true(fixture_has(f,
				"reads likely /usr/lib64/libpam.so.0 -> /etc/pam.d/login "
				"pam"));
	assert_true(fixture_has(f,
				"reads likely /usr/lib64/libpam.so.0 -> /etc/pam.d/local "
				"pam"));
	assert_true(fixture_has(f,
				"finding broken-reference /etc/pam.d/login: line 3 names "
				"'pam_gone.so', which is not in the root"));
	assert_int_equal(fixture_count(f), 4);
}

static void a_rule_may_have_templates_and_words(void **state)
{
	struct detect_fixture *f = *state;

	fixture_file(f, "/usr/lib64/libnss_files.so.2", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/usr/lib64/libnss_dns.so.2", "", 0755, CATEGORY_LIBRARY);
	fixture_file(f, "/etc/nsswitch.conf", "hosts: files [NOTFOUND=return], dns\n",
		     0644, CATEGORY_CONFIG);
	fixture_run(f,
		    "detector: nss\nsummary: x\nfiles: /etc/nsswitch.conf\nkind: "
		    "nss\nlines:\n"
		    "  - match: '^[a-z]+:(.*)$'\n    resolves: soname\n    words: true\n"
		    "    as: 'libnss_{}.so.2'\n");
	assert_true(fixture_has(f, "nss likely /etc/nsswitch.conf -> "
				   "/usr/lib64/libnss_files.so.2 :1 files"));
	assert_true(fixture_has(
		f, "nss likely /etc/nsswitch.conf -> /usr/lib64/libnss_dns.so.2 "
		   ":1 dns"));
	assert_int_equal(fixture_count(f), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_shell_script_names_its_commands, start,
						stop),
		cmocka_unit_test_setup_teardown(
			a_file_of_another_language_is_no_shell_script, start, stop),
		cmocka_unit_test_setup_teardown(symlinks_reach_step_by_step, start, stop),
		cmocka_unit_test_setup_teardown(a_unit_names_commands_units_and_paths,
						start, stop),
		cmocka_unit_test_setup_teardown(a_unit_says_what_process_it_starts, start,
						stop),
		cmocka_unit_test_setup_teardown(
			enabling_a_unit_is_weaker_than_shipping_it, start, stop),
		cmocka_unit_test_setup_teardown(damaged_units_are_read_to_their_end,
						start, stop),
		cmocka_unit_test_setup_teardown(
			python_imports_are_found_on_the_module_path, start, stop),
		cmocka_unit_test_setup_teardown(
			relative_python_imports_stay_in_their_package, start, stop),
		cmocka_unit_test_setup_teardown(
			perl_modules_are_found_with_their_compiled_half, start, stop),
		cmocka_unit_test_setup_teardown(recommended_sonames_are_opened, start,
						stop),
		cmocka_unit_test_setup_teardown(notes_name_libraries, start, stop),
		cmocka_unit_test_setup_teardown(literals_name_paths_and_libraries, start,
						stop),
		cmocka_unit_test_setup_teardown(modules_name_modules_and_firmware, start,
						stop),
		cmocka_unit_test_setup_teardown(a_rule_file_is_a_detector, start, stop),
		cmocka_unit_test_setup_teardown(a_rule_may_have_templates_and_words,
						start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

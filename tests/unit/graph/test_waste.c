/* What is worth a packager's time, each rule with what looks alike and is none. */
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "graph/waste.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <string.h>

/* "rule bytes subject: text", one a line. */
static char *say(const struct graph *g, const struct idset *gone)
{
	waste_list list = { 0 };
	struct strbuf out = { 0 };
	char *text;

	waste_find(g, gone, &list);
	array_each (&list, i) {
		const struct waste *w = &list.data[i];

		assert_true(w->remedy[0]);
		strbuf_printf(&out, "%s %s%llu %s: %s\n", w->rule,
			      w->estimated ? "about " : "", (unsigned long long)w->bytes,
			      waste_subject(g, w), w->text);
	}
	text = mem_strdup(strbuf_text(&out));
	strbuf_release(&out);
	waste_release(&list);
	return text;
}

static void check(const char *lines, const char *wanted)
{
	struct graph *g = tiny_graph(lines);
	_cleanup_(freep) char *said = say(g, NULL);

	assert_string_equal(said, wanted);
	graph_free(g);
}

static const char COPIES[] = "pkg one\n"
			     "pkg two\n"
			     "file /a data one\n"
			     "file /b data two\n"
			     "file /c data two\n"
			     "file /d data\n"
			     "same /c /b\n"
			     "size /a 100000\n"
			     "size /b 100000\n"
			     "size /d 100000\n"
			     "mark /a same-content sha256:aa\n"
			     "mark /b same-content sha256:aa\n"
			     "mark /c same-content sha256:aa\n"
			     "mark /d same-content sha256:aa\n";

static void copies_are_counted_by_inode(void **state)
{
	(void)state;
	check(COPIES, "duplicate-file 200000 /a: is there 3 times, as /b, in 3 packages; "
		      "each copy takes 97.7 KiB\n");
}

static void copies_of_what_stays_count_alone(void **state)
{
	struct graph *g = tiny_graph(COPIES);
	struct idset gone;
	_cleanup_(freep) char *one = NULL;
	_cleanup_(freep) char *none = NULL;

	(void)state;
	idset_init(&gone, g->file_count + 1u);
	idset_add(&gone, tiny_file(g, "/d"));
	one = say(g, &gone);
	assert_string_equal(one,
			    "duplicate-file 100000 /a: is there 2 times, as /b, in 2 "
			    "packages; each copy takes 97.7 KiB\n");
	idset_add(&gone, tiny_file(g, "/a"));
	none = say(g, &gone);
	assert_string_equal(none, "");
	idset_release(&gone);
	graph_free(g);
}

static void small_copies_licences_and_documentation_are_none(void **state)
{
	(void)state;
	check("pkg one\n"
	      "file /a data one\n"
	      "file /b data one\n"
	      "size /a 40000\n"
	      "size /b 40000\n"
	      "mark /a same-content sha256:aa\n"
	      "mark /b same-content sha256:aa\n"
	      "file /usr/share/doc/x/copyright documentation one\n"
	      "file /usr/share/doc/y/copyright documentation one\n"
	      "size /usr/share/doc/x/copyright 100000\n"
	      "size /usr/share/doc/y/copyright 100000\n"
	      "mark /usr/share/doc/x/copyright same-content sha256:bb\n"
	      "mark /usr/share/doc/y/copyright same-content sha256:bb\n"
	      "file /usr/share/doc/x/NEWS documentation one\n"
	      "file /usr/share/doc/y/NEWS documentation one\n"
	      "size /usr/share/doc/x/NEWS 1000000\n"
	      "size /usr/share/doc/y/NEWS 1000000\n"
	      "mark /usr/share/doc/x/NEWS same-content sha256:cc\n"
	      "mark /usr/share/doc/y/NEWS same-content sha256:cc\n",
	      "");
}

static void a_budget_counts_all_copies_but_one(void **state)
{
	struct graph *g = tiny_graph(COPIES);
	struct idset copies;

	(void)state;
	idset_init(&copies, g->file_count + 1u);
	waste_copies(g, &copies);
	assert_int_equal(idset_count(&copies), 2);
	assert_true(idset_has(&copies, tiny_file(g, "/b")));
	assert_true(idset_has(&copies, tiny_file(g, "/d")));
	idset_release(&copies);
	graph_free(g);
}

/* Of hard links one name counts; modules and objects need their symbols. */
static void programs_that_nobody_stripped_count_by_package(void **state)
{
	static const char LINES[] = "pkg one\n"
				    "file /usr/bin/a executable one\n"
				    "file /usr/bin/b executable one\n"
				    "file /usr/bin/c executable one\n"
				    "file /usr/lib/m.ko kernel-module one\n"
				    "file /usr/bin/unowned executable\n"
				    "same /usr/bin/c /usr/bin/b\n"
				    "symbols /usr/bin/a 100\n"
				    "symbols /usr/bin/b 70000\n"
				    "symbols /usr/bin/c 70000\n"
				    "symbols /usr/lib/m.ko 900000\n"
				    "symbols /usr/bin/unowned 80000\n";
	struct graph *g = tiny_graph(LINES);
	uint64_t of[2];

	(void)state;
	check(LINES,
	      "unstripped 80000 /usr/bin/unowned: 1 program or library is not stripped: "
	      "symbol tables and debug sections, most of them in /usr/bin/unowned\n"
	      "unstripped 70100 one-1-1.x86_64: 2 programs or libraries are not "
	      "stripped: "
	      "symbol tables and debug sections, most of them in /usr/bin/b\n");
	assert_int_equal(waste_symbols(g, of), 150100);
	assert_int_equal(of[0], 80000);
	assert_int_equal(of[1], 70100);
	graph_free(g);
}

static const char MODULES[] = "dir /usr/lib/modules/6.1\n"
			      "file /usr/lib/modules/6.1/a.ko kernel-module\n"
			      "file /usr/lib/modules/6.1/b.ko kernel-module\n"
			      "file /usr/lib/modules/6.1/c.ko.xz kernel-module\n"
			      "size /usr/lib/modules/6.1/a.ko 400000\n"
			      "size /usr/lib/modules/6.1/b.ko 400000\n"
			      "size /usr/lib/modules/6.1/c.ko.xz 400000\n"
			      "file /usr/bin/kmod executable\n"
			      "file /usr/lib/liblzma.so.5 library\n";

static void modules_count_where_kmod_can_read_compressed_ones(void **state)
{
	_cleanup_(freep) char *lines = mem_printf(
		"%sedge /usr/bin/kmod needed /usr/lib/liblzma.so.5\n", MODULES);

	(void)state;
	check(MODULES, "");
	check(lines,
	      "uncompressed-modules about 600000 /usr/lib/modules/6.1: 2 modules of "
	      "781.2 KiB are not compressed, and kmod can read compressed ones; the "
	      "gain is an estimate: a quarter stays\n");
}

static void modules_that_may_not_be_loaded_count(void **state)
{
	(void)state;
	check("file /usr/lib/modules/6.1/a.ko kernel-module\n"
	      "file /usr/lib/modules/6.1/b.ko kernel-module\n"
	      "file /usr/lib/modules/6.1/c.ko kernel-module\n"
	      "size /usr/lib/modules/6.1/a.ko 70000\n"
	      "size /usr/lib/modules/6.1/b.ko 80000\n"
	      "size /usr/lib/modules/6.1/c.ko 90000\n"
	      "mark /usr/lib/modules/6.1/a.ko blocked /etc/modprobe.d/a.conf\n"
	      "mark /usr/lib/modules/6.1/b.ko blocked /etc/modprobe.d/a.conf\n"
	      "mark /usr/lib/modules/6.1/c.ko blacklisted /etc/modprobe.d/a.conf\n",
	      "blacklisted-modules 90000 /usr/lib/modules/6.1/c.ko: "
	      "/etc/modprobe.d/a.conf "
	      "keeps 1 module from being loaded, this one among them; by name they still "
	      "can be\n"
	      "blocked-modules 150000 /usr/lib/modules/6.1/b.ko: /etc/modprobe.d/a.conf "
	      "keeps 2 modules from being loaded, this one among them\n");
}

/* Microcode is the kernel's own; firmware behind a link of a driver is asked for. */
static void firmware_that_no_driver_names_counts(void **state)
{
	static const char FIRMWARE[] = "pkg fw\n"
				       "file /usr/lib/firmware/a.bin firmware fw\n"
				       "file /usr/lib/firmware/b.bin firmware fw\n"
				       "file /usr/lib/firmware/c.bin firmware fw\n"
				       "link /usr/lib/firmware/d.bin c.bin fw\n"
				       "file /usr/lib/firmware/amd/x.bin firmware fw\n"
				       "size /usr/lib/firmware/a.bin 100000\n"
				       "size /usr/lib/firmware/b.bin 200000\n"
				       "size /usr/lib/firmware/c.bin 300000\n"
				       "size /usr/lib/firmware/amd/x.bin 400000\n"
				       "edge /usr/lib/firmware/d.bin symlink "
				       "/usr/lib/firmware/c.bin\n";
	_cleanup_(freep) char *lines = mem_printf(
		"%sfile /usr/lib/modules/6.1/a.ko kernel-module\n"
		"edge /usr/lib/modules/6.1/a.ko firmware /usr/lib/firmware/a.bin\n",
		FIRMWARE);

	(void)state;
	check(FIRMWARE, ""); /* no module: nobody knows */
	check(lines,
	      "unasked-firmware 200000 fw-1-1.x86_64: 1 firmware file that no driver "
	      "names, such as /usr/lib/firmware/b.bin\n");
}

static const char KERNELS[] = "file /boot/vmlinuz-6.1.9 kernel\n"
			      "file /boot/vmlinuz-6.1.10 kernel\n"
			      "file /boot/vmlinuz-0-rescue-abc kernel\n"
			      "file /boot/initramfs-6.1.9.img initramfs\n"
			      "file /boot/initramfs-6.1.8kdump.img initramfs\n"
			      "file /boot/initrd.img-6.1.10 initramfs\n"
			      "file /usr/lib/modules/6.1.9/a.ko kernel-module\n"
			      "file /usr/lib/modules/6.1.7/a.ko kernel-module\n"
			      "size /boot/vmlinuz-6.1.9 100000\n"
			      "size /boot/vmlinuz-6.1.10 200000\n"
			      "size /boot/initramfs-6.1.9.img 300000\n"
			      "size /boot/initramfs-6.1.8kdump.img 400000\n"
			      "size /boot/initrd.img-6.1.10 500000\n"
			      "size /usr/lib/modules/6.1.9/a.ko 600000\n"
			      "size /usr/lib/modules/6.1.7/a.ko 700000\n";

#define LEFTOVERS                                                                        \
	"initramfs-without-kernel 400000 /boot/initramfs-6.1.8kdump.img: an initramfs "  \
	"of 6.1.8, a kernel that is not in this root\n"                                  \
	"modules-without-kernel 700000 /usr/lib/modules/6.1.7/a.ko: modules of 6.1.7, "  \
	"a kernel that is not in this root\n"

static void kernels_beside_the_default_and_what_is_left_of_others(void **state)
{
	_cleanup_(freep) char *linked =
		mem_printf("%slink /boot/vmlinuz vmlinuz-6.1.9\n", KERNELS);

	(void)state;
	check(KERNELS, LEFTOVERS "other-kernel 1000000 /boot/vmlinuz-6.1.9: a kernel "
				 "beside 6.1.10, which boots "
				 "by default (its version is the highest); with its "
				 "modules and initramfs\n");
	check(linked,
	      LEFTOVERS "other-kernel 700000 /boot/vmlinuz-6.1.10: a kernel beside "
			"6.1.9, which boots "
			"by default (a link names it); with its modules and initramfs\n");
	/* the kernel comes from elsewhere */
	check("file /usr/lib/modules/6.1.7/a.ko kernel-module\n"
	      "size /usr/lib/modules/6.1.7/a.ko 700000\n",
	      "");
}

static void second_providers_count(void **state)
{
	(void)state;
	check("pkg gawk\n"
	      "pkg mawk\n"
	      "pkg python3.11\n"
	      "pkg python3.12\n"
	      "file /usr/bin/gawk executable gawk\n"
	      "file /usr/bin/mawk executable mawk\n"
	      "link /usr/bin/original-awk mawk mawk\n"
	      "file /usr/bin/python3.11 executable python3.11\n"
	      "file /usr/bin/python3.12-config script python3.12\n"
	      "size /usr/bin/gawk 300000\n"
	      "size /usr/bin/mawk 200000\n"
	      "size /usr/bin/python3.11 900000\n"
	      "size /usr/bin/python3.12-config 900000\n",
	      "variants 200000 mawk-1-1.x86_64: 2 awk: gawk (293.0 KiB) and mawk (195.3 "
	      "KiB)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_counted_by_inode),
		cmocka_unit_test(copies_of_what_stays_count_alone),
		cmocka_unit_test(small_copies_licences_and_documentation_are_none),
		cmocka_unit_test(a_budget_counts_all_copies_but_one),
		cmocka_unit_test(programs_that_nobody_stripped_count_by_package),
		cmocka_unit_test(modules_count_where_kmod_can_read_compressed_ones),
		cmocka_unit_test(modules_that_may_not_be_loaded_count),
		cmocka_unit_test(firmware_that_no_driver_names_counts),
		cmocka_unit_test(kernels_beside_the_default_and_what_is_left_of_others),
		cmocka_unit_test(second_providers_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

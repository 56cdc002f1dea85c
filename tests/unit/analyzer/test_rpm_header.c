#include "analyzer/rpm_image.h"
#include "base/macros.h"
#include "tests/unit/support/rpm_image_of.h"
#include "tests/unit/support/test.h"

#include <rpm/rpmfiles.h>
#include <string.h>

static void equal_names_are_ordered_by_epoch_then_text(void **state)
{
	static const char *const nevras[] = { "a-2:1-1.noarch", "a-10-1.noarch",
					      "a-10-1.i686", "a-9-2.noarch",
					      "a-9-1.noarch" };
	static const char *const expected[] = { "a-10-1.i686", "a-10-1.noarch",
						"a-9-1.noarch", "a-9-2.noarch",
						"a-2:1-1.noarch" };
	struct image_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(nevras); i++)
		rpm_fixture_package(&f->db, nevras[i]);
	image_fixture_read(f);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_string_equal(
			rpm_image_text(&f->image, image_package(&f->image, i)->nevra),
			expected[i]);
		assert_int_equal(image_package(&f->image, i)->provides_len, 1);
	}
}

static void phases_and_origin_come_from_the_flags(void **state)
{
	static const struct {
		rpmsenseFlags flags;
		uint32_t phases;
		bool manual, install_only;
	} cases[] = {
		{ 0, 0, true, false },
		{ RPMSENSE_FIND_REQUIRES, 0, false, false },
		{ RPMSENSE_SCRIPT_PRE | RPMSENSE_INTERP, PHASE_PRE | PHASE_INTERP, false,
		  true },
		{ RPMSENSE_SCRIPT_POST, PHASE_POST, true, true },
		{ RPMSENSE_SCRIPT_POST | RPMSENSE_SCRIPT_POSTUN,
		  PHASE_POST | PHASE_POSTUN, true, false },
		{ RPMSENSE_PREREQ | RPMSENSE_SCRIPT_PRE, PHASE_PREREQ | PHASE_PRE, true,
		  true },
		{ RPMSENSE_PREREQ, PHASE_PREREQ, true, false },
		{ RPMSENSE_META | RPMSENSE_PRETRANS, PHASE_META | PHASE_PRETRANS, true,
		  true },
		{ RPMSENSE_META | RPMSENSE_SCRIPT_PRE, PHASE_META | PHASE_PRE, true,
		  false },
		{ RPMSENSE_POSTTRANS, PHASE_POSTTRANS, true, true },
		{ RPMSENSE_SCRIPT_VERIFY, PHASE_VERIFY, true, false },
		{ RPMSENSE_MISSINGOK, PHASE_MISSINGOK, true, false },
	};
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "x", cases[i].flags);
	image_fixture_read(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rpm_requirement *req = image_requirement(&f->image, i);

		assert_int_equal(req->phases, cases[i].phases);
		assert_int_equal(req->manual, cases[i].manual);
		assert_int_equal(phases_install_only(req->phases), cases[i].install_only);
		assert_int_equal(req->node, image_requirement(&f->image, 0)->node);
	}
}

static void every_kind_of_dependency_has_its_strength(void **state)
{
	static const struct {
		rpmTagVal tag;
		rpmsenseFlags flags;
		enum req_strength strength;
	} cases[] = {
		{ RPMTAG_REQUIRENAME, 0, REQ_REQUIRES },
		{ RPMTAG_RECOMMENDNAME, 0, REQ_RECOMMENDS },
		{ RPMTAG_SUGGESTNAME, 0, REQ_SUGGESTS },
		{ RPMTAG_SUPPLEMENTNAME, 0, REQ_SUPPLEMENTS },
		{ RPMTAG_ENHANCENAME, 0, REQ_ENHANCES },
		{ RPMTAG_OLDSUGGESTSNAME, 0, REQ_SUGGESTS },
		{ RPMTAG_OLDSUGGESTSNAME, 1 << 27, REQ_RECOMMENDS },
		{ RPMTAG_CONFLICTNAME, 0, REQ_CONFLICTS },
		{ RPMTAG_OBSOLETENAME, 0, REQ_OBSOLETES },
	};
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		rpm_fixture_depend(h, cases[i].tag, "x < 2", cases[i].flags);
	image_fixture_read(f);
	assert_int_equal(f->image.requirements.len, ARRAY_LEN(cases));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(image_requirement(&f->image, i)->strength,
				 cases[i].strength);
		assert_string_equal(
			rpm_image_text(&f->image, image_requirement(&f->image, i)->text),
			"x < 2");
	}
}

static void rpmlib_and_broken_dependencies_have_their_state(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");

	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "rpmlib(FileDigests) <= 4.6.0-1",
			   RPMSENSE_RPMLIB);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "(a and", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "(a and b)", 0);
	image_fixture_read(f);
	assert_int_equal(image_requirement(&f->image, 0)->state, REQ_RPMLIB);
	assert_int_equal(image_requirement(&f->image, 1)->state, REQ_BAD);
	assert_int_equal(image_requirement(&f->image, 2)->state, REQ_CHECKED);
	assert_string_equal(
		rpm_image_text(&f->image, image_requirement(&f->image, 1)->text),
		"(a and");
	image_expect_problem(&f->image, RPM_PROBLEM_REQUIREMENT, "(a and");
	assert_int_equal(f->image.problems.data[0].package, 1);
}

static void file_lists_that_do_not_fit_lose_only_what_is_wrong(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");
	uint32_t beyond = 99;
	uint64_t huge = UINT64_MAX;
	char nothing[4097];

	rpm_fixture_file(h, "/good", 0100644, 0);
	rpm_fixture_file(h, "relative/path", 0100644, 0);
	rpm_fixture_file(h, "/a/../../b//./c", 0100644, 0);
	rpm_fixture_file(h, "/d/..", 0100644, 0);
	rpm_fixture_file(h, "/e/.", 0100644, 0);
	rpm_fixture_file(h, "/f//g", 0100644, 0);
	rpm_fixture_file(h, "/h/..i/...", 0100644, 0);
	memset(nothing, 'x', sizeof(nothing));
	nothing[0] = '/';
	nothing[4096] = '\0';
	rpm_fixture_file(h, nothing, 0100644, 0);
	headerPutString(h, RPMTAG_BASENAMES, "nowhere");
	headerPutUint32(h, RPMTAG_DIRINDEXES, &beyond, 1);
	headerPutString(h, RPMTAG_BASENAMES, "no-index");
	headerPutUint64(h, RPMTAG_LONGFILESIZES, &huge, 1);
	headerPutUint64(h, RPMTAG_LONGSIZE, &huge, 1);
	image_fixture_read(f);
	assert_int_equal(f->image.files.len, 6);
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[0].path),
			    "/good");
	assert_int_equal(f->image.files.data[0].size_bytes, 0);
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[1].path),
			    "/b/c");
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[2].path), "/");
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[3].path), "/e");
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[4].path),
			    "/f/g");
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[5].path),
			    "/h/..i/...");
	assert_int_equal(image_package(&f->image, 0)->declared_bytes, 0);
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER,
			     "'relative/path' is not absolute");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "too long");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "'nowhere' is missing");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "'no-index' is missing");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "18446744073709551615");
}

static void names_that_are_no_names_are_told_and_made_harmless(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "a\xff/b-1-1.noarch");

	rpm_fixture_file(h, "/caf\xe9", 0100644, 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "bad\xc3", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "", 0);
	image_fixture_read(f);
	assert_string_equal(rpm_image_text(&f->image, image_package(&f->image, 0)->name),
			    "a\\xff/b");
	assert_string_equal(rpm_image_text(&f->image, f->image.files.data[0].path),
			    "/caf\xe9");
	assert_int_equal(f->image.requirements.len, 1);
	assert_string_equal(
		rpm_image_text(&f->image, image_requirement(&f->image, 0)->text),
		"bad\\xc3");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "slash");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "missing name");
}

static void many_problems_of_one_package_are_cut(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");

	for (int i = 0; i < 1000; i++)
		rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "", 0);
	image_fixture_read(f);
	assert_int_equal(f->image.problems.len, 21);
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "more problems");
}

static void digests_and_flags_are_named(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");
	uint32_t sha256 = 8, flags = RPMFILE_CONFIG | RPMFILE_NOREPLACE | RPMFILE_LICENSE;
	char hex[65];

	rpm_fixture_file(h, "/etc/p", 0100644, 0);
	memset(hex, 'a', 64);
	hex[64] = '\0';
	headerPutString(h, RPMTAG_FILEDIGESTS, hex);
	headerPutUint32(h, RPMTAG_FILEDIGESTALGO, &sha256, 1);
	headerPutUint32(h, RPMTAG_FILEFLAGS, &flags, 1);
	h = rpm_fixture_package(&f->db, "q-1-1.noarch");
	rpm_fixture_file(h, "/etc/q", 0100644, 0);
	headerPutString(h, RPMTAG_FILEDIGESTS, "not hexadecimal");
	image_fixture_read(f);
	assert_int_equal(strncmp(rpm_image_text(&f->image, f->image.files.data[0].digest),
				 "sha256:aaa", 10),
			 0);
	assert_int_equal(f->image.files.data[0].flags,
			 OWN_CONFIG | OWN_NOREPLACE | OWN_LICENCE);
	assert_int_equal(f->image.files.data[1].digest, 0);
}

static void scriptlets_and_triggers_are_read(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "p-1-1.noarch");
	const struct rpm_scriptlet *s;
	uint32_t zero = 0, nine = 9;

	headerPutString(h, RPMTAG_POSTINPROG, "/sbin/ldconfig");
	headerPutString(h, RPMTAG_PREIN, "echo \xff");
	headerPutString(h, RPMTAG_PREINPROG, "/bin/sh");
	headerPutString(h, RPMTAG_PREINPROG, "-e");
	headerPutString(h, RPMTAG_TRIGGERSCRIPTS, "echo trigger");
	headerPutString(h, RPMTAG_TRIGGERSCRIPTPROG, "/bin/bash");
	rpm_fixture_depend(h, RPMTAG_TRIGGERNAME, "glibc >= 2", RPMSENSE_TRIGGERUN);
	headerPutUint32(h, RPMTAG_TRIGGERINDEX, &zero, 1);
	rpm_fixture_depend(h, RPMTAG_TRIGGERNAME, "musl", RPMSENSE_TRIGGERUN);
	headerPutUint32(h, RPMTAG_TRIGGERINDEX, &zero, 1);
	rpm_fixture_depend(h, RPMTAG_TRIGGERNAME, "lost", RPMSENSE_TRIGGERIN);
	headerPutUint32(h, RPMTAG_TRIGGERINDEX, &nine, 1);
	image_fixture_read(f);
	assert_int_equal(image_package(&f->image, 0)->scriptlets_len, 3);
	s = f->image.scriptlets.data;
	assert_string_equal(rpm_image_text(&f->image, s[0].kind), "pre");
	assert_string_equal(rpm_image_text(&f->image, s[0].interpreter), "/bin/sh -e");
	assert_string_equal(s[0].body, "echo \xff");
	assert_string_equal(rpm_image_text(&f->image, s[1].kind), "post");
	assert_string_equal(rpm_image_text(&f->image, s[1].interpreter),
			    "/sbin/ldconfig");
	assert_string_equal(s[1].body, "");
	assert_string_equal(rpm_image_text(&f->image, s[2].kind), "triggerun");
	assert_string_equal(rpm_image_text(&f->image, s[2].condition),
			    "glibc >= 2, musl");
	assert_string_equal(rpm_image_text(&f->image, s[2].interpreter), "/bin/bash");
	image_expect_problem(&f->image, RPM_PROBLEM_HEADER, "'lost' has no script");
}

#define TEST(f)                                                                          \
	cmocka_unit_test_setup_teardown(f, image_fixture_set_up, image_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_names_are_ordered_by_epoch_then_text),
		TEST(phases_and_origin_come_from_the_flags),
		TEST(every_kind_of_dependency_has_its_strength),
		TEST(rpmlib_and_broken_dependencies_have_their_state),
		TEST(file_lists_that_do_not_fit_lose_only_what_is_wrong),
		TEST(names_that_are_no_names_are_told_and_made_harmless),
		TEST(many_problems_of_one_package_are_cut),
		TEST(digests_and_flags_are_named),
		TEST(scriptlets_and_triggers_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

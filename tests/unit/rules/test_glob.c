#include "rules/glob.h"

#include "base/macros.h"
#include "rules/version_range.h"
#include "tests/unit/support/test.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void whole_paths_match(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} CASES[] = {
		{ "/usr/bin/mount", "/usr/bin/mount", true },
		{ "/usr/bin/mount", "/usr/bin/mount2", false },
		{ "/usr/bin/*", "/usr/bin/mount", true },
		{ "/usr/bin/*", "/usr/bin/a/b", false },
		{ "/usr/bin/*", "/usr/bin", false },
		{ "/usr/bin/*", "/usr/bin/.hidden", true },
		{ "/usr/**", "/usr/bin/mount", true },
		{ "/usr/**", "/usr/bin", true },
		{ "/usr/**", "/usr", false },
		{ "/usr/**", "/usrlocal/x", false },
		{ "/usr/**/pam_unix.so", "/usr/pam_unix.so", true },
		{ "/usr/**/pam_unix.so", "/usr/lib/a/b/pam_unix.so", true },
		{ "/usr/**/pam_unix.so", "/usr/lib/pam_unix.so.1", false },
		{ "/**/a/**/b", "/x/a/y/a/z/b", true },
		{ "/**/a/**/b", "/x/a/y/b/c", false },
		{ "/**/a/b/**/c", "/a/x/a/b/q/c", true },
		{ "**/c", "/a/b/c", true },
		{ "/a**/b", "/axx/b", true },
		{ "/a**/b", "/a/x/b", false },
		{ "/usr/lib?4/x", "/usr/lib/4/x", false },
		{ "/usr/lib?[4]/x", "/usr/lib64/x", true },
		{ "/usr/lib/?", "/usr/lib//", false },
		{ "/a/x*y*z", "/a/xyyz", true },
		{ "/a/x*y*z", "/a/xzzy", false },
		{ "/a/*b?", "/a/abbc", true },
		{ "/a/*b?", "/a/ab", false },
		{ "/a/x**", "/a/x", true },
		{ "/a/a*[0-9]*", "/a/ab1c", true },
		{ "/a/\\*x", "/a/*x", true },
		{ "/a/\\*x", "/a/bx", false },
		{ "kernel*", "kernel-core", true },
		{ "kernel*", "linux-kernel", false },
		{ "[a-c]x", "bx", true },
		{ "[!a-c]x", "bx", false },
		{ "a\\*b", "a*b", true },
		{ "a\\*b", "axb", false },
		{ "/x/*", "/x/\xff\xfe", true },
		{ "/x/?", "/x/\xff", true },
		{ "*", "", true },
		{ "", "", true },
		{ "", "a", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (glob_match(CASES[i].pattern, CASES[i].path) != CASES[i].matches)
			fail_msg("'%s' on '%s'", CASES[i].pattern, CASES[i].path);
}

static void the_locale_does_not_matter(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	assert_true(glob_match("/x/?", "/x/\xff"));
	assert_false(glob_match("/x/?", "/x/\xc3\xa4"));
	assert_true(glob_match("/x/??", "/x/\xc3\xa4"));
	setlocale(LC_ALL, "C");
}

static void long_names_match_nothing(void **state)
{
	char name[1024];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(glob_match("a*", name));
	assert_true(glob_match(name, name));
}

static void stars_do_not_explode(void **state)
{
	char path[4096] = "";

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(path); i += 2)
		memcpy(path + i, "/a", 3);
	assert_false(glob_match("/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/b", path));
}

static void literal_parts_are_known(void **state)
{
	(void)state;
	assert_int_equal(glob_literal_len("/usr/bin/mo*"), strlen("/usr/bin/"));
	assert_int_equal(glob_literal_len("/usr/bin/mount"), strlen("/usr/bin/mount"));
	assert_int_equal(glob_literal_len("*"), 0);
	assert_string_equal(glob_literal_tail("/usr/**/pam_unix.so"), "/pam_unix.so");
	assert_string_equal(glob_literal_tail("/a/[x-z]b"), "b");
	assert_string_equal(glob_literal_tail("/a/\\*"), "");
	assert_string_equal(glob_literal_tail("/a\\bc"), "c");
	assert_string_equal(glob_literal_tail("a\\"), "");
	assert_string_equal(glob_literal_tail("/a/**"), "");
	assert_string_equal(glob_literal_tail("abc"), "abc");
	assert_true(glob_is_pattern("a?"));
	assert_false(glob_is_pattern("libstdc++.so.6"));
}

static void versions_are_in_ranges(void **state)
{
	static const struct {
		const char *version, *range;
		bool in;
	} CASES[] = {
		{ "1.30.5", "1.30", true },
		{ "1.31", "=1.30", false },
		{ "v1.30.5-gke.1", ">=1.30", true },
		{ "1.30.5", "<=1.30", true },
		{ "1.30.5", ">1.30", false },
		{ "1.31.0", ">1.30", true },
		{ "1.9", "<1.28", true },
		{ "1.32", ">=1.28 <1.32", false },
		{ "1.31.9", ">=1.28 <1.32", true },
		{ "2", ">=1.28", true },
		{ "1", "<1.1", true },
		{ "1", "=1.0", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (version_in_range(CASES[i].version, CASES[i].range) != CASES[i].in)
			fail_msg("%s in %s", CASES[i].version, CASES[i].range);
	assert_true(version_range_valid(">=1.28  <1.32 "));
	assert_true(version_range_valid("v1.2"));
	assert_false(version_range_valid(""));
	assert_false(version_range_valid("  "));
	assert_false(version_range_valid("newest"));
	assert_false(version_range_valid(">= 1.28"));
	assert_false(version_range_valid("1.28."));
	assert_false(version_range_valid("1..2"));
	assert_false(version_range_valid("==1"));
	assert_false(version_range_valid("1.28-rc1"));
	assert_false(version_valid("(devel)"));
	assert_true(version_valid("v0.0.0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_paths_match),
		cmocka_unit_test(the_locale_does_not_matter),
		cmocka_unit_test(long_names_match_nothing),
		cmocka_unit_test(stars_do_not_explode),
		cmocka_unit_test(literal_parts_are_known),
		cmocka_unit_test(versions_are_in_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

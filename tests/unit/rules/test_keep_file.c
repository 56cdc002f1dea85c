#include "base/mem.h"
#include "rules/profile.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>

static void plain_keep_files_are_read(void **state)
{
	static const char TEXT[] = "# packages of team X\n"
				   "\n"
				   "nfs-utils   # NFS volumes\r\n"
				   "\tkernel-*\n"
				   "/etc/x/**#not-a-comment\n"
				   "a#b #c";
	_cleanup_(profile_freep) struct profile *p = NULL;
	_cleanup_(freep) char *first = NULL, *third = NULL, *last = NULL;

	(void)state;
	assert_int_equal(keep_file_parse("k", TEXT, strlen(TEXT), &p, NULL), 0);
	assert_int_equal(p->keep.len, 4);
	first = selector_text(p->keep.data[0].selector);
	third = selector_text(p->keep.data[2].selector);
	last = selector_text(p->keep.data[3].selector);
	assert_string_equal(first, "package: nfs-utils");
	assert_string_equal(p->keep.data[0].why, "NFS volumes");
	assert_int_equal(p->keep.data[0].line, 3);
	assert_int_equal(p->keep.data[1].column, 2);
	assert_string_equal(p->keep.data[1].why, "listed in a keep file");
	assert_string_equal(third, "path: /etc/x/**#not-a-comment");
	assert_string_equal(last, "package: a#b");
}

static void wrong_plain_keep_files_have_a_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "a\nb c\n", "k:2:3: one package or path a line (a reason stands behind "
			      "'#')" },
		{ "a\n  b/c\n",
		  "k:2:3: a path begins with '/', a package's name has none" },
		{ "/a/\n", "k:1:1: a path has no '//' and does not end in '/' (for all "
			   "below a folder write '/**')" },
		{ "-a\n", "k:1:1: a package's name begins with a letter or digit" },
		{ "a\n\xff\n", "k:2:1: the line is not valid UTF-8 (save the file as "
			       "UTF-8)" },
	};
	struct profile *p = NULL;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_int_equal(keep_file_parse("k", CASES[i].text,
						 strlen(CASES[i].text), &p, &err),
				 -EINVAL);
		assert_string_equal(err.text, CASES[i].wanted);
	}
	assert_int_equal(keep_file_parse("k", "a\nb\0c\n", 6, &p, &err), -EINVAL);
	assert_string_equal(err.text, "k:2:2: a NUL byte in a text file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_keep_files_are_read),
		cmocka_unit_test(wrong_plain_keep_files_have_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

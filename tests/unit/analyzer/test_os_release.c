#include "analyzer/os_release.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <stdio.h>
#include <string.h>

static void values_are_read_as_a_shell_would(void **state)
{
	static const struct {
		const char *text, *pretty_name;
	} CASES[] = {
		{ "PRETTY_NAME=plain\n", "plain" },
		{ "PRETTY_NAME=plain", "plain" },
		{ "PRETTY_NAME=\"Azure Linux 3.0\"\n", "Azure Linux 3.0" },
		{ "PRETTY_NAME='single $HOME \\n'\n", "single $HOME \\\\n" },
		{ "PRETTY_NAME=\"a \\\"b\\\" \\$c \\` \\\\ \\x\"\n",
		  "a \"b\" $c ` \\\\ \\\\x" },
		{ "PRETTY_NAME=a\\ b\n", "a b" },
		{ "PRETTY_NAME=two\"parts\"\n", "twoparts" },
		{ "  PRETTY_NAME=\"x\"  \r\n", "x" },
		{ "# PRETTY_NAME=comment\n", NULL },
		{ "PRETTY_NAME=first\nPRETTY_NAME=last\n", "last" },
		{ "PRETTY_NAME=\"no end\nID=x\n", NULL },
		{ "PRETTY_NAME=two words\n", NULL },
		{ "PRETTY_NAME=end\\", NULL },
		{ "PRETTY_NAME=\n", "" },
		{ "PRETTY_NAMES=x\nPRETTY=x\n=x\nPRETTY_NAME\n", NULL },
		{ "PRETTY_NAME=\"\x1b[2J\xff\"\n", "\\x1b[2J\\xff" },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct os_release os;

		os_release_parse(CASES[i].text, strlen(CASES[i].text), &os);
		if (CASES[i].pretty_name) {
			assert_non_null(os.pretty_name);
			assert_string_equal(os.pretty_name, CASES[i].pretty_name);
		} else {
			assert_null(os.pretty_name);
		}
		os_release_release(&os);
	}
}

static void bytes_of_zero_end_nothing(void **state)
{
	static const char DATA[] = "ID=a\0b\nVERSION_ID=1\0\nVARIANT_ID=ok\n";
	struct os_release os;

	(void)state;
	os_release_parse(DATA, sizeof(DATA) - 1, &os);
	assert_null(os.id);
	assert_null(os.version_id);
	assert_string_equal(os.variant_id, "ok");
	os_release_release(&os);
}

static void read_root(struct tempdir *dir, struct os_release *os)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;

	assert_int_equal(rootfs_new(dir->path, &root, NULL), 0);
	assert_int_equal(os_release_read(root, os, NULL), 0);
}

static void etc_comes_first_and_links_stay_inside(void **state)
{
	struct tempdir dir;
	struct os_release os;

	(void)state;
	tempdir_init(&dir);
	read_root(&dir, &os);
	assert_null(os.id);
	tempdir_file(&dir, "usr/lib/os-release", "ID=fallback\nID_LIKE='a b'\n");
	read_root(&dir, &os);
	assert_string_equal(os.id, "fallback");
	assert_string_equal(os.id_like, "a b");
	os_release_release(&os);
	tempdir_link(&dir, "etc/os-release", "/usr/lib/inside");
	tempdir_file(&dir, "usr/lib/inside", "ID=inside\nVERSION_ID=3\n");
	read_root(&dir, &os);
	assert_string_equal(os.id, "inside");
	assert_string_equal(os.version_id, "3");
	assert_null(os.id_like);
	os_release_release(&os);
	tempdir_release(&dir);
}

static void a_huge_file_is_not_read(void **state)
{
	size_t len = 1 << 20;
	char *huge = mem_calloc(len + 1, 1);
	struct tempdir dir;
	struct os_release os;

	(void)state;
	memset(huge, '\n', len);
	snprintf(huge, len, "ID=huge");
	huge[strlen(huge)] = '\n';
	tempdir_init(&dir);
	tempdir_file(&dir, "etc/os-release", huge);
	read_root(&dir, &os);
	assert_null(os.id);
	tempdir_release(&dir);
	free(huge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_as_a_shell_would),
		cmocka_unit_test(bytes_of_zero_end_nothing),
		cmocka_unit_test(etc_comes_first_and_links_stay_inside),
		cmocka_unit_test(a_huge_file_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

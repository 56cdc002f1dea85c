#include "base/array.h"
#include "base/idset.h"
#include "base/strpool.h"
#include "base/text.h"
#include "base/units.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <stdio.h>

static void sizes_are_read_and_written(void **state)
{
	char buf[UNITS_TEXT_MAX];
	struct error err = { 0 };
	uint64_t bytes = 0;

	(void)state;
	assert_string_equal(units_format(buf, 512, UNITS_IEC), "512 B");
	assert_string_equal(units_format(buf, 1536, UNITS_IEC), "1.5 KiB");
	assert_string_equal(units_format(buf, 1048575, UNITS_IEC), "1.0 MiB");
	assert_string_equal(units_format(buf, 1500000, UNITS_SI), "1.5 MB");
	assert_int_equal(units_parse("1.5MiB", &bytes, &err), 0);
	assert_int_equal(bytes, 1572864);
	assert_int_equal(units_parse("20MB", &bytes, &err), 0);
	assert_int_equal(bytes, 20000000);
	assert_int_equal(units_parse("10 K", &bytes, &err), 0);
	assert_int_equal(bytes, 10240);
	assert_int_equal(units_parse("ten", &bytes, &err), -EINVAL);
	assert_int_equal(units_parse("10 apples", &bytes, &err), -EINVAL);
	assert_non_null(strstr(err.text, "apples"));
	assert_int_equal(units_parse("0x10", &bytes, &err), -EINVAL);
	assert_int_equal(units_parse("99999999999T", &bytes, &err), -ERANGE);
}

static void hostile_text_becomes_inert(void **state)
{
	static const char *const CASES[][2] = {
		{ "plain", "plain" },
		{ "a\nb\tc\r", "a\\nb\\tc\\r" },
		{ "\x1b[2J", "\\x1b[2J" },
		{ "back\\slash", "back\\\\slash" },
		{ "\xe2\x80\xae"
		  "gpj.exe",
		  "\\u202egpj.exe" },
		{ "bad\xff\xfe", "bad\\xff\\xfe" },
		{ "\xc2\x9b"
		  "31m",
		  "\\u009b31m" },
		{ "\xc0\x80", "\\xc0\\x80" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "f\xc3\xbcr", "f\xc3\xbcr" },
		{ "\xef\xbf\xbe", "\\ufffe" },
		{ "::error::x", "\\x3a:error::x" },
		{ "a::b", "a::b" },
		{ "a##vso[task.complete]", "a\\x23#vso[task.complete]" },
		{ "##[error]", "\\x23#[error]" },
		{ "## heading", "## heading" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *text = text_printable_dup(CASES[i][0]);

		assert_string_equal(text, CASES[i][1]);
	}
	assert_true(text_is_printable("abc"));
	assert_false(text_is_printable("a\x7f"));
}

static void a_pool_gives_equal_strings_equal_ids(void **state)
{
	struct strpool pool;
	char name[32];
	str_id first;

	(void)state;
	strpool_init(&pool);
	first = strpool_add(&pool, "first");
	assert_int_equal(first, 1);
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "name-%d", i);
		assert_int_equal(strpool_add(&pool, name), i + 2);
	}
	assert_int_equal(strpool_add(&pool, "first"), first);
	assert_int_equal(strpool_find(&pool, "name-4999"), 5001);
	assert_int_equal(strpool_find(&pool, "name-5000"), 0);
	assert_int_equal(strpool_find_len(&pool, "first-and-more", 5), first);
	assert_int_equal(strpool_find_len(&pool, "fir", 3), 0);
	assert_string_equal(strpool_text(&pool, 0), "");
	strpool_release(&pool);
}

static void a_set_is_walked_in_rising_order(void **state)
{
	static const size_t WANTED[] = { 0, 63, 64, 129 };
	struct idset set;
	size_t n = 0;

	(void)state;
	idset_init(&set, 130);
	for (size_t i = ARRAY_LEN(WANTED); i-- > 0;)
		assert_true(idset_add(&set, WANTED[i]));
	assert_false(idset_add(&set, 64));
	idset_each (&set, id)
		assert_int_equal(id, WANTED[n++]);
	assert_int_equal(n, ARRAY_LEN(WANTED));
	idset_remove(&set, 63);
	assert_int_equal(idset_count(&set), 3);
	idset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read_and_written),
		cmocka_unit_test(hostile_text_becomes_inert),
		cmocka_unit_test(a_pool_gives_equal_strings_equal_ids),
		cmocka_unit_test(a_set_is_walked_in_rising_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/strbuf.h"
#include "report/table_choice.h"
#include "report/table_source.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>

static const struct table_column COLUMNS[] = {
	{ "size_bytes", "Size", TABLE_BYTES, 0 },
	{ "name", "Name", TABLE_TEXT, TABLE_NAMES },
	{ "count", "Count", TABLE_COUNT, 0 },
	{ "good", "Good", TABLE_BOOL, TABLE_HIDDEN },
	{ "flags", "Flags", TABLE_TEXT, 0 },
};

static const char *const FLAGS[] = { "red", "round", NULL };

static void fill(struct table *table)
{
	static const struct {
		uint64_t size;
		const char *name;
		uint64_t count;
		bool good;
		const char *flags;
	} ROWS[] = {
		{ 2048, "apple", 3, true, "red round" },
		{ 100, "banana", 0, true, NULL },
		{ 4096, "Cherry", 9, false, "redder round" },
	};

	table_init(table, COLUMNS, ARRAY_LEN(COLUMNS));
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		table_number(table, ROWS[i].size);
		table_text(table, ROWS[i].name);
		if (ROWS[i].count)
			table_number(table, ROWS[i].count);
		else
			table_none(table);
		table_number(table, ROWS[i].good);
		table_text(table, ROWS[i].flags);
	}
}

static void words_choose_rows(void **state)
{
	static const char *const CASES[][2] = {
		{ "an", "banana " },
		{ "cherry", "Cherry " },
		{ "C", "Cherry " },
		{ "size>=2K", "apple Cherry " },
		{ "size_bytes<2K", "banana " },
		{ "count>0", "apple Cherry " },
		{ "count:", "banana " },
		{ "~good", "apple banana " },
		{ "!~good", "Cherry " },
		{ "~red", "apple " },
		{ "~round !apple", "Cherry " },
		{ "flags:red", "apple Cherry " },
		{ "^b|y$", "banana Cherry " },
		{ "", "apple banana Cherry " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(table_release) struct table table;
		_cleanup_(table_source_freep) struct table_source *source =
			table_source_new(COLUMNS, ARRAY_LEN(COLUMNS), FLAGS);
		_cleanup_(filter_freep) struct filter *filter = NULL;
		_cleanup_(strbuf_release) struct strbuf got = { 0 };

		fill(&table);
		assert_int_equal(filter_compile(&filter, table_source_ops(source),
						CASES[i][0], NULL),
				 0);
		table_source_filter(source, filter, &table);
		for (size_t r = 0; r < table_rows(&table); r++)
			strbuf_printf(&got, "%s ",
				      strpool_text(&table.texts,
						   table_cell(&table, r, 1)->text));
		assert_string_equal(strbuf_text(&got), CASES[i][1]);
	}
}

static void words_about_nothing_are_errors(void **state)
{
	static const char *const CASES[] = { "weight>1", "~blue", "name>1", "size>x",
					     "count=1K" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(table_source_freep) struct table_source *source =
			table_source_new(COLUMNS, ARRAY_LEN(COLUMNS), FLAGS);
		_cleanup_(filter_freep) struct filter *filter = NULL;
		struct error err = { 0 };

		assert_int_equal(
			filter_compile(&filter, table_source_ops(source), CASES[i], &err),
			-EINVAL);
	}
}

static void columns_are_chosen_in_any_order(void **state)
{
	_cleanup_(table_release) struct table table;
	_cleanup_(table_choice_release) struct table_choice choice = { 0 };
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct style plain = { .units = UNITS_SI };
	struct error err = { 0 };

	(void)state;
	fill(&table);
	assert_int_equal(table_choice_make(&table, "good,name,size", &choice, &err), 0);
	table_print(&choice.table, &plain, &out);
	assert_string_equal(strbuf_text(&out), "Good  Name      Size\n"
					       "yes   apple   2.0 kB\n"
					       "yes   banana   100 B\n"
					       "      Cherry  4.1 kB\n");
}

static void wrong_columns_are_errors(void **state)
{
	static const char *const CASES[] = { "", "name,", "nam", "name,name", "siz" };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(
			table_choice_check(COLUMNS, ARRAY_LEN(COLUMNS), CASES[i], &err),
			-EINVAL);
	assert_int_equal(table_choice_check(COLUMNS, ARRAY_LEN(COLUMNS), "all", &err), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_choose_rows),
		cmocka_unit_test(words_about_nothing_are_errors),
		cmocka_unit_test(columns_are_chosen_in_any_order),
		cmocka_unit_test(wrong_columns_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

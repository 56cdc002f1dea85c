#include "report/table.h"
#include "tests/unit/support/test.h"

#include <locale.h>
#include <string.h>

static const struct table_column COLUMNS[] = {
	{ "name", "Name", TABLE_TEXT, TABLE_NAMES },
	{ "disk_bytes", "Disk", TABLE_BYTES, 0 },
	{ "users", "Users", TABLE_COUNT, 0 },
	{ "secret", "Secret", TABLE_TEXT, TABLE_HIDDEN },
	{ "note", "Note", TABLE_TEXT, 0 },
};

static const struct style PLAIN = { .units = UNITS_IEC };

static void add(struct table *table, const char *name, uint64_t bytes, uint64_t users,
		const char *note)
{
	table_text(table, name);
	table_number(table, bytes);
	table_number(table, users);
	table_text(table, "hidden");
	table_text(table, note);
}

static void fill(struct table *table)
{
	table_init(table, COLUMNS, ARRAY_LEN(COLUMNS));
	add(table, "bash", 1536, 1234567, "shell");
	add(table, "zlib", 512, 3, NULL);
	add(table, "kernel", 5u << 20, 3, "");
}

static void columns_are_aligned(void **state)
{
	static const char WANTED[] = "Name       Disk      Users  Note\n"
				     "bash    1.5 KiB  1,234,567  shell\n"
				     "zlib      512 B          3  -\n"
				     "kernel  5.0 MiB          3\n";
	_cleanup_(table_release) struct table table;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	(void)state;
	fill(&table);
	table_print(&table, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), WANTED);
}

static void an_empty_table_prints_nothing(void **state)
{
	_cleanup_(table_release) struct table table;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	(void)state;
	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
	table_print(&table, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), "");
}

static const char *first_name(const struct table *table)
{
	return strpool_text(&table->texts, table_cell(table, 0, 0)->text);
}

static void numbers_fall_and_texts_rise(void **state)
{
	_cleanup_(table_release) struct table table;

	(void)state;
	fill(&table);
	table_sort(&table, 1, false);
	assert_string_equal(first_name(&table), "kernel");
	table_sort(&table, 1, true);
	assert_string_equal(first_name(&table), "zlib");
	table_sort(&table, 0, false);
	assert_string_equal(first_name(&table), "bash");
	table_sort(&table, 4, false); /* not set stands last */
	assert_string_equal(first_name(&table), "kernel");
	assert_false(table_cell(&table, 2, 4)->is_set);
}

static void equal_rows_keep_their_order(void **state)
{
	_cleanup_(table_release) struct table table;

	(void)state;
	fill(&table);
	table_sort(&table, 2, true);
	assert_string_equal(first_name(&table), "zlib");
	table_sort(&table, 2, false);
	assert_string_equal(first_name(&table), "bash");
}

static void globs_look_at_names_only(void **state)
{
	static const char *const GLOBS[] = { "shell", "z*", "kern?l" };
	_cleanup_(table_release) struct table table;

	(void)state;
	fill(&table);
	table_filter(&table, GLOBS, ARRAY_LEN(GLOBS));
	assert_int_equal(table_rows(&table), 2);
	assert_string_equal(first_name(&table), "zlib");
}

static void wide_characters_take_two_columns(void **state)
{
	_cleanup_(table_release) struct table table;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	(void)state;
	assert_int_equal(style_width("\xe5\xad\x97" /* one wide character */), 2);
	assert_int_equal(style_width("e\xcc\x81" /* e with a combining accent */), 1);
	table_init(&table, COLUMNS, 2);
	table_text(&table, "\xe5\xad\x97");
	table_number(&table, 1);
	table_text(&table, "abc");
	table_number(&table, 22);
	table_print(&table, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), "Name  Disk\n"
					       "\xe5\xad\x97     1 B\n"
					       "abc   22 B\n");
}

static void hostile_bytes_are_inert(void **state)
{
	static const char *const NAMES[] = { "a\nb",
					     "\x1b[2J",
					     "\xe2\x80\xaegpj",
					     "\xff\xfe",
					     "\x7f",
					     "\xc2\x9b"
					     "31m" };
	_cleanup_(table_release) struct table table;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	_cleanup_(freep) char *text = NULL;
	json_t *json;

	(void)state;
	table_init(&table, COLUMNS, 1);
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		table_text(&table, NAMES[i]);
	table_print(&table, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), "Name\n"
					       "a\\nb\n"
					       "\\x1b[2J\n"
					       "\\u202egpj\n"
					       "\\xff\\xfe\n"
					       "\\x7f\n"
					       "\\u009b31m\n");
	json = table_json(&table);
	text = json_text(json);
	json_decref(json);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
}

static void json_has_types_and_nulls(void **state)
{
	_cleanup_(table_release) struct table table;
	json_t *json, *row;

	(void)state;
	fill(&table);
	json = table_json(&table);
	assert_int_equal(json_array_size(json), 3);
	row = json_array_get(json, 1);
	assert_int_equal(json_integer_value(json_object_get(row, "disk_bytes")), 512);
	assert_true(json_is_null(json_object_get(row, "note")));
	assert_string_equal(json_string_value(json_object_get(row, "secret")), "hidden");
	json_decref(json);
}

static void changes_have_signs_and_sort_by_size(void **state)
{
	static const struct table_column CHANGE[] = { { "growth", "Growth", TABLE_CHANGE,
							0 } };
	static const int64_t VALUES[] = { 512, -4096, 0, 1024 };
	static const char WANTED[] = "  Growth\n"
				     "-4.0 KiB\n"
				     "+1.0 KiB\n"
				     "  +512 B\n"
				     "     0 B\n";
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	_cleanup_(table_release) struct table table;
	json_t *json;

	(void)state;
	table_init(&table, CHANGE, ARRAY_LEN(CHANGE));
	for (size_t i = 0; i < ARRAY_LEN(VALUES); i++)
		table_change(&table, VALUES[i]);
	table_sort(&table, 0, false);
	table_print(&table, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), WANTED);
	json = table_json(&table);
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(json, 0), "growth")),
		-4096);
	json_decref(json);
}

static int set_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(an_empty_table_prints_nothing),
		cmocka_unit_test(numbers_fall_and_texts_rise),
		cmocka_unit_test(equal_rows_keep_their_order),
		cmocka_unit_test(globs_look_at_names_only),
		cmocka_unit_test(wide_characters_take_two_columns),
		cmocka_unit_test(hostile_bytes_are_inert),
		cmocka_unit_test(json_has_types_and_nulls),
		cmocka_unit_test(changes_have_signs_and_sort_by_size),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}

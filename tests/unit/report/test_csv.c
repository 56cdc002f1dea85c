#include "report/csv.h"
#include "tests/unit/support/test.h"

static void expect(const char *bytes, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	csv_text(bytes, &out);
	assert_string_equal(strbuf_text(&out), wanted);
}

static void quotes_stand_where_they_are_needed(void **state)
{
	(void)state;
	expect("bash-5.2-1.x86_64", "bash-5.2-1.x86_64");
	expect("", "");
	expect("a,b", "\"a,b\"");
	expect("say \"hi\"", "\"say \"\"hi\"\"\"");
	expect("a;b", "\"a;b\"");
}

static void formulas_are_texts(void **state)
{
	(void)state;
	expect("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"");
	expect("+1", "\"'+1\"");
	expect("-1", "\"'-1\"");
	expect("@SUM(A1)", "\"'@SUM(A1)\"");
	expect("  =1", "\"'  =1\"");
	expect("a=b", "a=b");
}

static void control_bytes_are_printable(void **state)
{
	(void)state;
	expect("a\nb", "a\\nb");
	expect("\t=1", "\\t=1");
	expect("\033[31m", "\\x1b[31m");
	expect("\xe2\x80\xae", "\\u202e");
	expect("\xff", "\\xff");
}

static void cells_have_their_types(void **state)
{
	static const struct table_column COLUMNS[] = {
		{ "name", "Name", TABLE_TEXT, 0 },
		{ "bytes", "Bytes", TABLE_BYTES, TABLE_HIDDEN },
		{ "change", "Change", TABLE_CHANGE, 0 },
		{ "signed", "Signed", TABLE_BOOL, 0 },
	};
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	_cleanup_(table_release) struct table table;

	(void)state;
	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
	table_text(&table, "x");
	table_number(&table, 4096);
	table_change(&table, -5);
	table_number(&table, 0);
	table_text(&table, NULL);
	table_none(&table);
	table_none(&table);
	table_number(&table, 1);
	csv_table(&table, &out);
	assert_string_equal(strbuf_text(&out), "name,bytes,change,signed\n"
					       "x,4096,-5,false\n"
					       ",,,true\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_stand_where_they_are_needed),
		cmocka_unit_test(formulas_are_texts),
		cmocka_unit_test(control_bytes_are_printable),
		cmocka_unit_test(cells_have_their_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

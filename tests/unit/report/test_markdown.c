#include "report/markdown.h"
#include "tests/unit/support/test.h"

static void expect_code(const char *bytes, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	markdown_code(bytes, &out);
	assert_string_equal(strbuf_text(&out), wanted);
}

static void expect_text(const char *bytes, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	markdown_text(bytes, &out);
	assert_string_equal(strbuf_text(&out), wanted);
}

static void names_are_code(void **state)
{
	(void)state;
	expect_code("bash-5.2-1.x86_64", "`bash-5.2-1.x86_64`");
	expect_code("", "");
	expect_code("a`b", "``a`b``");
	expect_code("`", "`` ` ``");
	expect_code("a|b", "`a\\|b`");
	expect_code("a\\|b", "`a\\\\\\|b`");
	expect_code("a\n# b", "`a\\n# b`");
	expect_code(" a ", "`  a  `");
}

static void sentences_stay_plain_where_they_are_harmless(void **state)
{
	(void)state;
	expect_text("Needed by app, which goes (1 of 2).",
		    "Needed by app, which goes (1 of 2).");
	expect_text("app: requires lib >= 2.x86_64", "app: requires lib >= 2.x86_64");
	expect_text("caf\xc3\xa9", "caf\xc3\xa9");
	expect_text("<b>bold</b>", "`<b>bold</b>`");
	expect_text("[a](javascript:b)", "`[a](javascript:b)`");
	expect_text("@everyone", "`@everyone`");
	expect_text("see WWW.example.org", "`see WWW.example.org`");
	expect_text("http://example.org", "`http://example.org`");
	expect_text("_b_", "`_b_`");
	expect_text("a_ b", "`a_ b`");
	expect_text(":smile:", "`:smile:`");
	expect_text("> quote", "`> quote`");
	expect_text("~~gone~~", "`~~gone~~`");
	expect_text("&lt;", "`&lt;`");
	expect_text("\033[31m", "`\\x1b[31m`");
	expect_text("\xe2\x80\xae", "`\\u202e`");
}

static void tables_show_what_text_shows(void **state)
{
	static const struct table_column COLUMNS[] = {
		{ "name", "Name", TABLE_TEXT, TABLE_NAMES },
		{ "secret", "Secret", TABLE_TEXT, TABLE_HIDDEN },
		{ "bytes", "Disk", TABLE_BYTES, 0 },
		{ "note", "Note", TABLE_TEXT, 0 },
	};
	static const struct style PLAIN = { .units = UNITS_IEC };
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	_cleanup_(table_release) struct table table;

	(void)state;
	table_init(&table, COLUMNS, ARRAY_LEN(COLUMNS));
	markdown_table(&table, 0, &PLAIN, &out);
	assert_int_equal(out.len, 0);
	for (int i = 0; i < 2; i++) {
		table_text(&table, i ? "b" : "a");
		table_text(&table, "hidden");
		table_number(&table, 1536);
		table_text(&table, i ? "*" : NULL);
	}
	markdown_heading(2, "Packages", &out);
	markdown_table(&table, 1, &PLAIN, &out);
	assert_string_equal(strbuf_text(&out), "## Packages\n\n"
					       "| Name | Disk | Note |\n"
					       "| --- | ---: | --- |\n"
					       "| `a` | 1.5 KiB |  |\n"
					       "\nThe first 1 of 2.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_code),
		cmocka_unit_test(sentences_stay_plain_where_they_are_harmless),
		cmocka_unit_test(tables_show_what_text_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "rules/rule_parse.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>

static struct rule_doc *parse(const char *text)
{
	struct rule_doc *doc = NULL;
	struct error err = { 0 };

	if (rule_doc_parse("x.yaml", text, strlen(text), NULL, &doc, &err) < 0)
		fail_msg("'%s': %s", text, err.text);
	return doc;
}

/* The one error of @p text, which must be exactly @p wanted. */
static void refused(const char *text, const char *wanted)
{
	struct rule_doc *doc = NULL;
	struct error err = { 0 };

	assert_int_equal(rule_doc_parse("x.yaml", text, strlen(text), NULL, &doc, &err),
			 -EINVAL);
	assert_null(doc);
	assert_string_equal(err.text, wanted);
}

static void a_tree_knows_its_places(void **state)
{
	struct rule_doc *doc = parse("# comment\n"
				     "profile: a\n"
				     "keep:\n"
				     "  - command: [mount, \"umount\"]\n"
				     "    why: >\n"
				     "      two\n"
				     "      lines\n");
	const struct rule_node *root = rule_doc_root(doc, 0), *keep, *command;

	(void)state;
	assert_int_equal(rule_doc_count(doc), 1);
	assert_null(rule_doc_root(doc, 1));
	assert_int_equal(root->kind, RULE_MAP);
	assert_int_equal(root->child_count, 2);
	assert_string_equal(root->first->key, "profile");
	assert_string_equal(root->first->text, "a");
	assert_int_equal(root->first->line, 2);
	assert_int_equal(root->first->column, 10);
	assert_int_equal(root->first->key_column, 1);
	keep = root->first->next;
	assert_int_equal(keep->kind, RULE_LIST);
	command = keep->first->first;
	assert_int_equal(command->key_line, 4);
	assert_int_equal(command->key_column, 5);
	assert_int_equal(command->column, 14);
	assert_true(command->first->plain);
	assert_false(command->first->next->plain);
	assert_string_equal(command->first->next->text, "umount");
	assert_string_equal(command->next->text, "two lines\n");
	assert_null(command->next->next);
	rule_doc_free(doc);
}

static void columns_count_characters(void **state)
{
	struct rule_doc *doc = parse("\xef\xbb\xbf{\"\xc3\xa4\": \xe2\x82\xac, b: c}");
	const struct rule_node *first = rule_doc_root(doc, 0)->first;

	(void)state;
	assert_int_equal(first->column, 7);
	assert_int_equal(first->next->key_column, 10);
	rule_doc_free(doc);
}

static void empty_files_have_no_document(void **state)
{
	struct rule_doc *doc = parse("# only this\n\n");

	(void)state;
	assert_int_equal(rule_doc_count(doc), 0);
	rule_doc_free(doc);
	doc = parse("");
	assert_int_equal(rule_doc_count(doc), 0);
	rule_doc_free(doc);
}

static void damage_has_a_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "a: b\na: c\n", "x.yaml:2:1: key 'a' is there twice, first in line 1 "
				  "(remove one, or make it one list)" },
		{ "l:\n  - {k: 1, j: 2, k: 3}\n",
		  "x.yaml:2:18: key 'k' is there twice, first in line 2 (remove one, or "
		  "make it one list)" },
		{ "a: &x b\n", "x.yaml:1:4: anchors are not read (write the value out "
			       "where it is needed)" },
		{ "a: &x [b]\n", "x.yaml:1:4: anchors are not read (write the value out "
				 "where it is needed)" },
		{ "a: *x\n", "x.yaml:1:4: aliases are not read (write the value out; a "
			     "text that begins with '*' needs quotes)" },
		{ "a: !!str b\n", "x.yaml:1:4: tags such as '!!str' are not read (leave "
				  "the tag away)" },
		{ "a: !x {}\n",
		  "x.yaml:1:4: tags such as '!!str' are not read (leave the "
		  "tag away)" },
		{ "? [a, b]\n: c\n",
		  "x.yaml:1:3: a key must be a text, not a list or map" },
		{ "{a: b}: c\n", "x.yaml:1:1: a key must be a text, not a list or map" },
		{ "a: b\n---\nc: d\n",
		  "x.yaml:2:1: more than 1 document in one file (remove the '---')" },
		{ "a: \"x\\0y\"\n", "x.yaml:1:4: a text cannot hold \"\\0\"" },
		{ "a: b\nc: \xff\n", "x.yaml:2:4: byte 0xff is not valid UTF-8 (save the "
				     "file as UTF-8)" },
		{ "\xc3\xa4: \xc3", "x.yaml:1:4: byte 0xc3 is not valid UTF-8 (save the "
				    "file as UTF-8)" },
		{ "a: \x1b[0m\n",
		  "x.yaml:1:4: character U+001B is not allowed (in double "
		  "quotes write it as \"\\u001B\")" },
		{ "a: \xe2\x80\xa8\n", "x.yaml:1:4: character U+2028 is not allowed (in "
				       "double quotes write it as \"\\u2028\")" },
		{ "a:\n\t- b\n",
		  "x.yaml:2:1: not valid YAML: found character that cannot "
		  "start any token (while scanning for the next token)" },
		{ "a: [b\n",
		  "x.yaml:2:1: not valid YAML: did not find expected ',' or ']' "
		  "(while parsing a flow sequence)" },
		{ "a: \"b\n",
		  "x.yaml:2:1: not valid YAML: found unexpected end of stream "
		  "(while scanning a quoted scalar)" },
		{ "a: b: c\n",
		  "x.yaml:1:5: not valid YAML: mapping values are not allowed "
		  "in this context" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		refused(CASES[i].text, CASES[i].wanted);
}

static void an_alias_bomb_is_small(void **state)
{
	(void)state;
	refused("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		"x.yaml:1:4: anchors are not read (write the value out where it is "
		"needed)");
}

static void limits_hold(void **state)
{
	struct rule_limits few = {
		.max_bytes = 64,
		.max_values = 6,
		.max_keys = 3,
		.max_depth = 2,
		.max_documents = 2,
	};
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "[a, b, c, d, e, f]", "x.yaml:1:17: more than 6 values in one file "
					"(split it, see 'include')" },
		{ "{a: 1, b: 2, c: 3, d: 4}",
		  "x.yaml:1:20: more than 3 keys in one map" },
		{ "[[[a]]]", "x.yaml:1:3: lists and maps are more than 2 deep (split the "
			     "file, see 'include')" },
		{ "--- a\n--- b\n--- c\n",
		  "x.yaml:3:1: more than 2 documents in one file (remove the '---')" },
		{ "a: 0123456789012345678901234567890123456789012345678901234567890123",
		  "x.yaml:1:1: the file has more than 64 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct rule_doc *doc = NULL;
		struct error err = { 0 };

		assert_int_equal(rule_doc_parse("x.yaml", CASES[i].text,
						strlen(CASES[i].text), &few, &doc, &err),
				 -EINVAL);
		assert_string_equal(err.text, CASES[i].wanted);
	}
}

static void deep_and_wide_input_ends(void **state)
{
	_cleanup_(strbuf_release) struct strbuf deep = { 0 }, wide = { 0 };
	struct rule_doc *doc = NULL;
	struct error err = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		strbuf_putc(&deep, '[');
	assert_int_equal(rule_doc_parse("x", deep.data, deep.len, NULL, &doc, &err),
			 -EINVAL);
	assert_non_null(strstr(err.text, "x:1:17: lists and maps are more than 16 deep"));
	for (int i = 0; i < 70000; i++)
		strbuf_puts(&wide, "- a\n");
	assert_int_equal(rule_doc_parse("x", wide.data, wide.len, NULL, &doc, &err),
			 -EINVAL);
	assert_non_null(strstr(err.text, "x:65536:3: more than 65536 values"));
}

enum { F_NAME, F_WORDS, F_FLAG, F_COUNT, F_MAP, F_MAPS, F_LAST };

static const struct rule_field FIELDS[] = {
	[F_NAME] = { "name", RULE_TEXT, RULE_REQUIRED },
	[F_WORDS] = { "words", RULE_TEXTS, 0 },
	[F_FLAG] = { "optional", RULE_BOOL, 0 },
	[F_COUNT] = { "count", RULE_NUMBER, 0 },
	[F_MAP] = { "map", RULE_ANY_MAP, 0 },
	[F_MAPS] = { "maps", RULE_MAPS, 0 },
};

static void fields_are_sorted_and_typed(void **state)
{
	struct rule_doc *doc = parse("optional: true\n"
				     "words: [a, b]\n"
				     "name: x\n"
				     "count: 12\n"
				     "maps: [{a: b}]\n");
	const struct rule_node *value[F_LAST], *word;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(
		rule_map_read(rule_doc_root(doc, 0), FIELDS, F_LAST, value, &err), 0);
	assert_string_equal(rule_text(value[F_NAME]), "x");
	assert_true(rule_bool(value[F_FLAG], false));
	assert_int_equal(rule_number(value[F_COUNT], 1), 12);
	assert_null(value[F_MAP]);
	word = rule_texts(value[F_WORDS]);
	assert_string_equal(word->text, "a");
	word = rule_texts_next(value[F_WORDS], word);
	assert_string_equal(word->text, "b");
	assert_null(rule_texts_next(value[F_WORDS], word));
	word = rule_texts(value[F_NAME]);
	assert_ptr_equal(word, value[F_NAME]);
	assert_null(rule_texts_next(value[F_NAME], word));
	assert_null(rule_texts(NULL));
	assert_true(rule_bool(NULL, true));
	assert_int_equal(rule_number(NULL, 7), 7);
	assert_string_equal(rule_text(NULL), "");
	rule_doc_free(doc);
}

static const struct {
	const char *text, *wanted;
} WRONG_FIELDS[] = {
	{ "name: a\noptinal: true\n",
	  "x.yaml:2:1: unknown key 'optinal' (did you mean 'optional'?)" },
	{ "name: a\nwrods: b\n",
	  "x.yaml:2:1: unknown key 'wrods' (did you mean 'words'?)" },
	{ "name: a\nzebra: true\n",
	  "x.yaml:2:1: unknown key 'zebra' (known are: name, words, optional, "
	  "count, map, maps)" },
	{ "name: a\n\"\\e[1m\": 1\n",
	  "x.yaml:2:1: unknown key '\\x1b[1m' (known are: name, words, optional, "
	  "count, map, maps)" },
	{ "words: a\n", "x.yaml:1:1: 'name' is missing here (give a text)" },
	{ "name:\nwords: b\n", "x.yaml:1:6: this has no value (give a text)" },
	{ "name: ~\n", "x.yaml:1:7: this has no value (give a text)" },
	{ "name: \"  \"\n", "x.yaml:1:7: this has no value (give a text)" },
	{ "name: [a]\n", "x.yaml:1:7: 'name': this must be a text, not a list" },
	{ "name: {a: b}\n", "x.yaml:1:7: 'name': this must be a text, not a map" },
	{ "name: a\nwords: []\n", "x.yaml:2:8: this list is empty (give a text or "
				  "a list of texts)" },
	{ "name: a\nwords: [b, [c]]\n", "x.yaml:2:12: this must be a text, not a list" },
	{ "name: a\noptional: yes\n",
	  "x.yaml:2:11: this must be true or false, not 'yes'" },
	{ "name: a\noptional: \"true\"\n", "x.yaml:2:11: this must be true or "
					   "false, not 'true' (in quotes it is a "
					   "text)" },
	{ "name: a\ncount: -1\n", "x.yaml:2:8: this must be a whole number, not '-1'" },
	{ "name: a\ncount: 1234567890123456789\n",
	  "x.yaml:2:8: this must be a whole number, not '1234567890123456789'" },
	{ "name: a\nmap: b\n", "x.yaml:2:6: 'map': this must be a map of keys and "
			       "values, not a single value" },
	{ "name: a\nmap: {}\n", "x.yaml:2:6: this map is empty" },
	{ "name: a\nmaps: {a: b}\n",
	  "x.yaml:2:7: 'maps': this must be a list of maps (each begins with '- "
	  "'), not a map" },
	{ "name: a\nmaps:\n  - b\n", "x.yaml:3:5: this must be a map of keys and "
				     "values, not a single value" },
	{ "name: a\nmaps:\n", "x.yaml:2:6: this has no value (give a list of maps "
			      "(each begins with '- '))" },
	{ "- name\n", "x.yaml:1:1: this must be a map of keys and values, not a "
		      "list" },
};

static void wrong_fields_have_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WRONG_FIELDS); i++) {
		struct rule_doc *doc = parse(WRONG_FIELDS[i].text);
		const struct rule_node *value[F_LAST];
		struct error err = { 0 };

		assert_int_equal(
			rule_map_read(rule_doc_root(doc, 0), FIELDS, F_LAST, value, &err),
			-EINVAL);
		assert_string_equal(err.text, WRONG_FIELDS[i].wanted);
		rule_doc_free(doc);
	}
}

static void files_are_read(void **state)
{
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	_cleanup_(freep) char *path = NULL, *wanted = NULL;
	struct rule_doc *doc = NULL;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(rule_doc_read("/no/such.yaml", NULL, &doc, &err), -ENOENT);
	assert_string_equal(err.text,
			    "cannot open '/no/such.yaml': No such file or directory");
	assert_int_equal(rule_doc_read("/", NULL, &doc, &err), -EISDIR);
	assert_int_equal(io_tempdir(&folder, &err), 0);
	path = mem_printf("%s/a.yaml", folder);
	wanted =
		mem_printf("%s:2:1: key 'a' is there twice, first in line 1 (remove one, "
			   "or make it one list)",
			   path);
	assert_int_equal(io_write_file(path, "a: 1\na: 2\n", 10, &err), 0);
	assert_int_equal(rule_doc_read(path, NULL, &doc, &err), -EINVAL);
	assert_string_equal(err.text, wanted);
}

static void near_words_are_found(void **state)
{
	static const char *const WORDS[] = { "command", "package", "path", "all", "any" };
	char long_word[200];

	(void)state;
	memset(long_word, 'a', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	assert_string_equal(rule_did_you_mean("comand", WORDS, 5), "command");
	assert_string_equal(rule_did_you_mean("pacakge", WORDS, 5), "package");
	assert_string_equal(rule_did_you_mean("al", WORDS, 5), "all");
	assert_null(rule_did_you_mean("xyz", WORDS, 5));
	assert_null(rule_did_you_mean("", WORDS, 5));
	assert_null(rule_did_you_mean(long_word, WORDS, 5));
	assert_null(rule_did_you_mean("a", NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_knows_its_places),
		cmocka_unit_test(columns_count_characters),
		cmocka_unit_test(empty_files_have_no_document),
		cmocka_unit_test(damage_has_a_place),
		cmocka_unit_test(an_alias_bomb_is_small),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(deep_and_wide_input_ends),
		cmocka_unit_test(fields_are_sorted_and_typed),
		cmocka_unit_test(wrong_fields_have_a_place),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(near_words_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

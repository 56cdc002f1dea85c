#include "base/toml.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>

/* "type key=text" of every node but the root, "/" before what is in something. */
static void put(const struct toml_node *node, struct strbuf *out)
{
	static const char TYPES[] = "tasifbd";

	for (const struct toml_node *up = node->parent; up && up->parent; up = up->parent)
		strbuf_putc(out, '/');
	strbuf_printf(out, "%c %s", TYPES[node->type], node->key ? node->key : "-");
	if (node->text)
		strbuf_printf(out, "=%s", node->text);
	strbuf_putc(out, '|');
}

static const struct {
	const char *text, *nodes;
} GOOD[] = {
	{ "", "" },
	{ "# only\r\n\n \t# this\n", "" },
	{ "a = 1\nb=\"x\"# c", "i a=1|s b=x|" },
	{ "'a b'.\"c\" . d-1 = true", "t a b|/t c|//b d-1=true|" },
	{ "a.b=1\na.c=2", "t a|/i b=1|/i c=2|" },
	{ "[a.b]\nx=1\n[a]\ny=2\n", "t a|/t b|//i x=1|/i y=2|" },
	{ "[[p]]\nx=1\n[p.q]\n[[p]]\nx=2", "a p|/t -|//i x=1|//t q|/t -|//i x=2|" },
	{ "[f]\na.c='r'\n[f.a.t]\ns=1", "t f|/t a|//s c=r|//t t|///i s=1|" },
	{ "a = [ 1, # c\n  [ 'x' ] ,\n]", "a a|/i -=1|/a -|//s -=x|" },
	{ "a = []\nb = {}", "a a|t b|" },
	{ "a = { b.c = 1, d = [ {} ] }", "t a|/t b|//i c=1|/a d|//t -|" },
	{ "a=\"\\u00e9\\U0001F600\\t\\\\\"", "s a=\xc3\xa9\xf0\x9f\x98\x80\t\\|" },
	{ "a=\"\"\"\nx\\\n   y\"\"z\"\"\"\"", "s a=xy\"\"z\"|" },
	{ "a='''\r\nx\\y\n'''", "s a=x\\y\n|" },
	{ "a=[0x1F,0o17,0b10,-0,+1_000]", "a a|/i -=0x1F|/i -=0o17|/i -=0b10|/i -=-0|/i "
					  "-=+1_000|" },
	{ "a=[1.5,1e3,6.02E-23,-inf,nan]",
	  "a a|/f -=1.5|/f -=1e3|/f -=6.02E-23|/f -=-inf|/f -=nan|" },
	{ "a=[1979-05-27,07:32:00.5,1979-05-27 07:32:00Z,2000-02-29T00:00:00-07:00]",
	  "a a|/d -=1979-05-27|/d -=07:32:00.5|/d -=1979-05-27 07:32:00Z|/d "
	  "-=2000-02-29T00:00:00-07:00|" },
};

static void what_the_specification_allows_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		_cleanup_(toml_freep) struct toml *doc = NULL;
		struct error err = { 0 };
		const struct toml_node *n;

		if (toml_parse(GOOD[i].text, strlen(GOOD[i].text), &doc, &err) < 0)
			fail_msg("%s: %s", GOOD[i].text, err.text);
		for (n = toml_next(toml_root(doc)); n; n = toml_next(n))
			put(n, &out);
		assert_string_equal(strbuf_text(&out), GOOD[i].nodes);
	}
}

static const char *const BAD[] = {
	"a",
	"a =",
	"= 1",
	"a = 1 b = 2",
	"a = 1\na = 2",
	"a.b = 1\na = 2",
	"a = 1\na.b = 2",
	"a = { b = 1 }\na.c = 2",
	"a = { b = 1 }\n[a.c]",
	"[a]\n[a]",
	"[a.b.c]\n[a]\nb.d = 1",
	"[f]\na.b = 1\n[f.a]",
	"[a]\n[[a]]",
	"a = [1]\n[[a]]",
	"a = [{}]\n[a.b]",
	"[[a]]\n[a]",
	"[a",
	"[a]]",
	"[[a]",
	"[a] b = 1",
	"[]",
	"a = [1",
	"a = [1 2]",
	"a = [,]",
	"a = {b = 1,}",
	"a = {b = 1\n}",
	"a = {b = 1, b = 2}",
	"a = \"x",
	"a = \"x\ny\"",
	"a = 'x\x01'",
	"a = \"\\x\"",
	"a = \"\\ud800\"",
	"a = \"\\U00110000\"",
	"a = \"\"\"x",
	"a = \"\"\"x\"\"\"\"\"\"",
	"# \x01",
	"a = 1\rb = 2",
	"a = \xff",
	"a = 01",
	"a = 1__0",
	"a = 1_",
	"a = +0x1",
	"a = 0xg",
	"a = 1.",
	"a = .5",
	"a = True",
	"a = 1979-13-01",
	"a = 1979-02-29",
	"a = 24:00:00",
	"a = 07:32",
	"a = 1979-05-27T",
	"a = 1979-05-27T07:32:00+1",
};

static void what_it_forbids_is_an_error_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		_cleanup_(toml_freep) struct toml *doc = NULL;
		struct error err = { 0 };

		if (toml_parse(BAD[i], strlen(BAD[i]), &doc, &err) != -EINVAL)
			fail_msg("'%s' was read", BAD[i]);
		assert_null(doc);
		assert_true(strncmp(err.text, "line ", 5) == 0 ||
			    strcmp(err.text, "it is not UTF-8") == 0);
	}
}

static void lines_are_those_of_the_file(void **state)
{
	static const char text[] =
		"# c\n[a]\n\nb = [\n 1,\n 2 ]\nc = \"\"\"\n\n\"\"\"\nd=3";
	_cleanup_(toml_freep) struct toml *doc = NULL;
	const struct toml_node *a;

	(void)state;
	assert_int_equal(toml_parse(text, strlen(text), &doc, NULL), 0);
	a = toml_get(toml_root(doc), "a");
	assert_int_equal(toml_get(a, "b")->first->line, 5);
	assert_int_equal(toml_get(a, "b")->first->next->line, 6);
	assert_int_equal(toml_get(a, "c")->line, 7);
	assert_int_equal(toml_get(a, "d")->line, 10);
	assert_null(toml_get(a, "e"));
}

static int parse_many(const char *head, const char *each, size_t count)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(toml_freep) struct toml *doc = NULL;

	strbuf_puts(&text, head);
	for (size_t i = 0; i < count; i++)
		strbuf_puts(&text, each);
	return toml_parse(strbuf_text(&text), text.len, &doc, NULL);
}

static void sizes_have_limits(void **state)
{
	(void)state;
	assert_int_equal(parse_many("a = ", "[", TOML_MAX_DEPTH + 1), -E2BIG);
	assert_int_equal(parse_many("a = ", "{a=", TOML_MAX_DEPTH + 1), -E2BIG);
	assert_int_equal(parse_many("a", ".a", TOML_MAX_DEPTH), -E2BIG);
	assert_int_equal(parse_many("", "[[a]]\n", TOML_MAX_NODES), -E2BIG);
	assert_int_equal(parse_many("", "#\n", TOML_MAX_BYTES / 2), 0);
	assert_int_equal(parse_many("#", "#\n", TOML_MAX_BYTES / 2), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_specification_allows_is_read),
		cmocka_unit_test(what_it_forbids_is_an_error_with_its_line),
		cmocka_unit_test(lines_are_those_of_the_file),
		cmocka_unit_test(sizes_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

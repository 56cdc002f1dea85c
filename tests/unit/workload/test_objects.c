/* Objects one by one, from JSON and YAML, whole and damaged. */
#include "base/strbuf.h"
#include "tests/unit/support/test.h"
#include "workload/object_formats.h"

#include <errno.h>
#include <string.h>

struct pieces {
	const char *data;
	size_t len, size;
};

static int next_piece(void *arg, const char **ret_data, size_t *ret_len,
		      struct error *err)
{
	struct pieces *pieces = arg;
	size_t n = MIN2(pieces->size, pieces->len);

	(void)err;
	*ret_data = pieces->data;
	*ret_len = n;
	pieces->data += n;
	pieces->len -= n;
	return 0;
}

/* "LINE KIND/LIST-KIND JSON;" of each object. */
static int note(void *arg, const struct object_found *found, struct error *err)
{
	char *text = json_dumps(found->json, JSON_COMPACT | JSON_SORT_KEYS);

	(void)err;
	strbuf_printf(arg, "%zu %s %s;", found->line, found->kind ? found->kind : "-",
		      text);
	free(text);
	return 0;
}

static const char *read_text(const char *text, struct strbuf *out, struct error *err)
{
	strbuf_clear(out);
	return objects_parse("f", text, strlen(text), note, out, err) < 0
		       ? err->text
		       : strbuf_text(out);
}

struct text_case {
	const char *text, *objects;
};

static const struct text_case GOOD[] = {
	{ "{\"kind\":\"Pod\"}", "1 - {\"kind\":\"Pod\"};" },
	{ "\n\n {\"a\":1}\n{\"b\":2}", "3 - {\"a\":1};4 - {\"b\":2};" },
	{ "[{\"a\":1},\n{\"b\":[{}]}]", "1 - {\"a\":1};2 - {\"b\":[{}]};" },
	{ "{\"apiVersion\":\"v1\",\n\"items\":[\n{\"a\":1},\n{\"b\":2}],\"kind\":"
	  "\"List\"}",
	  "3 - {\"a\":1};4 - {\"b\":2};" },
	{ "{\"kind\":\"PodList\",\"items\":[{\"a\":1}]}", "1 Pod {\"a\":1};" },
	{ "{\"items\":[],\"kind\":\"List\"}", "" },
	{ "{\"items\":[{\"a\":1}]}{\"b\":{\"items\":[{}]}}",
	  "1 - {\"a\":1};1 - {\"b\":{\"items\":[{}]}};" },
	{ "{\"a\":\"}]\\\"{\\\\\"}", "1 - {\"a\":\"}]\\\"{\\\\\"};" },
	/* what nobody asks for is left out, and only where it is a map or a list */
	{ "{\"status\":{\"conditions\":[{\"x\":\"]\"}],\"y\":1}}",
	  "1 - {\"status\":{\"y\":1}};" },
	{ "{\"labels\":{\"conditions\":\"x\",\"env\":\"prod\"}}",
	  "1 - {\"labels\":{\"conditions\":\"x\",\"env\":\"prod\"}};" },
	{ "{\"ports\":[{\"containerPort\":80}],\"limits\":{\"cpu\":1}}", "1 - {};" },
	{ "{\"ports\":[{\"hostPort\":80}],\"limits\":{\"a/b\":1}}",
	  "1 - {\"limits\":{\"a/b\":1},\"ports\":[{\"hostPort\":80}]};" },
	{ "{\"a\":[{\"b\":{\"image\":\"x\",\"n\":\"y\"}}],\"image\":\"z\"}",
	  "1 - {\"a\":[{\"b\":{\"n\":\"y\"}}],\"image\":\"z\"};" },
	{ "{\"a\":1,\"env\":[],\"uid\":\"u\",\"env\":{},\"b\":{\"env\":[]},\"env\":[]}",
	  "1 - {\"a\":1,\"b\":{},\"uid\":\"u\"};" },
	{ "{\"m\":{\"uid\":\"u\",\"a\":\"1\",\"phase\":\"x\",\"hostIP\":\"y\"},"
	  "\"l\":{\"labels\":{\"uid\":\"u\"}}}",
	  "1 - {\"l\":{\"labels\":{\"uid\":\"u\"}},\"m\":{\"a\":\"1\"}};" },
	{ "\xef\xbb\xbf{\"a\":1}", "1 - {\"a\":1};" },
	{ "", "" },
	{ "# nothing\n---\n---\n", "" },
	{ "a: 1\n---\nb: [yes, ~, true, '1', 2]\n",
	  "1 - {\"a\":1};3 - {\"b\":[\"yes\",null,true,\"1\",2]};" },
	{ "kind: PodList\nitems:\n- a: 1\n- b: {items: [c]}\n",
	  "3 Pod {\"a\":1};4 Pod {\"b\":{\"items\":[\"c\"]}};" },
	{ "- a: 1\n- b: 2\n", "1 - {\"a\":1};2 - {\"b\":2};" },
	{ "x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\n",
	  "1 - {\"x\":{\"a\":1,\"b\":2},\"y\":{\"a\":3,\"b\":2}};" },
	{ "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}\n",
	  "1 - {\"x\":{\"a\":1},\"y\":{\"a\":2,\"b\":2},\"z\":{\"a\":1,\"b\":2}};" },
	{ "a: !!str 1\n", "1 - {\"a\":1};" },
};

static void objects_come_one_by_one(void **state)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++)
		assert_string_equal(read_text(GOOD[i].text, &out, &err), GOOD[i].objects);
}

static void pieces_of_any_size_give_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
		const char *text = GOOD[i].text;

		text += text[0] == '\xef' ? 3 : 0;
		for (size_t size = 1; size < 20 && strchr("{[\n", text[0]); size++) {
			_cleanup_(strbuf_release) struct strbuf out = { 0 };
			struct pieces pieces = { text, strlen(text), size };
			struct object_input input = { "f", next_piece, &pieces, note,
						      &out };

			assert_int_equal(objects_read_json(&input, NULL), 0);
			assert_string_equal(strbuf_text(&out), GOOD[i].objects);
		}
	}
}

static const struct text_case BAD[] = {
	{ "{\"a\":1", "f:1: the file ends in the middle of an object (was it cut off?)" },
	{ "{\"a\":\"b",
	  "f:1: the file ends in the middle of an object (was it cut off?)" },
	{ "{\"items\":[{\"a\":1},",
	  "f:1: the file ends in the middle of an object (was it "
	  "cut off?)" },
	{ "{\"a\":\n1]", "f:2: a ']' without its '['" },
	{ "{\"a\":1}\n}", "f:2: a '}' without its '{'" },
	{ "{}\nx", "f:2: an object or a list is expected here" },
	{ "{\"items\":[1]}", "f:1: an object is expected here" },
	{ "{\"items\":[[]]}", "f:1: an object is expected here, not a list" },
	{ "{\n\"a\":1,\n\"a\":2}", "f:3: duplicate object key near '\"a\"'" },
	{ "{\n\"env\":[\n\n],\n\"ports\":[{\n}],\n\"a\":x}",
	  "f:7: invalid token near 'x'" },
	{ "{\"items\":[{}],\n\"kind\":x}", "f:2: invalid token near 'x'" },
	{ "{\"a\":1,}", "f:1: string or '}' expected near '}'" },
	{ "{\"env\":[],,\"a\":1}", "f:1: string or '}' expected near ','" },
	{ "{\"a\":[1,]}", "f:1: unexpected token near ']'" },
	{ "{\"env\":[] \"a\":1}", "f:1: a comma or a bracket is missing here" },
	{ "{\"env\":[] {}}", "f:1: a comma or a bracket is missing here" },
	{ "\xff\xfe{\0",
	  "f:1: this is UTF-16, as PowerShell writes it (save it as UTF-8)" },
	{ "a: *b\n", "f:1: nothing before it is called '&b'" },
	{ "a: 1\na: 2\n", "f:2: the key 'a' is there twice" },
	{ "a: [\n", "f:2: did not find expected node content" },
	{ "a: 1\n---\n- x\n", "f:3: an object is expected here (a map)" },
	{ "hello\n", "f:1: an object is expected here (a map)" },
	{ "? [a]\n: b\n", "f:1: a key must be a text" },
	{ "a: {<<: 1}\n", "f:1: '<<' takes maps only" },
	{ "a: \"x\\0y\"\n", "f:1: a NUL in a text" },
};

static void damage_is_one_line_with_its_place(void **state)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		struct error err = { 0 };

		assert_string_equal(read_text(BAD[i].text, &out, &err), BAD[i].objects);
		assert_int_equal(err.code, -EINVAL);
	}
}

static void depth_is_limited(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 }, out = { 0 };
	struct error err = { 0 };

	(void)state;
	strbuf_puts(&text, "{\"a\":");
	for (int i = 0; i < 100000; i++)
		strbuf_putc(&text, '[');
	assert_string_equal(read_text(strbuf_text(&text), &out, &err),
			    "f:1: nested too deep");
	strbuf_clear(&text);
	strbuf_puts(&text, "a: ");
	for (int i = 0; i < 100; i++)
		strbuf_putc(&text, '[');
	assert_string_equal(read_text(strbuf_text(&text), &out, &err),
			    "f:1: nested too deep");
}

static void aliases_count_as_if_they_were_written_out(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 }, out = { 0 };
	struct error err = { 0 };

	(void)state;
	strbuf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		strbuf_printf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			strbuf_printf(&text, "%s*a%d", k ? ", " : "", i - 1);
		strbuf_puts(&text, "]\n");
	}
	assert_string_equal(read_text(strbuf_text(&text), &out, &err),
			    "f:6: more than 1048576 values in one object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_come_one_by_one),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(damage_is_one_line_with_its_place),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(aliases_count_as_if_they_were_written_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

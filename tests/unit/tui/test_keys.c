#include "../support/test.h"

#include "tui/keys.h"
#include "tui/prompt.h"
#include "tui/texts.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static void every_request_has_a_name_help_and_keys(void **state)
{
	struct keymap map;

	(void)state;
	keymap_init(&map);
	for (int i = 1; i < DO_COUNT; i++) {
		char keys[128];

		assert_non_null(REQUESTS[i].name);
		assert_true(REQUESTS[i].help[0] != '\0');
		assert_true(keymap_all(&map, (enum request)i, keys, sizeof(keys))[0] !=
			    '\0');
	}
	keymap_release(&map);
}

/* The help on the screen, not the table that it is made from. */
static void the_help_lists_every_key(void **state)
{
	struct view *help;
	struct keymap map;
	struct canvas canvas;
	struct area area = { 0, 0, 400, 120 };
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	(void)state;
	keymap_init(&map);
	canvas_init(&canvas, area.width, area.height, CANVAS_ASCII);
	help = help_text(&map, NULL);
	help->height = area.height;
	help->width = area.width;
	help->ops->draw(help, &canvas, &area);
	canvas_dump(&canvas, &text);
	for (int i = 1; i < DO_COUNT; i++) {
		char keys[128];

		keymap_all(&map, (enum request)i, keys, sizeof(keys));
		assert_non_null(strstr(strbuf_text(&text), keys));
		assert_non_null(strstr(strbuf_text(&text), REQUESTS[i].help));
	}
	array_each (&map.bindings, i) {
		char key[24];

		assert_non_null(strstr(strbuf_text(&text),
				       key_text(map.bindings.data[i].key, key)));
	}
	help->ops->free(help);
	canvas_release(&canvas);
	keymap_release(&map);
}

static void no_key_stands_for_two_requests(void **state)
{
	struct keymap map;
	size_t named = 0;

	(void)state;
	keymap_init(&map);
	for (int i = 1; i < DO_COUNT; i++)
		for (const char *c = REQUESTS[i].keys; *c; c++)
			named += *c == ' ';
	/* a second use of a key would have taken it from the first request */
	assert_int_equal(map.bindings.len, named + DO_COUNT - 1);
	for (int i = 1; i < DO_COUNT; i++)
		for (int k = i + 1; k < DO_COUNT; k++)
			assert_string_not_equal(REQUESTS[i].name, REQUESTS[k].name);
	keymap_release(&map);
}

static void names_of_keys_are_read_back(void **state)
{
	static const int KEYS[] = {
		'd',
		'D',
		' ',
		'\\',
		'/',
		'#',
		'=',
		0x15,
		0x1a,
		KEY_ARROW_UP,
		KEY_PAGE_DOWN,
		KEY_FUNCTION + 1,
		KEY_FUNCTION + 10,
		KEY_ESCAPE,
		KEY_RETURN,
		KEY_BACK_TAB,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
		char name[24];

		assert_int_equal(key_parse(key_text(KEYS[i], name)), KEYS[i]);
	}
	assert_int_equal(key_parse("F13"), -1);
	assert_int_equal(key_parse("Ctrl-"), -1);
	assert_int_equal(key_parse("dd"), -1);
	assert_int_equal(key_parse("\xc3\xa9"), 0xe9);
}

static void a_key_file_replaces_keys(void **state)
{
	struct keymap map;
	struct error err = { 0 };
	char keys[64];

	(void)state;
	keymap_init(&map);
	assert_int_equal(keymap_parse(&map, "vi",
				      "# vi's way\n\nup = Up k\n  keep=+\r\nquit = =\n",
				      &err),
			 0);
	assert_int_equal(keymap_find(&map, 'k'), DO_UP);
	assert_int_equal(keymap_find(&map, '+'), DO_KEEP);
	assert_int_equal(keymap_find(&map, '='), DO_QUIT);
	assert_int_equal(keymap_find(&map, 'Q'), DO_NOTHING);
	assert_string_equal(keymap_all(&map, DO_UP, keys, sizeof(keys)), "Up k");
	keymap_release(&map);
}

static void a_wrong_key_file_names_the_line(void **state)
{
	static const struct {
		const char *text, *message;
	} ROWS[] = {
		{ "up = Up\nfly = f\n",
		  "my:2: 'fly' is no request (the help lists them)" },
		{ "up = Upp\n", "my:1: 'Upp' is no key" },
		{ "up\n", "my:1: expected 'request = keys'" },
		{ "go up = k\n", "my:1: 'go up ' is no request" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		struct error err = { 0 };
		struct keymap map;

		keymap_init(&map);
		assert_int_equal(keymap_parse(&map, "my", ROWS[i].text, &err), -EINVAL);
		assert_string_equal(err.text, ROWS[i].message);
		keymap_release(&map);
	}
}

static void type(struct prompt *p, const char *text)
{
	for (; *text; text++)
		assert_int_equal(prompt_key(p, *text), PROMPT_CHANGED);
}

static void a_prompt_edits_a_line(void **state)
{
	struct prompt p = { 0 };

	(void)state;
	prompt_open(&p, "search", "");
	type(&p, "abd");
	prompt_key(&p, KEY_ARROW_LEFT);
	type(&p, "c");
	assert_string_equal(prompt_text(&p), "abcd");
	assert_int_equal(prompt_key(&p, 0xe9), PROMPT_CHANGED);
	assert_string_equal(prompt_text(&p), "abc\xc3\xa9"
					     "d");
	assert_int_equal(prompt_key(&p, KEY_BACK_SPACE), PROMPT_CHANGED);
	assert_string_equal(prompt_text(&p), "abcd");
	prompt_key(&p, KEY_TO_HOME);
	assert_int_equal(prompt_key(&p, KEY_DELETE), PROMPT_CHANGED);
	assert_string_equal(prompt_text(&p), "bcd");
	assert_int_equal(prompt_key(&p, KEY_FUNCTION + 5), PROMPT_NOTHING);
	prompt_key(&p, KEY_TO_END);
	assert_int_equal(prompt_key(&p, 'U' & 0x1f), PROMPT_CHANGED);
	assert_int_equal(prompt_key(&p, KEY_BACK_SPACE), PROMPT_GONE);
	prompt_release(&p);
}

static void a_prompt_remembers_lines(void **state)
{
	struct prompt p = { 0 };

	(void)state;
	prompt_open(&p, "search", "");
	type(&p, "first");
	assert_int_equal(prompt_key(&p, KEY_RETURN), PROMPT_DONE);
	prompt_open(&p, "search", "");
	type(&p, "second");
	assert_int_equal(prompt_key(&p, KEY_RETURN), PROMPT_DONE);
	prompt_open(&p, "search", "");
	prompt_key(&p, KEY_ARROW_UP);
	prompt_key(&p, KEY_ARROW_UP);
	assert_string_equal(prompt_text(&p), "first");
	assert_int_equal(prompt_key(&p, KEY_ARROW_UP), PROMPT_NOTHING);
	prompt_key(&p, KEY_ARROW_DOWN);
	assert_string_equal(prompt_text(&p), "second");
	prompt_key(&p, KEY_ARROW_DOWN);
	assert_string_equal(prompt_text(&p), "");
	prompt_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_has_a_name_help_and_keys),
		cmocka_unit_test(the_help_lists_every_key),
		cmocka_unit_test(no_key_stands_for_two_requests),
		cmocka_unit_test(names_of_keys_are_read_back),
		cmocka_unit_test(a_key_file_replaces_keys),
		cmocka_unit_test(a_wrong_key_file_names_the_line),
		cmocka_unit_test(a_prompt_edits_a_line),
		cmocka_unit_test(a_prompt_remembers_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../support/test.h"

#include "tui/canvas.h"

#include <locale.h>
#include <string.h>

struct fixture {
	struct canvas canvas;
	struct strbuf text;
};

static void *prepare(struct fixture *f, int width, int height, enum canvas_charset set)
{
	*f = (struct fixture){ 0 };
	canvas_init(&f->canvas, width, height, set);
	return f;
}

static void finish(struct fixture *f)
{
	canvas_release(&f->canvas);
	strbuf_release(&f->text);
}

static const char *shown(struct fixture *f)
{
	strbuf_clear(&f->text);
	canvas_dump(&f->canvas, &f->text);
	return strbuf_text(&f->text);
}

static void text_is_padded_and_cut_with_an_ellipsis(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 12, 2, CANVAS_UTF8);
	canvas_text(&f.canvas, 0, 0, 6, PAINT_TEXT, "containerd");
	canvas_text(&f.canvas, 0, 6, 6, PAINT_TEXT, "runc");
	canvas_tail(&f.canvas, 1, 0, 10, PAINT_TEXT, "/usr/lib64/libssl.so.3");
	assert_string_equal(shown(&f), "conta…runc\n…bssl.so.3\n");
	finish(&f);
}

static void sizes_and_numbers_stand_on_the_right(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 20, 2, CANVAS_ASCII);
	canvas_bytes(&f.canvas, 0, 0, 10, PAINT_TEXT, 1536 * 1024);
	canvas_number(&f.canvas, 1, 0, 10, PAINT_TEXT, 652);
	assert_string_equal(shown(&f), "   1.5 MiB\n       652\n");
	f.canvas.units = UNITS_SI;
	canvas_bytes(&f.canvas, 0, 0, 10, PAINT_TEXT, 1600000);
	assert_string_equal(shown(&f), "    1.6 MB\n       652\n");
	finish(&f);
}

static void hostile_names_stay_in_their_cells(void **state)
{
	static const struct {
		const char *name, *shown;
	} ROWS[] = {
		{ "a\033[2Jb", "a\\x1b[2Jb|\n" },
		{ "a\nb", "a\\nb|\n" },
		{ "\033]0;owned\007", "\\x1b]0;owned\\x07|\n" },
		{ "\xff\xfe", "\\xff\\xfe|\n" },
		{ "\xe2\x80\xae"
		  "gpj.exe",
		  "\\u202egpj.exe|\n" },
		{ "a\xcc\x81", "a\xcc\x81|\n" },
		{ "\xcc\x81", "|\n" }, /* a mark with nothing to stand on */
		{ "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac|\n" },
		{ "back\\slash", "back\\\\slash|\n" },
	};

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		struct fixture f;
		int end;

		prepare(&f, 40, 1, CANVAS_UTF8);
		end = canvas_put(&f.canvas, 0, 0, 40, PAINT_TEXT, ROWS[i].name);
		canvas_put(&f.canvas, 0, end, 40, PAINT_TEXT, "|");
		assert_string_equal(shown(&f), ROWS[i].shown);
		finish(&f);
	}
}

static void without_utf8_other_characters_are_escaped(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 24, 1, CANVAS_ASCII);
	canvas_put(&f.canvas, 0, 0, 24, PAINT_TEXT, "caf\xc3\xa9 \xe6\x97\xa5");
	assert_string_equal(shown(&f), "caf\\u00e9 \\u65e5\n");
	finish(&f);
}

static void half_a_wide_character_never_stays(void **state)
{
	struct fixture f;

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	prepare(&f, 5, 1, CANVAS_UTF8);
	canvas_put(&f.canvas, 0, 0, 5, PAINT_TEXT, "\xe6\x97\xa5\xe6\x9c\xac");
	canvas_put(&f.canvas, 0, 1, 2, PAINT_TEXT, "x");
	assert_string_equal(shown(&f), " x\xe6\x9c\xac\n");
	/* no room for both halves in the last column */
	canvas_clear(&f.canvas);
	canvas_put(&f.canvas, 0, 4, 6, PAINT_TEXT, "\xe6\x97\xa5");
	assert_string_equal(shown(&f), "\n");
	finish(&f);
}

static void nothing_is_drawn_outside(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 4, 2, CANVAS_ASCII);
	canvas_text(&f.canvas, -1, 0, 4, PAINT_TEXT, "up");
	canvas_text(&f.canvas, 2, 0, 4, PAINT_TEXT, "down");
	canvas_text(&f.canvas, 0, -2, 4, PAINT_TEXT, "abcd");
	canvas_text(&f.canvas, 1, 3, 4, PAINT_TEXT, "wxyz");
	canvas_fill(&f.canvas, -5, -5, 3, 3, PAINT_TEXT);
	canvas_box(&f.canvas, 5, 5, 9, 9, "far");
	assert_string_equal(shown(&f), "cd\n   w\n");
	finish(&f);
}

static void a_box_has_a_frame_and_a_title(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 12, 3, CANVAS_ASCII);
	canvas_box(&f.canvas, 0, 0, 3, 12, "Help");
	assert_string_equal(shown(&f), "+- Help ---+\n|          |\n+----------+\n");
	finish(&f);
}

static void a_bar_fills_by_share(void **state)
{
	struct fixture f;

	(void)state;
	prepare(&f, 8, 4, CANVAS_ASCII);
	canvas_bar(&f.canvas, 0, 0, 8, PAINT_BAR, 0.5);
	canvas_bar(&f.canvas, 1, 0, 8, PAINT_BAR, 7);
	canvas_bar(&f.canvas, 2, 0, 8, PAINT_BAR, -1);
	assert_string_equal(shown(&f), "####\n########\n\n\n");
	f.canvas.charset = CANVAS_UTF8;
	canvas_bar(&f.canvas, 3, 0, 8, PAINT_BAR, 0.1875);
	assert_string_equal(shown(&f), "####\n########\n\n█▌\n");
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_padded_and_cut_with_an_ellipsis),
		cmocka_unit_test(sizes_and_numbers_stand_on_the_right),
		cmocka_unit_test(hostile_names_stay_in_their_cells),
		cmocka_unit_test(without_utf8_other_characters_are_escaped),
		cmocka_unit_test(half_a_wide_character_never_stays),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(a_box_has_a_frame_and_a_title),
		cmocka_unit_test(a_bar_fills_by_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

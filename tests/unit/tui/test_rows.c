#include "../support/test.h"

#include "base/mem.h"
#include "tui/list_view.h"
#include "tui/rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A source of fruit in two baskets (rows 0 and 1), or of very many numbers. */
struct fruit {
	const char *name, *colour;
	uint64_t bytes;
	uint64_t flags;
	uint32_t parent;
};

static const struct fruit FRUIT[] = {
	{ "basket", "-", 9000, 0, SOURCE_TOP }, { "casket", "-", 100, 0, SOURCE_TOP },
	{ "Apple", "red", 3000, 1, 0 },		{ "banana", "yellow", 6000, 0, 0 },
	{ "cherry", "red", 40, 3, 1 },		{ "damson", NULL, 60, 2, 1 },
};

struct fruits {
	struct source base;
	uint32_t many;
};

static uint32_t fruit_count(const struct source *s)
{
	const struct fruits *f = container_of(s, const struct fruits, base);

	return f->many ? f->many : ARRAY_LEN(FRUIT);
}

static void fruit_value(const struct source *s, uint32_t row, size_t column,
			struct value *ret)
{
	const struct fruits *f = container_of(s, const struct fruits, base);

	if (f->many) {
		ret->number = row * 2654435761u;
		snprintf(ret->own, sizeof(ret->own), "n%u", row);
		ret->text = ret->own;
		return;
	}
	ret->number = column == 1 ? FRUIT[row].bytes : row;
	ret->text = column == 0 ? FRUIT[row].name : FRUIT[row].colour;
	ret->missing = column == 2 && !FRUIT[row].colour;
	ret->flags = FRUIT[row].flags;
}

static uint32_t fruit_node(const struct source *s, uint32_t row)
{
	(void)s;
	return row + 1;
}

static unsigned int fruit_style(const struct source *s, uint32_t row)
{
	(void)s;
	(void)row;
	return PAINT_TEXT;
}

static const uint32_t *fruit_children(const struct source *s, uint32_t row, uint32_t *ret)
{
	static const uint32_t IDS[] = { 0, 1, 2, 3, 4, 5 };

	(void)s;
	*ret = row == SOURCE_TOP || row < 2 ? 2 : 0;
	return row == SOURCE_TOP ? IDS : row == 0 ? IDS + 2 : IDS + 4;
}

static uint32_t fruit_parent(const struct source *s, uint32_t row)
{
	(void)s;
	return FRUIT[row].parent;
}

static const struct column COLUMNS[] = {
	{ "name", "Name", "", VALUE_TEXT, 0, 0, COLUMN_FIXED | COLUMN_TREE },
	{ "size", "Size", "", VALUE_BYTES, 9, 0, COLUMN_FALLING | COLUMN_BAR },
	{ "colour", "Colour", "", VALUE_TEXT, 8, 0, COLUMN_BY_TEXT },
	{ "flags", "F", "", VALUE_FLAGS, 4, 0, 0 },
};

static const struct flag FLAGS[] = {
	{ 's', "sweet", "" },
	{ 'P', "stone", "" },
};

static const struct source_ops FRUIT_OPS = {
	.name = "fruit",
	.title = "Fruit",
	.empty = "no fruit",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.count = fruit_count,
	.value = fruit_value,
	.node = fruit_node,
	.style = fruit_style,
};

static const struct source_ops TREE_OPS = {
	.name = "fruit",
	.title = "Fruit",
	.empty = "no fruit",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.count = fruit_count,
	.value = fruit_value,
	.node = fruit_node,
	.style = fruit_style,
	.children = fruit_children,
	.parent = fruit_parent,
};

static const char *order(const struct rows *t)
{
	static char text[64];
	size_t len = 0;

	array_each (&t->rows, i)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%u",
					t->rows.data[i].row);
	text[len] = '\0';
	return text;
}

static void filter(struct rows *t, const char *text)
{
	struct filter *f = NULL;
	struct error err = { 0 };

	assert_int_equal(filter_compile(&f, t->source->ops, text, &err), 0);
	rows_filter(t, f);
}

static void rows_are_sorted_with_ties_by_row(void **state)
{
	struct fruits fruits = { { &FRUIT_OPS }, 0 };
	struct rows t;

	(void)state;
	rows_init(&t, &fruits.base);
	assert_string_equal(order(&t), "012345");
	rows_sort(&t, 1, true);
	assert_string_equal(order(&t), "032154");
	rows_sort(&t, 2, false); /* "-" "-" red red yellow; no text is always last */
	assert_string_equal(order(&t), "012435");
	rows_sort(&t, 2, true);
	assert_string_equal(order(&t), "324015");
	rows_release(&t);
}

static void filters_understand_columns_and_flags(void **state)
{
	static const struct {
		const char *text, *rows;
	} ROWS[] = {
		{ "", "012345" },      { "an", "3" },
		{ "A", "2" },	       { "a", "01235" },
		{ "!a", "4" },	       { "size>2.5K", "023" },
		{ "size<=60", "45" },  { "colour:red size>1K", "2" },
		{ "colour:-", "015" }, { "~sweet", "24" },
		{ "~s ~P", "4" },      { "!~s", "0135" },
		{ "^(b|c)", "0134" },  { "rr", "4" },
		{ "colour:", "5" },    { "r+y$", "4" },
		{ "*", "" },	       { "[", "" },
	};
	struct fruits fruits = { { &FRUIT_OPS }, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		struct rows t;

		rows_init(&t, &fruits.base);
		filter(&t, ROWS[i].text);
		if (strcmp(ROWS[i].text, "*") != 0)
			assert_string_equal(order(&t), ROWS[i].rows);
		rows_release(&t);
	}
}

static void a_wrong_filter_says_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *message;
	} ROWS[] = {
		{ "weight>3", "there is no column 'weight' here" },
		{ "~sour", "there is no flag 'sour' here" },
		{ "colour>3", "'colour' is no number: write colour:text" },
		{ "size>much", "'much' is not a size (write 512, 10K, 1.5MiB or 20MB)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		struct filter *f = NULL;
		struct error err = { 0 };

		assert_int_equal(filter_compile(&f, &FRUIT_OPS, ROWS[i].text, &err),
				 -EINVAL);
		assert_string_equal(err.text, ROWS[i].message);
		assert_null(f);
	}
}

static void the_cursor_stays_on_its_row(void **state)
{
	struct fruits fruits = { { &FRUIT_OPS }, 0 };
	struct rows t;

	(void)state;
	rows_init(&t, &fruits.base);
	rows_set_page(&t, 3);
	rows_go(&t, 4);
	assert_int_equal(t.top, 2);
	rows_sort(&t, 1, true);
	assert_int_equal(rows_current(&t), 4);
	filter(&t, "~sweet");
	assert_int_equal(rows_current(&t), 4);
	filter(&t, "banana");
	assert_int_equal(rows_current(&t), 3);
	filter(&t, "nothing");
	assert_int_equal(rows_current(&t), SOURCE_TOP);
	rows_move(&t, 1);
	rows_move(&t, -5);
	filter(&t, "");
	rows_move(&t, 1000);
	assert_int_equal(t.cursor, 5);
	rows_move(&t, -1000);
	assert_int_equal(t.cursor, 0);
	rows_release(&t);
}

static void a_tree_opens_and_closes(void **state)
{
	struct fruits fruits = { { &TREE_OPS }, 0 };
	struct rows t;

	(void)state;
	rows_init(&t, &fruits.base);
	assert_string_equal(order(&t), "01");
	assert_true(rows_open(&t));
	assert_false(rows_open(&t));
	assert_string_equal(order(&t), "0231");
	rows_sort(&t, 1, true);
	assert_string_equal(order(&t), "0321");
	rows_go(&t, 1);
	assert_false(rows_open(&t)); /* nothing in it */
	assert_true(rows_to_parent(&t));
	assert_int_equal(rows_current(&t), 0);
	assert_true(rows_close(&t));
	assert_string_equal(order(&t), "01");
	assert_true(rows_find_row(&t, 5)); /* opens the casket */
	assert_string_equal(order(&t), "0154");
	assert_int_equal(rows_current(&t), 5);
	filter(&t, "e"); /* flat */
	assert_string_equal(order(&t), "0214");
	rows_set_tree(&t, false);
	filter(&t, "");
	assert_string_equal(order(&t), "032154");
	rows_release(&t);
}

static void many_rows_are_sorted_in_slices(void **state)
{
	struct fruits fruits = { { &FRUIT_OPS }, 200000 };
	struct rows t;
	uint64_t before = UINT64_MAX;

	(void)state;
	rows_init(&t, &fruits.base);
	assert_true(rows_busy(&t));
	while (rows_work(&t, 0))
		assert_true(rows_progress(&t) <= 100);
	rows_sort(&t, 1, true);
	assert_int_equal(t.rows.len, 200000); /* the old ones are shown meanwhile */
	while (rows_work(&t, 1))
		;
	assert_int_equal(t.rows.len, 200000);
	array_each (&t.rows, i) {
		uint64_t number = t.rows.data[i].row * 2654435761u;

		assert_true(number <= before);
		before = number;
	}
	rows_release(&t);
}

static void many_texts_are_sorted_in_slices(void **state)
{
	struct fruits fruits = { { &FRUIT_OPS }, 50000 };
	char before[32] = "", now[32];
	struct rows t;

	(void)state;
	rows_init(&t, &fruits.base);
	rows_sort(&t, 2, false);
	while (rows_work(&t, 0))
		assert_true(rows_progress(&t) < 100);
	assert_int_equal(t.rows.len, 50000);
	array_each (&t.rows, i) {
		snprintf(now, sizeof(now), "n%u", t.rows.data[i].row);
		assert_true(strcmp(before, now) < 0); /* so each is there once */
		memcpy(before, now, sizeof(now));
	}
	rows_release(&t);
}

static void a_list_view_draws_columns(void **state)
{
	struct fruits fruits = { { &TREE_OPS }, 0 };
	struct view *v = list_view_new(&fruits.base);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct area area = { 0, 0, 5, 38 };
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 38, 5, CANVAS_ASCII);
	v->width = 38;
	v->height = 5;
	rows_set_page(&list_view_of(v)->rows, 4);
	assert_int_equal(v->ops->request(v, DO_ENTER), REACT_REDRAW);
	v->ops->draw(v, &canvas, &area);
	canvas_dump(&canvas, &text);
	assert_string_equal(strbuf_text(&text), "Name^               Size Colour   F\n"
						"- basket         8.8 KiB -\n"
						"    Apple        2.9 KiB red      s\n"
						"    banana       5.9 KiB yellow\n"
						"+ casket           100 B -\n");
	assert_int_equal(canvas.cursor_y, 1);
	canvas_release(&canvas);
	v->ops->free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted_with_ties_by_row),
		cmocka_unit_test(filters_understand_columns_and_flags),
		cmocka_unit_test(a_wrong_filter_says_what_is_wrong),
		cmocka_unit_test(the_cursor_stays_on_its_row),
		cmocka_unit_test(a_tree_opens_and_closes),
		cmocka_unit_test(many_rows_are_sorted_in_slices),
		cmocka_unit_test(many_texts_are_sorted_in_slices),
		cmocka_unit_test(a_list_view_draws_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

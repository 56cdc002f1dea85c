#include "analyzer/rpm_rich.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <string.h>

struct fixture {
	struct rpm_image image;
	struct rpm_intern in;
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	rpm_image_init(&f->image);
	rpm_intern_init(&f->in, &f->image);
	f->in.package = 1;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	rpm_intern_release(&f->in);
	rpm_image_release(&f->image);
	free(f);
	return 0;
}

/* The tree in words; tests are not deep. */
static void show(const struct fixture *f, node_id id, struct strbuf *out)
{
	const struct rpm_node *node = &f->image.nodes.data[id];
	const struct rpm_capability *cap = &f->image.capabilities.data[node->capability];

	if (node->op == NODE_CAPABILITY) {
		strbuf_puts(out, rpm_image_text(&f->image, cap->name));
		if (cap->sense)
			strbuf_printf(out, "%s%s", rpm_sense_name(cap->sense),
				      rpm_image_text(&f->image, cap->evr));
		return;
	}
	/* parts before the node that uses them */
	assert_true(node->left < id && node->right < id && node->otherwise < id);
	strbuf_printf(out, "%s(", node_operator_name(node->op));
	show(f, node->left, out);
	strbuf_puts(out, ",");
	show(f, node->right, out);
	if (node->otherwise) {
		strbuf_puts(out, ",");
		show(f, node->otherwise, out);
	}
	strbuf_puts(out, ")");
}

static void trees_are_as_rpm_reads_them(void **state)
{
	static const struct {
		const char *text, *tree;
	} cases[] = {
		{ "(a)", "a" },
		{ "((a))", "a" },
		{ "(a or b)", "or(a,b)" },
		{ "(a or b or c or d)", "or(a,or(b,or(c,d)))" },
		{ "(a and (b or c))", "and(a,or(b,c))" },
		{ "((a or b) and c)", "and(or(a,b),c)" },
		{ "(a if b)", "if(a,b)" },
		{ "(a if b else c)", "if(a,b,c)" },
		{ "(a unless b else c)", "unless(a,b,c)" },
		{ "(a >= 1 with a < 2)", "with(a>=1,a<2)" },
		{ "(a without b)", "without(a,b)" },
		{ "((a if b) and (c if (d and e)))", "and(if(a,b),if(c,and(d,e)))" },
		{ "(gcc >= 8.5-3 with gcc < 9)", "with(gcc>=8.5-3,gcc<9)" },
		{ "(perl(Foo::Bar) = 2:1 or libx.so.1()(64bit))",
		  "or(perl(Foo::Bar)=2:1,libx.so.1()(64bit))" },
		{ "( a   ,or\tb )", "or(a,b)" },
		{ "(a else b)", "a" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		node_id node = rpm_rich_parse(&f->in, cases[i].text);

		assert_true(node > 0);
		show(f, node, &out);
		assert_string_equal(strbuf_text(&out), cases[i].tree);
	}
	assert_int_equal(f->image.problems.len, 0);
}

static void what_rpm_cannot_parse_is_a_problem(void **state)
{
	static const char *const cases[] = {
		"(",
		"()",
		"(a",
		"(a or",
		"(a or)",
		"(a or b",
		"(a b)",
		"(a or b) c",
		"(a or b and c)",
		"(a if b if c)",
		"(a without b without c)",
		"(a >= )",
		"(a if b else c else d)",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (rpm_rich_parse(&f->in, cases[i]) != 0)
			fail_msg("'%s' was parsed", cases[i]);
		assert_int_equal(f->image.problems.len, i + 1);
		assert_string_equal(f->image.problems.data[i].rule,
				    RPM_PROBLEM_REQUIREMENT);
	}
}

static void the_same_text_is_one_tree(void **state)
{
	struct fixture *f = *state;
	node_id first = rpm_rich_parse(&f->in, "(a or b)");

	assert_int_equal(rpm_rich_parse(&f->in, "(a or b)"), first);
	assert_int_equal(f->image.nodes.len - 1, 3);
	/* other trees share its leaves */
	assert_true(rpm_rich_parse(&f->in, "(b or a)") != first);
	assert_int_equal(f->image.nodes.len - 1, 4);
}

/* RPM's parser calls itself for each bracket: a deep one would end the stack. */
static void depth_and_length_are_bounded(void **state)
{
	struct fixture *f = *state;
	_cleanup_(strbuf_release) struct strbuf deep = { 0 };
	_cleanup_(strbuf_release) struct strbuf many = { 0 };
	_cleanup_(strbuf_release) struct strbuf fair = { 0 };

	for (int i = 0; i < 50000; i++)
		strbuf_putc(&deep, '(');
	assert_int_equal(rpm_rich_parse(&f->in, deep.data), 0);
	strbuf_puts(&many, "(a");
	for (int i = 0; i < 3000; i++)
		strbuf_puts(&many, " or a");
	strbuf_putc(&many, ')');
	assert_int_equal(rpm_rich_parse(&f->in, many.data), 0);
	while (many.len < 100000)
		strbuf_putc(&many, ' ');
	assert_int_equal(rpm_rich_parse(&f->in, many.data), 0);
	assert_int_equal(f->image.problems.len, 3);
	for (int i = 0; i < 60; i++)
		strbuf_puts(&fair, "(a or ");
	strbuf_puts(&fair, "b");
	for (int i = 0; i < 60; i++)
		strbuf_putc(&fair, ')');
	assert_true(rpm_rich_parse(&f->in, fair.data) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(trees_are_as_rpm_reads_them),
		TEST(what_rpm_cannot_parse_is_a_problem),
		TEST(the_same_text_is_one_tree),
		TEST(depth_and_length_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

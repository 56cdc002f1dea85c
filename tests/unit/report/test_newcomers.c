#include "report/newcomers.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

/* "package cause origin: words" for each newcomer. */
static void expect(const char *before, const char *after, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct graph *old = tiny_graph(before), *now = tiny_graph(after);
	struct graph_diff *diff;
	newcomer_list list;

	graph_diff_new(old, now, &diff);
	newcomers_find(diff, &list);
	array_each (&list, i) {
		const struct newcomer *n = &list.data[i];

		strbuf_printf(&out, "%s %s %s: ",
			      graph_text(now, now->packages[n->package].name),
			      newcomer_cause_name(n->cause),
			      graph_text(now, now->packages[n->origin].name));
		newcomer_say(diff, n, &out);
		strbuf_putc(&out, '\n');
	}
	assert_string_equal(strbuf_text(&out), wanted);
	array_release(&list);
	graph_diff_free(diff);
	graph_free(old);
	graph_free(now);
}

static void a_new_requirement_is_the_cause(void **state)
{
	(void)state;
	expect("pkg app 1\npkg base\nprovide base base\nrequire app base\n",
	       "pkg app 2\npkg base\npkg lib\npkg deep\n"
	       "provide base base\nprovide lib lib.so.1\nprovide deep deep\n"
	       "require app base\nrequire app lib.so.1\nrequire lib deep\n",
	       "deep companion lib: lib requires deep (new as well)\n"
	       "lib appeared lib: app now requires lib.so.1\n");
}

static void another_provider_is_the_cause(void **state)
{
	(void)state;
	expect("pkg app\npkg sendmail\nprovide sendmail mta\nrequire app mta\n"
	       "require app nothing\n",
	       "pkg app\npkg postfix\npkg thing\nprovide postfix mta\nrequire app mta\n"
	       "require app nothing\nprovide thing nothing\n",
	       "postfix switched postfix: app requires mta, which sendmail-1-1.x86_64 "
	       "provided before\n"
	       "thing unmet thing: app requires nothing, which nothing provided "
	       "before\n");
}

static void what_was_satisfied_before_brings_nothing(void **state)
{
	(void)state;
	expect("pkg app\npkg sendmail\nprovide sendmail mta\nrequire app mta\n",
	       "pkg app\npkg sendmail\npkg postfix\nprovide sendmail mta\n"
	       "provide postfix mta\nrequire app mta\n",
	       "postfix asked postfix: nothing requires it, it was asked for itself\n");
}

static void what_nobody_needs_was_asked_for(void **state)
{
	(void)state;
	expect("pkg app\n",
	       "pkg app\npkg tool\npkg lib\nprovide lib lib\nrequire tool lib\n",
	       "lib companion tool: tool requires lib (new as well)\n"
	       "tool asked tool: nothing requires it, it was asked for itself\n");
}

static void files_that_use_it_are_a_cause(void **state)
{
	(void)state;
	expect("pkg app 1\nfile /app script app\nfile /same script\n",
	       "pkg app 2\npkg tool\npkg other\nfile /app script app\n"
	       "file /tool executable tool\nedge /app exec /tool\nfile /same script\n"
	       "file /other executable other\nedge /same exec /other\n",
	       "other asked other: nothing requires it, it was asked for itself\n"
	       "tool used tool: /app uses /tool (exec: /tool)\n");
	expect("dir /etc\n",
	       "dir /etc\npkg tool\nfile /tool executable tool\nlink /etc/link /tool\n"
	       "edge /etc/link symlink /tool\n",
	       "tool asked tool: nothing requires it, it was asked for itself\n");
}

static void loops_are_asked_for_once(void **state)
{
	(void)state;
	expect("", "pkg a\npkg b\nprovide a a\nprovide b b\nrequire a b\nrequire b a\n",
	       "a asked a: nothing requires it, it was asked for itself\n"
	       "b companion a: a requires b (new as well)\n");
}

static void names_are_printable(void **state)
{
	(void)state;
	expect("pkg a\033b\n", "pkg a\033b\npkg c\nprovide c x\nrequire a\033b x\n",
	       "c appeared c: a\\x1bb now requires x\n");
}

static void the_same_graph_has_none(void **state)
{
	(void)state;
	expect("pkg a\npkg b\n", "pkg a\npkg b\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_requirement_is_the_cause),
		cmocka_unit_test(another_provider_is_the_cause),
		cmocka_unit_test(what_was_satisfied_before_brings_nothing),
		cmocka_unit_test(what_nobody_needs_was_asked_for),
		cmocka_unit_test(files_that_use_it_are_a_cause),
		cmocka_unit_test(loops_are_asked_for_once),
		cmocka_unit_test(names_are_printable),
		cmocka_unit_test(the_same_graph_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

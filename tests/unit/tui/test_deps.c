#include "../support/test.h"

#include "../support/tiny_graph.h"

#include "base/strbuf.h"
#include "tui/deps.h"

#include <stdio.h>
#include <string.h>

static const char LINES[] = "pkg app\n"
			    "pkg gtk\n"
			    "pkg glibc\n"
			    "pkg musl\n"
			    "pkg loop\n"
			    "provide glibc libc\n"
			    "provide musl libc\n"
			    "provide gtk gtk\n"
			    "provide loop loop\n"
			    "provide app app\n"
			    "require app gtk\n"
			    "require app libc\n"
			    "require gtk libc\n"
			    "require loop app\n"
			    "require gtk loop\n"
			    "file /usr/bin/app executable app\n"
			    "file /usr/lib/libgtk.so library gtk\n"
			    "file /usr/lib/libc.so library glibc\n"
			    "edge /usr/bin/app needed /usr/lib/libgtk.so\n"
			    "edge /usr/bin/app needed /usr/lib/libc.so\n"
			    "edge /usr/lib/libgtk.so dlopen /usr/lib/libc.so\n";

struct fixture {
	struct graph *g;
	struct deps *deps;
};

static int begin(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	f->g = tiny_graph(LINES);
	f->deps = deps_new(f->g);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	deps_free(f->deps);
	graph_free(f->g);
	free(f);
	return 0;
}

static pkg_id find(const struct fixture *f, const char *name)
{
	return graph_node_package(f->g, tiny_package(f->g, name));
}

/* "glibc? musl?": names, with ? for a choice of several. */
static const char *names(const struct fixture *f, const char *of, bool reverse)
{
	static char text[128];
	dep_list list = { 0 };
	size_t len = 0;

	text[0] = '\0';
	deps_of(f->deps, find(f, of), reverse, &list);
	array_each (&list, i)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s%s%s", len ? " " : "",
			graph_text(f->g, f->g->packages[list.data[i].package].name),
			list.data[i].choice ? "?" : "");
	array_release(&list);
	return text;
}

static void needs_are_told_by_package(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(names(f, "app", false), "glibc? gtk musl?");
	assert_string_equal(names(f, "gtk", false), "glibc? loop musl?");
	assert_string_equal(names(f, "glibc", false), "");
}

static void users_are_told_by_package(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(names(f, "glibc", true), "app? gtk?");
	assert_string_equal(names(f, "gtk", true), "app");
	assert_string_equal(names(f, "app", true), "loop");
	assert_int_equal(deps_needed_by(f->deps, find(f, "gtk")), 1);
	assert_int_equal(deps_needed_by(f->deps, find(f, "musl")), 0);
}

static void all_steps_end_in_a_loop(void **state)
{
	struct fixture *f = *state;
	dep_steps steps = { 0 };

	deps_all(f->deps, find(f, "app"), false, &steps);
	assert_int_equal(steps.len, 4);
	assert_int_equal(steps.data[3].package, find(f, "loop"));
	assert_int_equal(steps.data[3].depth, 2);
	deps_all(f->deps, find(f, "gtk"), true, &steps);
	assert_int_equal(steps.len, 2); /* app, and loop which needs app */
	array_release(&steps);
}

static void links_have_words(void **state)
{
	struct fixture *f = *state;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	dep_list list = { 0 };

	deps_links(f->deps, find(f, "app"), find(f, "gtk"), &list);
	assert_int_equal(list.len, 2);
	deps_text(f->g, &list.data[0], &text);
	assert_string_equal(strbuf_text(&text), "requires gtk");
	strbuf_clear(&text);
	deps_text(f->g, &list.data[1], &text);
	assert_non_null(strstr(strbuf_text(&text), "needed: "));
	assert_non_null(strstr(strbuf_text(&text), " (hard) in /usr/bin/app"));
	array_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(needs_are_told_by_package, begin, end),
		cmocka_unit_test_setup_teardown(users_are_told_by_package, begin, end),
		cmocka_unit_test_setup_teardown(all_steps_end_in_a_loop, begin, end),
		cmocka_unit_test_setup_teardown(links_have_words, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

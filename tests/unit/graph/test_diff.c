#include "base/strbuf.h"
#include "graph/diff.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

struct pair {
	struct graph *old, *now;
	struct graph_diff *diff;
};

static struct pair make(const char *old, const char *now)
{
	struct pair p = { tiny_graph(old), tiny_graph(now), NULL };

	graph_diff_new(p.old, p.now, &p.diff);
	return p;
}

static void release(struct pair *p)
{
	graph_diff_free(p->diff);
	graph_free(p->old);
	graph_free(p->now);
}

/* "name: change growth" for each row. */
static void expect_packages(const struct pair *p, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	array_each (&p->diff->packages, i) {
		const struct diff_package *row = &p->diff->packages.data[i];
		const char *old =
			row->old ? graph_text(p->old, p->old->packages[row->old].nevra)
				 : "-";
		const char *now =
			row->now ? graph_text(p->now, p->now->packages[row->now].nevra)
				 : "-";

		strbuf_printf(&out, "%s %s %s %lld\n", old, now,
			      graph_change_name(row->change), (long long)row->growth);
	}
	assert_string_equal(strbuf_text(&out), wanted);
}

static void packages_are_matched_by_name(void **state)
{
	struct pair p = make("pkg app 1\npkg gone\npkg same\npkg bigger\n"
			     "file /a executable app\nfile /b library bigger\n",
			     "pkg app 2\npkg new\npkg same\npkg bigger\n"
			     "file /a executable app\nsize /a 8192\n"
			     "file /b library bigger\nsize /b 1024\n"
			     "file /n data new\n");

	(void)state;
	expect_packages(&p, "app-1-1.x86_64 app-2-1.x86_64 version 4096\n"
			    "bigger-1-1.x86_64 bigger-1-1.x86_64 size -3072\n"
			    "gone-1-1.x86_64 - removed 0\n"
			    "- new-1-1.x86_64 added 4096\n"
			    "same-1-1.x86_64 same-1-1.x86_64 same 0\n");
	assert_int_equal(graph_diff_old_package(p.diff, 2), 2);
	assert_int_equal(graph_diff_old_package(p.diff, 3), 0);
	release(&p);
}

static void equal_versions_of_one_name_stay_together(void **state)
{
	struct pair p = make("pkg kernel 5\npkg kernel 6\n",
			     "pkg kernel 6\npkg kernel 7\npkg kernel 8\n");

	(void)state;
	expect_packages(&p, "kernel-6-1.x86_64 kernel-6-1.x86_64 same 0\n"
			    "kernel-5-1.x86_64 kernel-7-1.x86_64 version 0\n"
			    "- kernel-8-1.x86_64 added 0\n");
	release(&p);
}

static void files_are_matched_by_path(void **state)
{
	struct pair p = make("pkg a\nfile /a data a\nfile /b data a\ngone /c data a\n",
			     "pkg a\nfile /b data a\nfile /c data a\nfile /d data a\n");

	(void)state;
	assert_int_equal(p.diff->files.len, 4);
	assert_int_equal(p.diff->files.data[0].old, 1);
	assert_int_equal(p.diff->files.data[0].now, 0);
	assert_int_equal(p.diff->files.data[1].old, 2);
	assert_int_equal(p.diff->files.data[1].now, 1);
	assert_int_equal(p.diff->files.data[2].old, 0);
	assert_int_equal(p.diff->files.data[2].now, 2);
	assert_int_equal(p.diff->files.data[3].now, 3);
	release(&p);
}

static void an_empty_graph_differs_from_nothing(void **state)
{
	struct pair p = make("", ""), q = make("", "pkg a\nfile /a data a\n");

	(void)state;
	assert_int_equal(p.diff->packages.len + p.diff->files.len, 0);
	expect_packages(&q, "- a-1-1.x86_64 added 4096\n");
	assert_int_equal(q.diff->files.len, 1);
	release(&p);
	release(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_are_matched_by_name),
		cmocka_unit_test(equal_versions_of_one_name_stay_together),
		cmocka_unit_test(files_are_matched_by_path),
		cmocka_unit_test(an_empty_graph_differs_from_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

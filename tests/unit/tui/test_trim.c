#include "../support/test.h"

#include "../support/tempdir.h"
#include "../support/tiny_graph.h"

#include "base/strbuf.h"
#include "report/planning.h"
#include "trimmer/verify.h"
#include "tui/marks.h"
#include "tui/trim.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char LINES[] = "pkg base\n"
			    "pkg app\n"
			    "pkg lib\n"
			    "pkg ssl-a\n"
			    "pkg ssl-b\n"
			    "pkg tool\n"
			    "pkg tool-data\n"
			    "pkg lonely\n"
			    "provide base base\n"
			    "provide lib lib\n"
			    "provide ssl-a ssl\n"
			    "provide ssl-b ssl\n"
			    "provide tool-data tool-data\n"
			    "require app lib\n"
			    "require app ssl\n"
			    "require lib base\n"
			    "require tool lib\n"
			    "require tool tool-data\n"
			    "file /usr/bin/app executable app\n"
			    "file /usr/lib/lib.so library lib\n"
			    "file /usr/lib/a.so library ssl-a\n"
			    "file /usr/lib/b.so library ssl-b\n"
			    "file /usr/bin/tool executable tool\n"
			    "file /usr/share/tool data tool-data\n"
			    "file /usr/share/lonely data lonely\n"
			    "file /usr/share/base data base\n"
			    "size /usr/lib/a.so 8192\n"
			    "size /usr/lib/b.so 12288\n"
			    "size /usr/share/tool 40960\n"
			    "edge /usr/bin/app needed /usr/lib/lib.so\n"
			    "edge /usr/bin/tool needed /usr/lib/lib.so\n";

struct fixture {
	struct graph *g;
	struct planning *planning;
	struct trim *trim;
	uint8_t *marks;
	struct tempdir dir;
};

static int begin(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));
	struct planning_request request = { .no_profile = true };
	_cleanup_(freep) char *keep = NULL;
	const char *keep_files[1];
	struct error err = { 0 };

	f->g = tiny_graph(LINES);
	tempdir_init(&f->dir);
	tempdir_file(&f->dir, "keep", "/usr/bin/app  # it\n");
	keep_files[0] = keep = mem_printf("%s/keep", f->dir.path);
	request.keep_files = keep_files;
	request.keep_file_count = 1;
	request.plan.caution = CAUTION_NORMAL;
	assert_int_equal(planning_intent(f->g, &request, &f->planning, &err), 0);
	f->trim = trim_new(f->g, f->planning->intent, &request.plan);
	trim_prepare(f->trim);
	f->marks = mem_calloc(f->g->package_count + 1u, 1);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	free(f->marks);
	trim_free(f->trim);
	planning_free(f->planning);
	graph_free(f->g);
	tempdir_release(&f->dir);
	free(f);
	return 0;
}

static pkg_id find(const struct fixture *f, const char *name)
{
	return graph_node_package(f->g, tiny_package(f->g, name));
}

/* "lib:marked app:goes! ...": what the marks make of all packages that they touch. */
static const char *fates(const struct fixture *f, const struct cascade *c)
{
	static const char *const NAMES[] = { "stays", "marked", "forced",
					     "goes",  "free",	"kept" };
	static char text[256];
	size_t len = 0;

	text[0] = '\0';
	for (pkg_id p = 1; p <= f->g->package_count; p++) {
		bool conflict = idset_has(&c->conflict, p);

		if (c->fate[p] == FATE_STAYS && !conflict)
			continue;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s:%s%s",
					len ? " " : "",
					graph_text(f->g, f->g->packages[p].name),
					NAMES[c->fate[p]], conflict ? "!" : "");
	}
	return text;
}

static void expect(struct fixture *f, const char *wanted)
{
	struct cascade *c = trim_cascade(f->trim, f->marks);

	assert_string_equal(fates(f, c), wanted);
	assert_int_equal(c->freed_bytes, weigh_freed(trim_weigh(f->trim), &c->removed));
	cascade_free(c);
}

static void what_only_a_marked_package_needs_is_free(void **state)
{
	struct fixture *f = *state;

	f->marks[find(f, "tool")] = MARK_REMOVE;
	expect(f, "tool:marked tool-data:free");
	/* it was free before anybody marked anything: not the marks' work */
	f->marks[find(f, "tool")] = MARK_NONE;
	f->marks[find(f, "lonely")] = MARK_REMOVE;
	expect(f, "lonely:marked");
}

static void what_needs_a_marked_package_goes(void **state)
{
	struct fixture *f = *state;

	f->marks[find(f, "tool-data")] = MARK_REMOVE;
	expect(f, "tool:goes tool-data:marked");
}

static void a_second_provider_takes_over(void **state)
{
	struct fixture *f = *state;
	struct cascade *c;
	takeover_list list = { 0 };

	f->marks[find(f, "ssl-a")] = MARK_REMOVE;
	expect(f, "ssl-a:marked");
	c = trim_cascade(f->trim, f->marks);
	cascade_takeovers(f->g, &c->removed, &list);
	assert_int_equal(list.len, 1);
	assert_int_equal(list.data[0].goes, find(f, "ssl-a"));
	assert_int_equal(list.data[0].takes, find(f, "ssl-b"));
	array_release(&list);
	cascade_free(c);
	/* without both the one who needs it goes, and that must not be */
	f->marks[find(f, "ssl-b")] = MARK_REMOVE;
	expect(f, "app:goes! ssl-a:marked ssl-b:marked");
}

static void what_must_stay_is_a_conflict_and_what_it_needs_stays(void **state)
{
	struct fixture *f = *state;

	f->marks[find(f, "app")] = MARK_REMOVE;
	expect(f, "app:marked!");
}

static void a_forced_mark_takes_nothing_along(void **state)
{
	struct fixture *f = *state;

	f->marks[find(f, "tool-data")] = MARK_FORCE;
	expect(f, "tool:stays! tool-data:forced");
}

static void a_kept_package_is_not_free(void **state)
{
	struct fixture *f = *state;

	f->marks[find(f, "tool")] = MARK_REMOVE;
	f->marks[find(f, "tool-data")] = MARK_KEEP;
	expect(f, "tool:marked tool-data:kept");
	/* kept with what it needs, although that is marked */
	f->marks[find(f, "tool-data")] = MARK_REMOVE;
	f->marks[find(f, "tool")] = MARK_KEEP;
	expect(f, "tool:goes! tool-data:marked");
}

static void a_proposal_agrees_with_kept_packages(void **state)
{
	struct fixture *f = *state;
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	struct error err = { 0 };

	f->marks[find(f, "tool-data")] = MARK_KEEP;
	assert_int_equal(trim_propose(f->trim, f->marks, &p, &err), 0);
	assert_true(p->plan->optimal);
	assert_false(idset_has(&p->plan->removed, find(f, "tool-data")));
	assert_true(idset_has(&p->plan->removed, find(f, "tool")));
	assert_true(idset_has(&p->plan->removed, find(f, "ssl-b"))); /* the bigger one */
	assert_false(idset_has(&p->plan->removed, find(f, "ssl-a")));
}

static void a_cascade_with_conflicts_is_no_plan(void **state)
{
	struct fixture *f = *state;
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	struct error err = { 0 };
	struct cascade *c;

	f->marks[find(f, "app")] = MARK_REMOVE;
	c = trim_cascade(f->trim, f->marks);
	assert_int_equal(trim_plan_of(f->trim, c, &p, &err), -EBUSY);
	cascade_free(c);
}

/* What no rule of the cascade sees is told by the package that is in the way. */
static void a_refused_plan_names_the_package(void **state)
{
	struct fixture *f = *state;
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	struct error err = { 0 };
	struct cascade *c = trim_cascade(f->trim, f->marks);

	assert_int_equal(c->conflicts, 0);
	idset_add(&c->removed, find(f, "app")); /* as if the cascade had overlooked it */
	assert_int_equal(trim_plan_of(f->trim, c, &p, &err), -EBUSY);
	assert_int_equal(c->refused, find(f, "app"));
	assert_non_null(strstr(c->refusal, "app-1-1.x86_64 would stay ("));
	cascade_free(c);
}

/*
 * Over many random marks: a cascade without conflicts is a plan that removes exactly the
 * same, with the same bytes, that the graph's own proof accepts; and nothing that goes can
 * be put back without its being needed by nobody or needing something that goes.
 */
static void random_marks_come_to_plans_that_are_proven(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 7, plans = 0;

	for (int round = 0; round < 300; round++) {
		_cleanup_(verify_report_freep) struct verify_report *report = NULL;
		_cleanup_(proposal_freep) struct proposal *p = NULL;
		struct error err = { 0 };
		struct cascade *c;

		for (pkg_id id = 1; id <= f->g->package_count; id++) {
			seed = seed * 1664525u + 1013904223u;
			f->marks[id] = seed >> 16 & 3	? MARK_NONE
				       : seed >> 20 & 3 ? MARK_REMOVE
							: MARK_KEEP;
		}
		c = trim_cascade(f->trim, f->marks);
		assert_int_equal(verify_removal(f->g, &c->removed, NULL, &report, &err),
				 0);
		/* whoever needs what goes, goes: RPM has nothing to complain of */
		assert_int_equal(report->graph.result, VERIFY_PASSED);
		if (c->conflicts == 0) {
			assert_int_equal(trim_plan_of(f->trim, c, &p, &err), 0);
			assert_int_equal(p->plan->disk_bytes_freed, c->freed_bytes);
			plans++;
		}
		cascade_free(c);
	}
	assert_true(plans > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(what_only_a_marked_package_needs_is_free),
		TEST(what_needs_a_marked_package_goes),
		TEST(a_second_provider_takes_over),
		TEST(what_must_stay_is_a_conflict_and_what_it_needs_stays),
		TEST(a_forced_mark_takes_nothing_along),
		TEST(a_kept_package_is_not_free),
		TEST(a_proposal_agrees_with_kept_packages),
		TEST(a_cascade_with_conflicts_is_no_plan),
		TEST(a_refused_plan_names_the_package),
		TEST(random_marks_come_to_plans_that_are_proven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

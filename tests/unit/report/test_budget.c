#include "report/budget.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

static const char IMAGE[] = "pkg bash\n"
			    "pkg docs\n"
			    "file /usr/bin/bash executable bash\n"
			    "size /usr/bin/bash 100000\n"
			    "file /usr/share/doc/a documentation docs\n"
			    "size /usr/share/doc/a 50000\n"
			    "file /opt/tool executable\n"
			    "size /opt/tool 7000\n"
			    "compressed /usr/bin/bash 40000\n"
			    "compressed /usr/share/doc/a 9000\n"
			    "compressed /opt/tool 1000\n";

static const struct style PLAIN = { .units = UNITS_SI };

static int read_text(const char *text, struct budget **ret, struct error *err)
{
	_cleanup_(freep) char *path = NULL;
	struct tempdir dir;
	int r;

	tempdir_init(&dir);
	tempdir_file(&dir, "tare.yaml", text);
	path = mem_printf("%s/tare.yaml", dir.path);
	r = budget_read(path, ret, err);
	tempdir_release(&dir);
	return r;
}

/* Measure one limit that must be readable. */
static struct budget_result measure_one(const char *what, const char *max)
{
	_cleanup_(freep) char *text =
		mem_printf("limits:\n  - what: '%s'\n    max: %s\n", what, max);
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	struct budget_verdict verdict;
	struct budget_result result;
	struct error err = { 0 };

	if (read_text(text, &budget, &err) < 0 ||
	    budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			   &verdict, &err) < 0)
		fail_msg("%s", err.text);
	result = verdict.results.data[0];
	budget_verdict_release(&verdict);
	return result;
}

static void everything_can_be_measured(void **state)
{
	static const struct {
		const char *what, *max;
		uint64_t measured;
		enum budget_status status;
	} CASES[] = {
		{ "total", "157kB", 157000, BUDGET_PASS },
		{ "total", "156kB", 157000, BUDGET_FAIL },
		{ "unowned", "7000", 7000, BUDGET_PASS },
		{ "unowned", "6999", 7000, BUDGET_FAIL },
		{ "packages", "2", 2, BUDGET_PASS },
		{ "packages", "1", 2, BUDGET_FAIL },
		{ "files", "3", 3, BUDGET_PASS },
		{ "path:/usr/**", "1MiB", 150000, BUDGET_PASS },
		{ "package:b*", "1", 100000, BUDGET_FAIL },
		{ "category:documentation", "50kB", 50000, BUDGET_PASS },
		{ "partition:/usr", "1MiB", 150000, BUDGET_PASS },
		{ "partition:/usr/", "1MiB", 150000, BUDGET_PASS },
		{ "partition:/", "1MiB", 157000, BUDGET_PASS },
		{ "files:/usr/**", "2", 2, BUDGET_PASS },
		{ "packages:*s*", "1", 2, BUDGET_FAIL },
		{ "retained:docs", "50kB", 50000, BUDGET_PASS },
		{ "commands", "0", 1, BUDGET_FAIL },
		{ "interpreters", "1", 1, BUDGET_PASS },
		{ "setuid", "0", 0, BUDGET_PASS },
		{ "compressed", "50kB", 50000, BUDGET_PASS },
		{ "compressed", "49kB", 50000, BUDGET_FAIL },
		{ "unsigned", "1", 2, BUDGET_FAIL },
		{ "unstripped", "0", 0, BUDGET_PASS },
		{ "symbols", "0", 0, BUDGET_PASS },
		{ "duplicates", "0", 0, BUDGET_PASS },
		{ "foreign-vendor:Acme*", "1", 2, BUDGET_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct budget_result result = measure_one(CASES[i].what, CASES[i].max);

		assert_int_equal(result.measured, CASES[i].measured);
		assert_int_equal(result.status, CASES[i].status);
	}
}

static void mistakes_are_errors_with_their_place(void **state)
{
	static const char *const CASES[][2] = {
		{ "limits:\n  - what: totl\n    max: 1\n", ":2:" },
		{ "limits:\n  - what: total\n    max: lots\n", "lots" },
		{ "limits:\n  - what: packages\n    max: 10MiB\n", "whole number" },
		{ "limits:\n  - what: total\n", "max" },
		{ "limits:\n  - what: total\n    maximum: 1\n", "maximum" },
		{ "limit:\n  - what: total\n    max: 1\n", "limit" },
		{ "limits:\n  - what: 'path:usr'\n    max: 1\n", "begins with '/'" },
		{ "limits:\n  - what: 'path:'\n    max: 1\n", "behind the colon" },
		{ "limits:\n  - what: 'category:docs'\n    max: 1\n", "category" },
		{ "limits:\n  - what: total\n    max-growth: [1%, 2%]\n", "not two" },
		{ "limits:\n  - what: total\n    max-growth: 1.25%\n", "no share" },
		{ "limits:\n  - what: total\n    max: 1\n    warn-at: 2\n", "above" },
		{ "limits:\n  - what: total\n    max-growth: 1\n    warn-at: 2\n",
		  "goes with 'max'" },
		{ "limits:\n  - what: total\n    max: 1\n    waive: {until: "
		  "2031-01-01}\n",
		  "reason" },
		{ "limits:\n  - what: total\n    max: 1\n"
		  "    waive: {until: soon, reason: a}\n",
		  ":4:" },
		{ "limits:\n  - what: packages\n    max: 1\n    exclude: /usr\n",
		  "not about files" },
		{ "limits:\n  - what: total\n    max: 1\n    exclude: usr\n",
		  "begins with '/'" },
		{ "limits:\n  - what: total\n    max: 1\n  - what: total\n    max: 2\n",
		  "already" },
		{ "limits:\n  - what: 'partition:usr'\n    max: 1\n", "mounted" },
		{ "unwanted:\n  - package: a\n    max: 1\n", "max" },
		{ "unwanted:\n  - why: a\n", "package" },
		{ "", "limits" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(budget_freep) struct budget *budget = NULL;
		struct error err = { 0 };

		assert_true(read_text(CASES[i][0], &budget, &err) < 0);
		assert_non_null(strstr(err.text, CASES[i][1]));
		assert_non_null(strstr(err.text, "tare.yaml"));
	}
}

static void a_limit_that_measures_nothing_is_an_error(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	struct budget_verdict verdict = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(read_text("limits:\n  - what: 'package:basch'\n    max: 1\n",
				   &budget, &err),
			 0);
	assert_int_equal(
		budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			       &verdict, &err),
		-ESRCH);
	assert_non_null(strstr(err.text, "tare.yaml:2:"));
}

static void excluded_paths_do_not_count(void **state)
{
	static const char BUDGET[] = "limits:\n  - what: total\n    max: 1MiB\n"
				     "    exclude: [/usr/share/**, /opt/*]\n"
				     "  - what: partition:/\n    max: 1MiB\n"
				     "  - what: partition:/usr\n    max: 1MiB\n";
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(read_text(BUDGET, &budget, &err), 0);
	assert_int_equal(
		budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			       &verdict, &err),
		0);
	assert_int_equal(verdict.results.data[0].measured, 100000);
	/* a partition ends where another one of the budget begins */
	assert_int_equal(verdict.results.data[1].measured, 7000);
	assert_int_equal(verdict.results.data[2].measured, 150000);
}

static void what_only_the_disk_knows_is_an_error_without_it(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	struct budget_verdict verdict = { 0 };
	struct error err = { 0 };

	(void)state;
	g->image.metadata_only = true;
	assert_int_equal(
		read_text("limits:\n  - what: no-pie\n    max: 1\n", &budget, &err), 0);
	assert_int_equal(
		budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			       &verdict, &err),
		-ESRCH);
	assert_non_null(strstr(err.text, "metadata alone"));
}

static void unless_it_is_optional(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(read_text("limits:\n  - what: 'package:basch'\n    max: 1\n"
				   "    optional: true\n",
				   &budget, &err),
			 0);
	assert_int_equal(
		budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			       &verdict, &err),
		0);
	assert_int_equal(verdict.count[BUDGET_SKIP], 1);
	assert_int_equal(verdict.count[BUDGET_FAIL], 0);
}

static void offenders_come_first(void **state)
{
	static const char BUDGET[] =
		"limits:\n"
		"  - what: packages\n    max: 9\n"
		"  - what: total\n    max: 100kB\n"
		"    why: the partition\n"
		"  - name: docs\n    what: 'path:/usr/share/doc/**'\n"
		"    max: 10kB\n";
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	_cleanup_(budget_freep) struct budget *budget = NULL;
	_cleanup_(budget_verdict_release) struct budget_verdict verdict = { 0 };
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct error err = { 0 };
	const char *docs, *total;

	(void)state;
	assert_int_equal(read_text(BUDGET, &budget, &err), 0);
	assert_int_equal(
		budget_measure(&(struct budget_ask){ .budget = budget, .measure = m },
			       &verdict, &err),
		0);
	budget_text(&verdict, &PLAIN, &(struct budget_text_options){ 0 }, &out);
	docs = strstr(strbuf_text(&out),
		      "FAIL  docs: 50.0 kB of 10.0 kB, 40.0 kB too much\n");
	total = strstr(strbuf_text(&out), "FAIL  total: 157.0 kB of 100.0 kB");
	assert_non_null(docs);
	assert_non_null(total);
	assert_true(docs < total);
	assert_true(total < strstr(strbuf_text(&out), "PASS  packages: 2 of 9\n"));
	assert_non_null(strstr(strbuf_text(&out), "because: the partition"));
	assert_non_null(strstr(strbuf_text(&out), "docs-1-1.x86_64 50.0 kB"));
	assert_non_null(
		strstr(strbuf_text(&out), "FAIL [pass:1 fail:2 warn:0 skip:0]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_can_be_measured),
		cmocka_unit_test(mistakes_are_errors_with_their_place),
		cmocka_unit_test(a_limit_that_measures_nothing_is_an_error),
		cmocka_unit_test(excluded_paths_do_not_count),
		cmocka_unit_test(what_only_the_disk_knows_is_an_error_without_it),
		cmocka_unit_test(unless_it_is_optional),
		cmocka_unit_test(offenders_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
